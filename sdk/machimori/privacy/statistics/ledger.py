"""What a recipient may still ask, and what it was given before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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


class MemoryLedger:
    """A ledger that lasts as long as its process; a gate without a store has one."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.budget = budget
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
