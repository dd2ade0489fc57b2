"""The city's own waterworks: customers under its own numbers, their use, and no water on Saturday."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, interval, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import HOUSEHOLDS, WARD_CODE, area, contact

WORKS = "minatogawa-water"
CUSTOMERS = tuple(f"water-{number:02}" for number in range(1, 13))
"""Not the numbers of the power company: nobody can join the two."""
SHOWN = (("wed", "07:00", 60, 160), ("sat", "07:00", 0, 0))
"""Hour by hour: a morning with, and one without water; litres from and to."""
OUTAGES = (
    # told when, kind, households, drinkable, ended at
    (("sat", "06:00"), "no_water", 2140, False, None),
    (("sat", "18:00"), "turbid_water", 310, False, None),
    (("sun", "12:00"), "turbid_water", 0, True, at("sun", "11:30")),
)


def records(story: Story) -> Iterator[Record]:
    """Customers, meters, use, and the outage."""
    yield from _customers()
    yield from _meters()
    yield from _water_use(story)
    yield from _outages()


def _customers() -> Iterator[Record]:
    for key in CUSTOMERS:
        yield record("Customer", key, customer_kind="household")


def _meters() -> Iterator[Record]:
    for number, key in enumerate(CUSTOMERS, 1):
        yield record(
            "WaterMeter",
            key,
            water_meter_kind="smart",
            meter_bore="bore_20",
            water_tap_number=f"04-{number:04}",
            water_use_category="domestic",
            serial_number=f"W-20-{number:06}",
            manufacturer="港川計測株式会社",
            installed_on="2024-03-12",
            verification_valid_until="2032-02-29",
            reading_interval="PT1H",
            customer=ref("Customer", key),
        )


def _water_use(story: Story) -> Iterator[Record]:
    chance = story.chance("water")
    for key in CUSTOMERS:
        for day, time, least, most in SHOWN:
            yield record(
                "WaterUse",
                f"{key}-{stamp(day, time)}",
                **interval(day, time, 60),
                volume=chance.whole(least, most) / 1000,
                quality="measured",
                customer=ref("Customer", key),
                meter=ref("WaterMeter", key),
            )


def _outages() -> Iterator[Record]:
    for (day, time), kind, households, drinkable, ended_at in OUTAGES:
        yield record(
            "WaterOutage",
            stamp(day, time),
            local_government_code=WARD_CODE,
            operator=org(WORKS),
            water_outage_kind=kind,
            water_outage_planned=False,
            water_outage_areas=None if ended_at else [area("hama"), area("shiomi")],
            households_without_water=households,
            group_size=HOUSEHOLDS,
            started_at=at("sat", "01:10"),
            ended_at=ended_at,
            water_outage_cause="停電による浜町ポンプ場の停止",
            water_restoration_expected_at=None if ended_at else at("sun", "12:00"),
            drinkable=drinkable,
            emergency_water_points=[ref("Facility", "honmachi-school")],
            contact_point=contact("水道局お客さまセンター", 300),
            issued_at=at(day, time),
        )
