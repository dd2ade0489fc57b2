"""What every attack shares: who the observer brings in, and what one history of it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.privacy.observer.likelihood import Floats

OWN = 40
"""Persons whom the observer brings in, so that a cell is shown and nobody is half of it."""
TYPICAL = 2000
"""The typical value, in units."""
HALF_HOUR = "PT30M|08:00|2026-04"
"""A season of the finest tables."""


class Try(NamedTuple):
    """One history: how often the best guess is right, by what was heard, and whether it was."""

    sure: float
    right: float


def best_of(likely: Floats, numbers: Sequence[int], secret: int) -> Try:
    """The size told exactly; of two, the advantage: 1 less twice how often it is wrong."""
    best = int(likely.argmax())
    right = float(numbers[best] == secret)
    if len(numbers) == 2:
        return Try(float(2 * likely[best] - 1), 2 * right - 1)
    return Try(float(likely[best]), right)


def told(right: bool) -> Try:
    """A guess without a likelihood counts as sure as it is right."""
    return Try(2.0 * right - 1, 2.0 * right - 1)


def people(kind: str, count: int) -> list[str]:
    return [f"urn:machimori:person:{kind}{n}" for n in range(count)]
