"""Honest use: what a planner sees of a town, held against what is true, on three kinds of data.

A town is a table of places by hours of a day; each person stands in one cell with some records and a value. ``usefulness`` gives the
share of the cells with 20 persons and more that are shown, and how far off their figures are.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from random import Random

from tests.privacy.observer.reference import KEYS, Cell, Design, Holder, Sum

PLACES, HOURS = 36, range(1, 24, 3)
"""The figures of a place are off by one lasting draw in all hours, so there are more places than hours."""
TYPICAL = 2000
"""Of the value, in units: the mean of a person."""
ENOUGH, MANY = 20, 200
"""Persons of the cells that are judged, and of the largest whose sums are."""
BY_HOUR = (2, 1, 1, 1, 2, 4, 8, 14, 18, 12, 9, 9, 11, 9, 9, 10, 12, 17, 16, 11, 8, 6, 5, 3)
"""Trips of an ordinary weekday by hour, in proportion."""
HEATS = 4
"""How many times the value of another home that is of one which heats by electricity, in one of twelve."""


@dataclass(frozen=True)
class Kind:
    """A kind of town: how many persons a cell holds, and the value of each in typical values."""

    name: str
    persons: Callable[[int, int, Random], float]
    value: Callable[[Random], float]


KINDS = (
    Kind("flat", lambda place, hour, chance: chance.uniform(10, 150), lambda chance: chance.uniform(0, 2)),
    Kind(
        "skewed",
        lambda place, hour, chance: min(2000, 12 * chance.paretovariate(0.9)),
        lambda chance: chance.lognormvariate(-(0.81**2) / 2, 0.81),
    ),
    Kind(
        "real-looking",
        lambda place, hour, chance: 1600 / (place + 5) * BY_HOUR[hour] / 8 * chance.lognormvariate(0, 0.2),
        lambda chance: chance.lognormvariate(-0.35, 0.5) * (HEATS if chance.random() < 1 / 12 else 1),
    ),
)


@dataclass
class Usefulness:
    """The cells of 20 persons and more, and how far off what is shown is, as a share, by what it says."""

    cells: int = 0
    shown: int = 0
    sums: int = 0
    sums_shown: int = 0
    errors: dict[str, list[float]] = field(default_factory=dict)

    def off(self, what: str, said: float, true: float) -> None:
        self.errors.setdefault(what, []).append(abs(said - true) / true)

    def medians(self) -> dict[str, float]:
        return {what: statistics.median(errors) for what, errors in self.errors.items()}


def usefulness(design: Design, kind: Kind, towns: int, seed: int) -> Usefulness:
    """One day of some towns of a kind."""
    chance = Random(f"{seed} {kind.name}")
    found = Usefulness()
    for _ in range(towns):
        _town(Holder(design, chance.randbytes(32)), kind, chance, found)
    return found


def _town(holder: Holder, kind: Kind, chance: Random, found: Usefulness) -> None:
    for place, hour in product(range(PLACES), HOURS):
        stand = round(kind.persons(place, hour, chance))
        cell = Cell("flows", f"{place}", f"{hour}", stand, chance.randrange(KEYS))
        said, true = {"persons": holder.persons(cell)}, {"persons": stand}
        if ENOUGH <= stand <= MANY:
            persons = [f"{place} {hour} {n}" for n in range(stand)]
            values = [round(kind.value(chance) * TYPICAL) for _ in persons]
            for what, typical, of in (("records", 1, [1] * stand), ("sum", TYPICAL, values)):
                added = (
                    holder.contribution(p, what, f"PT1H|{hour:02}:00|2026-04", v)
                    for p, v in zip(persons, of, strict=True)
                )
                said[what], true[what] = holder.sum(cell, Sum(what, tuple(added), typical)), sum(of)
        _judge(found, stand, true, said)


def _judge(found: Usefulness, stand: int, true: dict[str, int], said: dict[str, int | None]) -> None:
    if stand >= ENOUGH:
        found.cells += 1
        found.shown += said["persons"] is not None
    if "sum" in said:
        found.sums += 1
        found.sums_shown += said["sum"] is not None
    for what, figure in said.items():
        if figure is None or stand < 50:
            continue
        if what == "sum":
            found.off("sums over 50 to 200 persons", figure, true[what])
            continue
        found.off(f"{what} of 50 and more", figure, true[what])
        if stand < 100:
            found.off(f"{what} of 50 to 99", figure, true[what])


LIMITS = {
    "persons of 50 and more": 0.05,
    "persons of 50 to 99": 0.06,
    "sums over 50 to 200 persons": 0.08,
}
"""The targets: how far off the middle cell may be."""
SHOWN = 0.70
"""The target: how many of the cells with 20 persons and more are shown."""
