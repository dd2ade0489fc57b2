"""The invariants of the gate over the whole space of requests; the number of cases is printed.

The space is swept by a second evaluator (``vectors.py``); that it says what the gate says is tested on cases drawn from it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.privacy.facts import facts_of
from tests.privacy.gate import space
from tests.privacy.gate.vectors import DENIED, Bools, Slice

from machimori.privacy.decision import evaluation
from machimori.privacy.decision.policy import shipped

pytestmark = pytest.mark.full

RECORD_FORMS = ("anonymised", "pseudonymised", "identified")
FORBIDDEN = ("person_scoring", "behaviour_prediction", "ethnic_profiling", "mass_surveillance", "crime_prediction")


class Case:
    """Shorthand for what holds where, in a slice whose cases are decided."""

    def __init__(self, part: Slice, found: Any) -> None:
        self.part, self.found = part, found
        self.granted: Bools = found != DENIED

    def by(self, *rules: str) -> Bools:
        return np.isin(self.found, [i for i, name in enumerate(self.part.names) if name in rules])

    def __call__(self, term: str, *values: Any) -> Bools:
        return self.part.where(term, values or (True,))


def _no_record_without_an_order(c: Case) -> Bools:
    """No public body gets a person-related record of company-collected data but by rescue order or warrant, for one person."""
    company = ~(c("holder_public") & c("holder_is_collector"))
    record = c.granted & c("public_body") & c("person_related") & c("form", *RECORD_FORMS)
    order = (c("rescue_order", "valid") & c.by("rescue-order")) | (c("warrant", "valid") & c.by("warrant"))
    return record & company & ~(order & c("subject_named"))


def _emergency_opens_statistics_only(c: Case) -> Bools:
    return c.by("emergency-statistics") & ~(c("form", "statistics") & c("group_reached") & c("budget_left"))


def _statistics_keep_group_and_budget(c: Case) -> Bools:
    personal = c.granted & c("form", "statistics") & c("person_related") & ~c("role", "data_subject")
    return personal & ~(c("group_reached") & c("budget_left") & ~c("subject_named"))


def _forbidden_purposes_get_nothing(c: Case) -> Bools:
    return c.granted & c("forbidden_purpose") & ~c("data_class", "open")


def _law_enforcement_needs_a_warrant(c: Case) -> Bools:
    return (
        c.granted & c("purpose", "law_enforcement") & c("person_related") & ~(c.by("warrant") & c("warrant", "valid"))
    )


def _templates_stay(c: Case) -> Bools:
    own = c("role", "data_subject") & c("subject_is_requester") & c("requester_kind", "person")
    company = c("role", "own_service") & c("requester_is_holder") & c("holder_kind", "company") & c("consent", "valid")
    return c.granted & c("biometric") & ~(own | company)


def _the_device_keeps_its_own(c: Case) -> Bools:
    own = c("role", "data_subject") & c("subject_is_requester") & c("requester_kind", "person")
    return c.granted & c("stays_on_device") & ~c("data_class", "open") & ~own


def _communications_go_to_no_third_party(c: Case) -> Bools:
    third = c("role", "third_party", "joint_user") & c("data_class", "communications") & c("form", *RECORD_FORMS)
    return c.granted & third & ~c.by("rescue-order", "warrant", "statutory-provision")


def _nobody_live_but_rescuers_and_own_task(c: Case) -> Bools:
    return (
        c.granted
        & c("public_body")
        & c("live")
        & c("person_related")
        & c("form", *RECORD_FORMS)
        & ~c.by("rescue-order", "own-task")
    )


def _off_the_list_needs_its_own_rule(c: Case) -> Bools:
    off = c("person_related") & ~c("purpose_on_list")
    return c.granted & off & ~c.by("own-data", "emergency-statistics", "rescue-order", "warrant", "statutory-provision")


def _government_access_none_gives_no_statistics(c: Case) -> Bools:
    return c.granted & c("public_body") & c("person_related") & c("form", "statistics") & c("government_access", "none")


NAMING_AN_ORDER = ("emergency-statistics", "infrastructure-order", "rescue-order", "warrant", "statutory-provision")
"""The rules that open something by an order, or by the statute that an agreement cites."""


def _order_only_opens_nothing_without_an_order(c: Case) -> Bools:
    """To no public body, in any form, of any profile: but by a rule that names an order, under an agreement that names the field, or
    what an emergency service gets of the networks to save lives."""
    given = c.granted & c("public_body") & ~c("requester_is_holder") & c("government_access", "order_only")
    infrastructure = c.by("infrastructure-data") & c("data_class", "restricted")
    agreed = infrastructure & (c("supply_agreement", "valid") | c("processing_agreement", "valid"))
    saving = infrastructure & c("requester_kind", "emergency_service") & c("purpose", "disaster_response", "rescue")
    return given & ~c.by(*NAMING_AN_ORDER) & ~agreed & ~saving


def _order_only_opens_no_statistics_without_an_order(c: Case) -> Bools:
    """Statistics of people: not even what public bodies get of others."""
    given = c.granted & c("public_body") & ~c("requester_is_holder") & c("government_access", "order_only")
    order = c.by("emergency-statistics") & c("emergency_order", "valid")
    return given & c("person_related") & c("form", "statistics") & ~order


def _aggregate_only_opens_statistics(c: Case) -> Bools:
    """What is denied though the purpose is on the list and nothing else stands against it."""
    asked = (
        c("form", "statistics") & c("government_access", "aggregate_only") & c("person_related") & c("purpose_on_list")
    )
    body = c("requester_kind", "municipality", "prefecture", "national_government", "emergency_service")
    counted = c("group_reached") & c("budget_left") & ~c("subject_named") & ~c("live")
    others = ~c("serves_holder") & ~c("stays_on_device") & ~c("biometric") & c("role", "third_party")
    return asked & body & counted & others & ~c.granted


def _purposes_of_the_holder_open_no_statistics(c: Case) -> Bools:
    """To nobody but the holder and its processor under agreement; and the person has the own data."""
    own = c("requester_is_holder") | (c("role", "processor") & c("processing_agreement", "valid"))
    given = c.granted & c("form", "statistics") & c("person_related") & c("serves_holder")
    return given & ~own & ~c.by("own-data")


def _figures_in_full_go_to_holder_and_statute(c: Case) -> Bools:
    """Statistics below the group: to the holder, or to a body that a statute obliges it to report to, for what the statute is for."""
    body = c("requester_kind", "prefecture", "national_government", "emergency_service") & c("role", "third_party")
    obliged = c.by("statutory-report") & body & c("reporting_agreement", "valid") & c("statutory_purpose")
    own = c.by("own-figures") & c("requester_is_holder")
    in_full = c.by("own-figures", "statutory-report")
    small = c.granted & c("data_class", "statistical") & ~c("cell_group_reached")
    return ((in_full | small) & ~own & ~obliged) | (in_full & ~c("data_class", "statistical"))


def _foreign_governments_get_nothing_personal(c: Case) -> Bools:
    return c.granted & c("requester_kind", "foreign_government") & c("person_related")


def _abroad_needs_consent(c: Case) -> Bools:
    third = (
        c("role", "third_party", "processor", "joint_user")
        & c("form", "pseudonymised", "identified")
        & ~c("public_body")
    )
    return (
        c.granted
        & c("requester_abroad")
        & c("person_related")
        & third
        & ~c("consent", "valid")
        & ~c.by("statutory-provision")
    )


def _bad_documents_open_nothing(c: Case) -> Bools:
    by = {
        "consent": ("consent",),
        "rescue_order": ("rescue-order",),
        "warrant": ("warrant",),
        "emergency_order": ("emergency-statistics", "infrastructure-order"),
        "sharing_agreement": ("statutory-provision",),
        "reporting_agreement": ("statutory-report",),
        "joint_use_notice": ("joint-use",),
    }
    bad = [c.by(*rules) & ~c(term, "valid") for term, rules in by.items()]
    return np.logical_or.reduce(np.broadcast_arrays(*bad))


def _code_needs_consent(c: Case) -> Bools:
    record = c.granted & c("data_class", "code") & c("form", *RECORD_FORMS)
    return record & ~c("consent", "valid") & ~c.by("own-data", "statutory-provision", "rescue-order", "warrant")


def _classes_of_their_own(c: Case) -> Bools:
    """Class anonymised goes as anonymised records, class pseudonymised stays inside and in that form."""
    inside = c.by("own-service", "joint-use", "consent", "pseudonymised-internal") & c("data_class", "anonymised")
    given = c.by("own-service", "joint-use", "consent") & c("data_class", "pseudonymised")
    return inside | given


INVARIANTS: tuple[Callable[[Case], Bools], ...] = (
    _no_record_without_an_order,
    _emergency_opens_statistics_only,
    _statistics_keep_group_and_budget,
    _forbidden_purposes_get_nothing,
    _law_enforcement_needs_a_warrant,
    _templates_stay,
    _the_device_keeps_its_own,
    _communications_go_to_no_third_party,
    _nobody_live_but_rescuers_and_own_task,
    _off_the_list_needs_its_own_rule,
    _government_access_none_gives_no_statistics,
    _order_only_opens_nothing_without_an_order,
    _order_only_opens_no_statistics_without_an_order,
    _aggregate_only_opens_statistics,
    _purposes_of_the_holder_open_no_statistics,
    _figures_in_full_go_to_holder_and_statute,
    _foreign_governments_get_nothing_personal,
    _abroad_needs_consent,
    _bad_documents_open_nothing,
    _code_needs_consent,
    _classes_of_their_own,
)


@cache
def slices() -> list[tuple[Any, Any, list[int]]]:
    return list(space.slices())


@pytest.mark.parametrize("number", range(len(space.requesters())))
def test_invariants_over_the_whole_space(number: int, record_property: Callable[[str, object], None]) -> None:
    common, axes, weights = slices()[number]
    part = Slice(common, axes)
    case = Case(part, part.granting(shipped()))
    broken = {rule.__name__: int(np.count_nonzero(rule(case))) for rule in INVARIANTS}
    record_property("cases", int(np.prod(part.shape[:-1])) * sum(weights))
    record_property("granted", int((case.granted * np.array(weights)).sum()))
    assert broken == dict.fromkeys(broken, 0)


@pytest.mark.parametrize("number", range(0, len(space.requesters()), 3))
def test_the_gate_says_the_same(number: int) -> None:
    """The evaluator of the gate and the one of the sweep agree, case by case, on cases drawn from every slice."""
    common, axes, _ = slices()[number]
    part = Slice(common, axes)
    found, policy, chance = part.granting(shipped()), shipped(), random.Random(number)
    for _ in range(1500):
        place = tuple(chance.randrange(n) for n in part.shape)
        point = {**common, "some_field_granted_by": frozenset()}
        for axis, index in zip(axes, place, strict=True):
            point |= axis[index]
        facts = facts_of(point)
        outcome = evaluation.decide(policy, point["form"], (facts,), (policy.strictness(point["data_class"]),))
        index = int(found[place])
        assert outcome.form == (point["form"] if index != DENIED else "deny"), point
        if index != DENIED:
            assert outcome.rule == part.names[index], point


FAULTS = {
    "consent": (*space.BAD_CONSENT, "no-consent"),
    "rescue_order": (*space.BAD_ORDER, "none"),
    "warrant": (*space.BAD_ORDER, "none"),
    "emergency_order": (*space.BAD_ORDER, "none"),
    "disaster_order": (*space.BAD_ORDER, "none"),
    "sharing_agreement": ("no-agreement", "none"),
    "reporting_agreement": ("no-agreement",),
    "joint_use_notice": ("no-joint-use-notice",),
    "processing_agreement": ("no-agreement",),
    "supply_agreement": ("no-agreement",),
    "mandate": ("none",),
    "group_reached": (False,),
    "cell_group_reached": (False,),
    "budget_left": (False,),
    "requester_verified": (False,),
}


@pytest.mark.parametrize("number", range(0, len(space.requesters()), 3))
def test_a_fault_never_opens_anything(number: int) -> None:
    """Whatever is granted with a document, a group or a budget missing is granted with it, too."""
    common, axes, _ = slices()[number]
    policy, chance = shipped(), random.Random(number)
    for _ in range(1500):
        point = {**common, "some_field_granted_by": frozenset()}
        for axis in axes:
            point |= chance.choice(axis)
        term = chance.choice(list(FAULTS))
        strictness = (policy.strictness(point["data_class"]),)
        good = point | {term: True if FAULTS[term] == (False,) else "valid"}
        for fault in FAULTS[term]:
            bad = good | {term: fault}
            outcomes = [evaluation.decide(policy, p["form"], (facts_of(p),), strictness).form for p in (good, bad)]
            assert outcomes[1] == "deny" or outcomes[0] != "deny", (term, fault)
