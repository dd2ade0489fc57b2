"""What differential privacy may still cost, for all recipients together."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from threading import Lock
from typing import Protocol

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


class Ledger(Protocol):
    """The holder's account of differential privacy, of each class."""

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

    def __init__(self, rho: float = RHO) -> None:
        self._units: dict[str, int] = defaultdict(partial(int, rho * UNITS))
        self._lock = Lock()

    def remaining(self, entity: str) -> float:
        """The largest epsilon that is still left for the class."""
        with self._lock:
            return affordable(self._units[entity])

    def spend(self, entity: str, epsilon: float, decision: str) -> bool:
        """Pay, where there is enough."""
        del decision
        cost = spending(epsilon)
        with self._lock:
            if self._units[entity] < cost:
                return False
            self._units[entity] -= cost
            return True
