"""JSON-LD and Turtle files get the findings of the same records as JSON, and what the shapes alone refuse."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.test_rdf import cases, example, typed, without_nothing

import machimori as mm
from machimori.catalogue import catalogue
from machimori.rdf.conversion import to_graph, to_jsonld
from machimori.rdf.graph_records import Reading
from machimori.rdf.jsonld import UNDEFINED, statements
from machimori.rdf.turtle import statements as of_turtle
from machimori.validation.record import validate

ROOTS = {name for name, c in catalogue.catalogue()["classes"].items() if c["root"]}
RECORDS = [case for case in cases("valid-", "invalid-") if case.values[0] in ROOTS and typed(case)]
PREFIXES = """@prefix mm: <https://w3id.org/machimori/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def told(path: Path) -> list[tuple[str, str, int | None]]:
    return [(i.code, i.path, i.line) for i in mm.validate_stream(path).issues]


@pytest.fixture
def turtle(tmp_path: Path) -> Any:
    def told_of(text: str) -> list[tuple[str, str, int | None]]:
        (tmp_path / "data.ttl").write_text(PREFIXES + text)
        return told(tmp_path / "data.ttl")

    return told_of


def as_jsonld(record: dict[str, Any], path: Path) -> Path:
    path = path / "record.jsonld"
    path.write_text(json.dumps(to_jsonld(record), ensure_ascii=False), encoding="utf-8")
    return path


def as_turtle(record: dict[str, Any], path: Path) -> Path:
    path = path / "record.ttl"
    to_graph(record).serialize(path, format="turtle", encoding="utf-8")
    return path


VALID = [c for c in RECORDS if c.values[1].startswith("valid-")]


@pytest.mark.full
@pytest.mark.parametrize("write", [as_jsonld, as_turtle])
@pytest.mark.parametrize(("class_name", "file"), VALID)
def test_valid_examples_have_no_findings(write: Any, class_name: str, file: str, tmp_path: Path) -> None:
    report = mm.validate_stream(write(without_nothing(example(class_name, file), class_name), tmp_path))
    assert (report.issues, report.records, report.invalid) == ([], 1, 0)


INVALID = [c for c in RECORDS if c.values[1].startswith("invalid-")]


OTHERWISE = {
    ("AirConditionerState", "invalid-MM103-on-as-boolean.json"): {
        "MM201"
    },  # true is one more thing that is not in the list
    ("TransparencyReport", "invalid-MM108-type-of-another-class.json"): {"MM101", "MM102", "MM105"},
    # the type decides what the other keys mean, so nothing else of the record is read as it was meant
}


@pytest.mark.full
@pytest.mark.parametrize(("class_name", "file"), INVALID)
def test_invalid_examples_have_the_findings_of_their_json(class_name: str, file: str, tmp_path: Path) -> None:
    record = example(class_name, file)
    found = {code for code, _, _ in told(as_jsonld(record, tmp_path))}
    if (class_name, file) in OTHERWISE:
        assert found == OTHERWISE[class_name, file]
    elif found != {i.code for i in validate(record).issues}:
        (read,) = (r for _, r in Reading(statements(to_jsonld(record), None, UNDEFINED)).records())
        assert same_in_rdf(record, read)
        assert found == {i.code for i in validate(read).issues}


def same_in_rdf(one: Any, other: Any) -> bool:
    """Whether JSON-LD makes the same statements of both, so that no reader of RDF can tell them apart."""
    from rdflib.compare import isomorphic

    return isomorphic(to_graph(one), to_graph(other))


def test_each_record_of_a_graph_is_judged_and_has_its_line(turtle: Any) -> None:
    assert turtle("""
<urn:x:1> a mm:TransitStop ; mm:name "港町" ;
  mm:place [ mm:latitude 34.5 ; mm:longitude 135.0e0 ; mm:witness 3 ] .
<urn:x:2> a mm:TransitStop ; mm:name "本町"@ja ;
  mm:parent_stop <urn:x:1> .
<urn:x:3> a mm:Nothing .
[] mm:name "x" .
<urn:x:4> a mm:TransitStop ; mm:name "本町" .
""") == [
        ("MM102", "/place/witness", 4),
        ("MM103", "/name", 6),
        ("MM106", "/type", 8),
        ("MM105", "/type", 9),
    ]  # fmt: skip


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gzip", "zstandard"])
@pytest.mark.parametrize("write", [as_jsonld, as_turtle])
def test_a_compressed_graph_is_read_to_its_last_byte_or_said_to_end_early(
    write: Any, compress: Any, tmp_path: Path
) -> None:
    record = {"type": "TransitStop", "id": "urn:x:1", "name": 5, "parent_stop": "urn:x:0"}
    path = write(record, tmp_path)
    found, packed = told(path), compress(path.read_bytes())
    assert [code for code, _, _ in found] == ["MM103"]

    path.write_bytes(packed)
    assert told(path) == found
    path.write_bytes(packed[:-9])
    assert [code for code, _, _ in told(path)] == ["MM010"]


SHAPES_ALONE = {
    "a float where the model has a double": '<urn:x:1> a mm:TransitStop ; mm:name "a" ; mm:place [ mm:latitude "34.5"^^xsd:float ; mm:longitude 135 ] .',
    "an IRI where a text is needed": "<urn:x:1> a mm:TransitStop ; mm:name <urn:x:2> .",
    "a text where an IRI is needed": '<urn:x:1> a mm:TransitStop ; mm:name "a" ; mm:parent_stop "urn:x:2" .',
}


@pytest.mark.parametrize("text", SHAPES_ALONE.values(), ids=SHAPES_ALONE)
def test_what_the_shapes_alone_refuse_is_a_finding(text: str, turtle: Any) -> None:
    found = turtle(text)
    assert [(code, line) for code, _, line in found] == [("MM103", 3)]
    records = [r for _, r in Reading(of_turtle(PREFIXES + text)[0]).records()]
    assert all(validate(r).ok for r in records)


TWO_OF = {
    "classes": '<urn:x:1> a mm:TransitStop , mm:EvacuationSite ; mm:name "a" .',
    "values": '<urn:x:1> a mm:TransitStop ; mm:name "a" , "b" .',
    "classes, one of which is not of the model": '<urn:x:1> a mm:TransitStop , <urn:x:Other> ; mm:name "a" .',
}


@pytest.mark.parametrize("text", TWO_OF.values(), ids=TWO_OF)
def test_two_where_there_is_one(text: str, turtle: Any) -> None:
    assert {code for code, _, _ in turtle(text)} == {"MM103"}


def test_a_record_that_another_refers_to_or_holds_is_judged_once(tmp_path: Path) -> None:
    inner = {"id": "urn:x:2", "type": "TransitStop", "name": 7}
    document = to_jsonld({"id": "urn:x:1", "type": "TransitStop", "name": "a", "parent_stop": inner})
    (tmp_path / "nested.jsonld").write_text(json.dumps(document, indent=1))
    report = mm.validate_stream(tmp_path / "nested.jsonld")
    assert [(i.code, i.path, i.line) for i in report.issues] == [("MM103", "/name", 6)]
    assert report.records == 2


BAD = {
    "cut off": (b'<urn:x:1> a mm:TransitStop ; mm:name "a', "MM010", 3),
    "no Turtle": (b"\n<html>\n", "MM010", 5),
    "CP932": ('\n<urn:x:1> mm:name "港町" .'.encode("cp932"), "MM002", 4),
    "nothing": (b"", "MM009", 1),
    "an unknown prefix": (b"\nx:y a x:Z .", "MM010", 4),
    "100,000 levels": (b"<urn:x:1> mm:name " + b"[ mm:name " * 100_000, "MM006", 1),
}


@pytest.mark.parametrize(("content", "code", "line"), BAD.values(), ids=BAD)
def test_bad_turtle_is_a_finding_with_its_line(content: bytes, code: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_bytes(PREFIXES.encode() + content if content else b"")
    assert [(c, at) for c, _, at in told(tmp_path / "bad.ttl")] == [(code, line)]


BAD_JSONLD = {
    "no JSON": (b"{", "MM001"),
    "a context at another address": (b'{"@context": "https://example.org/context", "id": "urn:x:1"}', "MM010"),
    "a context that is none": (b'{"@context": 7, "id": "urn:x:1"}', "MM010"),
    "a text": (b'"a"', "MM008"),
    "nothing": (b"", "MM009"),
    "a key twice": (b'{"@context": {}, "id": "urn:x:1", "id": "urn:x:2"}', "MM004"),
}


@pytest.mark.parametrize(("content", "code"), BAD_JSONLD.values(), ids=BAD_JSONLD)
def test_bad_jsonld_is_a_finding(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonld").write_bytes(content)
    assert [c for c, _, _ in told(tmp_path / "bad.jsonld")] == [code]


CIRCLE = {
    "data.ttl": PREFIXES
    + "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    + '<urn:x:1> a mm:Event ; mm:keywords _:l . _:l rdf:first "a" ; rdf:rest _:l .',
    "data.jsonld": json.dumps(
        {
            "@context": {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "mm": "https://w3id.org/machimori/"},
            "@id": "urn:x:1",
            "@type": "mm:Event",
            "mm:keywords": {"@id": "_:l", "rdf:first": "a", "rdf:rest": {"@id": "_:l"}},
        }
    ),
}


@pytest.mark.parametrize("name", CIRCLE)
def test_a_list_that_is_its_own_rest_is_a_finding(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(CIRCLE[name])
    assert told(tmp_path / name) == [("MM010", "", 1)]


def test_a_value_of_a_person_is_withheld(turtle: Any, tmp_path: Path) -> None:
    turtle('<urn:x:1> a mm:ElectricityUse ; mm:energy 123456.5 ; mm:customer "Tanaka"@ja ; mm:quality "Hanako" .')
    texts = [i.text(language) for i in mm.validate_stream(tmp_path / "data.ttl").issues for language in ("en", "ja")]
    assert len(texts) > 6
    assert not any(secret in text for text in texts for secret in ("123456", "Tanaka"))


@pytest.mark.full
@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='<>[]()"@^.;,a:_\\ \n1#', max_size=80))
def test_any_text_is_answered(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.ttl"
        path.write_text(PREFIXES + text)
        assert mm.validate_stream(path).records >= 0
        assert all(i.code for i in mm.validate_stream(path).issues)
