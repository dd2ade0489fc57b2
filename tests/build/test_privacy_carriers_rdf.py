"""What the model says of a field's privacy, titles and unit, SHACL and OWL say of it too; and OWL stays OWL 2 DL."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS, XSD
from tests.build.shared import model
from tests.lazily import Lazily
from tests.names import every_class

from machimori.build.model import Class, Field
from machimori.catalogue import catalogue

context = Lazily("machimori.build.context")
owl = Lazily("machimori.build.owl")
privacy_vocabulary = Lazily("machimori.build.privacy_vocabulary")
shacl = Lazily("machimori.build.shacl")
turtle = Lazily("machimori.build.turtle")

pytestmark = pytest.mark.full

MM = "https://w3id.org/machimori/"


@cache
def graph(name: str) -> Graph:
    return Graph().parse(data=catalogue.artefact(name), format="turtle")


def profile(field: Field) -> URIRef:
    return URIRef(f"{MM}profile/{field.privacy}")


def titles(found: Graph, *nodes: Any, predicate: URIRef) -> dict[str, str]:
    """The texts of the first node that has any."""
    for node in nodes:
        if held := {o.language: str(o) for o in found.objects(node, predicate)}:
            return held
    return {}


def units(found: Graph, node: Any) -> tuple[str | None, ...]:
    return tuple(None if (v := found.value(node, URIRef(MM + p))) is None else str(v) for p in ("ucum", "rec20"))


def unit(field: Field) -> tuple[str | None, ...]:
    return (field.unit.ucum, field.unit.rec20) if field.unit else (None, None)


def property_shapes(class_: Class) -> dict[str, Any]:
    """The property shapes of a class by the name of the field; ``type`` is ``rdf:type``."""
    found = graph("shapes.ttl")
    (shape,) = found.subjects(SH.targetClass, URIRef(class_.iri))
    by_path = {str(found.value(p, SH.path)): p for p in found.objects(shape, SH.property)}
    paths = {f.name: str(RDF.type) if f.designates_type else f.iri for f in class_.fields.values()}
    assert sorted(by_path) == sorted(paths.values())
    return {name: by_path[path] for name, path in paths.items()}


def axioms(class_: Class) -> dict[str, Any]:
    """The annotated axioms of a class by the IRI of the field."""
    found = graph("ontology.ttl")
    held = {}
    for axiom in found.subjects(OWL.annotatedSource, URIRef(class_.iri)):
        restriction = found.value(axiom, OWL.annotatedTarget)
        assert (URIRef(class_.iri), RDFS.subClassOf, restriction) in found
        held[str(found.value(restriction, OWL.onProperty))] = axiom
    assert sorted(held) == sorted(f.iri for f in class_.fields.values())
    return held


@pytest.mark.parametrize("name", every_class())
def test_the_shape_of_a_class_says_what_the_model_says(name: str) -> None:
    found, shapes = graph("shapes.ttl"), property_shapes(model().classes[name])
    for field in model().classes[name].fields.values():
        shape = shapes[field.name]
        assert list(found.objects(shape, URIRef(MM + "privacy"))) == [profile(field)], field.name
        assert titles(found, shape, predicate=SH.name) == field.title.data(), field.name
        assert units(found, shape) == unit(field), field.name


@pytest.mark.parametrize("name", every_class())
def test_the_ontology_says_of_a_class_what_the_model_says(name: str) -> None:
    found, held = graph("ontology.ttl"), axioms(model().classes[name])
    for field in model().classes[name].fields.values():
        axiom, iri = held[field.iri], URIRef(field.iri)
        assert list(found.objects(axiom, URIRef(MM + "privacy"))) == [profile(field)], field.name
        assert titles(found, axiom, iri, predicate=RDFS.label) == field.title.data(), field.name
        assert units(found, iri) == unit(field), field.name


@pytest.mark.parametrize("name", every_class())
def test_the_data_subject_is_the_same_everywhere(name: str) -> None:
    class_ = model().classes[name]
    wanted = [URIRef(class_.fields[class_.data_subject].iri)] if class_.data_subject else []
    subject = URIRef(MM + "data_subject")
    assert list(graph("ontology.ttl").objects(URIRef(class_.iri), subject)) == wanted
    assert list(graph("shapes.ttl").objects(URIRef(f"{class_.iri}Shape"), subject)) == wanted


def test_every_profile_in_use_is_in_the_privacy_vocabulary() -> None:
    found = graph("privacy.ttl")
    for name, axes in model().profiles.items():
        node = URIRef(f"{MM}profile/{name}")
        assert titles(found, node, predicate=SKOS.prefLabel) == axes["title"]
        for purpose in axes.get("purposes") or ():
            assert (node, URIRef(f"{MM}purposes"), URIRef(f"{MM}Purpose/{purpose}")) in found
        for category in axes.get("dpv") or ():
            assert (node, URIRef("https://w3id.org/dpv#hasPersonalData"), URIRef(category)) in found
        for axis in ("minimum_group", "traceable", "rescue", "biometric", "other_person"):
            assert axes.get(axis) is None or (node, URIRef(MM + axis), Literal(axes[axis])) in found
        for axis, enum in (("data_class", "DataClass"), ("government_access", "GovernmentAccess")):
            assert axes.get(axis) is None or (node, URIRef(MM + axis), URIRef(f"{MM}{enum}/{axes[axis]}")) in found


def test_the_data_classes_stand_by_strictness_beside_their_dpv_classes() -> None:
    found = graph("privacy.ttl")
    ordered = found.value(URIRef(f"{MM}DataClass/by-strictness"), SKOS.memberList)
    values = model().enums["DataClass"].values
    assert [str(m) for m in Collection(found, ordered)] == [v.iri for v in values.values()]
    for value in values.values():
        mapped = {
            *found.objects(URIRef(value.iri), SKOS.closeMatch),
            *found.objects(URIRef(value.iri), SKOS.exactMatch),
        }
        assert any(str(m).startswith("https://w3id.org/dpv#") for m in mapped), value.name


def test_every_enum_value_is_a_concept_with_labels_in_both_languages() -> None:
    found = graph("skos.ttl")
    for enum in model().enums.values():
        for value in enum.values.values():
            assert (URIRef(value.iri), SKOS.inScheme, URIRef(enum.iri)) in found
            assert titles(found, URIRef(value.iri), predicate=SKOS.prefLabel) == value.title.data()


def test_the_ontology_is_owl_2_dl() -> None:
    found = graph("ontology.ttl")
    kinds = [
        set(found.subjects(RDF.type, k)) for k in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ]
    assert len(kinds[0] | kinds[1] | kinds[2]) == sum(map(len, kinds))
    assert set(found.objects(None, OWL.onProperty)) <= kinds[0] | kinds[1]
    allowed = {URIRef(d) for d in owl.DATATYPES} | {RDFS.Literal, XSD.nonNegativeInteger}
    for data_property in kinds[1]:
        for held in found.objects(data_property, RDFS.range):
            named = Collection(found, found.value(held, OWL.unionOf)) if isinstance(held, BNode) else [held]
            assert set(named) <= allowed, data_property
    classes = set(found.subjects(RDF.type, OWL.Class))
    for object_property in kinds[0]:
        assert set(found.objects(object_property, RDFS.range)) <= classes, object_property
    declared = kinds[0] | kinds[1] | kinds[2]
    builtin = (str(RDF), str(RDFS), str(OWL))
    assert {p for p in found.predicates() if not str(p).startswith(builtin)} <= declared


@pytest.mark.parametrize("emitter", [context, shacl, owl, privacy_vocabulary])
def test_an_emitter_writes_the_same_twice_and_what_is_shipped(emitter: Any) -> None:
    once = emitter.emit(model())
    assert once == emitter.emit(model())
    assert once == {path: catalogue.artefact(path) for path in once}


def test_turtle_of_ours_is_turtle() -> None:
    written = Graph()
    node, shared = URIRef(MM + "thing"), BNode("shared")
    for value in (
        *(
            Literal('a "quoted"\n\ttext\\'),
            Literal("街守", lang="ja"),
            Literal(5),
            Literal(True),
            Literal("0.5", datatype=XSD.double),
        ),
        *(URIRef("https://example.org/a/b"), URIRef(MM + "a.b"), URIRef(MM + "Enum/value"), shared, BNode()),
    ):
        written.add((node, RDFS.seeAlso, value))
    written.add((shared, RDF.type, SKOS.Concept))
    written.add((URIRef(MM + "other"), RDFS.seeAlso, shared))
    written.add((BNode(), RDFS.seeAlso, Collection(written, BNode(), [Literal("x"), node]).uri))
    text = turtle.write(written, MM, "A test.")
    assert text.startswith("# Generated by machimori build; do not edit.\n")
    assert isomorphic(Graph().parse(data=text, format="turtle"), written)
