"""Shared bicycles: stations, bicycles that stand free, and how much they are used."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, org, period, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, area, place

STATIONS = (
    # key, name, in kana, in English, district, where in it, docks
    ("central-station", "みなと中央駅前", "ミナトチュウオウエキマエ", "Minato-Chuo Station", "chuo", (0.59, 0.69), 24),
    ("hama-park", "みなと公園", "ミナトコウエン", "Minato Park", "hama", (0.42, 0.7), 16),
)
AVAILABILITY = (
    # station, day, time, bicycles, out of order, rented out
    ("central-station", "mon", "08:00", 7, 1, True),
    ("hama-park", "mon", "08:00", 12, 0, True),
    ("central-station", "fri", "18:00", 20, 1, False),
    ("hama-park", "fri", "18:00", 0, 0, False),
)
FREE = (("a9f3", "central-station"), ("c41e", "hama-park"), ("77b0", "central-station"))
USE = (
    # district, rentals, distinct renters behind them
    ("chuo", 1912, 846),
    ("hama", 734, 391),
    ("futo", 11, 4),
)


def records(story: Story) -> Iterator[Record]:
    """Stations and bicycles."""
    yield from _stations()
    yield from _availability()
    yield from _bicycles(story)
    yield from _use(story)


def _stations() -> Iterator[Record]:
    for key, name, kana, english, district, where, docks in STATIONS:
        yield record(
            "SharedMobilityStation",
            key,
            name=name,
            name_kana=kana,
            name_en=english,
            shared_system_id="minato-cycle",
            shared_station_id=key,
            operator=org("minato-transit"),
            place=place(district, *where),
            local_government_code=WARD_CODE,
            facility=ref("Facility", key),
            station_capacity=docks,
            shared_parking_kind="sidewalk_parking",
            rental_methods=["phone", "transit_card"],
            opening_hours="終日",
        )


def _availability() -> Iterator[Record]:
    docks = {station[0]: station[-1] for station in STATIONS}
    for station, day, time, bicycles_free, broken, rented in AVAILABILITY:
        yield record(
            "StationAvailability",
            f"{station}-{stamp(day, time)}",
            shared_station=ref("SharedMobilityStation", station),
            last_reported_at=at(day, time),
            vehicles_available=bicycles_free,
            vehicles_disabled=broken,
            docks_available=docks[station] - bicycles_free - broken,
            station_installed=True,
            station_renting=rented,
            station_returning=True,
            availability_by_form=[
                {
                    "shared_vehicle_form": "bicycle",
                    "vehicle_propulsion": "electric_assist",
                    "vehicles_available": bicycles_free,
                }
            ],
        )


def _bicycles(story: Story) -> Iterator[Record]:
    chance = story.chance("bicycles")
    for rotating, station in FREE:
        yield record(
            "SharedVehicle",
            rotating,
            rotating_vehicle_id=rotating,
            operator=org("minato-transit"),
            shared_vehicle_form="bicycle",
            vehicle_propulsion="electric_assist",
            shared_station=ref("SharedMobilityStation", station),
            vehicle_reserved=False,
            vehicle_disabled=False,
            remaining_charge=chance.whole(35, 98),
            last_reported_at=at("mon", "08:00"),
        )


def _use(story: Story) -> Iterator[Record]:
    chance = story.chance("shared use")
    for district, rentals, renters in USE:
        yield record(
            "SharedMobilityUse",
            district,
            operator=org("minato-transit"),
            area=area(district),
            period=period("mon", "end"),
            shared_vehicle_form="bicycle",
            **cell(
                renters,
                trips=rentals,
                average_trip_distance=chance.whole(1500, 2600),
                average_trip_duration=chance.whole(600, 1100),
            ),
        )
