"""Judge the records of a stream: accept many at once, explain each that is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from machimori.findings.issue import Issue
from machimori.findings.severities import Severities, eased
from machimori.records.array_batches import Elements
from machimori.records.arrow_tables import Rows
from machimori.records.pieces import Piece
from machimori.records.splitting import Lines, Run, line
from machimori.validation.fast_path import Acceptor
from machimori.validation.record import validate

if TYPE_CHECKING:
    from machimori.validation.fast_columns import Columns

TOGETHER = 64
"""How many pieces are looked at together."""


class Judged(NamedTuple):
    """How many records there were, how many of them had an error, and what was found."""

    records: int
    invalid: int
    issues: list[Issue]


class Judge:
    """Judges records of ``entity``, or of the class each names; ``source`` is what their findings name."""

    def __init__(
        self, entity: str | None, source: str, show_values: bool, severities: Severities | None = None
    ) -> None:
        self._entity, self._source, self._show_values = entity, source, show_values
        self._severities = severities or {}
        self._acceptor = Acceptor(entity)

    def __reduce__(self) -> tuple[type[Judge], tuple[object, ...]]:
        """Another process begins with an acceptor of its own."""
        return Judge, (self._entity, self._source, self._show_values, self._severities)

    def judge(self, runs: Iterable[Run | Rows]) -> Iterator[Judged]:
        """What is found, in order."""
        waiting: list[Piece] = []
        for run in runs:
            if isinstance(run, Piece):
                waiting.append(run)
            if waiting and (len(waiting) == TOGETHER or not isinstance(run, Piece)):
                yield self.pieces(waiting)
                waiting = []
            if isinstance(run, Lines):
                yield self.lines(run)
            elif isinstance(run, Elements):
                yield self.elements(run)
            elif isinstance(run, Rows):
                yield self.rows(run)
        if waiting:
            yield self.pieces(waiting)

    def lines(self, run: Lines) -> Judged:
        """Judge lines of NDJSON; only those in doubt are looked at closely."""
        doubtful = self._acceptor.doubtful(run.each, run.text)
        left = (piece for n in doubtful for piece in line(run.first + n, run.each[n]))
        return self._judged(len(run.each) - len(doubtful), left)

    def elements(self, run: Elements) -> Judged:
        """Judge elements of an array; only those in doubt are looked at closely."""
        doubtful = self._acceptor.doubtful(run.each, run.text)
        return self._judged(len(run.each) - len(doubtful), map(run.piece, doubtful))

    def rows(self, run: Rows) -> Judged:
        """Judge rows of a table; only those in doubt are looked at closely."""
        doubtful = self._columns.doubtful(run.batch)
        return self._judged(run.batch.num_rows - len(doubtful), map(run.piece, doubtful))

    @cached_property
    def _columns(self) -> Columns:
        from machimori.validation.fast_columns import Columns

        return Columns(self._entity)

    def pieces(self, pieces: list[Piece]) -> Judged:
        """Judge pieces that may have a fault already; only those in doubt are looked at closely."""
        sound = [p for p in pieces if not p.fault]
        doubtful = self._acceptor.doubtful([p.text for p in sound])
        left = {id(sound[n]) for n in doubtful}
        return self._judged(len(sound) - len(doubtful), (p for p in pieces if p.fault or id(p) in left))

    def _judged(self, accepted: int, doubtful: Iterable[Piece]) -> Judged:
        records, invalid, found = accepted, 0, []
        for piece in doubtful:
            issues = self._explained(piece)
            records += piece.record
            invalid += piece.record and any(i.severity == "error" for i in issues)
            found += issues
        return Judged(records, invalid, found)

    def _explained(self, piece: Piece) -> list[Issue]:
        found = [replace(piece.fault, source=self._source, line=piece.fault.line or piece.line)] if piece.fault else []
        if piece.text:
            report = validate(piece.text, self._entity, show_values=self._show_values)
            found += [placed(issue, piece, self._source) for issue in report.issues]
        return eased(found, self._severities) if self._severities else found


def placed(issue: Issue, piece: Piece, source: str | None) -> Issue:
    """The finding with its place in the file rather than in the record."""
    number = issue.line or 1
    column = issue.column
    if piece.column is None:
        column = None
    elif column is not None and number == 1:
        column += piece.column - 1
    return issue.at(number + piece.line - 1, column, source)
