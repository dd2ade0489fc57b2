"""Records of four shapes, for benchmarks: NDJSON as an exporter writes it, the same for the same count."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

JST = timezone(timedelta(hours=9))
MONDAY = datetime(2026, 4, 6, tzinfo=JST)
Record = dict[str, Any]


def _at(moment: datetime) -> str:
    return moment.isoformat()


def meter_value(n: int, chance: Random) -> Record:
    """Small and flat: one of the 48 half hours of a day of one of 2,000 meters, a meter after the other."""
    start = MONDAY + timedelta(minutes=30 * (n % 48))
    customer = n // 48 % 2000
    return {
        "id": f"urn:machimori:electricity-use:{n:08}",
        "type": "ElectricityUse",
        "customer": f"urn:machimori:customer:{customer:05}",
        "meter": f"urn:machimori:meter:{customer:05}",
        "interval_start": _at(start),
        "interval_end": _at(start + timedelta(minutes=30)),
        "energy": round(chance.uniform(0, 1.2), 3),
        "quality": "measured",
    }


def trip(n: int, chance: Random) -> Record:
    """Of middle size: nearly every value differs from record to record."""
    start = MONDAY + timedelta(seconds=chance.randrange(7 * 86_400))
    return {
        "id": f"urn:machimori:trip:{n:08}",
        "type": "Trip",
        "traveller": f"urn:machimori:traveller:{chance.randrange(100_000):06}",
        "origin": {
            "latitude": round(chance.uniform(35.6, 35.8), 6),
            "longitude": round(chance.uniform(139.6, 139.8), 6),
        },
        "destination": {"mesh_code": f"533935{chance.randrange(100):02}"},
        "started_at": _at(start),
        "ended_at": _at(start + timedelta(seconds=chance.randrange(60, 7200))),
        "mode": chance.choice(("rail", "bus", "bicycle", "walk")),
    }


def timetable(n: int, chance: Random) -> Record:
    """Long: a bus with 48 stops."""
    minutes = [360 + chance.randrange(600)]
    for _ in range(47):
        minutes.append(minutes[-1] + chance.randrange(1, 4))
    clock = [f"{m // 60:02}:{m % 60:02}:00" for m in minutes]
    return {
        "id": f"urn:machimori:transit-trip:minato-bus:{n:07}",
        "type": "TransitTrip",
        "transit_route": f"urn:machimori:transit-route:minato-bus:{n % 40}",
        "gtfs_trip_id": f"{n:07}",
        "gtfs_service_id": "平日",
        "trip_headsign": "臨海病院",
        "stop_times": [
            {
                "stop_sequence": k,
                "transit_stop": f"urn:machimori:transit-stop:minato-bus:{n % 40:04}_{k:02}",
                "arrival_time": at,
                "departure_time": at,
            }
            for k, at in enumerate(clock, 1)
        ],
    }


def event(n: int, chance: Random) -> Record:
    """Deep and polymorphic: a demand response event with signals of five classes."""
    start = MONDAY + timedelta(minutes=30 * chance.randrange(336))
    end = start + timedelta(hours=3)
    within = {"starts_at": _at(start), "ends_at": _at(end)}
    signals = [
        {
            "type": "PriceSignal",
            **within,
            "flow_direction": "forward",
            "energy_price": round(chance.uniform(10, 70), 1),
        },
        {
            "type": "PowerLimitSignal",
            **within,
            "flow_direction": "forward",
            "power_limit": chance.randrange(1000, 6000),
        },
        {"type": "EnergyShiftSignal", **within, "shifted_energy": round(chance.uniform(-2, 2), 2)},
        {"type": "EnergyLimitSignal", **within, "flow_direction": "reverse", "energy_limit": chance.randrange(1, 50)},
        {"type": "SimpleLevelSignal", **within, "simple_level": chance.randrange(4)},
    ]
    return {
        "id": f"urn:machimori:dr-event:{n:07}",
        "type": "DemandResponseEvent",
        "dr_programme": "urn:machimori:dr-programme:evening-saving",
        "name": "夕方の節電のお願い",
        "issued_at": _at(start - timedelta(days=1)),
        "starts_at": _at(start),
        "ends_at": _at(end),
        "start_randomisation": "PT10M",
        "dr_priority": 1,
        "dr_direction": "decrease",
        "dr_event_status": "scheduled",
        "area": {"local_government_code": "282995", "name": "港川市"},
        "signals": chance.sample(signals, k=3),
    }


def faulty(n: int, chance: Random) -> Record:
    """Meter values of which three in ten have one fault of several kinds."""
    record = meter_value(n, chance)
    if chance.random() < 0.3:
        key, wrong = chance.choice(
            (
                ("energy", -1),
                ("quality", "guessed"),
                ("interval_end", "2026-04-06 09:00"),
                ("meter", None),
                ("note", "x"),
            )
        )
        record[key] = wrong
    return record


SHAPES: dict[str, Callable[[int, Random], Record]] = {
    "small, flat": meter_value,
    "trips": trip,
    "48 values": timetable,
    "polymorphic": event,
    "30 % invalid": faulty,
}


def lines(shape: str, count: int) -> Iterator[bytes]:
    """``count`` records of a shape as lines of NDJSON."""
    chance = Random(shape)
    for n in range(count):
        yield json.dumps(SHAPES[shape](n, chance), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def written(folder: Path, shape: str, count: int) -> Path:
    """A file of records of a shape."""
    path = folder / f"{shape.replace(' ', '-').replace(',', '').replace('%', 'percent')}.ndjson"
    with path.open("wb") as file:
        file.writelines(lines(shape, count))
    return path
