"""Trips and meters of an invented town, gates that hold them, and what is asked of the tables of the model."""

from __future__ import annotations

import random
from typing import Any

from msgspec import to_builtins
from tests.privacy.gate import world

from machimori.catalogue import catalogue
from machimori.privacy.gate import Gate
from machimori.privacy.statistics.kept import MemoryKept

CANARY = "urn:machimori:person:canary-8d1f"
SECRET = bytes(range(32))
DAY = {"starts_at": "2026-03-03T00:00:00+09:00", "ends_at": "2026-03-04T00:00:00+09:00"}
HOUR = {"starts_at": "2026-03-03T08:00:00+09:00", "ends_at": "2026-03-03T09:00:00+09:00"}
WARD = "281018"
"""A ward of a designated city."""
HERE = {"local_government_code": WARD}
SQUARES = ["52350162", "52350173", "52350174", "52350199", "51354000", "51354010"]
"""The grid squares of the ward."""
HOLDERS = {"Trip": "railway", "ElectricityUse": "power"}


def gate(holder: str = "railway", secret: bytes | None = SECRET, **options: Any) -> Gate:
    kept = {} if secret is None else {"kept": MemoryKept(secret)}
    return Gate(world.holding(holder), **{"clock": lambda: world.AT, "areas": {WARD: SQUARES}, **kept, **options})


def asking(who: str = "city", entity: str = "Trip", purpose: str = "city_planning", **more: Any) -> dict[str, Any]:
    return world.request(who, entity, purpose, "statistics", **more)


def query(entity: str, table: str, period: Any = None, area: Any = None, **more: Any) -> dict[str, Any]:
    """All that a table gives."""
    found = catalogue.class_(entity).statistics
    assert found is not None
    measures = [{"aggregate_function": "subjects"}]
    for m in found.tables[table].measures:
        named = {"field": m.field} if m.field else {}
        for probability in (0.25, 0.5, 0.9) if m.function == "quantile" else (None,):
            asked = {"probability": probability} if probability else {}
            measures += [{"aggregate_function": m.function, **named, **asked}]
    groups = [
        {
            "field": d.field,
            **({"granularity": {k: v for k, v in to_builtins(d.granularity).items() if v}} if d.granularity else {}),
        }
        for d in found.tables[table].dimensions
    ]
    unique = {str(m): m for m in measures}
    return {
        "type": "StatisticsQuery",
        "id": "urn:machimori:query:8",
        "entity": entity,
        "measures": list(unique.values()),
        **({"group_by": groups} if groups else {}),
        **({"period": period} if period else {}),
        **({"area": area} if area else {}),
        **more,
    }


def flows(period: Any = HOUR, **more: Any) -> dict[str, Any]:
    return query("Trip", "flows", period, **more)


def load(period: Any = DAY, **more: Any) -> dict[str, Any]:
    return query("ElectricityUse", "half-hour", period, **more)


def trip(number: int, person: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "Trip",
        "id": f"urn:machimori:trip:{number}",
        "traveller": person,
        "origin": {"mesh_code": "52350162"},
        "destination": {"mesh_code": "52350173"},
        "started_at": "2026-03-03T08:15:00+09:00",
        "mode": "rail",
        **more,
    }


def trips(groups: dict[str, int], start: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Trips from squares, of as many people as each says, each of whom makes one."""
    made: list[dict[str, Any]] = []
    for square, people in groups.items():
        for _ in range(people):
            number = start + len(made)
            made.append(trip(number, f"urn:machimori:person:{number}", origin={"mesh_code": square}, **more))
    return made


def many(count: int, people: int, seed: int = 1) -> list[dict[str, Any]]:
    """Trips within a few squares, by position."""
    chance = random.Random(seed)
    return [
        trip(
            n,
            f"urn:machimori:person:{chance.randrange(people)}",
            origin={"latitude": chance.choice([34.601, 34.611]), "longitude": 135.101 + chance.random() * 0.003},
            destination={"latitude": 34.601 + chance.random() * 0.002, "longitude": 135.101},
            started_at=f"2026-03-03T{chance.randint(8, 9):02}:15:00+09:00",
            mode=chance.choice(["walk", "rail"]),
        )
        for n in range(count)
    ]


def use(customer: object, slot: int, energy: Any, day: int = 3, **more: Any) -> dict[str, Any]:
    return {
        "type": "ElectricityUse",
        "id": f"urn:machimori:use:{customer}-{day}-{slot}",
        "customer": f"urn:machimori:customer:{customer}",
        "interval_start": f"2026-03-{day:02}T{slot // 2:02}:{slot % 2 * 30:02}:00+09:00",
        "energy": energy,
        **more,
    }


def households(count: int, slots: Any = range(48), seed: int = 2, **more: Any) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [use(c, slot, round(chance.expovariate(4), 3), **more) for c in range(count) for slot in slots]


def cells(made: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(k["key_value"] for k in c.get("cell_keys", ())): c for c in made.cells}


def value(cell: dict[str, Any], function: str, probability: float | None = None) -> float:
    wanted = (function, probability)
    return next(
        v["released_value"] for v in cell["cell_values"] if (v["aggregate_function"], v.get("probability")) == wanted
    )
