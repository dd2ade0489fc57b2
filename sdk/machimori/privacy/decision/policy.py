"""The rules of disclosure as the model states them, made ready to be tried.

``model/privacy/rules.yaml`` holds what the rules are; here a rule becomes a list of tests on a tuple of facts. Nothing in
this module knows a rule by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from machimori.catalogue import catalogue

TERMS = (
    # the request
    "entity_known",
    "field_classified",
    "purpose_known",
    "requester_kind_given",
    "requester_verified",
    "role",
    "requester_kind",
    "public_body",
    "requester_is_holder",
    "requester_abroad",
    "holder_kind",
    "holder_public",
    "holder_is_collector",
    "form",
    "purpose",
    "forbidden_purpose",
    "live",
    "subject_named",
    "subject_is_requester",
    "budget_left",
    # the field
    "person_related",
    "data_class",
    "identifiability",
    "government_access",
    "rescue",
    "biometric",
    "other_person",
    "passer_by",
    "has_time_step",
    "stays_on_device",
    "purpose_on_list",
    "statutory_purpose",
    "group_reached",
    "cell_group_reached",
    # the documents, each for this field
    "consent",
    "consent_says_joining",
    "mandate",
    "processing_agreement",
    "supply_agreement",
    "joint_use_notice",
    "sharing_agreement",
    "ordinance_cited",
    "emergency_order",
    "disaster_order",
    "rescue_order",
    "warrant",
    "lawful_demand",
    # what has been found so far
    "some_field_granted_by",
    "reason",
    "denied_by",
)
"""The questions that a rule may ask, in the order of the facts."""

DOCUMENT_TERMS = frozenset(
    (
        *("consent", "mandate", "processing_agreement", "supply_agreement", "joint_use_notice", "sharing_agreement"),
        *("emergency_order", "disaster_order", "rescue_order", "warrant", "lawful_demand"),
    )
)
"""Terms whose answer is ``valid``, ``none``, or the reason why the document on hand does not hold."""

EXEMPTION = "some_field_granted_by"
VALID, NONE = "valid", "none"
DEFAULT = "default-deny"
AT = {term: place for place, term in enumerate(TERMS)}

Facts = tuple[Any, ...]
"""One answer a term, in the order of ``TERMS``."""


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One question, the answers that satisfy it, and whether the test asks for the contrary."""

    term: str
    values: frozenset[Any]
    negated: bool

    def holds(self, facts: Facts) -> bool:
        answer = facts[AT[self.term]]
        if isinstance(answer, frozenset):
            return bool(answer & self.values) is not self.negated
        return (answer in self.values) is not self.negated


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Tests of which one must hold, and what a failure is called."""

    tests: tuple[Test, ...]
    denial_reason: str | None

    def holds(self, facts: Facts) -> bool:
        return any(test.holds(facts) for test in self.tests)

    @property
    def exempts(self) -> bool:
        """Whether it spares the request for the sake of what another rule grants."""
        return any(test.term == EXEMPTION for test in self.tests)

    def reason(self, facts: Facts) -> str:
        """The name of the denial, where this condition fails."""
        if self.denial_reason:
            return self.denial_reason
        first = self.tests[0].term
        state = facts[AT[first]] if first in DOCUMENT_TERMS else NONE
        return DEFAULT if state in (NONE, VALID) else str(state)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule of the model (class ``PolicyRule``), or a reason that rules give."""

    key: str
    name: str
    order: int
    scope: str
    forms: frozenset[str]
    applicability: tuple[Condition, ...]
    conditions: tuple[Condition, ...]
    obligations: tuple[str, ...]
    basis: str
    sources: tuple[str, ...]
    law_version: str
    title: Mapping[str, str]
    message: Mapping[str, str]

    @property
    def spares(self) -> frozenset[str]:
        """The rules for whose sake it spares a request."""
        return frozenset(v for c in self.conditions if c.exempts for t in c.tests for v in t.values)

    def applies(self, facts: Facts) -> bool:
        """Whether form, role, kind and class are those that the rule is for."""
        return facts[AT["form"]] in self.forms and all(c.holds(facts) for c in self.applicability)

    def failure(self, facts: Facts) -> Condition | None:
        """The first condition that does not hold."""
        return next((c for c in self.conditions if not c.holds(facts)), None)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """All rules of a model, in order."""

    data_classes: tuple[str, ...]
    forms: tuple[str, ...]
    """From the weakest to the strongest."""
    public_bodies: frozenset[str]
    requester_kinds: frozenset[str]
    purposes: frozenset[str]
    forbidden_purposes: frozenset[str]
    of_request: tuple[Rule, ...]
    of_field: tuple[Rule, ...]
    of_reason: tuple[Rule, ...]
    renaming: tuple[Rule, ...]
    """Reasons that take the place of another one."""
    by_name: Mapping[str, Rule]

    def strictness(self, data_class: str) -> int:
        return self.data_classes.index(data_class)


@cache
def shipped() -> Policy:
    """The policy of the model that comes with the package."""
    return compiled(json.loads(catalogue.artefact("policy/policy.json")))


def compiled(data: Mapping[str, Any]) -> Policy:
    """A policy from the data of ``policy.json``. A term that no fact answers raises ``ValueError``: no rule is half read."""
    forms = tuple(data["forms"])
    rules = [_rule(entry, forms) for entry in data["rules"]]
    reasons = [r for r in rules if r.scope == "reason"]
    return Policy(
        data_classes=tuple(data["data_classes"]),
        forms=forms,
        public_bodies=frozenset(data["public_bodies"]),
        requester_kinds=frozenset(data["requester_kinds"]),
        purposes=frozenset(data["purposes"]),
        forbidden_purposes=frozenset(data["forbidden_purposes"]),
        of_request=tuple(r for r in rules if r.scope == "request"),
        of_field=tuple(r for r in rules if r.scope == "field"),
        of_reason=tuple(reasons),
        renaming=tuple(r for r in reasons if r.conditions),
        by_name={r.name: r for r in (*rules, *reasons)},
    )


def _rule(entry: Mapping[str, Any], forms: Sequence[str]) -> Rule:
    return Rule(
        key=entry["id"].rpartition("/")[2],
        name=entry["rule"],
        order=entry["rule_order"],
        scope=entry["rule_scope"],
        forms=frozenset(entry.get("candidate_forms") or forms),
        applicability=_conditions(entry.get("applicability")),
        conditions=_conditions(entry.get("conditions")),
        obligations=tuple(entry["obligations"]),
        basis=entry["basis"],
        sources=tuple(entry["sources"]),
        law_version=entry["law_version"],
        title={"en": entry["title"], "ja": entry["title_ja"]},
        message=entry["message"],
    )


def _conditions(entries: Sequence[Mapping[str, Any]] | None) -> tuple[Condition, ...]:
    return tuple(
        Condition(tuple(_test(t) for t in entry["alternatives"]), entry.get("denial_reason")) for entry in entries or ()
    )


def _test(entry: Mapping[str, Any]) -> Test:
    if entry["condition_term"] not in AT:
        raise ValueError(f"no fact answers {entry['condition_term']}")
    values = frozenset(entry.get("condition_values") or (True,))
    return Test(entry["condition_term"], values, bool(entry.get("negated")))
