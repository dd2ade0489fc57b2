"""What a decision reads: holdings, consents, agreements, orders, a demand; and two requests and a query.

Documents stand here unsigned, as what would be signed. Whoever plays the holder makes keys and signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from machimori.samples.week.making import Record, at, org, period, record, ref
from machimori.samples.week.story import WATCHED, Story
from machimori.samples.week.telecom import IN_DANGER
from machimori.samples.week.ward import SITE, WARD_CODE, area

KINDS = {
    "minatogawa-city": "municipality",
    "minatogawa-fire": "emergency_service",
    "minatogawa-water": "municipality",
    "minatogawa-university": "research_institution",
    "minato-power": "company",
    "minato-transit": "company",
    "minato-telecom": "company",
    "mimamori-care": "company",
    "meti": "national_government",
}
"""What an organisation is when it asks."""
HOLDINGS = (
    # holder, whom it knows
    ("minato-power", ("minatogawa-city", "mimamori-care", "minatogawa-university", "minatogawa-fire", "meti")),
    ("minato-transit", ("minatogawa-city", "minatogawa-university")),
    ("minato-telecom", ("minatogawa-city", "minatogawa-fire")),
    ("mimamori-care", ("minatogawa-city", "minato-power")),
    ("minatogawa-city", ("minatogawa-fire",)),
    ("minatogawa-water", ("minatogawa-university",)),
)
WATCHED_CUSTOMER = ref("Customer", f"power-{WATCHED:02}")
HALF_HOURS = ["ElectricityUse.energy", "ElectricityUse.interval_start"]
ENDS = ["Trip.origin", "Trip.destination"]
CONSENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "welfare-watch",
        {
            "subject": WATCHED_CUSTOMER,
            "controller": org("minato-power"),
            "recipient": org("mimamori-care"),
            "purposes": ["welfare_watch"],
            "fields": HALF_HOURS,
            "given_at": at("2026-04-02", "10:00"),
            "expires_at": at("2027-04-02", "00:00"),
            "countries": ["JP"],
            "joined_as_personal_data": True,
        },
    ),
    (
        "research-withdrawn",
        {
            "subject": "urn:machimori:traveller:commuters-03",
            "controller": org("minato-transit"),
            "recipient": org("minatogawa-university"),
            "purposes": ["research"],
            "fields": ENDS,
            "given_at": at("2026-05-11", "19:30"),
            "expires_at": at("2027-05-11", "00:00"),
            "withdrawn_at": at("tue", "21:12"),
            "countries": ["JP"],
            "joined_as_personal_data": False,
        },
    ),
)
AGREEMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "support-list",
        {
            "kind": "statutory_sharing",
            "parties": [org("minatogawa-city"), org("minatogawa-fire")],
            "purposes": ["disaster_response", "rescue"],
            "fields": ["SupportNeed.person", "SupportNeed.home", "SupportNeed.condition"],
            "statute": "災害対策基本法第49条の11第2項及び第3項",
            "published_at": f"{SITE}/bosai/meibo",
        },
    ),
    (
        "load-calculation",
        {
            "kind": "processing",
            "parties": [org("minato-power"), org("minatogawa-university")],
            "purposes": ["demand_response"],
            "fields": HALF_HOURS,
        },
    ),
    (
        "daughter",
        {
            "kind": "mandate",
            "parties": [org("minato-power"), "urn:machimori:person:daughter-of-power-31"],
            "purposes": ["resident_access"],
            "fields": HALF_HOURS,
            "subject": WATCHED_CUSTOMER,
        },
    ),
)


def _party(key: str) -> dict[str, str]:
    """An organisation as the one who asks, holds or orders."""
    return {"id": org(key), "kind": KINDS[key], "country": "JP"}


def records(_: Story) -> Iterator[Record]:
    """The documents, then the requests."""
    yield from _holdings()
    yield from _consents()
    yield from _agreements()
    yield from _orders()
    yield from _requests()


def _holdings() -> Iterator[Record]:
    for holder, known in HOLDINGS:
        yield record(
            "Holding",
            holder,
            holder=_party(holder),
            collector=_party(holder),
            parties=[_party(key) for key in known],
        )


def _consents() -> Iterator[Record]:
    for key, terms in CONSENTS:
        yield record("ConsentRecord", key, **terms)


def _agreements() -> Iterator[Record]:
    for key, terms in AGREEMENTS:
        yield record("Agreement", key, **period("2026-04-01", "2029-04-01"), **terms)


def _orders() -> Iterator[Record]:
    yield record(
        "EmergencyOrder",
        "typhoon",
        authority=_party("minatogawa-city"),
        legal_basis="災害対策基本法第51条第1項",
        area=[WARD_CODE],
        purposes=["disaster_response"],
        fields=[*ENDS, "Trip.started_at"],
        starts_at=at("fri", "15:00"),
        ends_at=at("end", "00:00"),
        published_at=f"{SITE}/orders/2026-08-21",
        reason="台風の接近に伴い、避難する人の流れを統計により把握するため。",
    )
    yield record(
        "RescueOrder",
        "119-0821-07",
        subject=ref("Subscriber", IN_DANGER),
        authority=_party("minatogawa-fire"),
        fields=["LastKnownLocation.place", "LastKnownLocation.at"],
        starts_at=at("fri", "21:10"),
        ends_at=at("sat", "21:00"),
        countersigned_by=[org("minatogawa-city"), org("minatogawa-audit")],
    )
    yield record(
        "LawfulDemand",
        "power-outage",
        statute="電気事業法第34条第1項",
        issued_by=org("meti"),
        recipient=_party("minatogawa-city"),
        area=[WARD_CODE],
        purposes=["disaster_response"],
        fields=["ElectricityUse.energy"],
        starts_at=at("sat", "02:00"),
        ends_at=at("end", "00:00"),
        published_at="https://example.jp/demands/2026-08-22",
    )


def _requests() -> Iterator[Record]:
    yield record(
        "DisclosureRequest",
        "city-planning",
        at=at("mon", "09:00"),
        requester=_party("minatogawa-city"),
        role="third_party",
        purpose="city_planning",
        form="statistics",
        entity="ElectricityUse",
        fields=["energy", "interval_start"],
    )
    yield record(
        "DisclosureRequest",
        "rescue",
        at=at("fri", "21:15"),
        requester=_party("minatogawa-fire"),
        role="third_party",
        purpose="rescue",
        form="identified",
        entity="LastKnownLocation",
        fields=["place", "at"],
        subject=ref("Subscriber", IN_DANGER),
        order=ref("RescueOrder", "119-0821-07"),
    )
    yield record(
        "StatisticsQuery",
        "evening-load",
        entity="ElectricityUse",
        measures=[{"aggregate_function": "sum", "field": "energy"}, {"aggregate_function": "subjects"}],
        group_by=[{"field": "interval_start", "granularity": {"time_step": "PT30M"}}],
        period=period("mon", "end"),
        area=area(),
    )
