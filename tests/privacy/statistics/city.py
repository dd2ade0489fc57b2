"""Trips of an invented town, a gate of the railway that holds them, and what is asked of it."""

from __future__ import annotations

import random
from typing import Any

from tests.privacy.gate import world

from machimori.privacy.gate import Gate

CANARY = "urn:machimori:person:canary-8d1f"
QUERY = {
    "type": "StatisticsQuery",
    "id": "urn:machimori:query:8",
    "entity": "Trip",
    "measures": [{"aggregate_function": "count"}, {"aggregate_function": "subjects"}],
    "group_by": [{"field": "origin", "granularity": {"space_step": 8}}, {"field": "mode"}],
}


def gate(holder: str = "railway", **options: Any) -> Gate:
    return Gate(world.holding(holder), clock=lambda: world.AT, **options)


def asking(who: str = "city", entity: str = "Trip", purpose: str = "city_planning", **more: Any) -> dict[str, Any]:
    return world.request(who, entity, purpose, "statistics", **more)


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


def trips(groups: dict[tuple[str, str], int], start: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Trips of as many people as each pair of square and mode says, each of whom makes one."""
    made = []
    for (square, mode), people in groups.items():
        for _ in range(people):
            number = start + len(made)
            made.append(trip(number, f"urn:machimori:person:{number}", origin={"mesh_code": square}, mode=mode, **more))
    return made


def many(count: int, people: int, seed: int = 1) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [
        trip(
            n,
            f"urn:machimori:person:{chance.randrange(people)}",
            origin={"latitude": 34.6 + chance.random() * 0.03, "longitude": 135.1 + chance.random() * 0.03},
            started_at=f"2026-03-{chance.randint(1, 7):02}T{chance.randint(6, 9):02}:15:00+09:00",
            mode=chance.choice(["walk", "rail"]),
        )
        for n in range(count)
    ]


def cells(made: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(k["key_value"] for k in c.get("cell_keys", ())): c for c in made.cells}


def value(cell: dict[str, Any], function: str) -> float:
    return next(v["released_value"] for v in cell["cell_values"] if v["aggregate_function"] == function)
