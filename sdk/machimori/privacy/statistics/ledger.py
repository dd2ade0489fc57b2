"""What a recipient may still ask, and what it was given before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Protocol

BUDGET = 10.0
"""What a recipient may spend on the statistics of one class with one holder, in all: ten releases at a cost of 1.

A choice of this model (profile). It is never renewed by itself, since what was released stays released.
"""
COST = 1.0
"""What a release without noise costs; one with noise costs its epsilon."""
PUBLIC = "public"
"""The one ledger that all public bodies share (rule ``statistics``)."""


EPSILONS = (0.1, 0.2, 0.5, 1.0)
"""What a request with differential privacy may ask for; every one of them is a number of units of the account."""
RHO = 1.0
"""What all recipients together may spend on a class with one holder, for ever, unless the holder says otherwise.

In zero-concentrated differential privacy: two answers at epsilon 1, or two hundred at 0.1. A choice of this model (profile).
"""
EVERYONE = "everyone"
"""The one account of differential privacy: whoever puts answers together has them all."""
UNITS = 1_000_000
"""Units of a rho: sums of them are exact."""


def spending(epsilon: float) -> int:
    """What an answer with this epsilon costs, in units: epsilon-DP is (epsilon² / 2)-zCDP (Bun and Steinke 2016, prop. 1.4).

    Raises ``ValueError`` for an epsilon that nobody may ask for.
    """
    if epsilon not in EPSILONS:
        raise ValueError("epsilon is none of EPSILONS")
    return round(epsilon * epsilon / 2 * UNITS)


def affordable(units: int) -> float:
    """The largest epsilon that so many units still pay for; 0 where there is none."""
    return max((e for e in EPSILONS if spending(e) <= units), default=0.0)


PAID, SPENT, OVERTAKEN = "paid", "spent", "overtaken"
"""What comes of a charge: it is paid; not enough is left; or another release was remembered since the comparison."""


@dataclass(frozen=True)
class Release:
    """What is remembered of a release: what it was about, and how many were remembered when it was compared with them."""

    fingerprint: str
    compared: int


class Ledger(Protocol):
    """The holder's account of each recipient and class. A fingerprint is JSON and holds no value of a record."""

    def left(self, recipient: str, entity: str) -> float:
        """What the recipient may still spend on the class."""
        ...

    def charge(self, recipient: str, entity: str, cost: float, decision: str, release: Release | None = None) -> str:
        """Take ``cost`` and remember ``release``, in one step that no other charge can come between.

        ``PAID``, or else nothing is taken or remembered: ``SPENT`` or ``OVERTAKEN``.
        """
        ...

    def remembered(self, recipient: str, entity: str) -> list[str]:
        """What was released before, oldest first."""
        ...

    def remaining(self, entity: str) -> float:
        """The largest epsilon that all recipients together have still left for the class; 0 where there is none."""
        ...

    def spend(self, entity: str, epsilon: float, decision: str) -> bool:
        """Pay for an answer with noise, before anything is computed; ``False`` where it is not left, and then nothing is paid.

        A refusal that was computed from records tells of them too: what was paid is never given back.
        """
        ...


class MemoryLedger:
    """A ledger that lasts as long as its process; a gate without a store has one."""

    def __init__(self, budget: float = BUDGET, rho: float = RHO) -> None:
        self.budget = budget
        self._units: dict[str, int] = defaultdict(partial(int, rho * UNITS))
        self._spent: dict[tuple[str, str], float] = defaultdict(float)
        self._released: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._lock = Lock()

    def left(self, recipient: str, entity: str) -> float:
        """What the recipient may still spend on a class."""
        return self.budget - self._spent[recipient, entity]

    def charge(self, recipient: str, entity: str, cost: float, decision: str, release: Release | None = None) -> str:
        """Spend ``cost``: ``PAID``, or nothing is done and the reason comes back (``SPENT``, ``OVERTAKEN``)."""
        del decision
        with self._lock:
            released = self._released[recipient, entity]
            if release and len(released) != release.compared:
                return OVERTAKEN
            if self.left(recipient, entity) < cost:
                return SPENT
            self._spent[recipient, entity] += cost
            if release:
                released.append(release.fingerprint)
            return PAID

    def remembered(self, recipient: str, entity: str) -> list[str]:
        """The fingerprints of what the recipient had of a class, in the order of release."""
        return list(self._released[recipient, entity])

    def remaining(self, entity: str) -> float:
        with self._lock:
            return affordable(self._units[entity])

    def spend(self, entity: str, epsilon: float, decision: str) -> bool:
        del decision
        cost = spending(epsilon)
        with self._lock:
            if self._units[entity] < cost:
                return False
            self._units[entity] -= cost
            return True
