"""The Cedar export and the gate decide alike: Cedar is a second engine, and its evaluator is not ours.

Cedar answers a policy from left to right and stops as soon as the answer is certain; a fact that it needs and does not find
is an error that names the fact. So a request is asked with no facts at all, and each fact that either engine misses is given
every answer it can have. Where both answer with part of the facts, that part stands for every case that has it, whatever
the rest. What is counted in the end is the whole product of answers, so nothing is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import cedarpy
import numpy as np
import pytest
from tests import raw
from tests.privacy.facts import facts_of
from tests.privacy.gate import space
from tests.privacy.gate.vectors import DENIED, Slice

from machimori.catalogue import catalogue
from machimori.privacy.decision import evaluation
from machimori.privacy.decision.facts import ANSWER
from machimori.privacy.decision.policy import Rule, shipped

pytestmark = pytest.mark.full

POLICIES = catalogue.artefact("policy/machimori.cedar")
SCHEMA = catalogue.artefact("policy/machimori.cedarschema")
ENTITIES = cedarpy.Entities.from_json_str("[]")
MISSING = re.compile(r"does not have the attribute `(\w+)`")
ANYTHING = "permit (principal, action, resource);"
BATCH = 1000
EXEMPTION = "some_field_granted_by"

Facts = dict[str, Any]


@cache
def answers() -> dict[str, tuple[Any, ...]]:
    """Every answer that a fact can have, a fact."""
    policy, held = shipped(), raw.catalogue()["enums"]
    known: dict[str, tuple[Any, ...]] = {
        **dict.fromkeys(space.DOCUMENTS, ("valid", "none", *space.BAD_ORDER)),
        "consent": ("valid", "no-consent", *space.BAD_CONSENT, "consent-store-unreachable"),
        **dict.fromkeys(
            ("processing_agreement", "supply_agreement", "sharing_agreement", "reporting_agreement"),
            ("valid", "none", "no-agreement"),
        ),
        "joint_use_notice": ("valid", "none", "no-joint-use-notice"),
        "mandate": ("valid", "none"),
        **dict.fromkeys(("consent_says_joining", "ordinance_cited"), (True, False)),
        "role": space.ROLES,
        "requester_kind": tuple(held["RequesterKind"]["values"]),
        "holder_kind": tuple(held["RequesterKind"]["values"]),
        "form": policy.forms,
        "purpose": tuple(held["Purpose"]["values"]),
        "data_class": policy.data_classes,
        "identifiability": tuple(held["Identifiability"]["values"]),
        "government_access": tuple(held["GovernmentAccess"]["values"]),
    }
    return {
        term: known.get(term, (True, False))
        for term in re.findall(r"^ +(\w+): (?:Bool|String),$", SCHEMA, re.MULTILINE)
    }


ALL_CASES = prod(len(a) for a in answers().values())


def request(facts: Facts) -> dict[str, Any]:
    return {
        "principal": {"type": "Machimori::Requester", "id": "somebody"},
        "action": {"type": "Machimori::Action", "id": "disclose"},
        "resource": {"type": "Machimori::Field", "id": "a field"},
        "context": json.dumps(facts),
    }


def asked(policies: Any, cases: list[Facts], schema: Any = None) -> list[Any]:
    """Per case whether Cedar allows, or the name of a fact that it missed."""
    found = cedarpy.is_authorized_batch([request(c) for c in cases], policies, ENTITIES, schema)
    return [_missed(r) or allowed(r) for r in found]


def allowed(result: cedarpy.AuthzResult) -> bool:
    """Cedar's decision as a holder must read it: an error is a denial."""
    return result.allowed and not result.diagnostics.errors


def _missed(result: cedarpy.AuthzResult) -> str | None:
    found = MISSING.search(" ".join(result.diagnostics.errors))
    return found[1] if found else None


class MissingFactError(Exception):
    """A fact that the gate's evaluator needs."""


class PartOfFacts:
    """Facts of which not all are known; the rules granting the field are found by the gate's own evaluator."""

    def __init__(self, known: Facts) -> None:
        self.known = known

    @property
    def request(self) -> PartOfFacts:
        return self

    field = documents = found = request

    def __getattr__(self, term: str) -> Any:
        if term == EXEMPTION:
            return frozenset(r.name for r in shipped().of_field if decides(r, self))
        if term not in self.known:
            raise MissingFactError(term)
        return self.known[term]


def decides(rule: Rule, facts: Any) -> bool:
    """Whether the rule denies the request, or would grant the field."""
    return (rule.scope == "request" or rule.applies(facts)) and rule.failure(facts) is None


def by_the_gate(rule: Rule, known: Facts) -> bool | str:
    """Whether the rule decides, or the name of a fact that the gate's evaluator misses."""
    try:
        return decides(rule, PartOfFacts(known))
    except MissingFactError as missed:
        return str(missed)


def told_apart(text: str, rule: Rule) -> dict[str, dict[Any, int]]:
    """The answers to each fact, those that neither side mentions as one, each with the number it stands for."""
    rules = RULES.values() if EXEMPTION in {t.term for c in rule.conditions for t in c.tests} else [rule]
    tests = [t for r in rules for c in (*r.applicability, *r.conditions) for t in c.tests]
    named = {
        *re.findall(r'"([^"]*)"', text),
        *(v for t in tests for v in t.values),
        *(f for r in rules for f in r.forms),
    }
    found: dict[str, dict[Any, int]] = {}
    for term, held in answers().items():
        apart = {a: 1 for a in held if a in named or isinstance(a, bool)}
        rest = [a for a in held if a not in apart]
        found[term] = apart | ({rest[0]: len(rest)} if rest else {})
    return found


@dataclass(frozen=True)
class Comparison:
    """How many requests were asked, how many cases they stand for, and one on which the engines differ."""

    asked: int
    cases: int
    differing: Facts | None


def compare(text: str, rule: Rule) -> Comparison:
    """One Cedar policy against its rule, over every answer to every fact."""
    forbids = rule.scope == "request"
    policies = cedarpy.PolicySet.from_str(f"{text}\n{ANYTHING}" if forbids else text)
    apart = told_apart(text, rule)
    frontier: list[tuple[Facts, int]] = [({}, 1)]
    count = cases = 0
    while frontier:
        part, frontier = frontier[-BATCH:], frontier[:-BATCH]
        count += len(part)
        for (facts, weight), answer in zip(part, asked(policies, [f for f, _ in part]), strict=True):
            theirs = answer if isinstance(answer, str) else answer is not forbids
            ours = by_the_gate(rule, facts)
            missed = next((m for m in (theirs, ours) if isinstance(m, str)), None)
            if missed:
                frontier += [(facts | {missed: a}, weight * number) for a, number in apart[missed].items()]
            elif theirs is not ours:
                return Comparison(count, cases, facts)
            else:
                cases += weight * prod(len(a) for term, a in answers().items() if term not in facts)
    return Comparison(count, cases, None)


@cache
def texts() -> dict[str, str]:
    """Each policy of the export by its id."""
    found = re.split(r"^(?=@id\()", POLICIES, flags=re.MULTILINE)[1:]
    return {id_: text for text in found for id_ in re.findall(r'\A@id\("([^"]+)"\)', text)}


RULES = {r.key: r for r in (*shipped().of_request, *shipped().of_field)}


@pytest.mark.parametrize("key", RULES)
def test_a_policy_says_what_its_rule_says(key: str, record_property: Callable[[str, object], None]) -> None:
    """In every case that can be told apart by facts, possible or not."""
    found = compare(texts()[key], RULES[key])
    record_property("asked", found.asked)
    record_property("cases", found.cases)
    print(f"{key}: {found.asked} requests, which stand for {found.cases:.3g} cases")
    assert found.differing is None
    assert found.cases == ALL_CASES


@pytest.mark.parametrize("number", range(len(space.requesters())))
def test_the_whole_set_decides_as_the_gate_does(number: int, record_property: Callable[[str, object], None]) -> None:
    """All policies together, on whole requests drawn from every slice of the space, as many granted as there are."""
    common, axes, _ = list(space.slices())[number]
    part, policy, chance = Slice(common, axes), shipped(), np.random.default_rng(number)
    granted = np.flatnonzero(part.granting(policy).ravel() != DENIED)
    places = [*chance.choice(granted, 60), *chance.integers(0, prod(part.shape), 60)]
    points = [_point(common, axes, place) for place in map(int, places)]
    ours = [
        evaluation.decide(policy, p["form"], (facts_of(p),), (policy.strictness(p["data_class"]),)).form != "deny"
        for p in points
    ]
    theirs = asked(_whole(), [{term: p[term] for term in answers()} for p in points], _schema())
    record_property("asked", len(points))
    assert theirs == ours
    assert sum(ours) >= 60


def _point(common: space.Point, axes: list[list[space.Point]], place: int) -> space.Point:
    point: space.Point = {**common, EXEMPTION: frozenset()}
    for axis, index in zip(axes, np.unravel_index(place, [len(a) for a in axes]), strict=True):
        point |= axis[int(index)]
    return point


@cache
def _whole() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(POLICIES)


@cache
def _schema() -> cedarpy.Schema:
    return cedarpy.Schema.from_str(SCHEMA)


def test_every_rule_that_decides_is_exported_and_nothing_else() -> None:
    assert list(texts()) == list(RULES)
    effects = {key: re.findall(r"^(permit|forbid)", text, re.MULTILINE) for key, text in texts().items()}
    assert effects == {key: ["forbid" if rule.scope == "request" else "permit"] for key, rule in RULES.items()}


def test_the_policies_fit_the_schema_and_ask_for_every_fact_in_it() -> None:
    assert cedarpy.validate_policies(POLICIES, SCHEMA).errors == []
    assert set(re.findall(r"context\.(\w+)", POLICIES)) == answers().keys()
    assert answers().keys() <= ANSWER.keys()


def test_the_schema_refuses_a_policy_that_asks_for_something_else() -> None:
    assert cedarpy.validate_policies(POLICIES.replace("context.live", "context.alive"), SCHEMA).errors


CLAUSE = re.compile(r"^(?:when|unless) \{.*?\}(?=;?$)", re.MULTILINE | re.DOTALL)
IMPLIED = {
    ("emergency-statistics", 'unless { context.emergency_order == "none" }'),
    ("infrastructure-order", 'unless { context.emergency_order == "none" }'),
    ("consent", 'when { !(context.data_class == "special_care") || !(context.consent == "no-consent") }'),
    ("statutory-provision", 'unless { context.sharing_agreement == "none" }'),
    ("rescue-order", 'unless { context.rescue_order == "none" }'),
    ("warrant", 'unless { context.warrant == "none" }'),
}
"""Clauses that only choose the reason of a denial: another clause of the policy asks for a document in force."""


@pytest.mark.parametrize("key", RULES)
def test_a_policy_without_one_of_its_clauses_is_found_out(key: str) -> None:
    """The comparison can fail: every policy is weakened, a clause at a time, and what Cedar then says is another thing."""
    text = texts()[key]
    for found in CLAUSE.finditer(text):
        weaker = text[: found.start()] + "when { true }" + text[found.end() :]
        assert (compare(weaker, RULES[key]).differing is None) == ((key, found[0]) in IMPLIED), found[0]


def test_a_fact_that_is_missing_is_no_grant() -> None:
    """Cedar skips a forbid that errs; a holder that reads the decision alone would release."""
    facts = {term: held[0] for term, held in answers().items()}
    facts |= {"role": "own_service", "requester_kind": "company", "public_body": False, "holder_kind": "company"}
    facts |= {"form": "identified", "purpose": "billing", "data_class": "personal", "forbidden_purpose": False}
    facts |= {
        "stays_on_device": False,
        "live": False,
        "biometric": True,
        "consent": "no-consent",
        "requester_abroad": False,
    }
    assert asked(_whole(), [facts]) == [False]
    del facts["biometric"]
    (found,) = cedarpy.is_authorized_batch([request(facts)], _whole(), ENTITIES)
    assert found.allowed
    assert not allowed(found)
    (checked,) = cedarpy.is_authorized_batch([request(facts)], _whole(), ENTITIES, _schema())
    assert checked.decision is cedarpy.Decision.NoDecision
