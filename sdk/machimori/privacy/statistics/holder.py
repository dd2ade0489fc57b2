"""What a holder answers queries with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from machimori.privacy.decision.decider import Decider
from machimori.privacy.statistics.kept import Kept
from machimori.privacy.statistics.ledger import Ledger

Codes = tuple[str, ...]


@dataclass(frozen=True)
class Holder:
    """Who decides, what is kept of earlier answers, the account of epsilon, and the areas that the holder knows."""

    decider: Decider
    kept: Kept
    ledger: Ledger
    squares: Callable[[Codes | None], Codes | None]
    """An area with the grid squares of its municipalities, as ``Gate.squares`` gives it."""

    def areas(self, asked: Iterable[Codes], granted: Codes | None) -> tuple[Codes, ...]:
        """The areas asked for and that of the document behind the grant, each with its grid squares."""
        return tuple(self.squares(area) or () for area in (*asked, *(() if granted is None else (granted,))))
