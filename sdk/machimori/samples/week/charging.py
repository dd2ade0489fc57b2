"""A charging station at the ward office, full before the storm."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, record, ref
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, address, contact, place

STATION = "ward-office"
POINTS = (
    # number, status, standard, kind of power, volts, amperes
    (1, "available", "chademo", "dc", 450, 110),
    (2, "charging", "iec_62196_t1", "ac_single_phase", 200, 30),
    (3, "out_of_order", "iec_62196_t1", "ac_single_phase", 200, 30),
)
SESSIONS = (
    # member, point, day, started, minutes, kWh, from percent, to percent
    ("3071", 1, "mon", "18:10", 30, 21.4, 22, 78),
    ("3102", 2, "tue", "09:05", 210, 18.2, 35, 83),
    ("3071", 1, "thu", "16:40", 32, 24.8, 18, 82),
    ("3188", 1, "thu", "17:30", 35, 27.1, 12, 85),
    ("3240", 1, "fri", "10:20", 28, 19.6, 41, 90),
    ("3102", 2, "fri", "09:10", 190, 16.9, 44, 88),
)
YEN_PER_MINUTE = {1: 44, 2: 4}


def records(_: Story) -> Iterator[Record]:
    """The station, its points and connectors, and the sessions."""
    yield from _station()
    yield from _points()
    yield from _sessions()


def _station() -> Iterator[Record]:
    yield record(
        "ChargingStation",
        STATION,
        name="みなと区役所駐車場 充電ステーション",
        local_government_code=WARD_CODE,
        address=address("chuo", 1, "1番1号"),
        place=place("chuo", 0.48, 0.38),
        operator=org("minato-charge"),
        charging_network="みなとチャージ",
        charging_location_id="MNC-0101",
        facility=ref("Facility", "ward-office"),
        building=ref("Building", "ward-office"),
        opening_hours="終日",
        contact_point=contact("みなとチャージ コールセンター", 701),
        charging_site_kind="parking_lot",
        publicly_listed=True,
        charging_capacity=len(POINTS),
        available_charging_capacity=1,
        connector_count=len(POINTS),
        charging_fee="急速は1分44円、普通は1分4円（税込）。",
        charging_updated_at=at("fri", "10:00"),
    )


def _points() -> Iterator[Record]:
    for number, status, standard, power_type, volts, amperes in POINTS:
        key = f"{STATION}-{number}"
        yield record(
            "ChargingPoint",
            key,
            charging_station=ref("ChargingStation", STATION),
            evse_uid=f"{4200 + number}",
            evse_id=f"JP*MNC*E0101000{number}",
            charging_point_status=status,
            charging_point_label=f"{number}番",
            charging_capabilities=["rfid_reader", "remote_start_stop"],
            discharging_supported=standard == "chademo",
            charging_updated_at=at("fri", "10:00"),
        )
        yield record(
            "Connector",
            key,
            charging_point=ref("ChargingPoint", key),
            connector_number="1",
            connector_standard=standard,
            connector_format="cable",
            charging_power_type=power_type,
            connector_voltage=volts,
            connector_amperage=amperes,
            connector_power=volts * amperes,
        )


def _sessions() -> Iterator[Record]:
    for number, (member, point, day, started, minutes, energy, before, after) in enumerate(SESSIONS, 1):
        yield record(
            "ChargingSession",
            f"{number}",
            charging_user=f"urn:machimori:member:{member}",
            charging_station=ref("ChargingStation", STATION),
            charging_point=ref("ChargingPoint", f"{STATION}-{point}"),
            connector=ref("Connector", f"{STATION}-{point}"),
            started_at=at(day, started),
            ended_at=at(day, started, minutes),
            charged_energy=energy,
            charge_level_at_start=before,
            charge_level_at_end=after,
            charging_cost=minutes * YEN_PER_MINUTE[point],
            charging_session_status="completed",
        )
