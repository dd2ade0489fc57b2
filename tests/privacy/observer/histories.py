"""Random histories: an observer who knows a town's margins alone, tables drawn at random, and least squares over all that was said.

What he hears of a cell is held against the best guess from the margins. Persons make one trip a day, the same each day or not; the
unknowns are the persons of each finest cell and the lasting draw of each cell of each table, and every figure is a sum of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from tests.privacy.observer.reference import KEYS, Cell, Design, Holder

Floats = NDArray[np.floating[Any]]

PLACES, HOURS, MODES = range(4), range(3), range(2)
ATOMS = list(product(PLACES, HOURS, MODES))
LEVELS = (
    {"all": lambda p: "", "half": lambda p: str(p // 2), "place": str},
    {"day": lambda h: "", "hour": str},
    {"any": lambda m: "", "mode": str},
)
TABLES = {
    "-".join(names): tuple(levels[name] for levels, name in zip(LEVELS, names, strict=True))
    for names in product(*LEVELS)
}
MARGINS = [TABLES[name] for name in ("place-day-any", "all-hour-any", "all-day-mode")]
"""What the observer knows of the town: how many there are in each place, in each hour, by each mode."""
KINDS = ("flat", "skewed", "real-looking")
EXACT = 1e-4
"""The variance of what is known exactly."""
UNEVEN = 0.3
"""How far a cell is from what its place, hour and mode let expect: the standard deviation of the logarithm."""
ALIKE = 1 / (np.exp(UNEVEN**2) - 1)
"""The same, as the size of a negative binomial: persons of a cell vary by that much more than Poisson's would."""
LEAST = 0.05
"""Persons that are expected of a cell at least."""
MOST = 60


class Gain(NamedTuple):
    """How sure the best guess is by the margins alone, and by the margins and the answers: of a size, and of one presence."""

    size_before: float
    size_before_right: float
    size: float
    size_right: float
    presence_before: float
    presence: float
    presence_right: float


@dataclass(frozen=True)
class Town:
    """Persons of each finest cell by day, of whom one may stand in the cell that the observer asks for."""

    days: tuple[tuple[int, ...], ...]
    same: bool
    """Whether it is the same persons each day."""
    target: int
    present: bool

    @property
    def unlike(self) -> range:
        """The days that are not the day before once more."""
        return range(1 if self.same else len(self.days))

    def first(self, day: int) -> int:
        """The place of a day's first cell among the unknowns."""
        return 0 if self.same else day * len(ATOMS)


def town(chance: Random) -> Town:
    """A town of some hundred persons of one of three kinds."""
    weights = {
        "flat": lambda: 1.0,
        "skewed": lambda: chance.paretovariate(1.2),
        "real-looking": lambda: chance.lognormvariate(0, 0.6),
    }[chance.choice(KINDS)]
    by_place, by_hour, by_mode = ([weights() for _ in axis] for axis in (PLACES, HOURS, MODES))
    raw = [by_place[p] * by_hour[h] * by_mode[m] * chance.lognormvariate(0, UNEVEN) for p, h, m in ATOMS]
    persons, same = chance.randrange(120, 480), chance.random() < 0.5
    target, present = chance.randrange(len(ATOMS)), chance.random() < 0.5
    days = []
    for _ in range(1 if same else chance.randrange(1, 4)):
        stand = chance.choices(range(len(ATOMS)), weights=raw, k=persons) + [target] * present
        days.append(tuple(stand.count(atom) for atom in range(len(ATOMS))))
    return Town(tuple(days * chance.randrange(2, 6) if same else days), same, target, present)


class Heard:
    """What was heard: each a sum of unknowns, up to a noise of some variance."""

    def __init__(self) -> None:
        self.sums: list[list[int]] = []
        self.figures: list[float] = []
        self.variances: list[float] = []

    def hear(self, unknowns: list[int], figure: float, variance: float) -> None:
        self.sums.append(unknowns)
        self.figures.append(figure)
        self.variances.append(variance)

    def told(self, prior: Floats, widths: Floats) -> tuple[Floats, Floats]:
        """Least squares: the mean and the variance of each unknown."""
        rows = np.zeros((len(self.sums), prior.size))
        for n, unknowns in enumerate(self.sums):
            rows[n, unknowns] = 1
        weights = 1 / np.array(self.variances)
        covariance = np.linalg.inv(rows.T @ (rows * weights[:, None]) + np.diag(1 / widths))
        side = rows.T @ (weights * np.array(self.figures)) + prior / widths
        return covariance @ side, np.diag(covariance)


def played(design: Design, chance: Random) -> Gain:
    """One history."""
    of, heard = town(chance), Heard()
    for day in of.unlike:
        for levels in MARGINS:
            for atoms in _cells(levels).values():
                heard.hear([of.first(day) + a for a in atoms], sum(of.days[day][a] for a in atoms), EXACT)
    expected = np.concatenate([_expected(of.days[day]) for day in of.unlike])
    persons = np.maximum(expected, LEAST)
    at, true = of.target, of.days[0][of.target]
    spread = persons + persons**2 / ALIKE
    before = _sizes(persons[at], *(t[at] for t in heard.told(persons, spread)))
    draws = _answers(design, of, heard, chance)
    variance = _variance(design) if design.lasting else EXACT
    prior = np.concatenate([persons, np.zeros(draws)])
    widths = np.concatenate([spread, np.full(draws, variance)])
    after = _sizes(persons[at], *(t[at] for t in heard.told(prior, widths)))
    odds_before, odds = (_odds(likely, persons[at]) for likely in (before, after))
    return Gain(
        float(before.max()),
        float(int(before.argmax()) == true),
        float(after.max()),
        float(int(after.argmax()) == true),
        max(odds_before, 1) / (1 + odds_before),
        max(odds, 1) / (1 + odds),
        float((odds > 1) == of.present),
    )


def _answers(design: Design, of: Town, heard: Heard, chance: Random) -> int:
    """Hear what some tables say on each day; how many cells with a lasting draw there were."""
    holder = Holder(design, chance.randbytes(32))
    asked = chance.sample(sorted(TABLES), chance.randrange(2, min(design.looks, len(TABLES)) + 1))
    variance = _variance(design) if design.fresh else EXACT
    keys = {
        first: [holder.keys(f"{first} {a} {n}" for n in range(count)) for a, count in enumerate(persons)]
        for first, persons in ((of.first(day), of.days[day]) for day in of.unlike)
    }
    lasting: dict[tuple[str, str], int] = {}
    for (day, persons), name in product(enumerate(of.days), asked):
        for where, atoms in _cells(TABLES[name]).items():
            stand = sum(persons[a] for a in atoms)
            of_cell = sum(keys[of.first(day)][a] for a in atoms) % KEYS
            figure = holder.persons(Cell(name, where, str(day), stand, of_cell))
            if figure is not None:
                draw = lasting.setdefault((name, where), len(of.unlike) * len(ATOMS) + len(lasting))
                heard.hear([*(of.first(day) + a for a in atoms), draw], figure, variance)
    return len(lasting)


def _variance(design: Design) -> float:
    noise = design.noise
    return float(sum(share * (n - noise.reach) ** 2 for n, share in enumerate(noise.shares)))


def _cells(levels: tuple[Any, ...]) -> dict[str, list[int]]:
    """The finest cells in each cell of a table."""
    found: dict[str, list[int]] = {}
    for n, atom in enumerate(ATOMS):
        found.setdefault("/".join(level(at) for level, at in zip(levels, atom, strict=True)), []).append(n)
    return found


def _expected(persons: tuple[int, ...]) -> Floats:
    """The persons of each finest cell that the margins of a day let expect, with each axis apart from the others."""
    expected = np.full(len(ATOMS), float(sum(persons)))
    for levels in MARGINS:
        for atoms in _cells(levels).values():
            expected[atoms] *= sum(persons[a] for a in atoms) / sum(persons)
    return expected


def _sizes(expected: float, mean: float, width: float) -> Floats:
    """How likely each size of a cell is: what was heard is normal, what the margins let expect negative binomial."""
    held = max(float(expected), LEAST)
    width, spread = max(float(width), 1e-3), held + held**2 / ALIKE
    precision = 1 / width - 1 / spread
    numbers = np.arange(MOST + 1) + max(0, round(mean) - MOST // 2)
    logs = gammaln(numbers + ALIKE) - gammaln(numbers + 1) + numbers * np.log(held / (ALIKE + held))
    if precision > 1e-9:
        centre = (mean / width - expected / spread) / precision
        logs = logs - precision * (numbers - centre) ** 2 / 2
    likely = np.zeros(numbers[-1] + 1)
    likely[numbers] = np.exp(logs - logs.max())
    return np.asarray(likely / likely.sum())


def _odds(likely: Floats, expected: float) -> float:
    """How much likelier all this is with one person more than with none, who was as likely there as not."""
    numbers = np.arange(likely.size)
    return float(likely @ (numbers * (ALIKE + expected) / (np.maximum(numbers - 1 + ALIKE, 1e-9) * expected)))
