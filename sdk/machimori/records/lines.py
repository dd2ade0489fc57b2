"""Records of any source one by one as JSON: a file, plain or compressed, text, or things in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import msgspec

from machimori.errors import UnreadableError
from machimori.records import opening, splitting
from machimori.records.content_kinds import kind_of
from machimori.records.json_text import BOM


class Instance(Protocol):
    """An instance of a class of the model, or of whatever writes itself as Pydantic does."""

    def model_dump_json(self, *, exclude_none: bool = False) -> str:
        """The record as JSON."""
        ...


Record = bytes | bytearray | str | Mapping[str, object] | Instance
"""One record: its JSON, its fields, or an instance."""
Records = Path | Record | Iterable[Record]
"""A path, bytes or text of NDJSON or JSON, or an iterable of records (bytes, text, mappings or instances)."""

_TEXT = re.compile(r"""[{}\[\]"\r\n]""")
"""What a path does not have and JSON does: a text is never named in an error."""
BLOCK = 1 << 16


def lines_of(records: Records) -> tuple[Iterable[bytes], bool]:
    """The records one by one as JSON, and whether they came as text (so that they go out as text)."""
    if isinstance(records, str):
        records = records.encode("utf-8", "surrogatepass") if _TEXT.search(records) else Path(records)
    if isinstance(records, Path):
        return _lines_of_file(records), True
    if isinstance(records, bytes | bytearray):
        return lines_of_stream(io.BytesIO(records), "records"), True
    iterator = iter([records] if isinstance(records, Mapping) or hasattr(records, "model_dump_json") else records)
    for first in iterator:
        return map(_as_line, chain((first,), iterator)), isinstance(first, str | bytes | bytearray)
    return (), True


_ENCODE: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def _as_line(record: Any) -> bytes:
    if isinstance(record, bytes | bytearray):
        return bytes(record)
    if isinstance(record, str):
        return record.encode("utf-8", "surrogatepass")
    if hasattr(record, "model_dump_json"):
        return str(record.model_dump_json(exclude_none=True)).encode()
    try:
        return _ENCODE(record)
    except (TypeError, ValueError, RecursionError):
        return b""


def _lines_of_file(path: Path) -> Iterator[bytes]:
    with opening.held(path) as source:
        yield from lines_of_input(source)


def lines_of_input(source: opening.Input, progress: opening.Progress | None = None) -> Iterator[bytes]:
    """The records of what is open, one by one. Raises ``UnreadableError`` where it cannot be read to its end."""
    try:
        plain = source.plain()
    except opening.REFUSALS as error:
        raise UnreadableError(source.name, opening.reason(error)) from None
    yield from lines_of_stream(plain, source.name, progress)


def lines_of_stream(stream: Any, name: str, progress: opening.Progress | None = None) -> Iterator[bytes]:
    """NDJSON line by line, blank lines left out; an array or a document over several lines record by record."""
    source = opening.Bytes(stream, name, progress)
    kind = kind_of(source.start())
    if kind:
        raise UnreadableError(name, kind.told)
    reader = io.BufferedReader(source, BLOCK)
    start = reader.peek(BLOCK)
    if start.startswith(BOM):
        reader.read(len(BOM))
        start = start[len(BOM) :]
    first = start.lstrip().partition(b"\n")[0]
    if first.startswith(b"[") or first.rstrip() == b"{":
        yield from (piece.text for piece in splitting.records(reader))
    else:
        yield from filter(bytes.strip, reader)
    if source.fault is not None:
        raise UnreadableError(name, source.fault)
