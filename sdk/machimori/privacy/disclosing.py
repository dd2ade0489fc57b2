"""Release of records: what a decision grants of each record, and nothing else of it.

Only records of the class asked, of the person named, in the area of the document behind the grant, and of a stated group where
the value is a statistic. What cannot be read is not released, and is counted.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from machimori import catalogue
from machimori.errors import UnreadableError
from machimori.privacy import fields as asked_fields
from machimori.privacy import transforms, views
from machimori.privacy.decision import ANONYMISED, STATISTICS, Decision
from machimori.privacy.fields import Asked
from machimori.privacy.transforms import Change, Pseudonyms
from machimori.validation.record import validate

Records = Any
"""A path, bytes or text of NDJSON or a JSON array, or an iterable of records (bytes, text or mappings)."""

RELEASED = "released"
CELL_GROUP = 10
LOCAL_GOVERNMENT = 6
"""Digits of a local-government code; a grid square in an area has another length."""
LINE_BREAKS = b"\r\n\t "


class Disclosure(Iterator[Any]):
    """The permitted views of records, one after the other; ``decision`` says by what right.

    ``released`` and ``skipped`` count, as it goes on, what came out and what did not: ``other-class``, ``other-person``, ``outside-area``,
    ``small-group``, ``unreadable``. A denial gives nothing.
    """

    def __init__(self, decision: Decision, views: Iterator[Any], counts: Counter[str]) -> None:
        self.decision = decision
        self.counts = counts
        self._views = views

    @property
    def released(self) -> int:
        """How many views have come out."""
        return self.counts[RELEASED]

    @property
    def skipped(self) -> dict[str, int]:
        """How many records were left out, by reason."""
        return {reason: count for reason, count in self.counts.items() if reason != RELEASED}

    def __iter__(self) -> Iterator[Any]:
        return self._views

    def __next__(self) -> Any:
        return next(self._views)


class Projector:
    """Turns a record into what a decision grants of it; made once for each class and decision."""

    def __init__(self, entity: str, form: str, granted: tuple[tuple[str, str], ...]) -> None:
        self.entity, self.form = entity, form
        self.paths = tuple(path for path, _ in granted)
        self.struct = views.struct(entity, self.paths)
        self.decoder = msgspec.json.Decoder(self.struct)
        self.changes = {path: transform for path, transform in granted if transform in ("coarsen", "pseudonymise")}
        self.statistical = tuple(
            p
            for p in self.paths
            if asked_fields.asked(entity, p).data_class == "statistical" and p not in ("group_size", "suppressed")
        )

    def slowly(self, line: bytes) -> Any:
        """The view of a record that the decoder refuses, if the record is valid: a whole number may be written as 5.0."""
        record = msgspec.json.decode(line)
        if not validate(record, self.entity).ok:
            raise ValueError("not a valid record")
        return msgspec.convert(_whole_numbers(record), self.struct)

    def changed(self, view: Any, pseudonyms: Pseudonyms | None) -> dict[str, Any]:
        """The view with its transforms applied, as plain data."""
        data: dict[str, Any] = {k: v for k, v in msgspec.to_builtins(view).items() if v is not None}
        for path, transform in self.changes.items():
            _apply(data, path.split("."), _change(self.entity, path, transform, pseudonyms))
        return data


@lru_cache(maxsize=1024)
def projector(entity: str, form: str, granted: tuple[tuple[str, str], ...]) -> Projector:
    """The projector of a decision, from the cache."""
    return Projector(entity, form, granted)


def disclosed(
    records: Records,
    decision: Decision,
    entity: str,
    subject: str | None,
    pseudonyms: Pseudonyms | None,
    group: int = 0,
) -> Disclosure:
    """The views of ``records`` under a decision; ``group`` is the smallest group that anonymised records may be in."""
    skipped: Counter[str] = Counter()
    if decision.denied or decision.form == STATISTICS:
        return Disclosure(decision, iter(()), skipped)
    granted = tuple((g.field, g.transform) for g in decision.granted)
    project = projector(entity, decision.form, granted)
    lines, as_bytes = lines_of(records)
    chosen = _chosen(lines, project, subject, decision.area, skipped)
    if decision.form == ANONYMISED:
        made = _in_groups(chosen, project, group, skipped)
    elif project.changes:
        made = (project.changed(view, pseudonyms) for _, view in chosen)
    else:
        made = (view for _, view in chosen)
    finish = msgspec.json.Encoder().encode if as_bytes else _plain
    return Disclosure(decision, _finished(made, finish, skipped), skipped)


def _finished(made: Iterable[Any], finish: Callable[[Any], Any], counts: Counter[str]) -> Iterator[Any]:
    count = 0
    try:
        for view in made:
            count += 1
            yield finish(view)
    finally:
        counts[RELEASED] = count


def group_sizes(records: Iterable[bytes], decision_fields: tuple[tuple[str, str], ...], entity: str) -> list[int]:
    """How many people stand behind each set of records that are alike in their coarsened quasi-identifiers."""
    project = projector(entity, ANONYMISED, decision_fields)
    sizes: dict[Any, set[str | None]] = defaultdict(set)
    for subject, view in _chosen(records, project, None, None, Counter()):
        sizes[_key(project, project.changed(view, None))].add(_person(subject))
    return [len(s) for s in sizes.values()]


def _in_groups(
    chosen: Iterator[tuple[Any, Any]], project: Projector, group: int, skipped: Counter[str]
) -> Iterator[Any]:
    """Coarsened records that share their quasi-identifiers with enough other people; the rest is suppressed."""
    held: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    people: dict[Any, set[str | None]] = defaultdict(set)
    for subject, view in chosen:
        record = project.changed(view, None)
        key = _key(project, record)
        held[key].append(record)
        people[key].add(_person(subject))
    for key, members in held.items():
        if len(people[key]) >= group:
            yield from members
        else:
            skipped["small-group"] += len(members)


def _person(raw: Any) -> str | None:
    """Who a record is about; all that name nobody count as one."""
    return None if raw is None else views.named(raw)


def _key(project: Projector, record: Mapping[str, Any]) -> Any:
    quasi = [
        p for p in project.paths if asked_fields.asked(project.entity, p).axes["identifiability"] in ("quasi", "direct")
    ]
    return tuple(repr(_at(record, p.split("."))) for p in quasi)


def _at(node: Any, keys: list[str]) -> Any:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _chosen(
    lines: Iterable[bytes], project: Projector, subject: str | None, area: tuple[str, ...] | None, skipped: Counter[str]
) -> Iterator[tuple[Any, Any]]:
    """The records that the decision is about, each with the raw value that says whom it is about."""
    entity, owner = project.entity, catalogue.class_data(project.entity)["data_subject"]
    read, decode, slowly = views.KeyOf(entity, owner).read, project.decoder.decode, project.slowly
    person = None if subject is None or owner is None else subject
    quoted = msgspec.json.encode(person)
    elsewhere: Callable[[bytes], bool] = (
        (lambda line: not _inside(line, entity, area)) if area is not None else (lambda _: False)
    )
    further = area is not None or bool(project.statistical)
    for line in lines:
        try:
            key: Any = read(line)
            if key.class_name != entity:
                skipped["other-class"] += 1
                continue
            whose: Any = key.whose if owner else None
            if person is not None and bytes(whose) != quoted and views.named(whose) != person:
                skipped["other-person"] += 1
                continue
            if further:
                if elsewhere(line):
                    skipped["outside-area"] += 1
                    continue
                if project.statistical and not _states_group(line):
                    skipped["small-group"] += 1
                    continue
            try:
                view = decode(line)
            except msgspec.ValidationError:
                view = slowly(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
            skipped["unreadable"] += 1
            continue
        yield whose, view


class _Group(msgspec.Struct):
    group_size: int | None = None
    suppressed: bool | None = None


_GROUP = msgspec.json.Decoder(_Group)


def _states_group(line: bytes) -> bool:
    """Whether a statistical record says that ten or more stand behind it."""
    stated = _GROUP.decode(line)
    return stated.group_size is not None and stated.group_size >= CELL_GROUP


def _inside(line: bytes, entity: str, area: tuple[str, ...]) -> bool:
    """Whether every place of a record lies in one of the areas; a record that names none is outside."""
    places = list(_places(entity, msgspec.json.decode(line)))
    return bool(places) and all(any(_lies_in(kind, code, a) for a in area) for kind, code in places)


def _places(entity: str, record: Any) -> Iterator[tuple[str, str]]:
    """Where a record says that it is: codes of municipalities, and grid squares of its places."""
    fields = catalogue.class_data(entity)["fields"]
    for name, value in record.items() if isinstance(record, Mapping) else ():
        field = fields.get(name)
        if field is None or value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if field["range"] in ("LocalGovernmentCode", "MeshCode") and isinstance(one, str):
                yield field["range"], one
            elif field["range"] == "Place" and isinstance(one, Mapping):
                coarse = transforms.coarse_place(one, 8)
                yield "MeshCode", coarse["mesh_code"] if coarse else ""
            elif field["inlined"] and isinstance(one, Mapping):
                yield from _places(field["range"], one)


def _lies_in(kind: str, code: str, area: str) -> bool:
    """Whether a place lies in an area. Six digits are a prefecture, a municipality or a designated city with its wards."""
    if len(area) != LOCAL_GOVERNMENT:
        return kind == "MeshCode" and code.startswith(area)
    if kind != "LocalGovernmentCode":
        return False
    prefecture, wards = area[2:5] == "000", area[2] == "1" and area[4] == "0"
    return code == area or (prefecture and code[:2] == area[:2]) or (wards and code[:4] == area[:4])


def _change(entity: str, path: str, transform: str, pseudonyms: Pseudonyms | None) -> Change:
    if transform == "pseudonymise":
        if pseudonyms is None:
            raise UnreadableError("pseudonyms", "the holder has no key for them")
        return pseudonyms.of
    return _coarsening(entity, path)


@lru_cache(maxsize=4096)
def _coarsening(entity: str, path: str) -> Change:
    """The coarsening of a field, whatever is inside it."""
    field = asked_fields.asked(entity, path)
    end = _field(entity, path)
    granularity = field.axes["granularity"] or {}
    return _coarse_value(end, granularity, field)


def _coarse_value(end: Mapping[str, Any], granularity: Mapping[str, Any], field: Asked) -> Change:
    held = catalogue.catalogue()
    range_name, step = end["range"], granularity.get("space_step")
    if range_name == "Place":
        return (lambda v: transforms.coarse_place(v, step)) if step else (lambda _: None)
    if range_name == "Address":
        return transforms.coarse_address
    if end["inlined"]:
        inner = {n: _coarse_value(f, granularity, field) for n, f in held["classes"][range_name]["fields"].items()}
        return lambda v: (
            {n: c for n, x in v.items() if n in inner and x is not None and (c := inner[n](x)) is not None} or None
        )
    free = range_name == "string" and not end.get("pattern")
    change = transforms.coarsening(range_name, granularity, free)
    if range_name in held["classes"] or range_name == "Iri":
        return lambda _: None
    return change or (lambda v: v)


def _field(entity: str, path: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {}
    class_name = entity
    for key in path.split("."):
        found = catalogue.field_data(class_name, key)
        class_name = found["range"]
    return found


def _apply(data: dict[str, Any], keys: list[str], change: Change) -> None:
    """Change the value at ``keys``; one of which nothing may be given goes."""
    node: Any = data
    for key in keys[:-1]:
        node = node.get(key)
        if isinstance(node, list):
            for one in node:
                if isinstance(one, dict):
                    _apply(one, keys[keys.index(key) + 1 :], change)
            return
        if not isinstance(node, dict):
            return
    name = keys[-1]
    if name not in node:
        return
    value = node[name]
    made = [m for v in value if (m := change(v)) is not None] if isinstance(value, list) else change(value)
    if made is None or made == []:
        del node[name]
    else:
        node[name] = made


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _whole_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(view: Any) -> dict[str, Any]:
    return view if isinstance(view, dict) else msgspec.to_builtins(view)


def lines_of(records: Records) -> tuple[Iterable[bytes], bool]:
    """The records one by one as JSON, and whether they came as text (so that they go out as text)."""
    if isinstance(records, str) and records.lstrip()[:1] not in ("{", "["):
        records = Path(records)
    if isinstance(records, Path):
        return _lines_of_file(records), True
    if isinstance(records, str):
        records = records.encode()
    if isinstance(records, bytes | bytearray):
        return _lines(io.BytesIO(bytes(records))), True
    if isinstance(records, Mapping):
        records = [records]
    iterator = iter(records)
    first = next(iterator, None)
    if first is None:
        return (), True
    as_bytes = isinstance(first, str | bytes | bytearray)
    return _encoded(first, iterator), as_bytes


def _encoded(first: Any, rest: Iterator[Any]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for record in (first, *()):
        yield _as_line(record, encode)
    for record in rest:
        yield _as_line(record, encode)


def _as_line(record: Any, encode: Callable[[Any], bytes]) -> bytes:
    if isinstance(record, bytes | bytearray):
        return bytes(record)
    if isinstance(record, str):
        return record.encode("utf-8", "surrogatepass")
    if hasattr(record, "model_dump_json"):
        return str(record.model_dump_json(exclude_none=True)).encode()
    try:
        return encode(record)
    except (TypeError, ValueError, RecursionError):
        return b""


def _lines_of_file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            yield from _lines(stream)
    except OSError as error:
        raise UnreadableError(path.name, type(error).__name__) from None


def _lines(stream: Any) -> Iterable[bytes]:
    """NDJSON line by line; a JSON array is read whole. A blank line is no record."""
    whole = stream.read() if isinstance(stream, io.BytesIO) else None
    start = (whole if whole is not None else stream.peek(64)[:64]).lstrip(LINE_BREAKS)[:1]
    if start != b"[":
        return filter(bytes.strip, stream if whole is None else whole.splitlines())
    try:
        return map(bytes, msgspec.json.decode(whole if whole is not None else stream.read(), type=list[msgspec.Raw]))
    except msgspec.MsgspecError:
        return (b"",)
