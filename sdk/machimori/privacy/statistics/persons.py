"""From records to the cells of tables: how many persons, whose keys they sum to, and what they add, each with their factors.

One pass reads the records; each table is then made in two steps, by person and by cell. The statements are those of the embedded
engine; ``spark_engine`` translates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from machimori.privacy.statistics import columns, draws, reading, steps
from machimori.privacy.statistics.executor import Executor, Records
from machimori.privacy.statistics.grid import COUNT, Grid, Valued

RAW, PEOPLE, READ, KEYS = "raw_records", "people", "read_records", "keys"
"""Tables of the engine: records as they came, persons by the ids as they came, records with the number of their person, and
by that number the key."""
FACTORS, SEASONS, BY_PERSON = "factors", "seasons", "by_person"
"""Tables of the engine: the factors that can be drawn, the steps of one table, and what each person adds to each of its cells."""
MOST = 1 << 28
"""Units beyond which the contribution of one person to one cell does not count."""


@dataclass(frozen=True)
class Cell:
    """A cell that holds somebody, before anything of it is perturbed. Nothing but figures made of it leaves the room."""

    step: int
    coordinates: tuple[str, ...]
    """The values of the dimensions but time, as they are written."""
    persons: int
    keys: int
    sums: tuple[Sum, ...]
    """For each field of the table that has a value (and the count of records, where the table gives it)."""
    bands: tuple[tuple[int, ...], ...]
    """Persons in each band, for each field with quantiles."""


@dataclass(frozen=True)
class Sum:
    """What the persons of a cell add to one measure, each with both factors, in parts of ``1 << FRACTION`` of a unit."""

    whole: int
    largest: int
    two_largest: int
    contributors: int


class Counting:
    """The records of one call, read once for all tables of a class."""

    def __init__(self, executor: Executor, source: Records, grid: Grid, secret: bytes) -> None:
        self._executor, self._grid = executor, grid
        leaf, entity = reading.leaf, columns.quoted(grid.entity)
        relation = source.relation(executor.run, grid.leaves(), (), grid.entity)
        fault = f"CASE WHEN class_name IS NULL THEN 'unreadable' WHEN class_name <> {entity} THEN 'other-class' END"
        made = [f"{leaf(grid.subject)} AS subject", f"{fault} AS fault", f"{grid.at_sql(leaf)} AS moment"]
        made += [f"{columns.key_sql(key, leaf)} AS {grid.column(key)}" for key in grid.keys]
        made += [f"{_units(valued, leaf)} AS {grid.value_column(valued.path)}" for valued in grid.values]
        executor.keep(f"SELECT {', '.join(made)} FROM ({relation})", RAW)
        executor.people(f"SELECT DISTINCT subject FROM {RAW} WHERE fault IS NULL AND subject IS NOT NULL", secret, grid)
        number = _hex(f"left(key, {draws.KEY_BITS // 4})")
        kept = ["fault", "moment", *map(grid.column, grid.keys), *(grid.value_column(v.path) for v in grid.values)]
        executor.keep(
            f"SELECT {', '.join(f'r.{name}' for name in kept)}, {number} AS person FROM {RAW} r "
            f"LEFT JOIN {PEOPLE} p ON r.fault IS NULL AND r.subject = p.subject",
            READ,
        )
        if grid.values or grid.counts:
            executor.values(FACTORS, ("number", "factor"), list(enumerate(draws.factors())))
            self._lasting(number)

    def _lasting(self, number: str) -> None:
        """Keep ``KEYS``, each person once with the key and the lasting factor of every field."""
        fields = [COUNT, *(v.path for v in self._grid.values)]
        drawn = [f"{_factor_number(path, columns.quoted(draws.LASTING))} AS d{n}" for n, path in enumerate(fields)]
        factors = [f"f{n}.factor AS l{n}" for n, _ in enumerate(fields)]
        joins = [f"JOIN {FACTORS} f{n} ON k.d{n} = f{n}.number" for n, _ in enumerate(fields)]
        self._executor.keep(
            f"SELECT person, key, {', '.join(factors)} FROM (SELECT person, key, {', '.join(drawn)} FROM "
            f"(SELECT {number} AS person, min(key) AS key FROM {PEOPLE} GROUP BY 1)) k {' '.join(joins)}",
            KEYS,
        )

    def notes(self) -> dict[str, int]:
        """How many records were counted and left out, by reason: for the holder's desk, never part of an answer."""
        reason = "CASE WHEN fault IS NOT NULL THEN fault WHEN person IS NULL OR moment IS NULL THEN 'unreadable' ELSE 'counted' END"
        rows = self._executor.run(
            f"SELECT reason, count(*) FROM (SELECT {reason} AS reason FROM {READ}) GROUP BY reason ORDER BY reason"
        )
        return {str(name): int(count) for name, count in rows}

    def span(self) -> tuple[int, int] | None:
        """The first and the last moment of a record that counts; ``None`` where none does."""
        first, last = self._executor.run(f"SELECT min(moment), max(moment) FROM {READ} WHERE person IS NOT NULL")[0]
        return None if first is None else (int(first), int(last))

    def places(self, table: str, least: int, until: int) -> tuple[int, int]:
        """The places that held anybody in the year that ends with a step, and how many of them fewer persons than ``least``."""
        grid = self._grid
        keys = [grid.column(key) for key in grid.keys_of(table)]
        ends = steps.end(until, grid.level(table))
        held = " AND ".join(
            ["person IS NOT NULL", f"moment >= {ends - YEAR}", f"moment < {ends}", *(f"{k} IS NOT NULL" for k in keys)]
        )
        places = f"SELECT count(DISTINCT person) AS persons FROM {READ} WHERE {held} GROUP BY {', '.join(keys)}"
        whole, few = self._executor.run(
            f"SELECT count(*), sum(CASE WHEN persons < {least} THEN 1 ELSE 0 END) FROM ({places})"
        )[0]
        return int(whole), int(few or 0)

    def cells(self, table: str, wanted: Sequence[int]) -> Iterator[Cell]:
        """The cells of a table in these steps that hold somebody."""
        grid = self._grid
        keys = [grid.column(key) for key in grid.keys_of(table)]
        self._by_person(table, keys, wanted)
        cell = ", ".join(["step", *keys])
        sums, banded = grid.sums_of(table), grid.bands_of(table)
        found = [self._indexed(len(keys) + 1, self._sum(cell, v)) for v in sums]
        bands = [self._indexed(len(keys) + 1, self._band(cell, v)) for v in banded]
        for row in self._executor.run(f"SELECT {cell}, count(*), {KEY_SUMS} FROM {BY_PERSON} GROUP BY {cell}"):
            index, (persons, high, low) = tuple(row[: 1 + len(keys)]), row[1 + len(keys) :]
            yield Cell(
                step=int(index[0]),
                coordinates=tuple(columns.written(k, v) for k, v in zip(grid.keys_of(table), index[1:], strict=True)),
                persons=int(persons),
                keys=int(high) * HALF + int(low),
                sums=tuple(_sum(each.get(index)) for each in found),
                bands=tuple(
                    tuple(map(int, each.get(index, (0,) * (len(v.bands) + 1))))
                    for v, each in zip(banded, bands, strict=True)
                ),
            )

    def _by_person(self, table: str, keys: list[str], wanted: Sequence[int]) -> None:
        grid, level = self._grid, self._grid.level(table)
        self._executor.values(SEASONS, ("step", "season"), [(at, steps.season(at, level)) for at in wanted])
        held = [grid.value_column(v.path) for v in grid.values]
        made = [f"sum({v}) AS s{v}, count({v}) AS c{v}" for v in held]
        person = ", ".join(["step", "season", *keys, "person"])
        known = " AND ".join(["person IS NOT NULL", *(f"{k} IS NOT NULL" for k in keys)])
        placed = f"SELECT {', '.join(['person', *keys, *held])}, {steps.sql('moment', level)} AS begins FROM {READ} WHERE {known}"
        self._executor.keep(
            f"SELECT {', '.join([person, 'count(*) AS records', *made])} FROM ({placed}) r JOIN {SEASONS} s ON r.begins = s.step GROUP BY {person}",
            BY_PERSON,
        )

    def _indexed(self, size: int, statement: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        return {tuple(row[:size]): tuple(row[size:]) for row in self._executor.run(statement)}

    def _sum(self, cell: str, valued: Valued) -> str:
        """The statement of what the persons of each cell add to a measure."""
        column = self._grid.value_column(valued.path) if valued.path != COUNT else ""
        amount, some = (f"s{column}", f"c{column} > 0") if column else ("records", "true")
        place = [COUNT, *(v.path for v in self._grid.values)].index(valued.path)
        names = ", ".join(f"b.{name}" for name in cell.split(", "))
        drawn = (
            f"SELECT {names}, b.person, least({amount}, {MOST}) * k.l{place} AS v, {_factor_number(valued.path, 'season')} AS d "
            f"FROM {BY_PERSON} b JOIN {KEYS} k ON b.person = k.person WHERE {some}"
        )
        weighed = (
            f"SELECT {cell}, person, (v * f.factor) // {1 << (32 - draws.FRACTION)} AS w FROM ({drawn}) d "
            f"JOIN {FACTORS} f ON d.d = f.number"
        )
        ranked = f"SELECT *, row_number() OVER (PARTITION BY {cell} ORDER BY w DESC) AS nth FROM ({weighed})"
        return (
            f"SELECT {cell}, sum(w), max(w), sum(CASE WHEN nth <= 2 THEN w ELSE 0 END), count(*) "
            f"FROM ({ranked}) GROUP BY {cell}"
        )

    def _band(self, cell: str, valued: Valued) -> str:
        """The statement of how many persons of each cell have their mean value in each band."""
        column = self._grid.value_column(valued.path)
        mean = f"(s{column} // c{column})"
        borders = (None, *valued.borders(), None)
        counted = [f"sum(CASE WHEN {_between(mean, low, high)} THEN 1 ELSE 0 END)" for low, high in pairwise(borders)]
        return f"SELECT {cell}, {', '.join(counted)} FROM {BY_PERSON} WHERE c{column} > 0 GROUP BY {cell}"


YEAR = 366 * steps.DAY_MICROS
HALF = 1 << (draws.KEY_BITS // 2)
KEY_SUMS = f"sum(person // {HALF}), sum(person % {HALF})"
"""The sum of the keys of persons in two halves, so that neither is too large for a whole number of 64 bits."""


def _between(value: str, low: int | None, high: int | None) -> str:
    return " AND ".join(
        [*([f"{value} >= {low}"] if low is not None else ()), *([f"{value} < {high}"] if high is not None else ())]
    )


def _sum(row: Sequence[Any] | None) -> Sum:
    if row is None:
        return Sum(0, 0, 0, 0)
    return Sum(*map(int, row))


def _units(valued: Valued, leaf: columns.Leaf) -> str:
    """A value in whole units, within the bounds of its field."""
    value = columns.clamped(columns.number(leaf(valued.path)), valued.minimum, valued.maximum)
    return f"CAST(floor({value} * {valued.per_unit!r}::DOUBLE + 0.5) AS BIGINT)"


def _factor_number(path: str, kind: str) -> str:
    """The number of the factor that a key draws for a field, as ``draws.factor`` draws it."""
    separator = f"chr({ord(draws.SEPARATOR)})"
    drawn = f"sha256(key || {separator} || {columns.quoted(path)} || {separator} || {kind})"
    return _hex(f"left({drawn}, {draws.FACTOR_DIGITS})")


def _hex(text: str) -> str:
    return f"hex_number({text})"
