"""The figures of a cell: perturbed, and hidden where the perturbed figures say that it is too small. No exact figure goes on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from msgspec import Struct, json

from machimori.catalogue.terms import Table
from machimori.privacy.statistics import draws, grid
from machimori.privacy.statistics.draws import FRACTION
from machimori.privacy.statistics.grid import COUNT, Grid, Valued
from machimori.privacy.statistics.persons import Cell, Sum

SUBJECTS = "subjects"
PLACES = "places"
NOBODY = Sum(0, 0, 0, 0)
LISTED = 0.95
"""The share of the places that held anybody in the year before that must have held the minimum group, where only shown cells are listed."""


class Figures(Struct, frozen=True, array_like=True):
    """What may be told of a cell. Hidden, it has no figure at all."""

    coordinates: tuple[str, ...]
    persons: int | None = None
    """``None`` where the cell is hidden."""
    sums: dict[str, int] = {}
    """Units by field, of the measures that are shown; the count of records by ``COUNT``."""
    bands: dict[str, tuple[int, ...]] = {}
    """Persons in each band by field, of the fields that are shown."""

    @property
    def shown(self) -> bool:
        """Whether anything of the cell is told."""
        return self.persons is not None


@dataclass(frozen=True)
class Perturbed:
    """How the cells of one table are perturbed and hidden."""

    secret: bytes
    of: Grid
    name: str

    @property
    def table(self) -> Table:
        """The table of the model."""
        return self.of.statistics.tables[self.name]

    @cached_property
    def threshold(self) -> int:
        """The figure of persons below which a cell or measure is hidden."""
        return grid.threshold(self.of, self.table)

    @cached_property
    def listed_from(self) -> int:
        """The figure of persons below which a cell is not listed where only cells that hold somebody are.

        Whoever is on such a list is not nobody: so that it does not tell of one person, noise and one person do not reach it.
        """
        return max(self.threshold, 2 * self.noise.reach + 2)

    @cached_property
    def noise(self) -> draws.Noise:
        """The noise of every draw."""
        return draws.noise(self.of.statistics.looks)

    @cached_property
    def _draws(self) -> draws.Draws:
        return draws.Draws(self.secret, self.of.entity, self.name, self.noise)

    def figures(self, cell: Cell, step: str) -> Figures:
        """What may be told of a cell; ``step`` is the start of its step as it is written."""
        place = json.encode(cell.coordinates).decode()
        persons = self._number(SUBJECTS, step, place, cell.persons, cell.keys)
        if persons < self.threshold:
            return Figures(cell.coordinates)
        sums = zip(self.of.sums_of(self.name), cell.sums, strict=True)
        shown = {v.path: units for v, s in sums if (units := self._sum(v, s, cell.keys, step, place)) is not None}
        bands = zip(self.of.bands_of(self.name), cell.bands, strict=True)
        banded = {v.path: n for v, n in bands if self._enough(v, sum(n), cell.keys, step, place)}
        return Figures(
            cell.coordinates,
            persons,
            shown,
            {path: self._bands(path, n, cell.keys, step, place) for path, n in banded.items()},
        )

    def listed(self, places: int, few: int, year: str) -> bool:
        """Whether shown cells may be listed in a year where nobody can name all places there are.

        So that the answer does not hang on one person, a draw is added that is never published; a table that is coarse enough
        is listed whatever is drawn.
        """
        drawn = draws.drawn(self.secret, PLACES, self.of.entity, self.name, year)
        return few + self.noise.of(draws.number(drawn)) <= places * (1 - LISTED) + self.noise.reach

    def nobody(self, coordinates: tuple[str, ...]) -> Cell:
        """The empty cell, which draws like any other."""
        none = tuple(NOBODY for _ in self.of.sums_of(self.name))
        return Cell(0, coordinates, 0, 0, none, tuple((0,) * (len(v.bands) + 1) for v in self.of.bands_of(self.name)))

    def _number(self, measure: str, step: str, place: str, persons: int, keys: int) -> int:
        return max(0, persons + self._draws.of(measure, step, place, keys))

    def _sum(self, valued: Valued, found: Sum, keys: int, step: str, place: str) -> int | None:
        """The units of a sum; ``None`` where too few have a value, or two of them most of it."""
        name = "count" if valued.path == COUNT else f"sum:{valued.path}"
        if not self._enough(valued, found.contributors, keys, step, place):
            return None
        size = max(valued.typical << FRACTION, found.largest >> 4)
        whole = max(0, found.whole + self._draws.scaled(name, step, place, keys, size))
        # a figure that is not published: held against the published one, the exact contributions would show
        apart = self._draws.scaled(f"largest:{valued.path}", step, place, keys, size)
        if found.two_largest * 2 > whole + apart:
            return None
        return (whole + (1 << FRACTION >> 1)) >> FRACTION

    def _enough(self, valued: Valued, contributors: int, keys: int, step: str, place: str) -> bool:
        """Whether a measure may be shown, by a figure of those who have a value that is never published."""
        return self._number(f"contributors:{valued.path}", step, place, contributors, keys) >= self.threshold

    def _bands(self, path: str, persons: tuple[int, ...], keys: int, step: str, place: str) -> tuple[int, ...]:
        return tuple(self._number(f"band:{path}:{n}", step, place, count, keys) for n, count in enumerate(persons))


def quantile(valued: Valued, persons: tuple[int, ...], probability: float) -> tuple[float, float] | None:
    """The band in which so great a share of the persons is passed, by its borders; ``None`` where the figures are all zero."""
    whole = sum(persons)
    if not whole:
        return None
    borders = (valued.minimum, *valued.bands, valued.maximum)
    passed = accumulate(persons)
    n = next(place for place, count in enumerate(passed) if count >= probability * whole)
    return borders[n], borders[n + 1]


def expected_empty(perturbed: Perturbed, cells: int, shown: int) -> float:
    """The share of the cells shown that may be expected to hold nobody, at most: from the noise and the number of cells alone."""
    if not shown:
        return 0.0
    return min(1.0, cells * _tail(perturbed.noise, perturbed.threshold) / shown)


def _tail(noise: draws.Noise, least: int) -> float:
    """How often two draws together reach an amount."""
    counts = [high - low for low, high in zip((0, *noise.thresholds), noise.thresholds, strict=False)]
    whole = 1 << draws.BITS
    values = range(-noise.reach, noise.reach + 1)
    found = sum(
        a * b
        for m, a in zip(values, counts, strict=True)
        for n, b in zip(values, counts, strict=True)
        if m + n >= least
    )
    return found / whole / whole
