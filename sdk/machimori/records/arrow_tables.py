"""Rows of Parquet and Arrow files, as batches of columns."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from machimori.errors import MissingExtraError
from machimori.findings.issue import Issue
from machimori.messages import Message
from machimori.records.opening import Input, unreadable, why
from machimori.records.pieces import Piece

if TYPE_CHECKING:
    import pyarrow as pa

    from machimori.records.opening import Progress

PARQUET, ENCRYPTED, FILE, STREAM = b"PAR1", b"PARE", b"ARROW1", b"\xff\xff\xff\xff"
STARTS = (PARQUET, ENCRYPTED, FILE, STREAM)
START = 8
"""Bytes that are looked at."""
SUFFIXES = (".parquet", ".arrow", ".arrows", ".feather")
ROWS = 32_768
"""Rows that are taken from a file together."""


@dataclass(frozen=True)
class Rows:
    """Rows of a table and the number of the first, from 1."""

    first: int
    batch: pa.RecordBatch

    def piece(self, number: int) -> Piece:
        """A row as a record; its line is the row."""
        from machimori.records.arrow_values import as_json

        row = zip(self.batch.schema.names, (column[number] for column in self.batch.columns), strict=True)
        return Piece(self.first + number, as_json(row).encode("utf-8", "surrogateescape"), column=None)


def is_table(source: Input) -> bool:
    """Whether what is there begins like a Parquet or Arrow file."""
    return source.start(START).startswith(STARTS)


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of a Parquet file, with the number of its first row."""

    path: str
    number: int
    first: int

    def runs(self) -> Iterator[Rows | Piece]:
        """Its rows."""
        return _runs(lambda: _pyarrow().OSFile(self.path), PARQUET, self.first, [self.number], None)


def groups(path: Path) -> list[Group] | None:
    """The row groups of a Parquet file, for several processes; ``None`` for anything else."""
    pa = _pyarrow()
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        return None
    firsts = accumulate(sizes, initial=1)
    return [Group(str(path), n, first) for n, first in zip(range(len(sizes)), firsts, strict=False)]


def runs(source: Input, progress: Progress | None = None) -> Iterator[Rows | Piece]:
    """The rows of a source in order, and what is wrong where they end early."""
    pa = _pyarrow()
    start = source.start(START)
    piped = not (source.again or source.stream.seekable())

    def opened() -> Any:
        if source.again:
            return pa.OSFile(str(source.again))
        return pa.PythonFile(_spooled(source) if piped and not start.startswith(STREAM) else source.stream, mode="r")

    # Arrow calls every Python file seekable, and a pipe cannot say how far it was read.
    return _runs(opened, start, 1, None, None if piped else progress)


def _spooled(source: Input) -> BinaryIO:
    """What comes through a pipe as a file without a name: such a table is read from its end."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - who reads it closes it
    shutil.copyfileobj(source.stream, copy)
    copy.seek(0)
    return copy


def _runs(
    opened: Callable[[], Any], start: bytes, first: int, row_groups: list[int] | None, progress: Progress | None
) -> Iterator[Rows | Piece]:
    pa = _pyarrow()
    try:
        with opened() as file:
            for batch in _batches(file, start, row_groups):
                yield Rows(first, batch)
                first += batch.num_rows
                if progress:
                    progress(file.tell())
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Piece(first, fault=_why(error), record=False)


def _batches(file: Any, start: bytes, row_groups: list[int] | None) -> Iterator[pa.RecordBatch]:
    from pyarrow import ipc
    from pyarrow.parquet import ParquetFile

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
        return unreadable("", Message("an encrypted Parquet file"))
    return unreadable("", Message("the table ends early or is damaged"))


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError(Message("reading Parquet and Arrow files"), "arrow") from None
    return pyarrow
