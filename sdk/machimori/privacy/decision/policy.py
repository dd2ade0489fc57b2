"""The rules of disclosure as the model states them, made ready to be tried.

``model/privacy/rules.yaml`` holds what the rules are; here a rule becomes a list of tests on facts. No code knows a rule by
name: what a grant rests on, where and until when it holds, and who answers a denial stand on the rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from machimori.catalogue import catalogue
from machimori.privacy.decision.facts import ANSWER, DOCUMENT_REASONS, DOCUMENT_TERMS, NONE, VALID, Answer, Facts

FORMS = STATISTICS, ANONYMISED, PSEUDONYMISED, IDENTIFIED = "statistics", "anonymised", "pseudonymised", "identified"
"""The forms in which something is given, from the weakest to the strongest; what each does to a value is code."""

EXEMPTION = "some_field_granted_by"

DEFAULT = "default-deny"
ERROR = "error"
UNREACHABLE = "consent-store-unreachable"
GROUP, BUDGET = "below-minimum-group", "budget-spent"
NOT_SETTLED, OFF_GRID = "not-settled", "off-grid"
OWN_REASONS = frozenset((DEFAULT, ERROR, UNREACHABLE, GROUP, BUDGET, NOT_SETTLED, OFF_GRID))
"""Denials that the gate gives by itself: no rule holds, something failed, what it counted does not suffice, or statistics are not
to be had yet, or not so."""


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One question, the answers that satisfy it, and whether the test asks for the contrary."""

    term: str
    values: frozenset[Answer]
    negated: bool

    def holds(self, facts: Facts) -> bool:
        """Whether the fact that the test is about has one of its values, or, negated, none of them."""
        answer = ANSWER[self.term](facts)
        if isinstance(answer, frozenset):
            return bool(answer & self.values) is not self.negated
        return (answer in self.values) is not self.negated


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Tests of which one must hold, and what a failure is called."""

    tests: tuple[Test, ...]
    denial_reason: str | None

    def holds(self, facts: Facts) -> bool:
        """Whether any of its tests holds."""
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
        state = ANSWER[first](facts) if first in DOCUMENT_TERMS else NONE
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
    rests_on: str | None
    """The term of the documents that a grant rests on."""
    ends_with: str | None
    """The term of the documents with whose end a grant ends."""
    bounded_by_area_of: str | None
    """The term of the documents outside whose area a grant opens nothing."""
    refers_to_counsel: bool
    """Whether people answer what it denies."""
    in_full: bool
    """Whether it gives counts of people as they stand."""
    reported_as: str | None
    """The field of the transparency report that counts its grants."""

    @property
    def spares(self) -> frozenset[str]:
        """The rules for whose sake it spares a request."""
        return frozenset(str(v) for c in self.conditions if c.exempts for t in c.tests for v in t.values)

    def applies(self, facts: Facts) -> bool:
        """Whether form, role, kind and class are those that the rule is for."""
        return facts.request.form in self.forms and all(c.holds(facts) for c in self.applicability)

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
    purposes: frozenset[str]
    forbidden_purposes: frozenset[str]
    purposes_of_the_holder: frozenset[str]
    """Those that serve the holder or the person, and open no statistics to a third party."""
    of_request: tuple[Rule, ...]
    of_field: tuple[Rule, ...]
    of_reason: tuple[Rule, ...]
    renaming: tuple[Rule, ...]
    """Reasons that take the place of another one."""
    by_name: Mapping[str, Rule]

    def strictness(self, data_class: str) -> int:
        """The place of a data class from the most open to the strictest. Raises ``ValueError`` for one that is not listed."""
        return self.data_classes.index(data_class)


@cache
def written() -> Mapping[str, Any]:
    """The policy of the model that comes with the package, as data."""
    held: dict[str, Any] = json.loads(catalogue.artefact("policy/policy.json"))
    return held


@cache
def shipped() -> Policy:
    """The policy of the model that comes with the package."""
    return compiled(written())


def compiled(data: Mapping[str, Any]) -> Policy:
    """A policy from the data of ``policy.json``.

    Raises ``ValueError`` where its terms are not those that facts answer, where a rule asks for another, where its forms are
    not those that the gate can give, or where it has no rule for a reason that the gate gives: no rule is half read.
    """
    forms = tuple(data["forms"])
    if forms != FORMS:
        raise ValueError(f"the gate gives {', '.join(FORMS)}, not {', '.join(forms)}")
    if unknown := sorted(data["terms"].keys() - ANSWER.keys()):
        raise ValueError(f"no fact answers {', '.join(unknown)}")
    if missing := sorted(ANSWER.keys() - data["terms"].keys()):
        raise ValueError(f"the model has no term {', '.join(missing)}")
    rules = [_rule(entry, forms) for entry in data["rules"]]
    reasons = [r for r in rules if r.scope == "reason"]
    by_name = {r.name: r for r in rules} | {r.name: r for r in reasons}
    if missing := sorted((DOCUMENT_REASONS | OWN_REASONS) - by_name.keys()):
        raise ValueError(f"the model has no rule {', '.join(missing)}")
    return Policy(
        data_classes=tuple(data["data_classes"]),
        forms=forms,
        public_bodies=frozenset(data["public_bodies"]),
        purposes=frozenset(data["purposes"]),
        forbidden_purposes=frozenset(data["forbidden_purposes"]),
        purposes_of_the_holder=frozenset(data["purposes_of_the_holder"]),
        of_request=tuple(r for r in rules if r.scope == "request"),
        of_field=tuple(r for r in rules if r.scope == "field"),
        of_reason=tuple(reasons),
        renaming=tuple(r for r in reasons if r.conditions),
        by_name=by_name,
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
        rests_on=_documents(entry.get("rests_on")),
        ends_with=_documents(entry.get("ends_with")),
        bounded_by_area_of=_documents(entry.get("bounded_by_area_of")),
        refers_to_counsel=bool(entry.get("refers_to_counsel")),
        in_full=bool(entry.get("in_full")),
        reported_as=entry.get("reported_as"),
    )


def _documents(term: str | None) -> str | None:
    if term is not None and term not in DOCUMENT_TERMS:
        raise ValueError(f"no documents answer {term}")
    return term


def _conditions(entries: Sequence[Mapping[str, Any]] | None) -> tuple[Condition, ...]:
    return tuple(
        Condition(tuple(_test(t) for t in entry["alternatives"]), entry.get("denial_reason")) for entry in entries or ()
    )


def _test(entry: Mapping[str, Any]) -> Test:
    values = frozenset(entry.get("condition_values") or (True,))
    return Test(_known_term(entry["condition_term"]), values, bool(entry.get("negated")))


def _known_term(term: str) -> str:
    if term not in ANSWER:
        raise ValueError(f"no fact answers {term}")
    return term
