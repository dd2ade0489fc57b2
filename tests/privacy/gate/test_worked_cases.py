"""The worked cases of the specification: who asks for what, what they get, and by which rule."""

from __future__ import annotations

from typing import Any

import pytest
from tests.privacy.gate.world import (
    AT,
    CHILD,
    NEIGHBOUR,
    NOTICE,
    PARENT,
    PERSON,
    agreement,
    consent,
    demand,
    emergency,
    gate,
    holding,
    org,
    request,
    rescue,
    tokens,
    warrant,
)

from machimori.privacy.gate import Gate

ENERGY = ["ElectricityUse.energy", "ElectricityUse.interval_start"]
METER = {"fields": ["energy", "interval_start"], "subject": PERSON}
WATCH = {"lines": tokens(consent(ENERGY))}
TRIPS = ["Trip.origin", "Trip.destination"]
FLOW = {"fields": ["origin", "destination"]}
SUPPORT = ["SupportNeed.name", "SupportNeed.home", "SupportNeed.condition"]
NEED = {"fields": ["name", "home", "condition"]}
EARLY = {"starts_at": "2026-05-01T00:00:00+09:00", "ends_at": "2026-05-08T00:00:00+09:00"}

CASES: list[Any] = [
    ("anyone: bus stops", request("urn:machimori:anyone", "TransitStop", "research"), {}, {}, "identified", "open-data"),
    ("a resident: own trips", request(PERSON, "Trip", "resident_access", role="data_subject", subject=PERSON), {"holder": "railway"}, {}, "identified", "own-data"),
    ("a resident: the neighbour's trips", request(PERSON, "Trip", "resident_access", role="data_subject", subject=NEIGHBOUR), {"holder": "railway"}, {}, "deny", "not-own-data"),
    ("the supplier: its customer's bill", request("power", "ElectricityUse", "billing", role="own_service", **METER), {}, {}, "identified", "own-service"),
    ("a parent with a mandate: the child's trips", request(PARENT, "Trip", "resident_access", role="data_subject", subject=CHILD, **FLOW), {"holder": "railway", "agreements": [agreement("mandate", [org("railway"), PARENT], ["resident_access"], TRIPS, subject=CHILD)]}, {}, "identified", "own-data"),
    ("a care firm with consent", request("care", "ElectricityUse", "welfare_watch", **METER), WATCH, {}, "identified", "consent"),
    ("the same for marketing", request("care", "ElectricityUse", "marketing", **METER), {"lines": tokens(consent(ENERGY, purposes=["marketing"]))}, {}, "deny", "purpose-not-allowed"),
    ("the same, withdrawn", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY, withdrawn_at="2026-03-31T00:00:00+09:00"))}, {}, "deny", "consent-withdrawn"),
    ("the same, withdrawn by a second record", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY)) + tokens(consent(ENERGY, withdrawn_at="2026-03-31T00:00:00+09:00"))}, {}, "deny", "consent-withdrawn"),
    ("the same, not given yet", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY, given_at="2026-05-01T00:00:00+09:00"))}, {}, "deny", "consent-not-yet"),
    ("the same, expired", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY, expires_at="2026-03-02T00:00:00+09:00"))}, {}, "deny", "consent-expired"),
    ("the same, an expired token", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY), exp=1_700_000_000)}, {}, "deny", "consent-expired"),
    ("the same, a token for another holder", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY), aud=org("railway"))}, {}, "deny", "consent-unverifiable"),
    ("the same, signed by the neighbour", request("care", "ElectricityUse", "welfare_watch", **METER), {"lines": tokens(consent(ENERGY), [NEIGHBOUR])}, {}, "deny", "consent-unverifiable"),
    ("the same, another field", request("care", "ElectricityUse", "welfare_watch", fields=["quality"], subject=PERSON), WATCH, {}, "deny", "consent-scope"),
    ("the same, no consent", request("care", "ElectricityUse", "welfare_watch", **METER), {}, {}, "deny", "no-consent"),
    ("the same, pseudonymised, no consent", request("care", "ElectricityUse", "welfare_watch", "pseudonymised", **METER), {}, {}, "deny", "pseudonymised-not-to-third-parties"),
    ("a US partner, consent without a country", request("partner", "ElectricityUse", "energy_saving", **METER), {"lines": tokens(consent(ENERGY, recipient=org("partner"), purposes=["energy_saving"], countries=["JP"]))}, {}, "deny", "foreign-transfer"),
    ("a US partner, consent with its country", request("partner", "ElectricityUse", "energy_saving", **METER), {"lines": tokens(consent(ENERGY, recipient=org("partner"), purposes=["energy_saving"], countries=["US"]))}, {}, "identified", "consent"),
    ("the operator's lab: pseudonymised", request("railway", "Trip", "research", "pseudonymised", role="own_service"), {"holder": "railway"}, {}, "pseudonymised", "pseudonymised-internal"),
    ("a university: anonymised", request("university", "Trip", "research", "anonymised", **FLOW), {"holder": "railway"}, {"k": 50}, "anonymised", "anonymised"),
    ("a city: flows", request("city", "Trip", "city_planning", "statistics", **FLOW), {"holder": "railway"}, {"k": 50}, "statistics", "statistics"),
    ("the same, k = 4", request("city", "Trip", "city_planning", "statistics", **FLOW), {"holder": "railway"}, {"k": 4}, "deny", "below-minimum-group"),
    ("the same, budget spent", request("city", "Trip", "city_planning", "statistics", epsilon=0.5, **FLOW), {"holder": "railway"}, {"k": 50, "budget": 0}, "deny", "budget-spent"),
    ("a city: public health in peacetime", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway"}, {"k": 50}, "deny", "purpose-not-allowed"),
    ("the same under an order", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(TRIPS))}, {"k": 50}, "statistics", "emergency-statistics"),
    ("an order does not lower the group", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(TRIPS))}, {"k": 9}, "deny", "below-minimum-group"),
    ("a city in an emergency: named trips", request("city", "Trip", "public_health"), {"holder": "railway", "lines": tokens(emergency(TRIPS))}, {"k": 50}, "deny", "no-bulk-trace"),
    ("an order of 10,000 hours", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(TRIPS, ends_at="2027-05-20T00:00:00+09:00"))}, {"k": 50}, "deny", "order-too-long"),
    ("an order not begun", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(TRIPS, **EARLY))}, {"k": 50}, "deny", "order-not-in-force"),
    ("an order not published", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens({k: v for k, v in emergency(TRIPS).items() if k != "published_at"})}, {"k": 50}, "deny", "order-unpublished"),
    ("an order signed by a resident", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(TRIPS), [PERSON])}, {"k": 50}, "deny", "order-unsigned"),
    ("an order for other fields", request("city", "Trip", "public_health", "statistics", **FLOW), {"holder": "railway", "lines": tokens(emergency(["Trip.mode"]))}, {"k": 50}, "deny", "order-scope"),
    ("fire service, rescue order", request("fire", "LastKnownLocation", "rescue", fields=["place", "at"], subject=PERSON), {"holder": "telecom", "lines": tokens(rescue(["LastKnownLocation.place", "LastKnownLocation.at"]))}, {}, "identified", "rescue-order"),
    ("a rescue order with one countersignature", request("fire", "LastKnownLocation", "rescue", fields=["place", "at"], subject=PERSON), {"holder": "telecom", "lines": tokens(rescue(["LastKnownLocation.place", "LastKnownLocation.at"]), ["fire", "doctor"])}, {}, "deny", "order-unsigned"),
    ("a rescue order for another person", request("fire", "LastKnownLocation", "rescue", fields=["place"], subject=NEIGHBOUR), {"holder": "telecom", "lines": tokens(rescue(["LastKnownLocation.place"]))}, {}, "deny", "order-scope"),
    ("a rescue order of two days", request("fire", "LastKnownLocation", "rescue", fields=["place"], subject=PERSON), {"holder": "telecom", "lines": tokens(rescue(["LastKnownLocation.place"], ends_at="2026-04-03T08:00:00+09:00"))}, {}, "deny", "order-too-long"),
    ("fire service, live, rescue order", request("fire", "LastKnownLocation", "rescue", fields=["place", "at"], subject=PERSON, live=True), {"holder": "telecom", "lines": tokens(rescue(["LastKnownLocation.place", "LastKnownLocation.at"]))}, {}, "identified", "rescue-order"),
    ("police, warrant", request("police", "FareTransaction", "law_enforcement", fields=["entry_stop"], subject=PERSON), {"holder": "railway", "lines": tokens(warrant(["FareTransaction.entry_stop"]))}, {}, "identified", "warrant"),
    ("police, no warrant", request("police", "FareTransaction", "law_enforcement", fields=["entry_stop"], subject=PERSON), {"holder": "railway"}, {}, "deny", "enquiry-not-enforceable"),
    ("police, warrant, a field of another kind", request("police", "Trip", "law_enforcement", fields=["origin"], subject=PERSON), {"holder": "railway", "lines": tokens(warrant(["Trip.origin"]))}, {}, "deny", "refer-to-counsel"),
    ("a city: live face match", request("city", "AccessCredential", "maintenance_and_safety", fields=["face_template"], live=True), {}, {}, "deny", "no-live-tracking"),
    ("a city: a face of one person", request("city", "AccessCredential", "service_provision", fields=["face_template"], subject=PERSON), {}, {}, "deny", "biometric-match"),
    ("a company: a face of one person, no consent", request("power", "AccessCredential", "service_provision", fields=["face_template"], subject=PERSON, role="own_service"), {}, {}, "deny", "biometric-match"),
    ("a company: a face of one person, consent", request("power", "AccessCredential", "service_provision", fields=["face_template"], subject=PERSON, role="own_service"), {"lines": tokens(consent(["AccessCredential.face_template"], recipient=org("power"), purposes=["service_provision"]))}, {}, "identified", "own-service"),
    ("a city: all plates past a point", request("city", "VehiclePassage", "maintenance_and_safety"), {}, {}, "deny", "no-bulk-trace"),
    ("resident score, as statistics", request("city", "ElectricityUse", "person_scoring", "statistics", fields=["energy"]), {}, {"k": 50}, "deny", "forbidden-purpose"),
    ("a vendor field nobody classified", request("care", "ElectricityUse", "welfare_watch", fields=["energy", "mood"], subject=PERSON), WATCH, {}, "deny", "unclassified-field"),
    ("a city's waterworks: bills", request("city", "WaterUse", "billing", role="own_service"), {"holder": "city"}, {}, "identified", "own-task"),
    ("a city: a company's meter as own service, one person", request("city", "ElectricityUse", "city_planning", role="own_service", **METER), {}, {}, "deny", "public-body-needs-individual-order"),
    ("the same, nobody named", request("city", "ElectricityUse", "city_planning", role="own_service", fields=["energy"]), {}, {}, "deny", "no-bulk-trace"),
    ("a city that writes company", {**request("city", "ElectricityUse", "city_planning", **METER), "requester": {"id": org("city"), "kind": "company", "country": "JP"}}, {}, {}, "deny", "requester-unverified"),
    ("police as processor", request("police", "ElectricityUse", "service_provision", "pseudonymised", role="processor", **METER), {}, {}, "deny", "public-body-needs-individual-order"),
    ("METI: half-hour records of a ward", request("meti", "ElectricityUse", "disaster_response", fields=["energy", "interval_start"]), {"lines": tokens(demand(ENERGY))}, {"k": 50}, "deny", "refer-to-counsel"),
    ("METI: the same as statistics", request("meti", "ElectricityUse", "disaster_response", "statistics", fields=["energy", "interval_start"]), {"lines": tokens(demand(ENERGY))}, {"k": 50}, "statistics", "emergency-statistics"),
    ("which shelters have power", request("meti", "EnergizationState", "disaster_response", fields=["energised"]), {"holder": "power"}, {}, "identified", "business-data"),
    ("a support list in a disaster", request("fire", "SupportNeed", "disaster_response", **NEED), {"holder": "city", "lines": tokens(emergency(["SupportNeed.name"], purposes=["disaster_response"])), "agreements": [agreement("statutory_sharing", [org("city"), org("fire")], ["disaster_response"], SUPPORT, statute="Basic Act on Disaster Management 49-11(3)")]}, {}, "identified", "statutory-provision"),
    ("a support list before a disaster", request("fire", "SupportNeed", "disaster_response", **NEED), {"holder": "city", "agreements": [agreement("statutory_sharing", [org("city"), org("fire")], ["disaster_response"], SUPPORT, statute="Basic Act on Disaster Management 49-11(2)")]}, {}, "deny", "no-bulk-trace"),
    ("a support list by ordinance", request("fire", "SupportNeed", "disaster_response", **NEED), {"holder": "city", "agreements": [agreement("statutory_sharing", [org("city"), org("fire")], ["disaster_response"], SUPPORT, statute="Basic Act on Disaster Management 49-11(2)", ordinance="Minato ordinance 12 of 2021")]}, {}, "identified", "statutory-provision"),
    ("a joint user of a published notice", request("care", "ElectricityUse", "energy_saving", role="joint_user", fields=["energy"]), {"agreements": [agreement("joint_use", [org("power"), org("care")], ["energy_saving"], ENERGY, published_at="https://www.example.jp/joint", joint_use=NOTICE)]}, {}, "identified", "joint-use"),
    ("a joint user, an item missing", request("care", "ElectricityUse", "energy_saving", role="joint_user", fields=["energy"]), {"agreements": [agreement("joint_use", [org("power"), org("care")], ["energy_saving"], ENERGY, published_at="https://www.example.jp/joint", joint_use=NOTICE | {"users": ""})]}, {}, "deny", "no-joint-use-notice"),
    ("a processor under an agreement", request("care", "ElectricityUse", "billing", role="processor", fields=["energy"]), {"agreements": [agreement("processing", [org("power"), org("care")], ["billing"], ENERGY)]}, {}, "identified", "own-service"),
    ("a processor without one", request("care", "ElectricityUse", "billing", role="processor", fields=["energy"]), {}, {}, "deny", "no-agreement"),
    ("another company as own service", request("care", "ElectricityUse", "billing", role="own_service", fields=["energy"]), {}, {}, "deny", "not-holder"),
    ("no kind", {**request("city", "ElectricityUse", "city_planning"), "requester": {"id": org("city")}}, {}, {}, "deny", "requester-kind-missing"),
    ("an unknown purpose", request("city", "ElectricityUse", "curiosity"), {}, {}, "deny", "unknown-purpose"),
    ("an unknown class", request("city", "HealthCode", "public_health"), {}, {}, "deny", "unknown-entity"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "world", "counted", "form", "rule"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_worked_case(
    asked: dict[str, Any], world: dict[str, Any], counted: dict[str, Any], form: str, rule: str
) -> None:
    decision = gate(**world).decide(asked, **counted)
    assert (decision.form, decision.rule) == (form, rule)


def test_a_person_whom_the_holder_registered_is_that_person() -> None:
    known = holding("railway")
    known["parties"].append({"id": PERSON, "kind": "person", "country": "JP"})
    asked = request(PERSON, "Trip", "resident_access", role="data_subject", subject=PERSON, fields=["origin"])
    assert Gate(known, clock=lambda: AT).decide(asked).rule == "own-data"
    claims = {**asked, "requester": {"id": PERSON, "kind": "company", "country": "JP"}}
    assert Gate(known, clock=lambda: AT).decide(claims).rule == "requester-unverified"
