"""RDF says what JSON says, or what JSON-LD cannot tell apart; and JSON-LD comes back as the record that it was."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic
from tests.agreement.engines import ENGINES, SDK_RULES
from tests.agreement.shacl_oracle import accepts, expanded

from machimori.catalogue import catalogue
from machimori.errors import MissingExtraError, UnreadableError
from machimori.rdf import jsonld
from machimori.rdf.context import CONTEXT_IRI
from machimori.rdf.conversion import from_jsonld, to_graph, to_jsonld
from machimori.rdf.errors import LossError, NotOneRecordError, RemoteContextError
from machimori.rdf.shacl import ShapeReport, shacl_report

EXAMPLES = files("machimori.sources") / "examples"
MM = "https://w3id.org/machimori/"


def cases(*prefixes: str) -> list[Any]:
    found = sorted((folder.name, file.name) for folder in EXAMPLES.iterdir() for file in folder.iterdir())
    held = [(c, f) for c, f in found if f.startswith(prefixes)]
    assert held
    return [pytest.param(c, f, id=f"{c}/{f}") for c, f in held]


def example(class_name: str, file: str) -> Any:
    return json.loads((EXAMPLES / class_name / file).read_text(encoding="utf-8"))


def typed(case: Any) -> bool:
    return "type" in catalogue.class_data(case.values[0])["fields"]


def without_nothing(record: dict[str, Any], class_name: str) -> dict[str, Any]:
    """The record as JSON-LD can hold it: no ``null``, and ``[]`` only where the class requires a list."""
    fields = catalogue.class_data(class_name)["fields"]
    return {k: v for k, v in record.items() if v is not None and (v != [] or fields[k]["required"])}


VALID = cases("valid-")
TYPED = [c for c in VALID if typed(c)]
USE = {
    "id": "urn:machimori:use:1",
    "type": "ElectricityUse",
    "customer": "urn:machimori:customer:17",
    "interval_start": "2026-04-01T09:00:00+09:00",
    "interval_end": "2026-04-01T09:30:00+09:00",
    "energy": 0.25,
    "quality": "measured",
}
HOLDING = {
    "id": "urn:machimori:holding:1",
    "type": "Holding",
    "holder": {"id": "urn:machimori:org:1", "kind": "company", "country": "JP"},
    "collector": {"id": "urn:machimori:org:1", "kind": "company"},
}


@pytest.mark.parametrize(("class_name", "file"), VALID)
def test_shacl_accepts_every_valid_example(class_name: str, file: str) -> None:
    assert accepts(example(class_name, file), class_name)


@pytest.mark.parametrize(("class_name", "file"), TYPED)
def test_a_report_on_a_valid_example_finds_nothing(class_name: str, file: str) -> None:
    record = example(class_name, file)
    assert shacl_report(to_graph(record), record.get("id")) == ShapeReport(True)


@pytest.mark.parametrize(("class_name", "file"), cases("invalid-MM1", "invalid-MM2"))
def test_shacl_refuses_an_invalid_example_or_its_graph_is_that_of_an_accepted_record(
    class_name: str, file: str
) -> None:
    record = example(class_name, file)
    if accepts(record, class_name):
        read_back = from_jsonld(record, class_name)
        assert all(engine(json.dumps(read_back), class_name) for engine in ENGINES.values())
        assert isomorphic(expanded(record, class_name)[0], expanded(read_back, class_name)[0])


@pytest.mark.parametrize(("class_name", "file"), cases(f"invalid-{SDK_RULES}"))
def test_the_rules_of_the_sdk_are_beyond_shacl(class_name: str, file: str) -> None:
    assert accepts(example(class_name, file), class_name)


@pytest.mark.parametrize(("class_name", "file"), TYPED)
def test_a_record_comes_back_from_json_ld_as_it_was(class_name: str, file: str) -> None:
    record = example(class_name, file)
    assert from_jsonld(to_jsonld(record)) == without_nothing(record, class_name)
    assert from_jsonld(json.dumps(to_jsonld(record)).encode()) == without_nothing(record, class_name)


@pytest.mark.parametrize(("class_name", "file"), TYPED)
def test_a_record_comes_back_from_the_statements_of_its_graph(class_name: str, file: str) -> None:
    record = without_nothing(example(class_name, file), class_name)
    flat = json.loads(to_graph(record).serialize(format="json-ld"))
    assert isomorphic(to_graph(from_jsonld(flat)), to_graph(record))


@pytest.mark.parametrize("class_name", [n for n, c in catalogue.catalogue()["classes"].items() if c["abstract"]])
def test_nothing_is_of_an_abstract_class(class_name: str) -> None:
    for member in catalogue.class_data(class_name)["members"]:
        record = next(example(c, f) for c, f in (p.values for p in VALID) if c == member)
        assert not accepts({**record, "type": class_name}, class_name)
        assert not shacl_report(to_graph({**record, "type": class_name})).conforms


def test_parties_with_one_id_stay_apart() -> None:
    assert from_jsonld(to_jsonld(HOLDING)) == HOLDING


def test_json_ld_of_any_shape_is_the_same_record() -> None:
    own_context = {
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "ex": MM,
        "used": "ex:energy",
        "from": {"@id": "ex:interval_start", "@type": "xsd:dateTime"},
        "to": {"@id": "ex:interval_end", "@type": "xsd:dateTime"},
    }
    compacted = {
        "@context": own_context,
        "@id": USE["id"],
        "@type": "ex:ElectricityUse",
        "ex:customer": {"@id": USE["customer"]},
        "from": USE["interval_start"],
        "to": USE["interval_end"],
        "used": {"@type": "xsd:double", "@value": "2.5E-1"},
        "ex:quality": {"@id": "ex:ValueQuality/measured"},
    }
    assert from_jsonld(compacted) == USE
    assert from_jsonld({"@context": [CONTEXT_IRI], "@graph": [USE]}) == USE
    assert from_jsonld({"@context": f"{MM}0.1.0/context.jsonld", **USE}) == USE
    place = {f"{MM}place": [{"@id": "_:p"}], "@id": "urn:machimori:f:1", "@type": [f"{MM}Facility"]}
    flat = [place, {"@id": "_:p", f"{MM}latitude": [{"@value": 35}]}]
    assert from_jsonld(flat) == {"id": "urn:machimori:f:1", "type": "Facility", "place": {"latitude": 35}}


@pytest.mark.parametrize(
    "document",
    [
        {**USE, "tariff_guess": 1},
        {"@context": {"@vocab": None, "type": "@type", "id": "@id", "ElectricityUse": f"{MM}ElectricityUse"}, **USE},
        {"@context": {"type": "@type", "id": "@id", "ElectricityUse": f"{MM}ElectricityUse"}, **USE},
        {**USE, "type": "SolarRoof"},
        {**USE, "type": ["ElectricityUse", "GasUse"]},
        {**USE, "customer": {"id": "urn:machimori:customer:17", "name": "港川"}},
        {**USE, "quality": {"@id": "https://example.org/measured"}},
        {**USE, "energy": {"@value": "0.25", "@type": "https://example.org/kWh"}},
        {"id": "urn:machimori:f:1", "type": "Facility", "name": {"@value": "Town hall", "@language": "en"}},
        {"id": "urn:machimori:f:1", "type": "Facility", "place": {"id": "urn:machimori:place:1", "latitude": 35}},
    ],
)
def test_what_a_record_cannot_hold_is_refused_and_not_dropped(document: dict[str, Any]) -> None:
    with pytest.raises(LossError) as caught:
        from_jsonld(document)
    assert caught.value.terms


@pytest.mark.parametrize("document", [[], {}, {"energy": 1}, [USE, {**USE, "id": "urn:machimori:use:2"}]])
def test_there_is_one_record(document: Any) -> None:
    with pytest.raises(NotOneRecordError):
        from_jsonld(document)


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://example.org/context", **USE},
        {"@context": [CONTEXT_IRI, "https://example.org/context"], **USE},
        {"@context": {"@import": "https://example.org/context"}, **USE},
        {"@context": {"meter": {"@id": f"{MM}meter", "@context": "https://example.org/context"}}, **USE},
        {**USE, "meter": {"@context": "https://example.org/context"}},
    ],
)
def test_nothing_is_fetched(document: dict[str, Any]) -> None:
    for read in (to_graph, from_jsonld):
        with pytest.raises(RemoteContextError) as caught:
            read(document)
        assert caught.value.address == "https://example.org/context"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[", "5", '{"a": NaN}', '{"a": 1, "a": 2}', b"\xff", "[" * 100_000, {"a": float("nan")}, {"a": {1}}],
)
def test_what_is_not_json_is_refused_without_a_trace_of_it(text: Any) -> None:
    for read in (to_graph, from_jsonld):
        with pytest.raises(UnreadableError):
            read(text)


def test_an_unknown_key_is_an_unknown_property_and_not_nothing() -> None:
    graph = to_graph({**USE, "guess": 1, "not an IRI": 2})
    assert {f"{MM}guess", f"{MM}not%20an%20IRI"} <= {str(p) for p in graph.predicates()}
    found = {r.path for r in shacl_report(graph, str(USE["id"])).results}
    assert {f"{MM}guess", f"{MM}not%20an%20IRI"} <= found


def test_an_id_that_rdf_cannot_hold_takes_nothing_else_with_it() -> None:
    assert len(to_graph({**USE, "id": "not an IRI"})) == len(to_graph(USE))
    assert not accepts({**USE, "id": "not an IRI"}, "ElectricityUse")
    assert not accepts({**USE, "customer": "not an IRI"}, "ElectricityUse")


def test_a_value_that_is_also_a_term_of_the_context_stays_a_value() -> None:
    terms = jsonld._context_document()
    enums = catalogue.catalogue()["enums"]
    for class_ in catalogue.catalogue()["classes"].values():
        for name, field in class_["fields"].items():
            clashing = set(enums.get(field["range"], {"values": {}})["values"]) & terms.keys()
            for value in clashing if field["iri"] == f"{MM}{name}" else ():
                graph = to_graph({name: value})
                assert str(next(graph.objects())) == f"{MM}{field['range']}/{value}"


def test_a_fraction_of_nothing_is_a_whole_number() -> None:
    values = [next(to_graph({"energy": n}).objects()) for n in (5, 5.0, 0.5, 1e300)]
    assert [str(v.datatype).rpartition("#")[2] for v in values] == ["integer", "integer", "double", "double"]


def test_rdflib_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in (True, False):
        monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", setting)
        graph = to_graph({**USE, "interval_start": "2026-04-01T09:00:00+0900"})
        assert "2026-04-01T09:00:00+0900" in {str(o) for o in graph.objects()}
        shacl_report(graph)
        assert rdflib.NORMALIZE_LITERALS is setting


def test_neither_a_report_nor_a_log_shows_a_value(caplog: pytest.LogCaptureFixture) -> None:
    report = shacl_report(to_graph({**USE, "customer": "taro-minato", "interval_start": "yesterday-at-nine"}))
    assert not report.conforms
    told = repr(report) + caplog.text
    assert "taro-minato" not in told
    assert "yesterday-at-nine" not in told


def test_a_focus_of_no_class_of_the_model_does_not_conform() -> None:
    assert not shacl_report(to_graph({**USE, "type": "SolarRoof"}), str(USE["id"])).conforms
    assert not shacl_report(to_graph(USE), "urn:machimori:somebody-else").conforms


def test_without_pyshacl_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(MissingExtraError, match=r"machimori\[rdf\]"):
        shacl_report(to_graph(USE))


def test_the_modules_cost_no_rdflib_until_they_are_used() -> None:
    program = "import sys, machimori.rdf.conversion, machimori.rdf.shacl; assert 'rdflib' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
