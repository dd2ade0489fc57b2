"""What a query asks of the tables of a class: which of them, which steps, which of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import msgspec
from msgspec import structs

from machimori.catalogue.terms import Granularity, Table, TableMeasure
from machimori.privacy.disclosure.areas import LOCAL_GOVERNMENT, lies_in, wards
from machimori.privacy.statistics import steps
from machimori.privacy.statistics.grid import Grid
from machimori.privacy.statistics.query import Key, codes_of
from machimori.standards import mesh
from machimori.standards.time import moment

QUANTILES = frozenset((0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9))
"""Quartiles and deciles: what can be asked of a band count."""
PLACES = {"place": "MeshCode", "mesh": "MeshCode", "municipality": "LocalGovernmentCode"}
"""What the codes of a grouping column by place are."""
MOST_CELLS = 1_000_000
"""Cells of one answer."""


@dataclass(frozen=True)
class Measure:
    """A number asked for each cell."""

    function: str
    path: str | None = None
    probability: float | None = None


@dataclass(frozen=True)
class Asked:
    """A query that fits a table."""

    grid: Grid
    table: str
    measures: tuple[Measure, ...]
    order: tuple[str, ...]
    """The fields by which cells are listed, in the order of the query."""
    period: tuple[int, int] | None
    areas: tuple[tuple[str, ...], ...]
    """Codes of places, of one of which each: those asked, and those that the document behind a grant opens."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The grouping columns but time."""
        return self.grid.keys_of(self.table)

    @property
    def level(self) -> str:
        """How long a step is."""
        return self.grid.level(self.table)

    def domain(self) -> list[tuple[str, ...]] | None:
        """Where the cells of a step can be, all of them; ``None`` where nobody can list them."""
        values = []
        for key in self.keys:
            if (found := values_of(key, self.areas)) is None:
                return None
            values.append(found)
        size = 1
        for found in values:
            size *= len(found)
        return None if size > MOST_CELLS else list(product(*values))

    def inside(self, coordinates: tuple[str, ...]) -> bool:
        """Whether a cell lies in every area, by each of its places."""
        places = zip(self.keys, coordinates, strict=True)
        return all(_lies_in(key, code, self.areas) for key, code in places if key.kind in PLACES)


def values_of(key: Key, areas: tuple[tuple[str, ...], ...]) -> list[str] | None:
    """Every value of a grouping column, or every place of it in the areas; ``None`` where nobody can list them."""
    if isinstance(key.accepted, tuple):
        return sorted(key.accepted)
    if key.kind == "boolean":
        return ["false", "true"]
    if key.kind not in PLACES or not areas:
        return None
    if key.kind == "municipality":
        codes = [c for c in areas[0] if len(c) == LOCAL_GOVERNMENT]
        listed = [] if any(_holds_others(c) for c in codes) else codes
    else:
        listed = [square for code in areas[0] for square in _squares(code, int(key.step))]
    return sorted({c for c in listed if _lies_in(key, c, areas)}) or None


def _holds_others(code: str) -> bool:
    """Whether a code stands for a prefecture or a city with wards."""
    return code[2:5] == "000" or wards(code) is not None


def _lies_in(key: Key, code: str, areas: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a place lies in every area."""
    return all(any(lies_in(PLACES[key.kind], code, one) for one in area) for area in areas)


def matched(found: Grid, query: Mapping[str, Any]) -> Asked | None:
    """The table that a query fits exactly, with what it asks of it; ``None`` where there is none."""
    groupings = {
        g["field"]: msgspec.convert(g.get("granularity") or {}, Granularity) for g in query.get("group_by") or ()
    }
    if len(groupings) != len(query.get("group_by") or ()):
        return None
    measures = tuple(Measure(m["aggregate_function"], m.get("field"), m.get("probability")) for m in query["measures"])
    name = next((n for n, t in found.statistics.tables.items() if _fits(t, groupings) and _gives(t, measures)), None)
    if name is None or not measures or len(set(measures)) != len(measures):
        return None
    if found.time is not None and not query.get("period"):
        return None  # the first and the last record would show in how many steps there are
    area = query.get("area")
    asked = Asked(
        found, name, measures, tuple(groupings), _period(query.get("period")), (codes_of(area),) if area else ()
    )
    if asked.period and any(steps.start(at, asked.level) != at for at in asked.period):
        return None
    if area and not any(key.kind in PLACES for key in asked.keys):
        return None
    return asked


def confined(asked: Asked, areas: tuple[tuple[str, ...], ...]) -> Asked | None:
    """What is asked within areas, told by all the codes they have; ``None`` where the table has no place by which to tell."""
    if areas and not any(key.kind in PLACES for key in asked.keys):
        return None
    return replace(asked, areas=areas)


def nearest(found: Grid, query: Mapping[str, Any]) -> str:
    """The table that has most in common with a query that fits none."""
    wanted = {
        (g["field"], _said(msgspec.convert(g.get("granularity") or {}, Granularity)))
        for g in query.get("group_by") or ()
    }
    measures = {(m["aggregate_function"], m.get("field")) for m in query["measures"]}

    def distance(name: str) -> tuple[int, int, int]:
        table = found.statistics.tables[name]
        has = {(d.field, _said(d.granularity)) for d in table.dimensions}
        by_field = {f for f, _ in wanted} ^ {f for f, _ in has}
        return len(by_field), len(wanted ^ has), len(measures - {(m.function, m.field) for m in table.measures})

    return min(found.statistics.tables, key=distance)


def _fits(table: Table, groupings: Mapping[str, Granularity]) -> bool:
    return {d.field: _said(d.granularity) for d in table.dimensions} == {f: _said(g) for f, g in groupings.items()}


def _said(granularity: Granularity | None) -> tuple[object, ...]:
    return structs.astuple(granularity or Granularity())


def _gives(table: Table, measures: tuple[Measure, ...]) -> bool:
    given = (*table.measures, TableMeasure("subjects"))
    return all(
        any(m.function == g.function and m.path == g.field for g in given)
        and (m.probability in QUANTILES if m.function == "quantile" else m.probability is None)
        for m in measures
    )


def _period(period: Mapping[str, Any] | None) -> tuple[int, int] | None:
    if not period:
        return None
    starts, ends = (moment(period[name]) for name in ("starts_at", "ends_at"))
    assert starts is not None  # the query complies with its class
    assert ends is not None
    return round(starts * steps.MICROS), round(ends * steps.MICROS)


def _squares(code: str, digits: int) -> tuple[str, ...]:
    """The grid squares of a size in an area code; none where six digits make it a code of a local government."""
    return () if len(code) == LOCAL_GOVERNMENT else mesh.parts(code, digits)
