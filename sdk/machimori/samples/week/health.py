"""Health of the ward over weeks, beds in the storm, and one elderly resident who agreed to be watched over."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import DAYS, Record, at, cell, interval, org, period, record, ref, stamp
from machimori.samples.week.story import WATCHED, Story
from machimori.samples.week.ward import RESIDENTS, SITE, WARD_CODE, address, area, contact, place

WEEKS = (("2026-07-27", "2026-08-03"), ("2026-08-03", "2026-08-10"), ("2026-08-10", "2026-08-17"), ("mon", "end"))
SPECIAL_CARE_GROUP = 20
"""Statistics of special-care data need twice the usual group."""
INDICATORS = (
    # indicator, and per week: value and people behind it
    ("熱中症による救急搬送人員", ((31, 31), (28, 28), (17, 17), (52, 52))),
    ("定点当たり報告数（新型コロナウイルス感染症）", ((8.2, 164), (9.6, 192), (9.1, 182), (7.4, 148))),
)
WASTEWATER = ((41200, 182000000), (52800, 176000000), (49900, 190000000), (38600, 168000000))
BEDS = (
    # day, time, kind, beds, occupied, free, acceptance, power, water
    ("wed", "15:00", "general", 380, 341, 30, "accepting", "available", "available"),
    ("wed", "15:00", "intensive_care", 16, 13, 2, "accepting", "available", "available"),
    ("sat", "03:00", "general", 380, 362, 10, "limited", "limited", "available"),
    ("sat", "03:00", "intensive_care", 16, 15, 1, "limited", "limited", "available"),
)
SERVICES = (("home_visit_care", "2026-01-15"), ("equipment_rental", "2026-03-01"))
SIGNS = (
    # day, time, last sign, state, what was done
    ("mon", "09:00", ("mon", "08:30"), "as_usual", None),
    ("wed", "19:00", ("wed", "18:30"), "as_usual", None),
    ("sat", "09:00", ("sat", "00:30"), "no_sign", "visited"),
    ("sat", "09:40", ("sat", "09:40"), "as_usual", "safe"),
)


def records(story: Story) -> Iterator[Record]:
    """Indicators, wastewater, beds, vaccination; care and watch."""
    yield from _indicators()
    yield from _wastewater()
    yield from _testing()
    yield from _vaccination()
    yield from _beds()
    yield from _handset(story)
    yield from _care()
    yield from _watch()


def _indicators() -> Iterator[Record]:
    for number, (name, weeks) in enumerate(INDICATORS, 1):
        for (first, last), (value, people) in zip(WEEKS, weeks, strict=True):
            yield record(
                "AreaHealthIndicator",
                f"{number}-{DAYS.get(first, first)}",
                area=area(),
                period=period(first, last),
                indicator=name,
                indicator_basis="per_sentinel" if "定点" in name else "count",
                operator=org("minatogawa-city"),
                **cell(people, SPECIAL_CARE_GROUP, value=value),
            )


def _wastewater() -> Iterator[Record]:
    for (first, _), (virus, pepper) in zip(WEEKS, WASTEWATER, strict=True):
        yield record(
            "WastewaterSample",
            DAYS.get(first, first),
            facility=ref("Facility", "sewage"),
            local_government_code=WARD_CODE,
            **interval(first, "09:00", 24 * 60),
            sample_kind="composite",
            pathogen="sars_cov_2",
            issued_at=at(first, "15:00", 4 * 24 * 60),
            **cell(
                RESIDENTS,
                SPECIAL_CARE_GROUP,
                pathogen_detected=True,
                pathogen_concentration=virus,
                detection_limit=500,
                pmmov_concentration=pepper,
            ),
        )


def _testing() -> Iterator[Record]:
    yield record(
        "TestingSite",
        "health-centre",
        name="みなと区保健センター検査室",
        facility=ref("Facility", "ward-office"),
        local_government_code=WARD_CODE,
        address=address("chuo", 1, "1番1号"),
        place=place("chuo", 0.5, 0.4),
        contact_point=contact("保健センター", 400),
        operator=org("minatogawa-city"),
        opening_hours="平日 13:00から15:00まで",
        test_kinds=["nucleic_acid"],
        pathogens_tested=["sars_cov_2", "influenza_a"],
        appointment_required=True,
        anonymous_testing=False,
        test_fee=0,
        url=f"{SITE}/kensa/",
    )
    for first, tested, negative in (("2026-08-10", 214, 171), ("mon", 12, 9)):
        yield record(
            "TestingStatistics",
            DAYS.get(first, first),
            area=area(),
            period=period("2026-08-10", "2026-08-17") if first != "mon" else period("mon", "end"),
            pathogen="sars_cov_2",
            **cell(
                tested,
                SPECIAL_CARE_GROUP,
                tests_performed=tested,
                persons_tested=tested,
                negative_results=negative,
                positive_results=tested - negative,
            ),
        )


def _vaccination() -> Iterator[Record]:
    for vaccine, dose, target, eligible, vaccinated in (
        ("measles_rubella", 1, "生後12月から24月に至るまでの者", 842, 801),
        ("zoster", 1, "65歳の者", 1312, 466),
    ):
        yield record(
            "VaccinationCoverage",
            f"fy2025-{vaccine.replace('_', '-')}",
            area=area(),
            period=period("2025-04-01", "2026-04-01"),
            vaccine=vaccine,
            dose_number=dose,
            vaccination_target_group=target,
            **cell(
                eligible,
                SPECIAL_CARE_GROUP,
                persons_eligible=eligible,
                persons_vaccinated=vaccinated,
                vaccination_rate=round(100 * vaccinated / eligible, 1),
            ),
        )


def _beds() -> Iterator[Record]:
    for day, time, kind, total, occupied, free, acceptance, power, water in BEDS:
        yield record(
            "HospitalCapacity",
            f"{kind.replace('_', '-')}-{stamp(day, time)}",
            facility=ref("Facility", "hospital"),
            local_government_code=WARD_CODE,
            observed_at=at(day, time),
            bed_kind=kind,
            emergency_acceptance=acceptance,
            hospital_power=power,
            hospital_water=water,
            hospital_medical_gas="available",
            building_unsafe=False,
            surgery_possible=power == "available",
            dialysis_possible=True,
            **cell(occupied, SPECIAL_CARE_GROUP, beds_total=total, beds_occupied=occupied, beds_available=free),
        )


def _handset(story: Story) -> Iterator[Record]:
    """One contact as a handset keeps it, and no holder ever: rotating keys, no name, no place, gone after 14 days."""
    chance = story.chance("handset")
    sent, heard = ("".join(chance.pick("0123456789abcdef") for _ in range(32)) for _ in range(2))
    yield record(
        "ExposureContact",
        "handset-1",
        sent_key=sent,
        heard_key=heard,
        contact_on=DAYS["thu"],
        contact_duration=1200,
        signal_attenuation=52,
        key_published=False,
        erase_on="2026-09-03",
    )


def _care() -> Iterator[Record]:
    for number, (kind, since) in enumerate(SERVICES, 1):
        yield record(
            "CareService",
            f"{number}",
            care_recipient="urn:machimori:care-recipient:88",
            care_provider=org("mimamori-care"),
            local_government_code=WARD_CODE,
            care_service_kind=kind,
            care_level="care_1",
            care_started_on=since,
        )


def _watch() -> Iterator[Record]:
    """The firm knows the resident by the number that the power company gives it with each value: consent joins them."""
    for day, time, last, state, response in SIGNS:
        yield record(
            "WelfareWatch",
            stamp(day, time),
            watched_person=ref("Customer", f"power-{WATCHED:02}"),
            watch_consent=ref("ConsentRecord", "welfare-watch"),
            watching_organisation=org("mimamori-care"),
            watch_method="electricity" if response != "safe" else "visit",
            observed_at=at(day, time),
            last_sign_at=at(*last),
            watch_state=state,
            watch_response=response,
        )
