"""What a reasoner concludes from the ontology: no contradiction in it, none with the examples; and it would find one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from tests import raw
from tests.agreement.shacl_oracle import expanded
from tests.reasoning.reasoner import Verdict, reason

from machimori.catalogue import catalogue

pytestmark = pytest.mark.full

VOCABULARIES = ("ontology.ttl", "privacy.ttl", "skos.ttl")
MM = "https://w3id.org/machimori/"
PREFIXES = f"""
@prefix mm: <{MM}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <urn:machimori:test:> .
"""

IMPOSSIBLE = {
    "a record of two classes": "mm:ElectricityMeter",
    "a reference to a record of another class": (
        "[ a owl:Restriction ; owl:onProperty mm:meter ; owl:someValuesFrom mm:Organisation ]"
    ),
    "two numbers in a place without type": """[ a owl:Restriction ; owl:onProperty mm:place ; owl:someValuesFrom
        [ a owl:Class ; owl:intersectionOf (
            [ a owl:Restriction ; owl:onProperty mm:latitude ; owl:hasValue 34.6 ]
            [ a owl:Restriction ; owl:onProperty mm:latitude ; owl:hasValue 34.7 ] ) ] ]""",
    "two values where one belongs": f"""[ a owl:Class ; owl:intersectionOf (
        [ a owl:Restriction ; owl:onProperty mm:quality ; owl:hasValue <{MM}ValueQuality/measured> ]
        [ a owl:Restriction ; owl:onProperty mm:quality ; owl:hasValue <{MM}ValueQuality/estimated> ] ) ]""",
    # not a text for a number: HermiT draws nothing from a union of datatypes, which decimal or double is
    "a text for a time": '[ a owl:Restriction ; owl:onProperty mm:interval_start ; owl:hasValue "soon" ]',
}
"""What no electricity use can be besides."""

USE = "mm:ElectricityUse"
CONTRADICTION = f":r a {USE} ; mm:quality <{MM}LightingMode/automatic> ."
"""A value of another list."""
NO_CONTRADICTION = {
    "two names of one meter": f":r a {USE} ; mm:meter :m, :n . :m a mm:ElectricityMeter .",
    "a party that has a record": ":q a mm:DisclosureRequest ; mm:requester :o . :o a mm:Organisation .",
    "a field that is missing": f":s a {USE} .",
}


@cache
def shipped(name: str) -> Graph:
    return Graph().parse(data=catalogue.artefact(name), format="turtle")


def turtle(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def examples() -> Graph:
    """Every valid example in one graph; a value without ``type`` is of the class whose example it is."""
    found = Graph()
    for folder in (files("machimori.sources") / "examples").iterdir():
        for file in folder.iterdir():
            if file.name.startswith("valid-"):
                record, root = expanded(json.loads(file.read_text(encoding="utf-8")), folder.name)
                found += record
                found.add((root, RDF.type, URIRef(raw.class_data(folder.name)["iri"])))
    return found


def test_every_class_can_have_members_an_impossible_one_is_found_and_what_an_open_world_allows_is_none(
    tmp_path: Path,
) -> None:
    """One question, since the reasoner takes longer to begin than to answer most."""
    impossible = [
        f":Impossible{n} a owl:Class ; rdfs:subClassOf {USE}, {s} ." for n, s in enumerate(IMPOSSIBLE.values())
    ]
    verdict = reason(
        tmp_path, [shipped("ontology.ttl"), *map(turtle, (*impossible, *NO_CONTRADICTION.values()))], classes=True
    )
    assert verdict == Verdict(True, frozenset(f"urn:machimori:test:Impossible{n}" for n in range(len(IMPOSSIBLE))))


def test_all_examples_together_contradict_neither_each_other_nor_the_vocabularies(tmp_path: Path) -> None:
    assert reason(tmp_path, [*map(shipped, VOCABULARIES), examples()]) == Verdict(True)


def test_a_contradiction_is_found(tmp_path: Path) -> None:
    assert reason(tmp_path, [shipped("ontology.ttl"), turtle(CONTRADICTION)]) == Verdict(False)


def test_a_developer_without_java_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="apt-get install openjdk"):  # which CI turns into a failure
        reason(tmp_path, [Graph()])
