"""The engine says what the reference computes, digit by digit: every cell of every table, shown or hidden, empty or not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from tests.privacy.observer.reference import TODAY, Cell, Holder, Sum
from tests.privacy.statistics import city

from machimori.catalogue import catalogue

pytestmark = pytest.mark.full

Record = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table as a reader of the model understands it."""

    entity: str
    name: str
    level: str
    at: str
    """The field of the time."""
    coordinates: Callable[[Record], tuple[str, ...]]
    sums: dict[str, int]
    """By field the typical value in units; the count of records has none by name."""
    units: int = 1
    """Units in one of the field's own."""
    bands: tuple[float, ...] = ()


def _place(field: str) -> Callable[[Record], str]:
    return lambda record: str(record[field]["mesh_code"])[:8]


TABLES = (
    Table("Trip", "flows", "PT1H", "started_at", lambda r: (_place("origin")(r), _place("destination")(r)), {"": 1}),
    Table("Trip", "arrivals", "P1D", "started_at", lambda r: (_place("destination")(r),), {}),
    Table("Trip", "modes", "P1D", "started_at", lambda r: (r["mode"],), {"": 2}),
    Table(
        "ElectricityUse",
        "half-hour",
        "PT30M",
        "interval_start",
        lambda r: (),
        {"energy": 2380},
        10_000,
        (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3),
    ),
)


def _step(text: str, level: str) -> str:
    at = datetime.fromisoformat(text).replace(second=0)
    at = at.replace(minute=at.minute - at.minute % 30 if level == "PT30M" else 0)
    if level.startswith("P1"):
        at = at.replace(hour=0, day=1 if level == "P1M" else at.day)
    return at.isoformat()


def _season(step: str, level: str) -> str:
    return f"{level}|{step[11:16]}|{step[:7]}"


def _reference(table: Table, records: list[Record]) -> dict[tuple[str, ...], dict[str, Any]]:
    """By coordinates and step of each cell that holds somebody: persons, and each measure; nothing where it is hidden."""
    said = catalogue.class_(table.entity)
    assert said.statistics is not None
    assert said.data_subject is not None
    design = TODAY.but("", looks=said.statistics.looks)
    holder = Holder(design, city.SECRET, table.entity, said.statistics.facts)
    cells: dict[tuple[Any, ...], dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        place = table.coordinates(record), _step(record[table.at], table.level)
        cells[place][record[said.data_subject]].append(record)
    return {(*where, step): _figures(holder, table, where, step, held) for (where, step), held in cells.items()}


def _figures(
    holder: Holder, table: Table, where: tuple[str, ...], step: str, held: dict[str, list[Record]]
) -> dict[str, Any]:
    place = json.dumps(where, separators=(",", ":"), ensure_ascii=False)
    cell = Cell(table.name, place, step, len(held), holder.keys(held))
    figures: dict[str, Any] = {"persons": holder.persons(cell)}
    for field, typical in table.sums.items():
        values = {
            p: sum(_units(r[field], table.units) for r in mine) if field else len(mine) for p, mine in held.items()
        }
        season = _season(step, table.level)
        added = tuple(holder.contribution(person, field, season, value) for person, value in values.items())
        figures[field or "count"] = holder.sum(cell, Sum(field, added, typical))
    if table.bands and holder.persons(cell, f"contributors:{next(iter(table.sums))}") is not None:
        figures["bands"] = tuple(_bands(holder, table, cell, held))
    return figures


def _units(value: float, units: int) -> int:
    return int(value * units + 0.5)


def _bands(holder: Holder, table: Table, cell: Cell, held: dict[str, list[Record]]) -> Iterator[int]:
    """The persons in each band, by the mean of their values in whole units."""
    (field,) = table.sums
    borders = [0, *(_units(b, table.units) for b in table.bands), 1 << 60]
    means = [sum(_units(r[field], table.units) for r in mine) // len(mine) for mine in held.values()]
    for n, (low, high) in enumerate(pairwise(borders)):
        persons = sum(low <= mean < high for mean in means)
        yield max(0, persons + holder.noise_of(f"band:{field}:{n}", cell))


def _town(seed: int) -> dict[str, list[Record]]:
    """Some hundred trips and readings, in cells of all sizes; some persons make several."""
    chance = Random(seed)
    trips = []
    for n in range(900):
        origin, destination = (
            {"mesh_code": chance.choices(city.SQUARES, (12, 9, 4, 2, 1, 1))[0]} for _ in ("origin", "destination")
        )
        at = f"2026-03-{chance.choice((3, 4)):02}T{chance.randint(7, 9):02}:{chance.randrange(60):02}:00+09:00"
        mode = chance.choices(("walk", "rail", "bus", "bicycle"), (9, 6, 2, 1))[0]
        person = f"urn:machimori:person:{chance.randrange(400)}"
        trips.append(city.trip(n, person, origin=origin, destination=destination, started_at=at, mode=mode))
    uses = [
        city.use(c, slot, round(chance.lognormvariate(-1.6, 0.9), 4))
        for c in range(80)
        for slot in range(chance.choice((2, 6)))
    ]
    return {"Trip": trips, "ElectricityUse": uses}


@pytest.mark.parametrize("seed", [17, 18])
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_figure_is_the_reference_s(table: Table, seed: int) -> None:
    records = _town(seed)[table.entity]
    expected = _reference(table, records)
    gate = city.gate(city.HOLDERS[table.entity])
    days = {"starts_at": "2026-03-03T00:00:00+09:00", "ends_at": "2026-03-05T00:00:00+09:00"}
    area = {"area": city.HERE} if table.name in ("flows", "arrivals") else {}
    made = gate.statistics(
        records, city.asking(entity=table.entity), city.query(table.entity, table.name, days, **area)
    )
    found = {}
    for cell in made.cells:
        keys = {k["field"]: k["key_value"] for k in cell["cell_keys"]}
        where = tuple(value for field, value in keys.items() if field != table.at)
        found[(*where, keys[table.at])] = cell
    held = {place for place in expected if place in found}
    assert len(held) == len(expected)
    for place, cell in found.items():
        figures = expected.get(place) or _figures(_empty(table), table, place[:-1], place[-1], {})
        assert cell.get("group_size") == figures["persons"], place
        if cell["suppressed"]:
            assert "cell_values" not in cell
            continue
        said = {(v["aggregate_function"], v.get("field", "")): v["released_value"] for v in cell["cell_values"]}
        for field in table.sums:
            told = said.get(("sum", field) if field else ("count", ""))
            assert told == (None if figures[field or "count"] is None else figures[field or "count"] / table.units), (
                place
            )
        quantiles = [value for value in cell["cell_values"] if value["aggregate_function"] == "quantile"]
        assert bool(quantiles) == ("bands" in figures)
        for value in quantiles:
            assert _band(table, figures["bands"], value["probability"]) == value["released_value"]


def _empty(table: Table) -> Holder:
    said = catalogue.class_(table.entity).statistics
    assert said is not None
    return Holder(TODAY.but("", looks=said.looks), city.SECRET, table.entity, said.facts)


def _band(table: Table, persons: tuple[int, ...], probability: float) -> float:
    passed = 0
    for low, count in zip((0, *table.bands), persons, strict=True):
        passed += count
        if passed >= probability * sum(persons):
            return float(low)
    raise AssertionError("nobody")
