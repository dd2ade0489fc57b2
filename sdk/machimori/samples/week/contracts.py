"""What customers have signed and pay: panels that sell, saving on request, and the bills of the month."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.energy import GAS_CUSTOMERS
from machimori.samples.week.grid import PROGRAMME
from machimori.samples.week.making import Record, org, period, record, ref
from machimori.samples.week.story import DECLINING, JOINING, SOLAR, Story
from machimori.samples.week.water import CUSTOMERS

YEAR = 2026
LAST_MONTH = ("2026-07-10", "2026-08-10")
BILLED = (1, 2, 3)
"""The households whose electricity bills are shown."""


def records(story: Story) -> Iterator[Record]:
    """Feed-in contracts, enrolments and bills."""
    yield from _feed_in()
    yield from _enrolments()
    yield from _bills(story)


def _feed_in() -> Iterator[Record]:
    for number, rated in SOLAR.items():
        key, since = f"power-{number:02}", 2014 + number % 11
        ended = since + 10 < YEAR
        yield record(
            "FeedInContract",
            key,
            customer=ref("Customer", key),
            supply_point=ref("SupplyPoint", key),
            support_scheme="after_fit" if ended else "fit",
            certified_facility_id=None if ended else f"A{number:05}AB28",
            receiving_point_number=f"06{900000 + number:020}",
            rated_generation_power=round(1000 * rated),
            procurement_price=8.5 if ended else 24,
            feed_in_started_on=f"{since}-06-02",
            feed_in_ends_on=None if ended else f"{since + 10}-06-01",
            electricity_buyer=org("minato-power"),
        )


def _enrolments() -> Iterator[Record]:
    for number in JOINING + DECLINING:
        key = f"power-{number:02}"
        yield record(
            "DemandResponseEnrolment",
            key,
            customer=ref("Customer", key),
            dr_programme=ref("DemandResponseProgramme", PROGRAMME),
            supply_point=ref("SupplyPoint", key),
            enrolled_on="2026-06-20",
            automatic_control=number % 4 == 0,
        )


def _bills(story: Story) -> Iterator[Record]:
    chance = story.chance("bills")
    for number in BILLED:
        energy = chance.whole(190, 420)
        yield _bill(f"power-{number:02}", "electricity", 31 * energy + 1640, billed_energy=energy)
    for key in GAS_CUSTOMERS:
        volume = chance.whole(9, 24)
        yield _bill(key, "gas", 182 * volume + 1090, billed_gas_volume=volume)
    for key in CUSTOMERS[:3]:
        volume = chance.whole(14, 27)
        yield _bill(key, "water", 96 * volume + 880, billed_water_volume=volume)


def _bill(key: str, service: str, yen: int, **used: int) -> Record:
    return record(
        "Bill",
        f"{key}-202608",
        customer=ref("Customer", key),
        billed_service=service,
        period=period(*LAST_MONTH),
        amount_billed=yen,
        bill_issued_on="2026-08-12",
        payment_due_on="2026-09-11",
        **used,
    )
