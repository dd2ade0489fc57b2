"""The table of who may receive what says what the gate decides: no cell promises more, none hides a way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.privacy.facts import facts_of

from machimori.catalogue import catalogue
from machimori.privacy.decision import evaluation, recipients
from machimori.privacy.decision.facts import DOCUMENT_TERMS, TERMS, Facts
from machimori.privacy.decision.policy import FORMS, shipped
from machimori.privacy.decision.policy import Test as RuleTest
from machimori.privacy.decision.recipients import Clause, granted, requesters

PROFILES = catalogue.model().profiles
PURPOSES = list(catalogue.enumeration("Purpose").values)


def decided(facts: Facts) -> str | None:
    """The rule that grants, by the gate."""
    policy = shipped()
    strictness = policy.strictness(facts.field.data_class)
    outcome = evaluation.decide(policy, facts.request.form, (facts,), (strictness,))
    return None if outcome.form == "deny" else outcome.rule


def promised(name: str, requester: str, facts: Facts) -> str | None:
    """The rule that grants, by the table: the first of those whose cell is met."""
    met = [
        grant.rule
        for grant in granted(name, requester, facts.request.form)
        if facts.request.purpose in grant.purposes and all(any(t.holds(facts) for t in c) for c in grant.conditions)
    ]
    return next((rule.name for rule in shipped().of_field if rule.name in met), None)


@cache
def known(name: str, requester: str, form: str, purpose: str) -> dict[str, frozenset[Any]]:
    profile = PROFILES[name]
    found = {**recipients._known(), **requesters()[requester].facts, **recipients._of_profile(profile)}
    return {**found, **recipients._of_purpose(profile, purpose), "form": frozenset((form,))}


def draw(possible: dict[str, frozenset[Any]], chance: random.Random, wanted: tuple[Clause, ...] = ()) -> Facts:
    """Any answers; where something is wanted, those that meet it."""
    answers: dict[str, Any] = dict.fromkeys(TERMS, "none") | {
        t: chance.choice(sorted(a, key=str)) for t, a in possible.items()
    }
    answers["some_field_granted_by"] = frozenset()
    fixed: set[str] = set()
    for clause in sorted(wanted, key=len):
        if not any(t.holds(facts_of(answers)) for t in clause if t.term in fixed):
            test = chance.choice([t for t in clause if t.term not in fixed])
            answers[test.term] = chance.choice(sorted(recipients._answers(test, possible[test.term]), key=str))
            fixed.add(test.term)
    if answers["subject_is_requester"] is True:
        answers["subject_named"] = True
    return facts_of(answers)


@pytest.mark.full
@pytest.mark.parametrize("name", PROFILES)
def test_the_table_says_of_any_request_what_the_gate_says(name: str) -> None:
    """On requests with documents of every state, half of them made so that some cell of the table is met."""
    chance = random.Random(name)
    met = 0
    for requester in requesters():
        for form in FORMS:
            grants = granted(name, requester, form)
            for purpose in PURPOSES:
                possible = known(name, requester, form, purpose)
                ways = [g.conditions for g in grants if purpose in g.purposes]
                for wanted in [(), (), *ways]:
                    facts = draw(possible, chance, wanted)
                    found = decided(facts)
                    assert promised(name, requester, facts) == found, (requester, form, purpose)
                    met += found is not None
    assert met


@pytest.mark.parametrize("name", PROFILES)
def test_every_cell_can_come_true(name: str) -> None:
    chance = random.Random(name)
    for requester in requesters():
        for form in FORMS:
            for grant in granted(name, requester, form):
                for purpose in grant.purposes:
                    tried = (draw(known(name, requester, form, purpose), chance, grant.conditions) for _ in range(60))
                    assert any(decided(facts) == grant.rule for facts in tried), (requester, form, purpose, grant.rule)


def test_a_cell_is_met_by_the_best_documents_alone() -> None:
    """A document is asked for as it should be, never as one that is wrong."""
    for test in _document_tests():
        assert test.values == {"valid"}
        assert not test.negated


def _document_tests() -> Iterator[RuleTest]:
    for name in PROFILES:
        for requester in requesters():
            for form in FORMS:
                for grant in granted(name, requester, form):
                    yield from (t for c in grant.conditions for t in c if t.term in DOCUMENT_TERMS)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_cell_is_said_in_words(language: str) -> None:
    for name in PROFILES:
        for requester, row in requesters().items():
            assert row.title.text(language)
            for form in FORMS:
                for grant in granted(name, requester, form):
                    assert grant.when.text(language).strip()
                    assert "_" not in grant.when.text(language)
                    assert "{" not in grant.when.text(language)
