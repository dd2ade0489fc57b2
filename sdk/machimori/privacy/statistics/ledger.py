"""What a recipient may still ask, and what it was given before."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Protocol

BUDGET = 100.0
"""What a fresh ledger allows one recipient of one class. *Profile*: privacy.md asks for an end, no source gives a figure."""
COST = 1.0
"""What a release without noise costs; one with noise costs its epsilon."""
PUBLIC = "public"
"""The one ledger that all public bodies share (rule ``statistics``)."""


class BudgetSpentError(Exception):
    """The ledger has less left than was to be charged."""


class Ledger(Protocol):
    """The holder's account of each recipient and class. A fingerprint is JSON and holds no value of a record."""

    def left(self, recipient: str, entity: str) -> float:
        """What the recipient may still spend on the class."""

    def charge(self, recipient: str, entity: str, cost: float, decision_id: str) -> None:
        """Take ``cost`` in one step, or raise and take nothing."""

    def remember(self, recipient: str, entity: str, fingerprint_json: str) -> None:
        """Keep what was released."""

    def remembered(self, recipient: str, entity: str) -> list[str]:
        """What was released before, oldest first."""


class MemoryLedger:
    """A ledger that lasts as long as its process; a gate without a store has one."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.budget = budget
        self._spent: dict[tuple[str, str], float] = defaultdict(float)
        self._released: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._lock = Lock()

    def left(self, recipient: str, entity: str) -> float:
        return self.budget - self._spent[recipient, entity]

    def charge(self, recipient: str, entity: str, cost: float, decision_id: str) -> None:
        del decision_id
        with self._lock:
            if self.left(recipient, entity) < cost:
                raise BudgetSpentError
            self._spent[recipient, entity] += cost

    def remember(self, recipient: str, entity: str, fingerprint_json: str) -> None:
        self._released[recipient, entity].append(fingerprint_json)

    def remembered(self, recipient: str, entity: str) -> list[str]:
        return list(self._released[recipient, entity])
