"""What statistics must say, computed a second time: the drawing of the published rule, apart from the engine that serves it.

Nothing of the SDK is imported here. The engine is held to this module digit by digit, and the observer attacks the towns that it
perturbs; ``Design`` says how, so that weaker designs than today's are attacked by the same observer.

A figure of persons is ``n + lasting + fresh``; a sum is of the contributions ``value x lasting factor x seasonal factor``, with
the same two noises times a scale. Draws are HMAC-SHA-256 (FIPS 198-1), factors SHA-256 of a person's key.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

BITS = 48
KEYS = 1 << 60
LOW, HIGH = 0.458, 1.858
ONE = 1 << 16
CAP = 1 << 28
UNIT = 256
"""Parts of a unit that a contribution is counted in."""


@dataclass(frozen=True)
class Design:
    """How figures are perturbed and which are shown. The defaults are today's design; each field can make it a weaker one."""

    name: str = "today"
    looks: int = 8
    """Figures that hold one finest cell."""
    planned: int | None = None
    """The looks that the noise was made for, where there are more of them now."""
    cut: float = 2.5
    lasting: bool = True
    fresh: bool = True
    own_draws: bool = True
    """Whether each cell draws for itself; otherwise the persons draw, and draw the same wherever they stand together."""
    factors: tuple[str, ...] = ("lasting", "seasonal")
    dither_bits: int = 40
    """Bits of the even part by which the noise of a sum is off a whole number of scales; with none it is such a number."""
    largest_apart: bool = True
    """Whether the two largest are held against a figure that is not published, with a noise of its own."""
    empty_like_any: bool = True
    """Whether an empty cell draws, is hidden and is shown like any other."""
    own_typical: bool = True
    """Whether a typical value is that of a person in a cell of the table; otherwise that of the finest table stands for all."""
    open_apart: bool = True
    """Whether a list of cells that hold somebody begins at a figure that noise and one person do not reach."""
    settled: bool = True
    """Whether a figure once said stays; otherwise a later record is in the next answer, under the draw of before."""
    minimum_group: int = 10

    def but(self, name: str, **changed: object) -> Design:
        return replace(self, name=name, **changed)  # type: ignore[arg-type]  # the names of fields are said by the tests

    @property
    def noise(self) -> Noise:
        return noise(self.planned or self.looks, self.cut)

    @property
    def lasting_noise(self) -> Noise:
        return self.noise if self.lasting else NO_NOISE

    @property
    def fresh_noise(self) -> Noise:
        return self.noise if self.fresh else NO_NOISE

    @property
    def least(self) -> int:
        """The figure of persons from which a cell is shown."""
        return self.minimum_group + (self.planned or self.looks)


class Noise(NamedTuple):
    reach: int
    shares: tuple[float, ...]
    """How likely each amount from ``-reach`` to ``reach`` is."""
    thresholds: tuple[int, ...]

    def share(self, amount: int) -> float:
        return self.shares[amount + self.reach] if abs(amount) <= self.reach else 0.0

    def of(self, number: int) -> int:
        return bisect_right(self.thresholds, number) - self.reach


NO_NOISE = Noise(0, (1.0,), (1 << BITS,))


@cache
def noise(looks: int, cut: float = 2.5) -> Noise:
    """Discrete normal, cut, with the least variance by tenths that is at least twice the looks after the cut."""
    for tenths in range(20 * looks, 100 * looks):
        reach = math.isqrt(int(cut * cut * tenths * 1000) // 10_000)
        weights = [_exp(n * n * 5, tenths) for n in range(-reach, reach + 1)]
        total = sum(weights)
        if sum(w * n * n for n, w in zip(range(-reach, reach + 1), weights, strict=True)) >= 2 * looks * total:
            break
    said, below = [], 0
    for weight in weights:
        below += weight
        said.append(round(Fraction(below << BITS, total)))
    return Noise(reach, tuple(w / total for w in weights), tuple(said))


FINE = 256
"""Bits of the fixed point by which the noise is made."""


def _exp(over: int, under: int) -> int:
    """exp(-over / under) in fixed point: the inverse of the exponential's series, whose terms are all positive."""
    term = total = 1 << FINE
    n = 0
    while term:
        n += 1
        term = term * over // (under * n)
        total += term
    return (1 << 2 * FINE) // total


@cache
def factors() -> tuple[int, ...]:
    """4,096 factors, log-uniform, each in the middle of its step."""
    return tuple(round(ONE * LOW * (HIGH / LOW) ** ((n + 0.5) / 4096)) for n in range(4096))


class Cell(NamedTuple):
    """A cell of a table: where it is, how many persons it holds, and the sum of their keys."""

    table: str
    coordinates: str
    step: str
    persons: int
    keys: int


class Sum(NamedTuple):
    """What the persons of a cell add to a sum, in parts of a unit, and the typical value in whole units."""

    field: str
    contributions: tuple[int, ...]
    typical: int


@dataclass(frozen=True)
class Holder:
    """Who answers: a design under a secret, for the facts of one class."""

    design: Design
    secret: bytes
    entity: str = "Trip"
    facts: str = ""
    """What the keys of persons are for, where other classes hold the same facts."""
    kept: dict[tuple[str, ...], int | None] = field(default_factory=dict, repr=False)
    _lasting: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False)

    def drawn(self, *parts: str) -> str:
        return hmac.digest(self.secret, "\x1f".join(parts).encode(), hashlib.sha256).hex()

    def key(self, person: str) -> str:
        return _key(self.secret, self.facts or self.entity, person)

    def keys(self, persons: Iterable[str]) -> int:
        return sum(int(self.key(p)[:15], 16) for p in persons) % KEYS

    def noise_of(self, measure: str, cell: Cell) -> int:
        """The lasting and the fresh noise of a figure."""
        return self.lasting(measure, cell) + self.fresh(measure, cell)

    def lasting(self, measure: str, cell: Cell) -> int:
        """What a figure of the cell is off by in each step."""
        if not self.design.lasting:
            return 0
        if not self.design.own_draws:
            return self._amount("lasting", measure, str(cell.keys))
        named = (cell.table, measure, cell.coordinates)
        if named not in self._lasting:
            self._lasting[named] = self._amount("lasting", self.entity, *named)
        return self._lasting[named]

    def fresh(self, measure: str, cell: Cell) -> int:
        """What a figure of the cell is off by in this step, with these persons."""
        if not self.design.fresh:
            return 0
        if not self.design.own_draws:
            return self._amount("fresh", measure, str(cell.keys))
        return self._amount(*self._fresh(measure, cell))

    def _fresh(self, measure: str, cell: Cell) -> tuple[str, ...]:
        keys = str(cell.keys) if self.design.settled else ""
        return "fresh", self.entity, cell.table, measure, cell.step, keys, cell.coordinates

    def _amount(self, *parts: str) -> int:
        return self.design.noise.of(int(self.drawn(*parts)[:12], 16))

    def persons(self, cell: Cell, measure: str = "subjects") -> int | None:
        """The figure of persons; None where the cell is hidden."""
        if not cell.persons and not self.design.empty_like_any:
            return None
        figure = max(0, cell.persons + self.noise_of(measure, cell))
        return self.said(cell, measure, figure if figure >= self.design.least else None)

    def said(self, cell: Cell, measure: str, figure: int | None) -> int | None:
        """What was said of the cell the first time, where that is kept."""
        if not self.design.settled:
            return figure
        return self.kept.setdefault((cell.table, measure, cell.step, cell.coordinates), figure)

    def open_list(self, cells: Iterable[Cell]) -> dict[str, int]:
        """The figures of persons by coordinates, of an open domain: of cells that hold somebody, and are large enough, alone."""
        least = max(self.design.least, 2 * self.design.noise.reach + 2) if self.design.open_apart else self.design.least
        said = {c.coordinates: self.persons(c) for c in cells if c.persons}
        return {place: figure for place, figure in said.items() if figure is not None and figure >= least}

    def listed(self, cells: Iterable[Cell]) -> list[str]:
        """The coordinates of the cells of a closed domain that an answer lists, shown or hidden."""
        return [c.coordinates for c in cells if c.persons or self.design.empty_like_any]

    def sum(self, cell: Cell, given: Sum) -> int | None:
        """The figure of a sum in whole units; None where it is hidden."""
        if self.persons(cell) is None:
            return None
        contributors = Cell(cell.table, cell.coordinates, cell.step, len(given.contributions), cell.keys)
        if self.persons(contributors, f"contributors:{given.field}") is None:
            return None
        largest = sorted(given.contributions, reverse=True)[:2]
        scale = max(given.typical * UNIT, largest[0] >> 4 if largest else 0)
        measure = f"sum:{given.field}" if given.field else "count"
        figure = max(0, sum(given.contributions) + self.scaled(measure, cell, scale))
        apart = self.scaled(f"largest:{given.field}", cell, scale) if self.design.largest_apart else 0
        shown = 2 * sum(largest) <= figure + apart
        return self.said(cell, measure, (figure + UNIT // 2) // UNIT if shown else None)

    def scaled(self, measure: str, cell: Cell, scale: int) -> int:
        """The noise of a sum: both draws times the scale, and an even part of it more or less.

        Without that part, what is left of a figure by the scale is what is left of the exact sum.
        """
        amount = self.noise_of(measure, cell) * scale
        if not (bits := self.design.dither_bits):
            return amount
        part = int(self.drawn(*self._fresh(measure, cell))[12 : 12 + bits // 4], 16)
        return amount + ((2 * part + 1 - (1 << bits)) * scale >> bits + 1)

    def factor(self, person: str, named: str, kind: str) -> int:
        """A factor of a person: of the kind ``lasting``, or of level, time of day and month."""
        which = "lasting" if kind == "lasting" else "seasonal"
        if which not in self.design.factors:
            return ONE
        digits = hashlib.sha256("\x1f".join((self.key(person), named, kind)).encode()).hexdigest()
        return factors()[int(digits[:3], 16)]

    def contribution(self, person: str, named: str, season: str, value: int) -> int:
        """What a person adds to a sum, in parts of a unit, from whole units."""
        value = min(value, CAP)
        return (value * self.factor(person, named, "lasting") * self.factor(person, named, season)) >> 24


@lru_cache(maxsize=1 << 16)
def _key(secret: bytes, facts: str, person: str) -> str:
    return hmac.digest(secret, "\x1f".join(("person", facts, person)).encode(), hashlib.sha256).hex()


TODAY = Design()
WEAKER = {
    weaker.name: weaker
    for weaker in (
        TODAY.but("the same persons draw the same noise", own_draws=False),
        TODAY.but("noise drawn anew each step", lasting=False),
        TODAY.but("noise that lasts alone", fresh=False),
        TODAY.but("empty cells never shown", empty_like_any=False),
        TODAY.but("a factor that lasts alone", factors=("lasting",)),
        TODAY.but("a factor of each season alone", factors=("seasonal",)),
        TODAY.but("noise of a sum in whole steps", dither_bits=0),
        TODAY.but("noise of a sum in coarse steps", dither_bits=24),
        TODAY.but("the two largest held against what is published", largest_apart=False),
        TODAY.but("one typical value for fine and coarse tables", own_typical=False),
        TODAY.but("an open list that begins where any cell does", open_apart=False),
        TODAY.but("answers that follow the records", settled=False),
        TODAY.but("too many looks", looks=24, planned=8),
    )
}
"""Designs in which a trial found the faults that today's must not have, by what is wrong with them."""
