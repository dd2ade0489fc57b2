"""Validate files of many records: NDJSON, a JSON array, one pretty-printed record; plain, gzip or zstandard; Parquet and Arrow.

The file is read in blocks and most records are accepted many at a time, so memory does not grow with the file; a record that
cannot be read costs that record alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from machimori import catalogue
from machimori.validation import graphs, splitting, tables
from machimori.validation.issue import Issue
from machimori.validation.judging import Judge, Judged
from machimori.validation.opening import REFUSALS, Bytes, Progress, opened, why
from machimori.validation.severities import Severities
from machimori.validation.sharing import parts, shared


class StreamReport:
    """The findings of a stream: iterate to get each as it is found, or ask for the whole.

    ``records``, ``invalid`` (records with an error) and ``findings`` count what has been seen so far; ``ok`` and
    ``issues`` read to the end first.
    """

    def __init__(self, judged: Iterator[Judged]) -> None:
        self._judged = judged
        self._held: list[Issue] = []
        self._keep = False
        self._failed = False
        self.records = 0
        self.invalid = 0
        self.findings = 0

    def __iter__(self) -> Iterator[Issue]:
        for records, invalid, issues in self._judged:
            self.records += records
            self.invalid += invalid
            self.findings += len(issues)
            self._failed |= any(i.severity == "error" for i in issues)
            if self._keep:
                self._held.extend(issues)
            yield from issues

    @property
    def issues(self) -> list[Issue]:
        """Every finding of the rest of the stream, kept in memory."""
        self._keep = True
        self._exhaust()
        return self._held

    @property
    def ok(self) -> bool:
        """Whether there was no finding of severity ``error``, in a record or between records."""
        self._exhaust()
        return not self._failed

    def __bool__(self) -> bool:
        return self.ok

    def _exhaust(self) -> None:
        for _ in self:
            pass


def validate_stream(
    path: str | Path | BinaryIO,
    entity: str | None = None,
    *,
    jobs: int = 1,
    show_values: bool = False,
    progress: Progress | None = None,
    severities: Severities | None = None,
) -> StreamReport:
    """Validate every record of a file (``-`` for standard input) or of an open binary stream.

    ``jobs`` processes share the work; findings come in the order of the file all the same. ``progress`` is called with
    the bytes of the file read so far, packed as they lie. ``severities`` are those of the caller (``validation.severities.read_severities``). A file that cannot be read is a finding (``MM010``), not an exception.

    Raises ``UnknownNameError`` for an ``entity`` that the model does not have.
    """
    if entity is not None:
        catalogue.class_data(entity)
    judge = Judge(entity, _named(path), show_values, severities)
    return StreamReport(_judged(path, judge, max(1, jobs), progress))


def _named(path: str | Path | BinaryIO) -> str:
    return "<stdin>" if path == "-" else str(path) if isinstance(path, (str, Path)) else "<stream>"


def _judged(path: str | Path | BinaryIO, judge: Judge, jobs: int, progress: Progress | None) -> Iterator[Judged]:
    source, nothing = _named(path), True
    try:
        for judged in _found(path, judge, jobs, progress):
            nothing = nothing and not judged.records and not judged.issues
            yield judged
    except REFUSALS as error:
        yield Judged(0, 0, [why(source, error)])
    else:
        if nothing:
            yield Judged(0, 0, [Issue("MM009", source=source, line=1)])


def _found(path: str | Path | BinaryIO, judge: Judge, jobs: int, progress: Progress | None) -> Iterator[Judged]:
    if tables.is_table(path):
        shares = tables.groups(path) if jobs > 1 else None
        yield from shared(judge, jobs, shares) if shares else judge.judge(tables.runs(path, progress))
        return
    if graphs.is_graph(path):
        yield from judge.judge(graphs.pieces(path))
        return
    if jobs > 1 and (ranges := parts(path)):
        yield from shared(judge, jobs, ranges, progress)
        return
    with opened(path) as stream:
        plain = Bytes(stream, _named(path), progress)
        runs = splitting.runs(plain)
        yield from judge.judge(runs) if jobs == 1 else shared(judge, jobs, runs)
        if plain.fault:
            yield Judged(0, 0, [plain.fault])
