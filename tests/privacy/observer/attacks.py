"""Aimed attacks: histories made to tell one secret, each played many times on the towns of a design.

A try gives how sure the best guess was, by Bayes, and whether it was right; where both differ the attack misjudges the design, and a
test says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np
from tests.privacy.observer.person_attacks import (
    always,
    equal_figures,
    in_last,
    listed,
    newcomer,
    of_persons,
    open_list,
    shown_after_all,
)
from tests.privacy.observer.reference import Design
from tests.privacy.observer.tries import Try
from tests.privacy.observer.value_attacks import GUESSED, PUBLIC, SKEWED, OfValue
from tests.privacy.observer.zero_attacks import zero, zero_among_largest, zero_beside_huge

SIZES = range(1, 10)
LIMITS = {"size": 0.40, "presence": 0.30, "zero": 0.30}
"""How often a size is told exactly; the advantage of telling a presence, or a zero from a typical value."""


@dataclass(frozen=True)
class Attack:
    """An attack, what it aims at (size, presence, zero or value), and what plays it once."""

    name: str
    aim: str
    once: Callable[[Design, Random], Try]

    @property
    def guessed(self) -> float:
        """How often the best guess is right before anything is heard."""
        if isinstance(self.once, OfValue):
            return self.once.public.guessed
        return 1 / len(SIZES) if self.aim == "size" else 0.0

    @property
    def limit(self) -> float:
        """The target: what ``sure`` and ``right`` may be at most."""
        if self.aim != "value":
            return LIMITS[self.aim]
        most = self.guessed + 0.10
        return min(most, 0.30) if self.guessed <= 0.20 else most


class Result(NamedTuple):
    sure: float
    right: float
    tries: int
    spread: float
    """The standard error of ``right``."""


def measured(attack: Attack, design: Design, tries: int, seed: int) -> Result:
    """An attack played so many times on towns of a design, each under a secret of its own."""
    chance = Random(f"{seed} {attack.name} {design.name}")
    played = np.array([attack.once(design, chance) for _ in range(tries)])
    sure, right = played.mean(axis=0)
    return Result(float(sure), float(right), tries, float(played[:, 1].std() / tries**0.5))


AIMED = (
    Attack("persons who come once", "size", of_persons(SIZES, in_last)),
    Attack("persons who come each step", "size", of_persons(SIZES, always)),
    Attack("persons at the border of hiding", "size", of_persons(SIZES, always, own=None)),
    Attack("a person who comes once", "presence", of_persons((0, 1), in_last)),
    Attack("a person who comes each step", "presence", of_persons((0, 1), always)),
    Attack("a person at the border of hiding", "presence", of_persons((0, 1), always, own=None)),
    Attack("a person with a typical value", "presence", zero(comes=True)),
    Attack("one figure in two tables", "presence", equal_figures),
    Attack("two answers to one question", "presence", newcomer),
    Attack("a list of cells", "presence", listed),
    Attack("a cell that is shown after all", "presence", shown_after_all),
    Attack("a cell on an open list", "presence", open_list),
    Attack("a zero", "zero", zero()),
    Attack("a zero in as many sums as there are looks", "zero", zero(8)),
    Attack("a zero among the two largest", "zero", zero_among_largest),
    Attack("a zero beside huge values", "zero", zero_beside_huge),
    *(Attack(f"a {public.name} value once", "value", OfValue(public)) for public in PUBLIC),
    Attack("a value that is the same each month", "value", OfValue(SKEWED, 12, 3, comes_once=False)),
    Attack("a large value once", "value", OfValue(GUESSED, times=8)),
    Attack("a large value beside a known one", "value", OfValue(GUESSED, times=8, bill=True)),
    Attack("a large value that is the same in two months", "value", OfValue(GUESSED, 2, 10, comes_once=False, times=8)),
)
BEYOND = (
    Attack("a huge value once", "value", OfValue(GUESSED, times=30)),
    Attack("a huge value beside a known one", "value", OfValue(GUESSED, times=30, bill=True)),
    Attack("a huge value that is the same in two months", "value", OfValue(GUESSED, 2, 10, comes_once=False, times=30)),
    Attack("a large value that is the same all year", "value", OfValue(GUESSED, 12, 4, comes_once=False, times=8)),
    Attack("a huge value that is the same all year", "value", OfValue(GUESSED, 12, 4, comes_once=False, times=30)),
)
"""Users of thirty times what is typical, and those whose large value never changes: the factors alone stand before them, and one
who knows about how large they are tells up to 0.15 more than he could guess, where the target is 0.10."""
FOUND_BY = {
    "the same persons draw the same noise": ("one figure in two tables",),
    "noise drawn anew each step": ("persons who come each step", "a person who comes each step"),
    "noise that lasts alone": ("persons who come once", "a person who comes once"),
    "empty cells never shown": ("a list of cells", "a cell that is shown after all"),
    "an open list that begins where any cell does": ("a cell on an open list",),
    "a factor that lasts alone": ("a large value beside a known one",),
    "a factor of each season alone": ("a large value that is the same in two months",),
    "noise of a sum in whole steps": ("a zero", "a zero in as many sums as there are looks"),
    "noise of a sum in coarse steps": ("a zero beside huge values",),
    "the two largest held against what is published": ("a zero among the two largest",),
    "one typical value for fine and coarse tables": ("a skewed value once", "a real-looking value once"),
    "answers that follow the records": ("two answers to one question",),
    "too many looks": ("persons who come once", "a person who comes once"),
}
"""Each weaker design, and the attacks that show what is wrong with it."""
