"""Car parks, and the cars of residents that asked for it: one electric car can power a home in an outage."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, address, contact, place

SPACES = 180
KEEPER = "urn:machimori:vehicle-keeper:5120"
AVAILABILITY = (
    # day, time, state, spaces free
    ("mon", "10:00", "nearly_full", 12),
    ("wed", "10:00", "vacant", 64),
    ("fri", "19:00", "full", 0),
    ("sat", "02:00", "closed", 0),
    ("sun", "15:00", "vacant", 71),
)
DRIVES = (
    # day, time, where, km/h, percent left, wipers
    ("thu", "08:10", ("yamate", 0.4, 0.4), 34.0, 71.5, False),
    ("fri", "17:20", ("yamate", 0.2, 0.6), 22.0, 92.0, True),
    ("sat", "01:30", ("yamate", 0.4, 0.4), 0.0, 83.5, False),
)
PASSAGES = (
    ("港川 300 さ 12-34", "mon", "06:52:10"),
    ("港川 530 み 56-78", "mon", "06:52:31"),
    ("港川 300 さ 12-34", "mon", "17:03:44"),
)


def records(_: Story) -> Iterator[Record]:
    """The car park, a car, and passages at the gate of the wharf road, which takes a toll."""
    yield from _car_park()
    yield from _cars()
    yield from _passages()


def _car_park() -> Iterator[Record]:
    yield record(
        "ParkingFacility",
        "ward-office",
        name="みなと区役所駐車場",
        name_kana="ミナトクヤクショチュウシャジョウ",
        parking_kind="attached",
        parking_vehicles=["car", "motorcycle"],
        parking_spaces=SPACES,
        accessible_parking_spaces=6,
        local_government_code=WARD_CODE,
        address=address("chuo", 1, "1番1号"),
        place=place("chuo", 0.48, 0.38),
        facility=ref("Facility", "ward-office"),
        operator=org("minatogawa-city"),
        opening_hours="7:00から22:00まで",
        parking_charges=["first_minutes_free", "hourly"],
        parking_fee="30分まで無料、以後30分ごとに150円",
        parking_daily_maximum=1500,
        parking_payments=["cash", "transit_card"],
        contact_point=contact("総務課", 101),
    )
    for day, time, state, free in AVAILABILITY:
        yield record(
            "ParkingAvailability",
            f"ward-office-{stamp(day, time)}",
            parking_facility=ref("ParkingFacility", "ward-office"),
            observed_at=at(day, time),
            parking_state=state,
            available_spaces=free,
            parking_occupancy=None if state == "closed" else round(100 * (SPACES - free) / SPACES, 1),
            quality="measured",
        )


def _cars() -> Iterator[Record]:
    yield record(
        "Vehicle",
        "5120",
        vehicle_keeper=KEEPER,
        plate="港川 330 て 20-26",
        vehicle_category="ordinary",
        vehicle_use="private",
        manufacturer="みなと自動車株式会社",
        vehicle_model_name="ハーバー",
        first_registered_month="2024-11",
        vehicle_propulsion="electric",
        seating_capacity=5,
        traction_battery_capacity=62,
        external_power_supply=True,
    )
    for day, time, where, speed, left, wipers in DRIVES:
        yield record(
            "VehicleTelemetry",
            f"5120-{stamp(day, time)}",
            vehicle=ref("Vehicle", "5120"),
            vehicle_keeper=KEEPER,
            observed_at=at(day, time),
            place=place(*where),
            vehicle_speed=speed,
            vehicle_running=speed > 0,
            traction_battery_level=left,
            wipers_on=wipers,
        )


def _passages() -> Iterator[Record]:
    for number, (plate, day, time) in enumerate(PASSAGES, 1):
        yield record("VehiclePassage", f"{number}", plate=plate, place=place("futo", 0.6, 0.1), at=at(day, time))
