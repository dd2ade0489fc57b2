"""What a recipient may still ask, and what it was given before."""

from __future__ import annotations

from collections import defaultdict
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


class Ledger(Protocol):
    """The holder's account of each recipient and class. A fingerprint is JSON and holds no value of a record."""

    def left(self, recipient: str, entity: str) -> float:
        """What the recipient may still spend on the class."""
        ...

    def charge(self, recipient: str, entity: str, cost: float, decision: str) -> bool:
        """Take ``cost`` in one step; whether enough was left. Nothing is taken where not."""
        ...

    def remember(self, recipient: str, entity: str, fingerprint: str) -> None:
        """Keep what was released."""
        ...

    def remembered(self, recipient: str, entity: str) -> list[str]:
        """What was released before, oldest first."""
        ...


class MemoryLedger:
    """A ledger that lasts as long as its process; a gate without a store has one."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.budget = budget
        self._spent: dict[tuple[str, str], float] = defaultdict(float)
        self._released: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._lock = Lock()

    def left(self, recipient: str, entity: str) -> float:
        return self.budget - self._spent[recipient, entity]

    def charge(self, recipient: str, entity: str, cost: float, decision: str) -> bool:
        del decision
        with self._lock:
            if self.left(recipient, entity) < cost:
                return False
            self._spent[recipient, entity] += cost
            return True

    def remember(self, recipient: str, entity: str, fingerprint: str) -> None:
        self._released[recipient, entity].append(fingerprint)

    def remembered(self, recipient: str, entity: str) -> list[str]:
        return list(self._released[recipient, entity])
