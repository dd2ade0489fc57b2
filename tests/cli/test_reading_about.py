"""``machimori describe``, ``list`` and ``schema``: the model told in both languages."""

from __future__ import annotations

import json
import re

import pytest
from rdflib import RDF, SH, Graph, Namespace
from tests.cli.conftest import Call

from machimori.catalogue import catalogue

CATALOGUE = catalogue.catalogue()
MM = Namespace(CATALOGUE["iri"])


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "entity", ["ElectricityUse", "Place", "DemandResponseEvent", "DemandResponseSignal", "SupportNeed"]
)
def test_a_class_is_told_with_all_its_fields(entity: str, language: str, call: Call) -> None:
    class_ = CATALOGUE["classes"][entity]
    out = call("describe", entity, "--lang", language).out
    for text in (class_["title"]["en"], class_["title"]["ja"], class_["description"][language], class_["iri"]):
        assert text in out
    for name, field in class_["fields"].items():
        row = next(line for line in out.splitlines() if line.startswith(f"{name} "))
        assert field["title"][language] in row
        assert row.endswith(field["privacy"])


@pytest.mark.full
@pytest.mark.parametrize("entity", CATALOGUE["classes"])
def test_every_field_can_be_told(entity: str, call: Call) -> None:
    for number, name in enumerate(CATALOGUE["classes"][entity]["fields"]):
        answer = call("describe", f"{entity}.{name}", "--lang", ("en", "ja")[number % 2])
        assert answer.status == 0
        assert CATALOGUE["classes"][entity]["fields"][name]["privacy"] in answer.out


def test_a_field_is_told_with_why_and_who(call: Call) -> None:
    out = call("describe", "ElectricityUse.energy").out
    assert "The load curve of a household shows when it is at home, asleep or away." in out
    assert "Access by public bodies    Statistics only" in out
    assert "Law enforcement" not in out
    assert "Nobody else." in out


@pytest.mark.parametrize(
    ("language", "heading", "why"),
    [
        ("en", "Not in the model, and what there is instead", "joins the sessions of one person over companies"),
        ("ja", "この参照モデルにないもの", "一人の充電を事業者を越えて結び付ける"),
    ],
)
def test_a_class_tells_what_it_refuses_and_what_there_is_instead(
    language: str, heading: str, why: str, call: Call
) -> None:
    out = call("describe", "ChargingSession", "--lang", language).out.split(heading)[1]
    for text in (CATALOGUE["classes"]["ChargingSession"]["instead"][language], why, "ChargingSession.charged_energy"):
        assert text in out


def test_a_class_that_refuses_nothing_does_not_say_so(call: Call) -> None:
    assert "Not in the model" not in call("describe", "Place").out


def test_a_value_object_is_as_private_as_what_holds_it(call: Call) -> None:
    assert "personal.trip" in call("describe", "Trip.origin.latitude").out
    assert "depends on the field that holds it" in call("describe", "Place.latitude").out


def test_a_field_of_a_member_of_a_polymorphic_range_is_found(call: Call) -> None:
    assert call("describe", "DemandResponseEvent.signals.energy_price").status == 0


def test_the_list_has_every_class_once(call: Call) -> None:
    lines = call("list").out.splitlines()
    assert sorted(line.split()[0] for line in lines if line.startswith("  ")) == sorted(CATALOGUE["classes"])
    assert lines[-1].startswith(f"{len(CATALOGUE['classes'])} classes")


@pytest.mark.full
@pytest.mark.parametrize("name", ["personal", "personal.trip", "special_care", "open"])
def test_the_fields_of_a_data_class_or_profile_are_listed(name: str, call: Call) -> None:
    wanted = [
        f"{c}.{f}"
        for c, class_ in CATALOGUE["classes"].items()
        for f, field in class_["fields"].items()
        if name in (field["privacy"], field["privacy"].partition(".")[0])
    ]
    *rows, count = call("list", "--privacy", name).out.splitlines()
    assert [r.split()[0] for r in rows] == wanted
    assert count == f"{len(wanted)} fields"


@pytest.mark.parametrize("entity", [n for n, c in CATALOGUE["classes"].items() if not c["abstract"]])
def test_the_json_schema_is_the_shipped_one(entity: str, call: Call) -> None:
    assert json.loads(call("schema", entity, "--as", "json-schema").out) == json.loads(
        catalogue.artefact(f"jsonschema/{entity}.json")
    )


@pytest.mark.full
@pytest.mark.parametrize("entity", ["Trip", "DemandResponseEvent", "EvacuationSite", "Place"])
def test_shapes_and_ontology_hold_the_class_and_what_it_needs(entity: str, call: Call) -> None:
    shapes = Graph().parse(data=call("schema", entity, "--as", "shacl").out, format="turtle")
    assert (MM[f"{entity}Shape"], RDF.type, SH.NodeShape) in shapes
    assert {*shapes.objects(None, SH.node)} <= {*shapes.subjects(RDF.type, SH.NodeShape)}
    whole = Graph().parse(data=catalogue.artefact("shapes.ttl"), format="turtle")
    assert len(shapes) < len(whole)
    ontology = Graph().parse(data=call("schema", entity, "--as", "owl").out, format="turtle")
    for name, field in CATALOGUE["classes"][entity]["fields"].items():
        assert list(ontology.predicate_objects(MM[field["iri"].removeprefix(MM)])), name


def test_the_context_reads_a_record_as_the_whole_one_does(call: Call) -> None:
    shown = json.loads(call("schema", "Trip", "--as", "context").out)["@context"]
    whole = json.loads(catalogue.artefact("context.jsonld"))["@context"]
    assert all(whole[term] == meaning for term, meaning in shown.items())
    assert {"Trip", "origin", "latitude", "started_at"} <= shown.keys()
    assert "energy" not in shown


def test_the_types_of_a_class_are_those_it_needs(call: Call) -> None:
    answer = call("schema", "DemandResponseEvent", "--as", "typescript")
    assert answer.status == 0
    kinds = re.findall(r"^export (?:interface|type) (\w+)", answer.out, re.MULTILINE)
    assert {"DemandResponseEvent", "DemandResponseSignal", "PriceSignal", "Area", "EnergyFlowDirection"} <= set(kinds)
    assert "Trip" not in kinds
    assert "@privacy" in answer.out
