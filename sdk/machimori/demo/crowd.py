"""More riders and homes than the week in Minato ward tells of, so that there are groups large enough to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MONDAY, THURSDAY = "2026-08-17", "2026-08-20"
RIDES = (  # origin, destination, hour, riders
    ("52350133", "52350124", 7, 180),
    ("52350123", "52350124", 7, 120),
    ("52350113", "52350124", 7, 90),
    ("52350134", "52350123", 7, 60),
    ("52350133", "52350124", 8, 140),
    ("52350125", "52350124", 8, 80),
    ("52350114", "52350123", 8, 50),
    ("52350135", "52350114", 8, 6),
)
"""Buses of a Monday morning."""
LONE, ITS_USE = "urn:machimori:customer:power-31", 0.734
"""The home in whose half hour no other meter reported, and what it used then, in kWh."""
GROUP = 60
"""Homes that reported before it, and as many others after it."""


def trips() -> Iterator[dict[str, Any]]:
    """One ride of each rider."""
    for place, (origin, destination, hour, riders) in enumerate(RIDES):
        for number in range(riders):
            rider = f"{place}-{number:03}"
            yield {
                "id": f"urn:machimori:trip:riders-{rider}",
                "type": "Trip",
                "traveller": f"urn:machimori:traveller:riders-{rider}",
                "origin": {"mesh_code": origin},
                "destination": {"mesh_code": destination},
                "started_at": f"{MONDAY}T{hour:02}:{number % 60:02}:00+09:00",
                "mode": "bus",
            }


def uses() -> Iterator[dict[str, Any]]:
    """What the meters reported on the evening of a fault: a group, one home alone, and another group."""
    for number in range(GROUP):
        yield _use(f"urn:machimori:customer:power-{101 + number}", "18:00", "18:30", energy(number))
    yield _use(LONE, "18:30", "19:00", ITS_USE)
    for number in range(GROUP):
        yield _use(f"urn:machimori:customer:power-{201 + number}", "19:00", "19:30", round(energy(number) + 0.04, 3))


def energy(number: int) -> float:
    """The half hour of a home, in kWh: some use little, a few much."""
    return round(0.12 + (number * 37 % 60) ** 2 / 4000, 3)


def _use(customer: str, starts: str, ends: str, used: float) -> dict[str, Any]:
    return {
        "id": f"urn:machimori:electricity-use:{customer.rpartition(':')[2]}-{THURSDAY.replace('-', '')}T{starts.replace(':', '')}",
        "type": "ElectricityUse",
        "customer": customer,
        "local_government_code": "282987",
        "interval_start": f"{THURSDAY}T{starts}:00+09:00",
        "interval_end": f"{THURSDAY}T{ends}:00+09:00",
        "energy": used,
        "quality": "measured",
    }
