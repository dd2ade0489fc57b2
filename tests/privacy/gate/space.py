"""The whole space of requests, as facts: every kind, role, purpose, form, moment, holder, document and profile.

An axis is a list of points; a point answers some terms of the policy. Points of one axis that answer alike are one point with a
weight, so that the count of cases is that of the requests they stand for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from msgspec import structs
from tests import raw

from machimori.privacy.decision.facts import DocumentFacts
from machimori.privacy.decision.policy import shipped

Point = dict[str, Any]
ROLES = ("data_subject", "own_service", "processor", "joint_user", "third_party")
DOCUMENTS = DocumentFacts.__struct_fields__
NO_DOCUMENT: Point = structs.asdict(DocumentFacts())
BAD_ORDER = ("order-unsigned", "order-scope", "order-too-long", "order-not-in-force", "order-unpublished")
BAD_CONSENT = (
    *(
        "consent-unverifiable",
        "consent-scope",
        "consent-withdrawn",
        "consent-not-yet",
        "consent-expired",
        "foreign-transfer",
    ),
)


def situations() -> list[Point]:
    """Every document alone, good and in each way bad; and the good ones together."""
    found: list[Point] = [{}]
    found += [{"consent": bad} for bad in BAD_CONSENT]
    found += [{"consent": "valid"}, {"consent": "valid", "consent_says_joining": True}]
    found += [
        {"mandate": "valid"},
        {"processing_agreement": "valid", "supply_agreement": "valid"},
        {"supply_agreement": "valid"},
    ]
    found += [{"joint_use_notice": "valid", "supply_agreement": "valid"}]
    found += [{"sharing_agreement": "no-agreement"}, {"sharing_agreement": "valid"}]
    found += [
        {"sharing_agreement": "valid", "ordinance_cited": True},
        {"sharing_agreement": "valid", "consent": "valid"},
    ]
    found += [{"sharing_agreement": "valid", "reporting_agreement": "valid"}]
    found += [{"sharing_agreement": "valid", "disaster_order": s} for s in ("valid", *BAD_ORDER)]
    found += [{"emergency_order": s, "disaster_order": s} for s in ("valid", *BAD_ORDER)]
    found += [{"rescue_order": s} for s in ("valid", *BAD_ORDER)]
    found += [
        {"rescue_order": s, "emergency_order": "valid", "disaster_order": "valid"} for s in ("valid", "order-unsigned")
    ]
    found += [{"warrant": s} for s in ("valid", *BAD_ORDER)]
    found += [{"lawful_demand": "valid"}, {"lawful_demand": "valid", "emergency_order": "valid"}]
    everything = {term: True if NO_DOCUMENT[term] is False else "valid" for term in DOCUMENTS}
    return [
        {**NO_DOCUMENT, **s} for s in (*found, everything, {**everything, "warrant": "none", "rescue_order": "none"})
    ]


def requesters() -> list[Point]:
    """Every kind, of an organisation that is the holder and of one that is not, of holders of every sort."""
    policy, found = shipped(), []
    for kind in raw.catalogue()["enums"]["RequesterKind"]["values"]:
        for holder_kind, own in product(
            ("company", "research_institution", "municipality", "national_government"), (True, False)
        ):
            for is_holder in {False, kind == holder_kind}:
                found.append(
                    {
                        "requester_kind": kind,
                        "public_body": kind in policy.public_bodies,
                        "holder_kind": holder_kind,
                        "holder_public": holder_kind in policy.public_bodies,
                        "holder_is_collector": own,
                        "requester_is_holder": is_holder,
                    }
                )
    return found


def askings() -> list[Point]:
    """Role, form, moment and person. Nobody but a person is the person asked about."""
    found = []
    for role, form, live, subject in product(ROLES, shipped().forms, (False, True), ("none", "self", "other")):
        found.append(
            {
                "role": role,
                "form": form,
                "live": live,
                "subject_named": subject != "none",
                "subject_is_requester": subject == "self",
            }
        )
    return found


@dataclass(frozen=True)
class Subject:
    """A profile under one purpose, and how many pairs of both are just like it."""

    point: Point
    weight: int


def field_and_purpose() -> list[Subject]:
    """Every profile under every purpose, in a class with a data subject and in one without."""
    policy, held = shipped(), raw.catalogue()
    counted: Counter[tuple[Any, ...]] = Counter()
    named = {
        v
        for r in (*policy.of_request, *policy.of_field)
        for c in (*r.applicability, *r.conditions)
        for t in c.tests
        if t.term == "purpose"
        for v in t.values
    }
    for (name, axes), purpose, with_subject, on_device in product(
        held["profiles"].items(), held["enums"]["Purpose"]["values"], (True, False), (False, True)
    ):
        if name == "inherited":
            continue
        data_class = axes["data_class"]
        if data_class == "operational" and with_subject:
            data_class = "personal"
        task = axes["statutory_task"]
        counted[
            policy.strictness(data_class) >= policy.strictness("pseudonymised"),
            data_class,
            axes["identifiability"],
            axes["government_access"],
            bool(axes["rescue"]),
            bool(axes["biometric"]),
            bool(axes["other_person"]),
            name == "personal.vehicle_plate",
            bool((axes["granularity"] or {}).get("time_step")),
            on_device,
            purpose in axes["purposes"],
            bool(task) and purpose in task["purposes"],
            purpose in policy.forbidden_purposes,
            purpose in policy.purposes_of_the_holder,
            purpose if purpose in named else "another",
        ] += 1
    terms = (
        *(
            "person_related",
            "data_class",
            "identifiability",
            "government_access",
            "rescue",
            "biometric",
            "other_person",
            "passer_by",
        ),
        *("has_time_step", "stays_on_device", "purpose_on_list", "statutory_purpose", "forbidden_purpose"),
        *("serves_holder", "purpose"),
    )
    return [Subject(dict(zip(terms, key, strict=True)), weight) for key, weight in counted.items()]


def countings() -> list[Point]:
    """Group and budget enough or not, and the requester at home or abroad."""
    return [
        {"group_reached": group, "cell_group_reached": group, "budget_left": budget, "requester_abroad": abroad}
        for group, budget, abroad in (
            (True, True, False),
            (False, True, False),
            (True, False, False),
            (True, True, True),
        )
    ]


KNOWN: Point = {
    "entity_known": True,
    "field_classified": True,
    "purpose_known": True,
    "requester_kind_given": True,
    "requester_verified": True,
    "reason": "none",
    "denied_by": "none",
}


def slices() -> Iterator[tuple[Point, list[list[Point]], list[int]]]:
    """The space in slices: what is common to a slice, its axes, and the weights along the last one."""
    subjects = field_and_purpose()
    weights = [s.weight for s in subjects]
    points = [s.point for s in subjects]
    for requester in requesters():
        asked = [a for a in askings() if not a["subject_is_requester"] or requester["requester_kind"] == "person"]
        yield {**KNOWN, **requester}, [asked, situations(), countings(), points], weights
