"""The rules in words, and the ODRL export: one permission or prohibition a rule, readable without any network."""

from __future__ import annotations

import json
import re

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from machimori.catalogue import catalogue
from machimori.privacy.decision.facts import TERMS
from machimori.privacy.decision.policy import shipped

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
POLICY = json.loads(catalogue.artefact("policy/policy.json"))
TEXT = catalogue.artefact("policy/odrl.jsonld")
RULES = {r["id"]: r for r in POLICY["rules"]}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(data=TEXT, format="json-ld")


def test_the_context_stands_in_the_file() -> None:
    assert isinstance(json.loads(TEXT)["@context"], dict)


def test_a_rule_is_a_permission_or_a_prohibition(graph: Graph) -> None:
    (policy,) = graph.subjects(RDF.type, ODRL.Set)
    wanted = {"field": ODRL.permission, "request": ODRL.prohibition}
    found = {str(o): p for p in wanted.values() for o in graph.objects(policy, p)}
    assert found == {i: wanted[r["rule_scope"]] for i, r in RULES.items() if r["rule_scope"] in wanted}


def test_a_rule_has_all_its_conditions(graph: Graph) -> None:
    for iri, rule in RULES.items():
        if rule["rule_scope"] != "reason":
            conditions = (
                len(rule.get("applicability") or []) + len(rule.get("conditions") or []) + ("candidate_forms" in rule)
            )
            assert len(list(graph.objects(URIRef(iri), ODRL.constraint))) == conditions, iri


def test_every_constraint_is_whole(graph: Graph) -> None:
    single = set(graph.subjects(ODRL.leftOperand))
    assert len(single) > 200
    for constraint in single:
        assert len(list(graph.objects(constraint, ODRL.operator))) == 1
        assert list(graph.objects(constraint, ODRL.rightOperand))
    lists = [list(graph.items(head)) for head in graph.objects(None, ODRL["or"])]
    assert lists
    assert all(len(members) > 1 and set(members) <= single for members in lists)


def test_purposes_are_those_of_dpv(graph: Graph) -> None:
    purposes = set(graph.subjects(RDF.type, URIRef("https://w3id.org/dpv#Purpose")))
    asked = {o for c in graph.subjects(ODRL.leftOperand, ODRL.purpose) for o in graph.objects(c, ODRL.rightOperand)}
    assert {str(p).rpartition("/")[2] for p in purposes} == set(POLICY["purposes"])
    assert asked
    assert asked <= purposes


def test_every_own_operand_is_described(graph: Graph) -> None:
    used = set(graph.objects(None, ODRL.leftOperand)) - {ODRL.purpose}
    assert used <= set(graph.subjects(RDF.type, ODRL.LeftOperand))


def test_every_term_of_the_gate_has_words_and_no_other() -> None:
    assert list(POLICY["terms"]) == list(TERMS)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_test_of_a_rule_can_be_said(language: str) -> None:
    policy = shipped()
    for rule in (*policy.of_request, *policy.of_field, *policy.renaming):
        for test in (t for c in (*rule.applicability, *rule.conditions) for t in c.tests):
            entry = POLICY["terms"][test.term]
            assert entry["title"][language]
            for words in [entry["answers"][v] for v in test.values] if "answers" in entry else [entry]:
                said = words["lacks" if test.negated else "holds"][language]
                assert said
                assert language != "ja" or said.endswith("こと")
                assert ("{values}" in said) == ("answers_of" in entry)
                assert not re.search(r"\{(?!values|minimum_group)", said)


POLITE = re.compile(r"(?:です|ます|ません|ください)。$")


@pytest.mark.parametrize("rule", POLICY["rules"], ids=lambda r: r["id"].rpartition("/")[2])
def test_a_message_speaks_to_a_resident_and_a_description_to_a_reader(rule: dict[str, object]) -> None:
    def sentences(text: str) -> list[str]:
        return re.findall(r"[^。]+。", text)

    message, description = rule["message"], rule["description_ja"]
    assert isinstance(message, dict)
    assert isinstance(description, str)
    assert message.keys() == {"en", "ja"}
    assert all(message.values())
    assert message["ja"].endswith("。")
    assert description.endswith("。")
    assert all(POLITE.search(s) for s in sentences(message["ja"]))
    assert not any(POLITE.search(s) for s in sentences(description))
