"""Rows of Parquet and Arrow files, as batches of columns, and each as the JSON record that it is.

A null is a field that is not there. A moment is written in UTC; one without a zone stays without, which the model refuses. Bytes
are read as text, as Parquet files often hold it; a column that stands twice is a key that stands twice.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from machimori.errors import MissingExtraError
from machimori.validation.issue import Issue
from machimori.validation.opening import unreadable, why
from machimori.validation.pieces import Piece

if TYPE_CHECKING:
    import pyarrow as pa

    from machimori.validation.opening import Progress

PARQUET, ENCRYPTED, FILE, STREAM = b"PAR1", b"PARE", b"ARROW1", b"\xff\xff\xff\xff"
SUFFIXES = (".parquet", ".arrow", ".arrows", ".feather")
ROWS = 32_768
"""Rows that are taken from a file together."""
SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rows:
    """Rows of a table and the number of the first, from 1."""

    first: int
    batch: pa.RecordBatch

    def piece(self, number: int) -> Piece:
        """A row as a record; its line is the row."""
        row = zip(self.batch.schema.names, (column[number] for column in self.batch.columns), strict=True)
        return Piece(self.first + number, _object(row).encode("utf-8", "surrogateescape"), column=None)


def is_table(path: str | Path | BinaryIO) -> bool:
    """Whether what is there begins like a Parquet or Arrow file."""
    return first_bytes(path, 8).startswith((PARQUET, ENCRYPTED, FILE, STREAM))


def first_bytes(path: str | Path | BinaryIO, count: int) -> bytes:
    """How a file or stream begins, which stays to be read; nothing where that cannot be told."""
    if isinstance(path, (str, Path)) and str(path) != "-":
        try:
            with Path(path).open("rb") as file:
                return file.read(count)
        except (OSError, ValueError):
            return b""
    stream: Any = sys.stdin.buffer if isinstance(path, (str, Path)) else path
    if hasattr(stream, "peek"):
        start: bytes = stream.peek(count)[:count]
        return start
    if not stream.seekable():
        return b""
    place, start = stream.tell(), stream.read(count)
    stream.seek(place)
    return start


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of a Parquet file, with the number of its first row."""

    path: str
    number: int
    first: int

    def runs(self) -> Iterator[Rows | Piece]:
        return runs(self.path, group=self)


def groups(path: str | Path | BinaryIO) -> list[Group] | None:
    """The row groups of a Parquet file, for several processes; ``None`` for anything else."""
    if not isinstance(path, (str, Path)) or path == "-":
        return None
    pa = _pyarrow()
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        return None
    firsts = accumulate(sizes, initial=1)
    return [Group(str(path), n, first) for n, first in zip(range(len(sizes)), firsts, strict=False)]


def runs(
    path: str | Path | BinaryIO, progress: Progress | None = None, group: Group | None = None
) -> Iterator[Rows | Piece]:
    """The rows of a file or stream in order, or those of one group, and what is wrong where they end early."""
    pa = _pyarrow()
    first = group.first if group else 1
    try:
        with _opened(path) as file:
            for batch in _batches(file, [group.number] if group else None):
                yield Rows(first, batch)
                first += batch.num_rows
                if progress:
                    progress(file.tell())
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Piece(first, fault=_why(error), record=False)


def _opened(path: str | Path | BinaryIO) -> Any:
    pa = _pyarrow()
    if path == "-":
        return pa.PythonFile(sys.stdin.buffer, mode="r")
    return pa.OSFile(str(path)) if isinstance(path, (str, Path)) else pa.PythonFile(path, mode="r")


def _batches(file: Any, row_groups: list[int] | None) -> Iterator[pa.RecordBatch]:
    from pyarrow import ipc
    from pyarrow.parquet import ParquetFile

    start = file.read(8) if file.seekable() else STREAM
    if file.seekable():
        file.seek(0)
    if start.startswith((PARQUET, ENCRYPTED)):
        yield from ParquetFile(file).iter_batches(ROWS, row_groups=row_groups)
        return
    if start.startswith(FILE):
        table = ipc.open_file(file)
        batches = (table.get_batch(n) for n in range(table.num_record_batches))
    else:
        batches = iter(ipc.open_stream(file))
    for batch in batches:
        yield from (batch.slice(n, ROWS) for n in range(0, batch.num_rows, ROWS))


def _why(error: Exception) -> Issue:
    """What Arrow refuses, without its words: they may quote the data."""
    if isinstance(error, OSError) and error.strerror:
        return why("", error)
    if "encrypt" in str(error).lower():
        return unreadable("", "an encrypted Parquet file", "暗号化されたParquetファイルです")
    return unreadable("", "the table ends early or is damaged", "表が途中で切れているか壊れています")


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("reading Parquet and Arrow files", "arrow") from None
    return pyarrow


def _object(pairs: Iterable[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in pairs if v.is_valid) + "}"


def _json(scalar: Any) -> str:
    """A value as JSON; one that JSON has not as something that is told when the record is read."""
    pa = _pyarrow()
    kind = scalar.type
    if not scalar.is_valid:
        return "null"
    if pa.types.is_struct(kind):
        return _object((kind.field(n).name, scalar[n]) for n in range(kind.num_fields))
    if pa.types.is_map(kind):
        return _object((str(pair[0].as_py()), pair[1]) for pair in scalar.values)
    if pa.types.is_nested(kind) and hasattr(scalar, "values"):
        return "[" + ", ".join(map(_json, scalar.values)) + "]"
    if isinstance(scalar, (pa.DictionaryScalar, pa.ExtensionScalar, pa.RunEndEncodedScalar, pa.UnionScalar)):
        return _json(scalar.value)
    if pa.types.is_decimal(kind):
        return str(scalar.as_py())
    return json.dumps(_plain(scalar), ensure_ascii=False)


def _plain(scalar: Any) -> Any:
    pa = _pyarrow()
    kind = scalar.type
    if pa.types.is_timestamp(kind):
        return _moment(scalar.value, SECOND[kind.unit], zone="Z" if kind.tz else "")
    if pa.types.is_duration(kind):
        return f"PT{Decimal(scalar.value) / SECOND[kind.unit]:f}S"
    try:
        value = scalar.as_py()
    except (OverflowError, ValueError):
        return str(scalar.value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def _moment(count: int, each_second: int, zone: str) -> str:
    """A time since 1970 as RFC 3339 has it, with as many digits as it needs."""
    seconds, part = divmod(count, each_second)
    try:
        text = (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return str(count)
    digits = f"{part:0{len(str(each_second)) - 1}d}".rstrip("0") if part else ""
    return text + (f".{digits}" if digits else "") + zone
