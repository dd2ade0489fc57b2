"""Validate files of many records: NDJSON, a JSON array, one pretty-printed record; plain, gzip or zstandard; Parquet and Arrow.

The file is read in blocks and most records are accepted many at a time, so memory does not grow with the file; a record that
cannot be read costs that record alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from machimori import files
from machimori.catalogue import catalogue
from machimori.errors import CannotReadError
from machimori.findings.issue import Issue
from machimori.findings.presence import Presence
from machimori.findings.severities import Severities
from machimori.records import arrow_tables, content_kinds, splitting
from machimori.records.arrow_tables import Group, Rows
from machimori.records.opening import REFUSALS, Bytes, Input, Progress, held, unreadable, why
from machimori.records.pieces import Piece
from machimori.records.splitting import Run
from machimori.validation import graph_files
from machimori.validation.judge import Judge, Judged
from machimori.validation.presence import watched
from machimori.validation.workers import Range, parts, shared


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
    presence: Presence | None = None,
) -> StreamReport:
    """Validate every record of a file (``-`` for standard input) or of an open binary stream.

    ``jobs`` processes share the work; findings come in the order of the file all the same. ``progress`` is called with
    the bytes of the file read so far, packed as they lie. ``severities`` are those of the caller
    (``validation.severities.read_severities``). ``presence`` is shown the first records. The source is opened once, so that a
    pipe does. A file that cannot be read is a finding (``MM010``), not an exception, and so is one of another format (``MM011``).

    Raises ``UnknownNameError`` for an ``entity`` that the model does not have.
    """
    if entity is not None:
        catalogue.class_(entity)
    judge = Judge(entity, _named(path), show_values, severities)
    return StreamReport(_judged(path, judge, max(1, jobs), progress, presence))


def _named(path: str | Path | BinaryIO) -> str:
    return "<stdin>" if str(path) in files.STDIN else str(path) if isinstance(path, (str, Path)) else "<stream>"


def _judged(
    path: str | Path | BinaryIO, judge: Judge, jobs: int, progress: Progress | None, presence: Presence | None
) -> Iterator[Judged]:
    source, nothing = _named(path), True
    try:
        with held(path) as opened:
            for judged in _found(path, opened, judge, jobs, progress, presence):
                nothing = nothing and not judged.records and not judged.issues
                yield judged
    except CannotReadError as error:
        yield Judged(0, 0, [unreadable(source, error.reason)])
    except REFUSALS as error:
        yield Judged(0, 0, [why(source, error)])
    else:
        if nothing:
            yield Judged(0, 0, [Issue("MM009", source=source, line=1)])


def _found(
    path: str | Path | BinaryIO,
    source: Input,
    judge: Judge,
    jobs: int,
    progress: Progress | None,
    presence: Presence | None,
) -> Iterator[Judged]:
    if presence is not None and jobs > 1 and source.again:
        look(source.again, presence)  # the processes read for themselves
    shares = _shares(path, source) if jobs > 1 else None
    if shares:
        yield from shared(judge, jobs, shares, progress)
        return
    plain, runs = _runs(path, source, progress)
    if presence is not None:
        runs = watched(runs, presence)
    yield from shared(judge, jobs, runs) if jobs > 1 and plain is not None else judge.judge(runs)
    if plain is not None and plain.fault:
        yield Judged(0, 0, [unreadable(source.name, plain.fault)])


def look(path: str | Path, presence: Presence) -> None:
    """Show the first records of a file to ``presence``, for those that are judged elsewhere."""
    if presence.full:
        return
    with held(path) as source:
        for _ in watched(_runs(path, source, None)[1], presence):
            if presence.full:
                return


def _shares(path: str | Path | BinaryIO, source: Input) -> Iterable[Range | Group] | None:
    """What several processes can read for themselves, each its part."""
    if source.again is None or graph_files.is_graph(path):
        return None
    if arrow_tables.is_table(source):
        return arrow_tables.groups(source.again)
    start = source.start()
    return None if content_kinds.kind_of(start) or content_kinds.named(str(path), start) else parts(source.again)


def _runs(
    path: str | Path | BinaryIO, source: Input, progress: Progress | None
) -> tuple[Bytes | None, Iterator[Run | Rows]]:
    """The records of a source; with the stream that they are cut from, where it is text."""
    if arrow_tables.is_table(source):
        return None, arrow_tables.runs(source, progress)
    if graph_files.is_graph(path) or graph_files.is_turtle(source):
        return None, graph_files.pieces(source, turtle=not graph_files.is_json_ld(path))
    plain = Bytes(source.plain(), _named(path), progress)
    start = plain.start()
    kind = content_kinds.kind_of(start) or (
        content_kinds.named(str(path), start) if isinstance(path, (str, Path)) else None
    )
    if kind:
        return None, iter([Piece(1, fault=kind.issue(), record=False)])
    return plain, splitting.runs(plain)
