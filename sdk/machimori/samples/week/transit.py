"""The bus of みなと交通 between 緑台 and the harbour, and how the typhoon stopped it."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import DAYS, Record, at, org, record, ref
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, place

OPERATOR = "minato-transit"
ROUTE = "midori-hama"
FARE = 230
STOPS = (
    # key, name, in kana, in English, code, district, where in it, minutes and metres from the start
    ("midori", "緑台三丁目", "ミドリダイサンチョウメ", "Midoridai 3-chome", "0101", "midori", (0.5, 0.5), 0, 0),
    ("honmachi", "本町小学校前", "ホンマチショウガッコウマエ", "Honmachi School", "0102", "honmachi", (0.7, 0.35), 9, 1400),
    ("chuo", "みなと中央駅", "ミナトチュウオウエキ", "Minato-Chuo Station", "0103", "chuo", (0.6, 0.69), 22, 3100),
    ("hama", "みなと公園", "ミナトコウエン", "Minato Park", "0104", "hama", (0.4, 0.72), 31, 4600),
)  # fmt: skip
TRIPS = (("midori-hama-0745", 7, 45), ("midori-hama-0800", 8, 0))
CARDS = 13
"""Riders of Monday morning whose fare is shown; a card is known to the operator alone."""
UPDATES = (
    # trip, day, time, relationship, delay in seconds
    ("midori-hama-0745", "mon", "07:56", "scheduled", 120),
    ("midori-hama-0800", "fri", "08:12", "scheduled", 540),
    ("midori-hama-0745", "sat", "06:00", "cancelled", None),
)


def records(story: Story) -> Iterator[Record]:
    """The operator, its line and the week on it."""
    yield from _operator()
    yield from _stops()
    yield from _route()
    yield from _updates()
    yield from _positions()
    yield from _alerts()
    yield from _fares(story)


def _operator() -> Iterator[Record]:
    yield record(
        "TransitOperator",
        OPERATOR,
        name="みなと交通",
        name_kana="ミナトコウツウ",
        name_en="Minato Transit",
        operator_official_name="みなと交通株式会社",
        gtfs_agency_id="6999901000002",
        corporate_number="6999901000002",
        operator=org(OPERATOR),
        url="https://www.minato-transit.example/",
    )


def _stops() -> Iterator[Record]:
    for key, name, kana, english, code, district, where, _, _ in STOPS:
        yield record(
            "TransitStop",
            key,
            name=name,
            name_kana=kana,
            name_en=english,
            place=place(district, *where),
            code=code,
            gtfs_stop_id=f"{code}_01",
            stop_kind="stop",
            wheelchair_boarding=True,
            operator=org(OPERATOR),
            local_government_code=WARD_CODE,
        )


def _route() -> Iterator[Record]:
    yield record(
        "TransitRoute",
        ROUTE,
        name="緑台・みなと公園線",
        route_short_name="21",
        transit_operator=ref("TransitOperator", OPERATOR),
        gtfs_route_id="21",
        transit_route_kind="bus",
        origin_stop_name=STOPS[0][1],
        destination_stop_name=STOPS[-1][1],
        timetable_revised_on="2026-04-01",
        flat_fare=FARE,
        route_colour="1F6FB2",
        route_text_colour="FFFFFF",
    )
    yield record(
        "TransitFare",
        ROUTE,
        transit_operator=ref("TransitOperator", OPERATOR),
        transit_route=ref("TransitRoute", ROUTE),
        gtfs_fare_id=f"F_{FARE}",
        adult_fare=FARE,
        fare_payment_timing="after_boarding",
        transfers_included=0,
    )
    yield record(
        "TransitTransfer",
        "chuo-hama",
        transfer_from_stop=ref("TransitStop", "chuo"),
        transfer_to_stop=ref("TransitStop", "hama"),
        transfer_kind="minimum_time",
        minimum_transfer_time=600,
    )
    for key, hour, minute in TRIPS:
        yield record(
            "TransitTrip",
            key,
            transit_route=ref("TransitRoute", ROUTE),
            gtfs_trip_id=key,
            gtfs_service_id="monday-to-saturday",
            service_weekdays=["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
            service_starts_on="2026-04-01",
            service_ends_on="2027-03-31",
            trip_headsign=STOPS[-1][1],
            trip_direction="outbound",
            wheelchair_accessible=True,
            stop_times=[
                {
                    "stop_sequence": sequence,
                    "transit_stop": ref("TransitStop", stop[0]),
                    "arrival_time": _time(hour, minute + stop[-2]),
                    "departure_time": _time(hour, minute + stop[-2]),
                    "distance_along_trip": stop[-1],
                }
                for sequence, stop in enumerate(STOPS, 1)
            ],
        )


def _time(hour: int, minute: int) -> str:
    return f"{hour + minute // 60:02}:{minute % 60:02}:00"


def _updates() -> Iterator[Record]:
    for trip, day, time, relationship, delay in UPDATES:
        yield record(
            "TransitTripUpdate",
            f"{trip}-{day}",
            transit_trip=ref("TransitTrip", trip),
            service_date=DAYS[day],
            observed_at=at(day, time),
            trip_relationship=relationship,
            schedule_delay=delay,
            stop_time_updates=None
            if delay is None
            else [{"stop_sequence": 2, "transit_stop": ref("TransitStop", "honmachi"), "arrival_delay": delay}],
        )


def _positions() -> Iterator[Record]:
    for day, time, north, occupancy in (
        ("mon", "07:50", 0.3, "standing_room_only"),
        ("thu", "07:52", 0.2, "few_seats_available"),
    ):
        yield record(
            "VehiclePosition",
            f"bus-12-{day}",
            transit_trip=ref("TransitTrip", "midori-hama-0745"),
            transit_route=ref("TransitRoute", ROUTE),
            service_date=DAYS[day],
            transit_vehicle_id="12",
            place=place("midori", north, 0.5),
            vehicle_speed=28,
            observed_at=at(day, time),
            stop_sequence=2,
            transit_stop=ref("TransitStop", "honmachi"),
            vehicle_stop_status="in_transit_to",
            occupancy_status=occupancy,
        )


def _alerts() -> Iterator[Record]:
    yield record(
        "ServiceAlert",
        "typhoon",
        alert_headline="台風接近に伴う計画運休",
        description="21日16時以降の便及び22日の午前の便を運休する。",
        alert_operators=[ref("TransitOperator", OPERATOR)],
        alert_routes=[ref("TransitRoute", ROUTE)],
        service_alert_cause="weather",
        service_alert_effect="no_service",
        service_alert_severity="severe",
        starts_at=at("fri", "16:00"),
        ends_at=at("sat", "12:00"),
        issued_at=at("thu", "18:00"),
    )


def _fares(story: Story) -> Iterator[Record]:
    chance = story.chance("fares")
    for number in range(1, CARDS + 1):
        exit_stop = "chuo" if number < CARDS else "hama"
        yield record(
            "FareTransaction",
            f"mon-{number:02}",
            card=f"urn:machimori:card:{chance.whole(100, 999)}{number:02}",
            entry_stop=ref("TransitStop", "midori"),
            exit_stop=ref("TransitStop", exit_stop),
            at=at("mon", "08:07", chance.whole(0, 9)),
            fare=FARE,
        )
