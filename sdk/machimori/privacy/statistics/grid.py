"""The tables of a class as they are counted: which columns, in which units, how coarse."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from machimori.catalogue import catalogue
from machimori.catalogue.terms import Class, ClassStatistics, Dimension, Table
from machimori.privacy.statistics import columns
from machimori.privacy.statistics.query import Key, field_at, key_of

FINENESS = 1000
"""Whole units in the typical value of a field, at least."""
COUNT = ""
"""The path of what the count of records is kept under."""


@dataclass(frozen=True)
class Valued:
    """A field whose values are counted in whole units; of the count of records, ``path`` is ``COUNT``."""

    path: str
    minimum: float
    maximum: float
    digits: int
    """Decimals of a unit: 4 where it is a ten-thousandth of the field's own."""
    typical: int
    """The typical value of one person in one cell, in units."""
    bands: tuple[float, ...] = ()

    @property
    def per_unit(self) -> float:
        """How many units make one of the field's own unit."""
        return float(Decimal(10) ** self.digits)

    def borders(self) -> tuple[int, ...]:
        """The inner borders of the bands, in units."""
        return tuple(int((Decimal(str(b)) * Decimal(10) ** self.digits).to_integral_value()) for b in self.bands)

    def written(self, units: int) -> float | int:
        """So many units, in the field's own."""
        found = Decimal(units).scaleb(-self.digits)
        return int(found) if found == found.to_integral_value() else float(found)


@dataclass(frozen=True, eq=False)
class Grid:
    """All tables of one class with a data subject."""

    class_: Class
    statistics: ClassStatistics
    as_of: int | None = None
    """For a class without a time: the start of the step that it is counted for as it stands."""

    @property
    def entity(self) -> str:
        """The name of the class."""
        return self.class_.name

    @property
    def subject(self) -> str:
        """The field that names the person."""
        assert self.class_.data_subject is not None
        return self.class_.data_subject

    @cached_property
    def time(self) -> str | None:
        """The field whose time sets the steps apart."""
        return next((d.field for t in self.statistics.tables.values() for d in t.dimensions if _of_time(d)), None)

    def level(self, table: str) -> str:
        """How long a step of a table is."""
        return self.statistics.tables[table].step

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every grouping column of any table but time, each once."""
        return tuple(dict.fromkeys(k for name in self.statistics.tables for k in self.keys_of(name)))

    @cache  # noqa: B019  a grid lives as long as the catalogue
    def keys_of(self, table: str) -> tuple[Key, ...]:
        """The grouping columns of a table but time, in its order."""
        dimensions = self.statistics.tables[table].dimensions
        return tuple(key_of(self.entity, d.field, d.granularity) for d in dimensions if not _of_time(d))

    @cached_property
    def values(self) -> tuple[Valued, ...]:
        """Every field that some table has figures of, each once."""
        paths = dict.fromkeys(m.field for t in self.statistics.tables.values() for m in t.measures if m.field)
        return tuple(self._valued(path, self._digits(path), 0, ()) for path in paths)

    @property
    def counts(self) -> bool:
        """Whether some table gives the count of records."""
        return any(m.function == "count" for t in self.statistics.tables.values() for m in t.measures)

    def sums_of(self, table: str) -> tuple[Valued, ...]:
        """What is summed for a table: the count of records where it gives it, then each field."""
        found = self.statistics.tables[table]
        counted = [Valued(COUNT, 0, 0, 0, max(1, round(found.typical.get(COUNT, 1))))]
        summed = [m.field for m in found.measures if m.function == "sum" and m.field]
        return (
            *(counted if any(m.function == "count" for m in found.measures) else ()),
            *(self._valued(path, self._digits(path), found.typical[path], ()) for path in summed),
        )

    def bands_of(self, table: str) -> tuple[Valued, ...]:
        """The fields of a table with quantiles."""
        return tuple(
            self._valued(m.field, self._digits(m.field), 0, m.bands)
            for m in self.statistics.tables[table].measures
            if m.function == "quantile" and m.field
        )

    def column(self, key: Key) -> str:
        """The column of a key in the engine."""
        return f"k{self.keys.index(key)}"

    def value_column(self, path: str) -> str:
        """The column of a field's units in the engine."""
        return f"v{[v.path for v in self.values].index(path)}"

    def leaves(self) -> dict[str, bool]:
        """The paths of a record that are read, and whether each is read as JSON (so that a number is told from a text)."""
        found = {self.subject: False}
        for key in self.keys:
            found |= columns.leaves_of(key)
        found |= {value.path: True for value in self.values}
        return found | ({self.time: False} if self.time else {})

    def at_sql(self, leaf: columns.Leaf) -> str:
        """The moment of a record, in SQL; NULL where it states none."""
        if self.time is None:
            return f"CAST({self.as_of} AS BIGINT)"
        said = leaf(self.time)
        return columns.midnight(said) if field_at(self.entity, self.time).range == "Date" else f"at_micros({said})"

    def _digits(self, path: str) -> int:
        """The decimals of a unit: fine enough for the smallest typical value, and for every border of a band."""
        tables = self.statistics.tables.values()
        typical = [Decimal(str(t.typical[path])) / FINENESS for t in tables if path in t.typical]
        borders = [Decimal(str(b)) for t in tables for b in t.bands.get(path, ()) if b]
        return max([0, *(-t.adjusted() for t in typical), *(_decimals(b) for b in borders)])

    def _valued(self, path: str, digits: int, typical: float, bands: tuple[float, ...]) -> Valued:
        field = field_at(self.entity, path)
        assert field.minimum is not None  # the gate on the model
        assert field.maximum is not None
        units = int((Decimal(str(typical)) * Decimal(10) ** digits).to_integral_value())
        return Valued(path, float(field.minimum), float(field.maximum), digits, units, bands)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _of_time(dimension: Dimension) -> bool:
    return dimension.granularity is not None and dimension.granularity.time_step is not None


@cache
def grid(entity: str, as_of: int | None = None) -> Grid | None:
    """The tables of a class; ``None`` where it has none."""
    found = catalogue.class_(entity)
    if found.statistics is None or not found.statistics.tables:
        return None
    return Grid(found, found.statistics, as_of)


def threshold(found: Grid, table: Table) -> int:
    """The figure of persons below which a cell is hidden: the largest minimum group of the table's fields, and the looks."""
    from machimori.privacy.statistics.query import minimum_group

    paths = dict.fromkeys((*(d.field for d in table.dimensions), *(m.field for m in table.measures if m.field)))
    return minimum_group(found.entity, found.subject, tuple(paths)) + found.statistics.looks
