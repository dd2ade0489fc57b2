"""What no request can do: proved of the rules by Z3, for every time, group, budget, party and profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import z3
from tests.privacy.gate.proving import World, counterexample, told

from machimori.catalogue import catalogue
from machimori.privacy.decision.policy import compiled, shipped

pytestmark = pytest.mark.full

RECORDS = ("anonymised", "pseudonymised", "identified")


def _no_record_to_a_public_body(w: World) -> Any:
    """Company-collected, person-related, a record, to a public body: only by a rescue order or a warrant for one person, in force."""
    t, rescue, warrant = w.terms, w.orders["rescue_order"], w.orders["warrant"]
    company = z3.Not(z3.And(t["holder_public"], t["holder_is_collector"]))
    asked = z3.And(t["public_body"], t["person_related"], w.is_("form", *RECORDS), company)
    saved = z3.And(
        w.by("rescue-order"),
        rescue.signed,
        rescue.countersigned,
        rescue.in_scope,
        rescue.begins <= w.now,
        w.now < rescue.ends,
        rescue.ends - rescue.begins <= 24 * 3600,
        t["rescue"],
    )
    served = z3.And(
        w.by("warrant"),
        warrant.signed,
        warrant.in_scope,
        warrant.begins <= w.now,
        w.now < warrant.ends,
        warrant.ends - warrant.begins <= 30 * 86400,
        w.is_("government_access", "order_only"),
        z3.Not(t["live"]),
    )
    return z3.Implies(z3.And(w.granted, asked), z3.And(t["subject_named"], z3.Or(saved, served)))


def _an_emergency_opens_statistics_alone(w: World) -> Any:
    order = w.orders["emergency_order"]
    limits = z3.And(
        order.ends - order.begins <= 14 * 86400,
        order.begins <= w.now,
        w.now < order.ends,
        order.signed,
        order.published,
    )
    return z3.Implies(
        w.by("emergency-statistics"),
        z3.And(w.is_("form", "statistics"), w.group >= w.minimum, _within_budget(w), limits),
    )


def _statistics_keep_the_group(w: World) -> Any:
    t = w.terms
    asked = z3.And(
        w.granted, t["person_related"], w.is_("form", "statistics"), w.is_("role", "data_subject", negated=True)
    )
    kept = z3.And(w.group >= w.minimum, w.group >= 10, _within_budget(w), z3.Not(t["subject_named"]))
    return z3.Implies(asked, kept)


def _within_budget(w: World) -> Any:
    """That differential privacy, where it is asked for, costs no more than is left."""
    return z3.Implies(w.noised, z3.And(w.budget > 0, w.budget >= w.cost))


def _forbidden_purposes_get_nothing(w: World) -> Any:
    return z3.Implies(
        z3.And(w.terms["forbidden_purpose"], w.is_("data_class", "open", negated=True)), z3.Not(w.granted)
    )


def _an_unverified_requester_gets_nothing(w: World) -> Any:
    t = w.terms
    known = z3.And(
        *(
            t[n]
            for n in ("requester_verified", "requester_kind_given", "entity_known", "field_classified", "purpose_known")
        )
    )
    return z3.Implies(w.granted, known)


def _the_device_keeps_its_own(w: World) -> Any:
    t = w.terms
    own = z3.And(w.is_("role", "data_subject"), t["subject_is_requester"], w.is_("requester_kind", "person"))
    return z3.Implies(z3.And(t["stays_on_device"], w.is_("data_class", "open", negated=True), w.granted), own)


def _templates_stay(w: World) -> Any:
    t = w.terms
    own = z3.And(w.is_("role", "data_subject"), t["subject_is_requester"], w.is_("requester_kind", "person"))
    company = z3.And(
        w.is_("role", "own_service"),
        t["requester_is_holder"],
        w.is_("holder_kind", "company"),
        w.is_("consent", "valid"),
    )
    return z3.Implies(z3.And(t["biometric"], w.granted), z3.Or(own, company))


def _nobody_follows_live(w: World) -> Any:
    t = w.terms
    asked = z3.And(t["public_body"], t["live"], t["person_related"], w.is_("form", *RECORDS), w.granted)
    return z3.Implies(asked, w.by("rescue-order", "own-task"))


def _foreign_governments_get_nothing_personal(w: World) -> Any:
    return z3.Implies(
        z3.And(w.is_("requester_kind", "foreign_government"), w.terms["person_related"]),
        z3.Or(z3.Not(w.granted), _holds_it(w)),
    )


def _holds_it(w: World) -> Any:
    """A foreign government that is itself holder and collector, on its own task."""
    t = w.terms
    return z3.And(w.by("own-task"), t["requester_is_holder"], t["holder_is_collector"])


def _third_parties_need_a_document(w: World) -> Any:
    t = w.terms
    asked = z3.And(
        w.is_("role", "third_party"), t["person_related"], w.is_("form", "identified", "pseudonymised"), w.granted
    )
    documents = z3.Or(*(w.is_(d, "valid") for d in ("consent", "sharing_agreement", "rescue_order", "warrant")))
    return z3.Implies(asked, documents)


def _only_listed_purposes(w: World) -> Any:
    off = z3.And(w.granted, w.terms["person_related"], z3.Not(w.terms["purpose_on_list"]))
    return z3.Implies(off, w.by("own-data", "emergency-statistics", "rescue-order", "warrant", "statutory-provision"))


def _small_figures_go_to_holder_and_statute(w: World) -> Any:
    """Statistics of fewer than the minimum: to the holder, or to prefecture, State or rescuers under an agreement to report."""
    t = w.terms
    small = z3.And(w.granted, w.is_("data_class", "statistical"), w.group < w.minimum)
    obliged = z3.And(
        w.is_("requester_kind", "prefecture", "national_government", "emergency_service"),
        w.is_("role", "third_party"),
        w.is_("reporting_agreement", "valid"),
        t["statutory_purpose"],
    )
    return z3.Implies(small, z3.Or(t["requester_is_holder"], obliged))


def _figures_in_full_are_given_by_two_rules(w: World) -> Any:
    """What is no statistic is never given by them."""
    return z3.Implies(w.by("own-figures", "statutory-report"), w.is_("data_class", "statistical"))


def _order_only_opens_no_statistics_without_an_order(w: World) -> Any:
    t, order = w.terms, w.orders["emergency_order"]
    given = z3.And(
        w.granted,
        t["public_body"],
        z3.Not(t["requester_is_holder"]),
        t["person_related"],
        w.is_("form", "statistics"),
        w.is_("government_access", "order_only"),
    )
    held = z3.And(order.signed, order.published, order.begins <= w.now, w.now < order.ends, order.in_scope)
    return z3.Implies(given, z3.And(w.by("emergency-statistics"), held))


def _purposes_of_the_holder_open_no_statistics(w: World) -> Any:
    t = w.terms
    given = z3.And(w.granted, t["person_related"], w.is_("form", "statistics"), t["serves_holder"])
    processor = z3.And(w.is_("role", "processor"), w.is_("processing_agreement", "valid"))
    return z3.Implies(given, z3.Or(t["requester_is_holder"], processor, w.by("own-data")))


CLAIMS: tuple[Callable[[World], Any], ...] = (
    _no_record_to_a_public_body,
    _an_emergency_opens_statistics_alone,
    _statistics_keep_the_group,
    _forbidden_purposes_get_nothing,
    _an_unverified_requester_gets_nothing,
    _the_device_keeps_its_own,
    _templates_stay,
    _nobody_follows_live,
    _foreign_governments_get_nothing_personal,
    _third_parties_need_a_document,
    _only_listed_purposes,
    _small_figures_go_to_holder_and_statute,
    _figures_in_full_are_given_by_two_rules,
    _order_only_opens_no_statistics_without_an_order,
    _purposes_of_the_holder_open_no_statistics,
)


@cache
def world() -> World:
    return World(shipped())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.__name__.strip("_"))
def test_a_claim_is_proved(claim: Callable[[World], Any]) -> None:
    found = counterexample(world(), claim(world()))
    assert found is None, told(world(), found)


@pytest.mark.parametrize("rule", [r.name for r in shipped().of_field])
def test_every_rule_can_grant(rule: str) -> None:
    """A claim about a rule that never grants would say nothing."""
    assert counterexample(world(), z3.Not(world().granted_by[rule])) is not None


WEAKENED: dict[str, tuple[str, int, Callable[[World], Any]]] = {
    "statutory provision by a company": ("statutory-provision", 4, _no_record_to_a_public_body),
    "statistics without a group": ("statistics", 5, _statistics_keep_the_group),
    "emergency statistics without an order": ("emergency-statistics", 2, _an_emergency_opens_statistics_alone),
    "statistics of what is given by order alone": ("statistics", 1, _order_only_opens_no_statistics_without_an_order),
    "statistics for a purpose of the holder": ("statistics", 3, _purposes_of_the_holder_open_no_statistics),
    "statistics for anybody who says it is a processor": ("statistics", 4, _purposes_of_the_holder_open_no_statistics),
    "a report for any purpose": ("statutory-report", 0, _small_figures_go_to_holder_and_statute),
    "a report without an agreement": ("statutory-report", 1, _small_figures_go_to_holder_and_statute),
    "a rescue order that need not hold": ("rescue-order", 1, _no_record_to_a_public_body),
    "a warrant for any field": ("warrant", 0, _no_record_to_a_public_body),
    "forbidden purposes for open data alone": ("forbidden-purpose", 0, _forbidden_purposes_get_nothing),
}


@pytest.mark.parametrize(("rule", "dropped", "claim"), WEAKENED.values(), ids=WEAKENED)
def test_a_weakened_rule_gives_a_request_that_shows_it(
    rule: str, dropped: int, claim: Callable[[World], Any], record_property: Callable[[str, object], None]
) -> None:
    data = json.loads(catalogue.artefact("policy/policy.json"))
    entry = next(r for r in data["rules"] if r["rule"] == rule)
    if entry["rule_scope"] == "request":
        data["rules"].remove(entry)
    else:
        del entry["conditions"][dropped]
    weak = World(compiled(data))
    found = counterexample(weak, claim(weak))
    assert found is not None
    record_property("counterexample", told(weak, found))
    print(told(weak, found))
