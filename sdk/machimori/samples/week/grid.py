"""What the power company does for all: the call to save on Wednesday, the load of its lines, the outage."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, interval, org, record, ref, stamp
from machimori.samples.week.story import DECLINING, FEEDERS, JOINING, NIGHT, PEAK, Story
from machimori.samples.week.ward import HOUSEHOLDS, WARD_CODE, area, place

PROGRAMME = "summer-evening"
EVENT = "wed-evening"
REWARD = 20
"""Yen for a kilowatt-hour saved."""
OUT = sum(feeder.customers for feeder in FEEDERS.values() if feeder.fails)
SUPPLIES = (
    # facility, district, where in it, told when, power, why not
    ("honmachi-school", "honmachi", (0.7, 0.3), ("sat", "03:00"), True, None),
    ("midori-school", "midori", (0.4, 0.6), ("sat", "03:00"), True, None),
    ("welfare-hall", "yamate", (0.6, 0.2), ("sat", "03:00"), False, "引込線の断線"),
    ("welfare-hall", "yamate", (0.6, 0.2), ("sat", "14:30"), True, None),
)
OUTAGES = (
    # told when, state, households, ended at
    (("sat", "01:00"), "ongoing", OUT, None),
    (("sat", "09:00"), "partly_restored", FEEDERS["hama"].customers, None),
    (("sat", "14:30"), "restored", 0, at("sat", "14:10")),
)
NOTICES = (
    # kind, told when, lifted, margin expected, by
    ("preparation", ("mon", "18:00"), False, 4.6, "minato-power"),
    ("advisory", ("tue", "16:00"), False, 4.2, "meti"),
    ("advisory", ("wed", "21:00"), True, None, "meti"),
)
GAS_OUTAGES = (
    # told when, households, ended at
    (("sat", "08:00"), 86, None),
    (("sun", "17:00"), 0, at("sun", "16:20")),
)
CARBON = (("mon", "12:00", 312.0, False), ("wed", "18:00", 468.5, False), ("sat", "12:00", 355.0, True))


def records(story: Story) -> Iterator[Record]:
    """Demand response, feeders, the outage and the carbon intensity."""
    yield from _programme()
    yield from _notices()
    yield from _participation(story)
    yield from _feeder_loads(story)
    yield from _outages()
    yield from _supplies()
    yield from _gas_outages()
    yield from _carbon()


def _programme() -> Iterator[Record]:
    yield record(
        "DemandResponseProgramme",
        PROGRAMME,
        name="夏の夕方節電プログラム",
        name_en="Summer evening saving programme",
        description="需給が厳しい夏の夕方に節電した家庭に報酬を支払う。",
        operator=org("minato-power"),
        dr_programme_kind="incentive",
        dr_direction="decrease",
        dr_reward_rate=REWARD,
        period={"starts_at": at("2026-07-01", "00:00"), "ends_at": at("2026-10-01", "00:00")},
        area=area(),
    )
    yield record(
        "DemandResponseEvent",
        EVENT,
        dr_programme=ref("DemandResponseProgramme", PROGRAMME),
        name="8月19日夕方の節電のお願い",
        issued_at=at("tue", "16:00"),
        starts_at=at("wed", "18:00"),
        ends_at=at("wed", "19:00"),
        dr_direction="decrease",
        dr_event_status="completed",
        area=area(),
        signals=[
            {
                "type": "PowerLimitSignal",
                "starts_at": at("wed", "18:00"),
                "ends_at": at("wed", "19:00"),
                "flow_direction": "forward",
                "power_limit": 3000,
            }
        ],
    )


def _notices() -> Iterator[Record]:
    for kind, (day, time), lifted, margin, by in NOTICES:
        yield record(
            "SupplyDemandNotice",
            f"kansai-{stamp(day, time)}",
            grid_area="kansai",
            supply_demand_notice_kind=kind,
            supply_demand_notice_lifted=lifted,
            operator=org(by),
            issued_at=at(day, time),
            starts_at=None if lifted else at("wed", "17:00"),
            ends_at=None if lifted else at("wed", "20:00"),
            reserve_margin_outlook=margin,
            saving_request=None if lifted else "熱中症に注意しつつ、無理のない範囲で節電に協力してください。",
        )


def _participation(story: Story) -> Iterator[Record]:
    for home in story.households:
        if home.number not in JOINING + DECLINING:
            continue
        joins = home.number in JOINING
        usual, used = (
            sum(story.energy[home.number, day, time] for day, time in PEAK if day == which) for which in ("tue", "wed")
        )
        yield record(
            "DemandResponseParticipation",
            home.key,
            customer=ref("Customer", home.key),
            dr_event=ref("DemandResponseEvent", EVENT),
            dr_response="opt_in" if joins else "opt_out",
            **interval("wed", "18:00", 60),
            baseline_energy=usual / 1000 if joins else None,
            dr_measured_energy=used / 1000 if joins else None,
            dr_delivered_energy=(usual - used) / 1000 if joins else None,
            dr_reward=max(usual - used, 0) * REWARD // 1000 if joins else None,
            quality="measured",
        )


def _feeder_loads(story: Story) -> Iterator[Record]:
    chance = story.chance("feeders")
    for district, feeder in FEEDERS.items():
        shown = [home.number for home in story.households if home.district == district]
        for day, time in (*PEAK, NIGHT):
            down = feeder.fails and (day, time) == NIGHT
            homes = 0 if down else sum(story.energy[number, day, time] for number in shown)
            watts = 2 * homes * feeder.customers // len(shown) + (0 if down else 350 * chance.whole(90, 110) * 10)
            yield record(
                "FeederLoad",
                f"{district}-{stamp(day, time)}",
                feeder_code=feeder.code,
                substation_name="みなと変電所",
                grid_operator=org("minato-power"),
                area=area(district),
                **interval(day, time, 30),
                feeder_load=watts,
                feeder_capacity=6000000,
                **cell(feeder.customers, feeder_energy=watts / 2000),
                quality="measured",
            )


def _outages() -> Iterator[Record]:
    for (day, time), status, households, ended_at in OUTAGES:
        yield record(
            "PowerOutage",
            stamp(day, time),
            local_government_code=WARD_CODE,
            grid_operator=org("minato-power"),
            households_without_power=households,
            group_size=HOUSEHOLDS,
            power_outage_status=status,
            started_at=at("sat", "00:40"),
            ended_at=ended_at,
            power_outage_cause="台風の強風による倒木が配電線に接触したため",
            power_restoration_expected_at=None if ended_at else at("sat", "15:00"),
            issued_at=at(day, time),
            url="https://www.minato-power.example/teiden/",
        )


def _supplies() -> Iterator[Record]:
    """Which shelters have power: what the ward asks the company for, and no home's supply."""
    for facility, district, where, (day, time), powered, cause in SUPPLIES:
        yield record(
            "EnergizationState",
            f"{facility}-{stamp(day, time)}",
            facility=ref("Facility", facility),
            local_government_code=WARD_CODE,
            place=place(district, *where),
            grid_operator=org("minato-power"),
            observed_at=at(day, time),
            energised=powered,
            power_outage_cause=cause,
            power_restoration_expected_at=None if powered else at("sat", "15:00"),
        )


def _gas_outages() -> Iterator[Record]:
    for (day, time), households, ended_at in GAS_OUTAGES:
        yield record(
            "GasOutage",
            stamp(day, time),
            local_government_code=WARD_CODE,
            operator=org("minato-gas"),
            gas_kind="city_gas",
            households_without_gas=households,
            group_size=HOUSEHOLDS,
            started_at=at("sat", "04:30"),
            ended_at=ended_at,
            gas_outage_cause="浸水により浜町の低圧導管に水が入ったため",
            gas_restoration_expected_at=None if ended_at else at("sun", "18:00"),
            issued_at=at(day, time),
        )


def _carbon() -> Iterator[Record]:
    for day, time, intensity, forecast in CARBON:
        yield record(
            "GridCarbonIntensity",
            f"kansai-{stamp(day, time)}",
            grid_area="kansai",
            operator=org("minato-power"),
            **interval(day, time, 30),
            carbon_intensity=intensity,
            carbon_intensity_kind="average",
            carbon_intensity_forecast=forecast,
            issued_at=at("fri", "18:00") if forecast else at(day, time, 60),
        )
