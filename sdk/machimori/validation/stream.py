"""Validate files of many records: NDJSON, a JSON array, one pretty-printed record; plain, gzip or zstandard.

Records are judged one at a time, so memory does not grow with the file; a record that cannot be read costs that record
alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from machimori import catalogue
from machimori.validation import splitting
from machimori.validation.issue import Issue
from machimori.validation.opening import Bytes, Progress, opened, why
from machimori.validation.pieces import Piece
from machimori.validation.record import validate

if TYPE_CHECKING:
    from concurrent.futures import Future

CHUNK_RECORDS = 500
CHUNK_BYTES = 4 * 1024 * 1024
Judged = tuple[bool, list[Issue]]
"""Whether it was a record, and what was found in it."""


class StreamReport:
    """The findings of a stream: iterate to get each as it is found, or ask for the whole.

    ``records``, ``invalid`` (records with an error) and ``findings`` count what has been seen so far; ``ok`` and
    ``issues`` read to the end first.
    """

    def __init__(self, findings: Iterator[Judged]) -> None:
        self._findings = findings
        self._held: list[Issue] = []
        self._keep = False
        self._failed = False
        self.records = 0
        self.invalid = 0
        self.findings = 0

    def __iter__(self) -> Iterator[Issue]:
        for record, issues in self._findings:
            failed = any(i.severity == "error" for i in issues)
            self.records += record
            self.invalid += record and failed
            self.findings += len(issues)
            self._failed |= failed
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
) -> StreamReport:
    """Validate every record of a file (``-`` for standard input) or of an open binary stream.

    ``jobs`` processes share the work; findings come in the order of the file all the same. ``progress`` is called with
    the plain bytes read so far. A file that cannot be read is a finding (``MM010``), not an exception.

    Raises ``UnknownNameError`` for an ``entity`` that the model does not have.
    """
    if entity is not None:
        catalogue.class_data(entity)
    return StreamReport(_findings(path, entity, max(1, jobs), show_values, progress))


def _findings(
    path: str | Path | BinaryIO, entity: str | None, jobs: int, show_values: bool, progress: Progress | None
) -> Iterator[Judged]:
    source = "<stdin>" if path == "-" else str(path) if isinstance(path, (str, Path)) else "<stream>"
    nothing = True
    try:
        with opened(path) as stream:
            plain = Bytes(stream, source, progress)
            for judged in _judged(splitting.records(plain), entity, source, show_values, jobs):
                nothing = False
                yield judged
            if plain.fault:
                nothing = False
                yield False, [plain.fault]
    except OSError as error:
        yield False, [why(source, error)]
    else:
        if nothing:
            yield False, [Issue("MM009", source=source, line=1)]


def _judged(pieces: Iterable[Piece], entity: str | None, source: str, show_values: bool, jobs: int) -> Iterator[Judged]:
    if jobs == 1:
        for piece in pieces:
            yield _one(piece, entity, source, show_values)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent) as pool:
        waiting: deque[Future[list[Judged]]] = deque()
        for chunk in _chunks(pieces):
            waiting.append(pool.submit(_judge, chunk, entity, source, show_values))
            if len(waiting) > jobs * 2:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    chunk: list[Piece] = []
    size = 0
    for piece in pieces:
        chunk.append(piece)
        size += len(piece.text)
        if len(chunk) == CHUNK_RECORDS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _judge(chunk: list[Piece], entity: str | None, source: str, show_values: bool) -> list[Judged]:
    return [_one(piece, entity, source, show_values) for piece in chunk]


def _one(piece: Piece, entity: str | None, source: str, show_values: bool) -> Judged:
    found = [replace(piece.fault, source=source, line=piece.fault.line or piece.line)] if piece.fault else []
    if piece.text:
        report = validate(piece.text, entity, show_values=show_values)
        found += [_placed(issue, piece, source) for issue in report.issues]
    return piece.record, found


def _placed(issue: Issue, piece: Piece, source: str) -> Issue:
    """The finding with its place in the file rather than in the record."""
    line = issue.line or 1
    column = issue.column
    if column is not None and line == 1:
        column += piece.column - 1
    return replace(issue, source=source, line=line + piece.line - 1, column=column)
