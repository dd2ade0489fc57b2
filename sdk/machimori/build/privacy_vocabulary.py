"""``privacy.ttl``: the data classes, profiles and purposes of the model as an extension of W3C DPV 2.3.

The pattern is DPV's own: a concept is an ``rdfs:Class`` and a ``skos:Concept`` below its nearest DPV concept. Nothing is
said here that ``model/privacy`` does not say.
"""

from __future__ import annotations

from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from machimori.build import rdf_terms, turtle
from machimori.build.model import Class, Enum, Field, Model, Text
from machimori.build.owl import concept
from machimori.build.profiles import person_related
from machimori.messages import Message, msgid

DPV = "https://w3id.org/dpv#"
PROFILE_CLASS = "PrivacyProfile"
SCHEMES = {"DataClass": None, "Purpose": URIRef(DPV + "Purpose")}
"""The enums that are DPV concepts too, and the DPV class that their values belong to."""

TITLE = msgid("Privacy vocabulary of Machimori")


def emit(model: Model) -> dict[str, str]:
    """The privacy vocabulary: data classes, purposes, categories and profiles."""
    title = f"The privacy vocabulary of {model.title.en} {model.version}, an extension of W3C DPV 2.3."
    own = rdf_terms.own_prefixes(model)
    return {"privacy.ttl": turtle.write(_Vocabulary(model).graph, rdf_terms.namespace(model), title, **own)}


def _title(model: Model) -> Text:
    if model.base is None:
        return Text.of(Message(TITLE))
    return Text.of(Message("Privacy vocabulary of {model}", model=model.title.data()))


class _Vocabulary:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.graph = Graph()
        self.mm = rdf_terms.namespace(model)
        self.scheme = URIRef(model.namespace + "privacy-vocabulary")
        self._add(self.scheme, RDF.type, SKOS.ConceptScheme)
        rdf_terms.text(self.graph, self.scheme, SKOS.prefLabel, _title(model))
        for enum in model.own(model.enums):
            if enum.name in SCHEMES:
                self._values(enum, SCHEMES[enum.name])
        self._categories()
        for name, axes in model.own_profiles().items():
            self._profile(name, axes)

    def _values(self, enum: Enum, kind: URIRef | None) -> None:
        scheme = URIRef(enum.iri)
        self._add(scheme, RDF.type, SKOS.ConceptScheme)
        rdf_terms.describe(self.graph, scheme, enum, SKOS.prefLabel, SKOS.definition)
        for value in enum.values.values():
            node = concept(self.graph, scheme, value)
            self._add(node, RDF.type, RDFS.Class)
            self._add(node, RDFS.isDefinedBy, self.scheme)
            if kind:
                self._add(node, RDF.type, kind)
            if value.forbidden:
                self._add(node, URIRef(self.mm + "forbidden"), Literal(True))
            if kind is None:
                self._add(node, URIRef(self.mm + "person_related"), Literal(person_related(self.model, value.name)))
        if kind is None:
            self._in_order(enum)

    def _in_order(self, enum: Enum) -> None:
        """The data classes by strictness, the strictest last."""
        ordered = URIRef(enum.iri + "/by-strictness")
        self._add(ordered, RDF.type, SKOS.OrderedCollection)
        rdf_terms.text(
            self.graph,
            ordered,
            SKOS.prefLabel,
            Text.of(Message("{title} by strictness", title=enum.title.data())),
        )
        members: list[Node] = [URIRef(v.iri) for v in enum.values.values()]
        self._add(ordered, SKOS.memberList, Collection(self.graph, BNode(), members).uri)

    def _categories(self) -> None:
        for entry in self.model.own_categories().values():
            node, parent = URIRef(entry["iri"]), URIRef(str(entry["parent"]))
            for kind in (RDFS.Class, SKOS.Concept, URIRef(DPV + "PersonalData")):
                self._add(node, RDF.type, kind)
            self._add(node, RDFS.subClassOf, parent)
            self._add(node, SKOS.broader, parent)
            self._add(node, SKOS.inScheme, self.scheme)
            self._add(node, RDFS.isDefinedBy, self.scheme)
            self._words(node, entry)

    def _profile(self, name: str, axes: dict[str, Any]) -> None:
        node = URIRef(self.model.profile_iri(name))
        if narrowed := axes.get("narrows"):
            self._add(node, SKOS.broader, URIRef(self.model.profile_iri(narrowed)))
        class_ = self.model.classes.get(PROFILE_CLASS)
        self._add(node, RDF.type, SKOS.Concept)
        self._add(node, SKOS.inScheme, self.scheme)
        self._add(node, SKOS.notation, Literal(name))
        self._words(node, axes)
        if why := axes.get("why"):
            rdf_terms.text(self.graph, node, SKOS.scopeNote, Text(why["en"], why["ja"]))
        if class_ is not None:
            self._add(node, RDF.type, URIRef(class_.iri))
            self._axes(node, class_, axes)

    def _axes(self, node: Node, class_: Class, axes: dict[str, Any]) -> None:
        """Each axis under the IRI of its field, and of the DPV property that the field is mapped to."""
        for field in class_.fields.values():
            held = axes.get(field.name)
            if held is None or field.name in ("title", "description", "why"):
                continue
            mapped = (*field.mappings.exact, *field.mappings.close)
            predicates = [URIRef(i) for i in (field.iri, *mapped) if i == field.iri or i.startswith(DPV)]
            for value in held if isinstance(held, list) else [held]:
                if (term := self._value(field, value)) is not None:
                    for predicate in predicates:
                        self._add(node, predicate, term)

    def _value(self, field: Field, value: Any) -> Node | None:
        kind = self.model.kind(field.range)
        if kind == "enum":
            return URIRef(self.model.enums[field.range].values[str(value)].iri)
        if kind == "type":
            datatype = self.model.types[field.range].datatype
            if datatype == str(XSD.anyURI):
                return URIRef(str(value))
            return Literal(value) if not isinstance(value, str) else Literal(value, datatype=_datatype(datatype))
        if not any(v is not None for v in value.values()):
            return None
        inner = BNode()
        self._axes(inner, self.model.classes[field.range], value)
        return inner

    def _words(self, node: Node, entry: dict[str, Any]) -> None:
        for predicate, key in ((SKOS.prefLabel, "title"), (SKOS.definition, "description")):
            rdf_terms.text(self.graph, node, predicate, Text(entry[key]["en"], entry[key]["ja"]))
        if entry.get("reading"):
            self._add(node, SKOS.altLabel, Literal(entry["reading"], lang=rdf_terms.KANA))
        if entry.get("source"):
            self._add(node, DCTERMS.source, Literal(entry["source"]))

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))


def _datatype(iri: str) -> URIRef | None:
    return None if iri == str(XSD.string) else URIRef(iri)
