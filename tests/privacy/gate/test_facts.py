"""Facts have names, the terms are these names, and no policy is read that asks for others."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests import raw
from tests.privacy.facts import facts_of

from machimori.catalogue import catalogue
from machimori.privacy.decision.facts import ANSWER, DOCUMENT_REASONS, DOCUMENT_TERMS, PARTS, TERMS, DocumentFacts
from machimori.privacy.decision.fields import about_people
from machimori.privacy.decision.policy import OWN_REASONS, compiled, shipped

Policy = dict[str, Any]


def policy() -> Policy:
    return copy.deepcopy(dict(json.loads(catalogue.artefact("policy/policy.json"))))


def test_a_term_is_answered_by_the_field_of_its_name() -> None:
    """Each term by itself: no other field answers it, wherever it stands."""
    assert len(set(TERMS)) == len(TERMS) == sum(map(len, PARTS.values())) == 52
    facts = facts_of({term: f"the answer to {term}" for term in TERMS})
    assert {term: answer(facts) for term, answer in ANSWER.items()} == {t: f"the answer to {t}" for t in TERMS}


def test_the_terms_of_documents_are_those_that_have_a_state() -> None:
    """Every part of ``DocumentFacts`` but the two that are yes or no."""
    others = {"consent_says_joining", "ordinance_cited"}
    assert {*DocumentFacts.__struct_fields__} - others == DOCUMENT_TERMS


def _unknown_term(data: Policy) -> None:
    data["terms"]["social_credit"] = data["terms"]["role"]


def _missing_term(data: Policy) -> None:
    del data["terms"]["requester_abroad"]


def _unknown_question(data: Policy) -> None:
    rule = next(r for r in data["rules"] if r.get("conditions"))
    rule["conditions"][0]["alternatives"][0]["condition_term"] = "social_credit"


def _unknown_documents(data: Policy) -> None:
    data["rules"][0]["ends_with"] = "role"


def _other_forms(data: Policy) -> None:
    data["forms"].reverse()


def _reason_without_rule(data: Policy) -> None:
    data["rules"] = [r for r in data["rules"] if r["rule"] != "order-unsigned"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (_unknown_term, "social_credit"),
        (_missing_term, "requester_abroad"),
        (_unknown_question, "social_credit"),
        (_unknown_documents, "role"),
        (_other_forms, "identified"),
        (_reason_without_rule, "order-unsigned"),
    ],
)
def test_a_policy_that_facts_do_not_answer_is_not_read(broken: Callable[[Policy], None], told: str) -> None:
    data = policy()
    compiled(data)
    broken(data)
    with pytest.raises(ValueError, match=told):
        compiled(data)


def test_every_reason_of_the_gate_is_a_rule_with_words() -> None:
    for reason in DOCUMENT_REASONS | OWN_REASONS:
        assert shipped().by_name[reason].message["ja"]


def test_a_request_is_about_people_where_the_class_has_a_subject_or_a_field_is() -> None:
    """By the profiles as the build wrote them; a field that nobody knows counts as one, a class that nobody knows gives nothing."""
    profiles, classes = raw.catalogue()["profiles"], raw.catalogue()["classes"]
    for name, found in classes.items():
        if not found.get("root"):
            assert not about_people(name)
        elif found.get("data_subject"):
            assert about_people(name)
            assert all(about_people(name, (field,)) for field in found["fields"])
        else:
            for path, field in found["fields"].items():
                if "privacy" in field and field["privacy"] in profiles:
                    personal = profiles[field["privacy"]]["person_related"]
                    assert about_people(name, (path,)) >= bool(personal), (name, path)
    assert not about_people("TransitStop")
    assert about_people("TransitStop", ("nothing",))
    assert not about_people("Nothing")
