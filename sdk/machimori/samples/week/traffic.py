"""The road along the harbour: flow, travel time, people on foot, a closed bridge, one accident."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, interval, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, area, line, place

SEGMENTS = (
    # key, name, kind, route, from, to, metres, lanes, speed limit
    ("honmachi-dori", "本町通", "municipal_road", "本町線", ("honmachi", 0.5, 0.1), ("honmachi", 0.5, 0.9), 915.2, 2, 40),
    ("minatogawa-bridge", "港川橋", "prefectural_road", "21", ("honmachi", 0.1, 0.8), ("hama", 0.9, 0.8), 231.0, 2, 40),
)  # fmt: skip
FLOWS = (
    # day, time, vehicles in five minutes, km/h
    ("mon", "08:00", 96, 24.8),
    ("wed", "08:00", 91, 26.1),
    ("fri", "16:00", 118, 15.3),
    ("sat", "03:00", 2, 31.0),
    ("sun", "14:00", 74, 33.6),
)
FREE_FLOW = 82.4
TRAVEL_TIMES = (
    # day, time, seconds, degree, vehicles behind it
    ("mon", "08:00", 132.6, "crowded", 61),
    ("wed", "08:00", 126.2, "crowded", 57),
    ("fri", "16:00", 215.4, "congested", 84),
    ("sat", "03:00", None, None, 2),
)
WALKERS = (("tue", "12:00", 642), ("thu", "18:00", 1180), ("sat", "02:00", 3))


def records(_: Story) -> Iterator[Record]:
    """Roads and what is counted on them."""
    yield from _segments()
    yield from _flows()
    yield from _travel_times()
    yield from _walkers()
    yield from _restrictions()
    yield from _accidents()


def _segments() -> Iterator[Record]:
    for number, (key, name, kind, route, start, end, length, lanes, limit) in enumerate(SEGMENTS, 451):
        yield record(
            "RoadSegment",
            key,
            name=name,
            road_kind=kind,
            route_number=route,
            road_link_number=f"523501-{number:04}",
            local_government_code=WARD_CODE,
            geometry=line(start, end),
            segment_length=length,
            lane_count=lanes,
            speed_limit=limit,
            one_way=False,
            travel_direction="both",
            road_administrator=org("minatogawa-city"),
        )


def _flows() -> Iterator[Record]:
    for day, time, vehicles, speed in FLOWS:
        yield record(
            "TrafficFlow",
            f"1102-{stamp(day, time)}",
            road_segment=ref("RoadSegment", "honmachi-dori"),
            measurement_point_number="1102",
            measurement_point_name="本町交差点西",
            place=place("honmachi", 0.5, 0.6),
            travel_direction="down",
            vehicle_class="all",
            **interval(day, time, 5),
            vehicle_count=vehicles,
            average_speed=speed,
            congested=speed < 20,
            quality="measured",
            device=ref("Device", "detector-1102"),
        )


def _travel_times() -> Iterator[Record]:
    for day, time, seconds, degree, vehicles in TRAVEL_TIMES:
        yield record(
            "TravelTime",
            f"honmachi-dori-{stamp(day, time)}",
            road_segment=ref("RoadSegment", "honmachi-dori"),
            travel_direction="down",
            **interval(day, time, 15),
            travel_time_source="probes",
            free_flow_travel_time=FREE_FLOW,
            **cell(vehicles, travel_time=seconds, congestion_degree=degree),
            quality="measured",
        )


def _walkers() -> Iterator[Record]:
    for day, time, people in WALKERS:
        yield record(
            "PedestrianFlow",
            f"station-{stamp(day, time)}",
            measurement_point_number="P-01",
            measurement_point_name="みなと中央駅前",
            place=place("chuo", 0.58, 0.68),
            **interval(day, time, 60),
            **cell(people, people_count=people),
            quality="measured",
            device=ref("Device", "people-counter-1"),
        )


def _restrictions() -> Iterator[Record]:
    for number, (issued, status) in enumerate(((("fri", "20:30"), "in_force"), (("sat", "09:30"), "lifted")), 1):
        yield record(
            "RoadRestriction",
            f"minatogawa-bridge-{number}",
            name="県道21号 港川橋",
            route_number="21",
            road_kind="prefectural_road",
            road_segment=ref("RoadSegment", "minatogawa-bridge"),
            local_government_code=WARD_CODE,
            travel_direction="both",
            restriction_kind="closed",
            restriction_cause="flooding",
            restriction_status=status,
            emergency_vehicles_pass=False,
            starts_at=at("fri", "20:30"),
            ends_at=at("sat", "09:30") if status == "lifted" else None,
            issued_at=at(*issued),
            restriction_authority=org("minatogawa-city"),
            detour="中央大橋へ迂回",
        )


def _accidents() -> Iterator[Record]:
    yield record(
        "TrafficAccident",
        "fri-1",
        at=at("fri", "16:40"),
        area=area("honmachi"),
        road_kind="municipal_road",
        speed_limit=40,
        accident_kind="vehicles",
        accident_severity="damage_only",
        accident_parties=["passenger_car", "freight_vehicle"],
        daylight="day",
        accident_weather="rain",
        road_surface="wet",
        road_shape="junction",
        traffic_signal="lit",
    )
