"""Records from wherever they are, as one SQL relation of leaves: a column each, as text.

Files go to the engine by links with plain names, since it reads a name as a pattern. What comes from memory is spooled to a file
in a folder that only its owner can read and that goes when the work is done.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from machimori import files
from machimori.errors import UnreadableError
from machimori.privacy.statistics.columns import identifier, quoted
from machimori.records import opening
from machimori.records.arrow_tables import PARQUET
from machimori.records.content_kinds import CSV, TABLE, kind_of
from machimori.records.lines import lines_of, lines_of_stream

KINDS = {".parquet": "parquet", ".csv": "csv"}
JSON_NAMES = (".ndjson", ".jsonl", ".json")
PACKED = {opening.GZIP: ".gz", opening.ZSTANDARD[:2]: ".zst"}
"""How the engine is told that a file is compressed."""
COMPRESSED = (".gz", ".zst")
TYPE = "type"
Run = Callable[[str], list[Any]]
"""What gives the rows of a statement."""


class Source:
    """The files to read, each of a kind that the engine knows."""

    def __init__(self, records: Any, folder: Path) -> None:
        self.files: list[tuple[str, str]] = []
        self._folder = folder
        for path in _paths(records):
            self._add(path)
        if not self.files:
            self.files.append(("ndjson", self._spooled(lines_of(records)[0])))

    def relation(self, run: Run, leaves: Mapping[str, bool], present: Iterable[str], entity: str) -> str:
        """A query that gives ``leaf(path)`` of every path, ``class_name``, and whether each of ``present`` is there at all."""
        paths, there = dict(leaves), tuple(present)
        parts = [
            _of_json([f for k, f in self.files if k == kind], kind, paths, there)
            for kind in ("ndjson", "array")
            if _any(self.files, kind)
        ]
        parts += [
            _of_table(run, kind, name, paths, there, entity) for kind, name in self.files if kind in ("parquet", "csv")
        ]
        return " UNION ALL ".join(parts)

    def _add(self, path: Path) -> None:
        with opening.held(path) as source:
            try:
                self.files.append(self._copied(source) if source.again is None else self._linked(path, source))
            except opening.REFUSALS as error:
                raise UnreadableError(source.name, opening.reason(error)) from None

    def _linked(self, path: Path, source: opening.Input) -> tuple[str, str]:
        """A link to a file, with a name that tells the engine what the content is."""
        packed = PACKED.get(source.start(2), "")
        kind = _kind(_plain(source), _suffix(path))
        if kind == "parquet" and packed:
            raise UnreadableError(source.name, TABLE.told)
        link = self._folder / f"{len(self.files)}.{kind}{packed}"
        link.symlink_to(path.resolve())
        return kind, str(link)

    def _copied(self, source: opening.Input) -> tuple[str, str]:
        """What comes through a pipe, which the engine would open more than once."""
        plain = _plain(source)
        kind = _kind(plain, "")
        if kind in KINDS.values():
            copy = self._folder / f"{len(self.files)}.{kind}"
            with copy.open("wb") as stream:
                shutil.copyfileobj(plain, stream)
            if plain.fault:
                raise UnreadableError(source.name, plain.fault)
            return kind, str(copy)
        return "ndjson", self._spooled(lines_of_stream(plain, source.name))

    def _spooled(self, lines: Iterable[bytes]) -> str:
        spool = self._folder / f"{len(self.files)}.ndjson"
        with spool.open("wb") as stream:
            for line in lines:
                stream.write(line.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n")
        return str(spool)


def leaf(path: str) -> str:
    """The column of the leaf at a path."""
    return identifier(path)


def present(path: str) -> str:
    """The column that says whether there is anything at a path."""
    return identifier(f"{path}?")


def _any(files: list[tuple[str, str]], kind: str) -> bool:
    return any(k == kind for k, _ in files)


def _paths(records: Any) -> list[Path]:
    if isinstance(records, str) and records.lstrip()[:1] not in ("{", "["):
        records = Path(records)
    if isinstance(records, Path):
        if files.is_folder(records):
            return [p for p in files.walked(records) if p.is_file() and known(p)]
        return [records]
    if isinstance(records, list | tuple) and records and all(isinstance(r, Path) for r in records):
        return [p for r in records for p in _paths(r)]
    return []


def known(path: Path) -> bool:
    """Whether the name of a file in a folder says that it holds records."""
    return _suffix(path) in (*KINDS, *JSON_NAMES)


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(path.suffix) if path.suffix in COMPRESSED else path.name).suffix


def _plain(source: opening.Input) -> opening.Bytes:
    return opening.Bytes(source.plain(), source.name)


def _kind(plain: opening.Bytes, suffix: str) -> str:
    """How the engine is to read a content, as it begins. Raises ``UnreadableError`` for what it cannot."""
    start = plain.start()
    if plain.fault:
        raise UnreadableError(plain.name, plain.fault)
    if start.startswith(PARQUET):
        return "parquet"
    kind = kind_of(start)
    first = start.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1]
    if kind is CSV or (suffix == ".csv" and first not in (b"{", b"[")):
        return "csv"
    if kind is not None:
        raise UnreadableError(plain.name, kind.told)
    return "array" if first == b"[" else "ndjson"


def _of_json(files: list[str], kind: str, leaves: Mapping[str, bool], present_paths: tuple[str, ...]) -> str:
    shape = _shape(
        {TYPE: False, **leaves, **{p: True for p in present_paths if not any(q.startswith(f"{p}.") for q in leaves)}}
    )
    columns = [
        f"CASE WHEN NOT twice THEN {_access(TYPE)} END AS class_name",
        *(f"{_access(p)} AS {leaf(p)}" for p in leaves),
    ]
    columns += [f"{_access(p)} IS NOT NULL AS {present(p)}" for p in present_paths]
    names = "[" + ", ".join(map(quoted, files)) + "]"
    form = "'newline_delimited', ignore_errors=true" if kind == "ndjson" else "'array'"
    inner = (
        f"SELECT unnest(json_transform(json, {quoted(_structure(shape))})), {_twice(shape)} AS twice "
        f"FROM read_json_objects({names}, format={form})"
    )
    return f"SELECT {', '.join(columns)} FROM ({inner})"


def _twice(shape: Mapping[str, Any]) -> str:
    """Whether a key that is read stands twice in one object, of which nobody can say which holds.

    Only a text in which a name is found more often than it can be, or an escape that may hide one, is looked at closely.
    """
    objects = ["$", *(f"$.{json.dumps(k)}" for k, v in shape.items() if not isinstance(v, str))]
    names: dict[str, int] = {}
    for name in (*shape, *(k for v in shape.values() if not isinstance(v, str) for k in v)):
        names[name] = names.get(name, 0) + 1
    often = [f"len(string_split(text, {quoted(json.dumps(name))})) > {count + 1}" for name, count in names.items()]
    doubled = [f"len(json_keys(json, {quoted(o)})) <> list_unique(json_keys(json, {quoted(o)}))" for o in objects]
    asked = " OR ".join([*often, f"contains(text, {quoted(chr(92))})"]).replace("text,", "CAST(json AS VARCHAR),")
    return f"CASE WHEN {asked} THEN coalesce({' OR '.join(doubled)}, false) ELSE false END"


def _of_table(
    run: Run, kind: str, name: str, leaves: Mapping[str, bool], present_paths: tuple[str, ...], entity: str
) -> str:
    reads = (
        f"read_parquet({quoted(name)})"
        if kind == "parquet"
        else f"read_csv({quoted(name)}, header=true, all_varchar=true)"
    )
    known = {row[0]: row[1] for row in run(f"DESCRIBE SELECT * FROM {reads}")}
    of = {p: _of_column(p, known) for p in leaves}
    class_name = "CAST(type AS VARCHAR)" if TYPE in known else quoted(entity)
    columns = [f"{class_name} AS class_name", *(f"{of[p]} AS {leaf(p)}" for p in leaves)]
    for p in present_paths:
        inner = [s for q, s in of.items() if q == p or q.startswith(f"{p}.")] or [_of_column(p, known)]
        columns.append(f"({' OR '.join(f'{s} IS NOT NULL' for s in inner)}) AS {present(p)}")
    return f"SELECT {', '.join(columns)} FROM {reads}"


def _of_column(path: str, known: Mapping[str, str]) -> str:
    """A column of a table, or a field of a structure in it."""
    top, _, inner = path.partition(".")
    if path in known:
        expression, type_name = identifier(path), known[path]
    elif inner and known.get(top, "").startswith("STRUCT") and f"{inner.split('.')[0]}" in known[top]:
        expression, type_name = _access(path), ""
    else:
        return "NULL::VARCHAR"
    if type_name == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(timezone('UTC', {expression}), '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"CAST({expression} AS VARCHAR)"


def _access(path: str) -> str:
    return ".".join(map(identifier, path.split(".")))


def _shape(leaves: Mapping[str, bool]) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    for path, as_json in leaves.items():
        node, keys = shape, path.split(".")
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        node[keys[-1]] = "JSON" if as_json else "VARCHAR"
    return shape


def _type(node: Any) -> str:
    if isinstance(node, str):
        return node
    return "STRUCT(" + ", ".join(f"{identifier(k)} {_type(v)}" for k, v in node.items()) + ")"


def _structure(node: Any) -> str:
    if isinstance(node, str):
        return json.dumps(node)
    return "{" + ", ".join(f"{json.dumps(k)}: {_structure(v)}" for k, v in node.items()) + "}"
