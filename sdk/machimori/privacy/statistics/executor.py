"""What carries out the statements of the counting, wherever the records lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from machimori.privacy.statistics import reading
from machimori.privacy.statistics.grid import Grid

KEPT = "kept"
"""The table of a call that counts but once."""


class Executor(Protocol):
    """What carries out statements. What it says of an error may show a record, so it raises ``UnreadableError`` instead."""

    def run(self, statement: str) -> list[Any]:
        """The rows of a statement."""
        ...

    def keep(self, statement: str, name: str = KEPT) -> None:
        """Keep the rows of a statement as a table."""
        ...

    def values(self, name: str, titles: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
        """Keep rows as a table."""
        ...

    def people(self, subjects: str, secret: bytes, grid: Grid) -> None:
        """Keep ``persons.PEOPLE``: for each ``subject`` of a statement that is an id of its type the ``key`` of the person."""
        ...


class Records(Protocol):
    """Where the records are."""

    def relation(self, run: reading.Run, leaves: Mapping[str, bool], present: Iterable[str], entity: str) -> str:
        """As ``reading.Source`` has it."""
        ...
