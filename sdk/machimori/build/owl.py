"""``ontology.ttl`` (OWL 2 DL) and ``skos.ttl`` (the lists of values), written from the model and not by LinkML.

LinkML's OwlSchemaGenerator would have to be replaced almost triple by triple. On this model (1.12.1, ``type_objects=False``)

* one name in two classes becomes one property of two kinds, object and datatype, which OWL DL forbids (linkml#2091), and
  annotations of such attributes are dropped or mixed up;
* the type designator becomes ``(mm:type some C) subClassOf C`` over a datatype property;
* a number is an ``xsd:double`` with integer facets, a datatype without values; and JSON-LD makes an ``xsd:integer`` of
  every whole number, which no ``xsd:double`` is: the ontology would contradict the data;
* references of type uri are ``xsd:anyURI`` literals, which the context makes IRIs;
* enum values are classes ``<Enum>#<value>``, not the individuals that the data names;
* ``xsd:date``, ``xsd:duration`` and ``geo:wktLiteral`` are outside the OWL 2 datatype map;
* annotations hang on the property, once for all classes, while a field is classified per class; titles have no language
  (linkml#1937).

Here a class says of each field how often it occurs; that axiom carries ``mm:privacy``. Bounds and patterns are left to
SHACL: OWL is for what things mean, not for closed checking. That the classes are disjoint and the values of a list are
different is what lets a reasoner find a reference to the wrong kind of thing, or two values where one belongs: without it
OWL would conclude that the two are the same. No property is functional, since a vendor's class may hold it as a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from machimori.build import rdf_terms, turtle
from machimori.build.model import Class, Enum, Field, Model, Text, Value
from machimori.messages import Message, msgid

DATATYPES = {str(d) for d in (XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.double, XSD.dateTime, XSD.anyURI)}
"""Datatypes of the OWL 2 map that the model may use; any other value is an ``rdfs:Literal``."""

ANNOTATIONS = (
    *(DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.source),
    *(SKOS.altLabel, SKOS.exactMatch, SKOS.closeMatch),
)
OWN_ANNOTATIONS = {
    "privacy": msgid("privacy profile"),
    "data_subject": msgid("field that names the data subject"),
    "ucum": msgid("unit (UCUM)"),
    "rec20": msgid("unit (UN/CEFACT Recommendation 20)"),
}


def emit(model: Model) -> dict[str, str]:
    """The ontology of classes and fields, and the concept schemes of the enums."""
    named, mm, own = f"{model.title.en} {model.version}", rdf_terms.namespace(model), rdf_terms.own_prefixes(model)
    return {
        "ontology.ttl": turtle.write(_Ontology(model).graph, mm, f"The classes and fields of {named} in OWL 2.", **own),
        "skos.ttl": turtle.write(_concepts(model), mm, f"The lists of values of {named} in SKOS.", **own),
    }


class _Ontology:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.graph = Graph()
        self.homes: dict[str, list[tuple[Class, Field]]] = {}
        self.common: dict[str, Field] = {}
        for class_ in model.own(model.classes):
            for field in class_.fields.values():
                self.homes.setdefault(field.iri, []).append((class_, field))
        self._header()
        for iri, uses in self.homes.items():
            self._property(URIRef(iri), [field for _, field in uses])
        for class_ in model.own(model.classes):
            self._class(class_)
        for enum in model.own(model.enums):
            self._enum(enum)
        self._disjoint()

    def _mm(self, name: str) -> URIRef:
        return URIRef(rdf_terms.namespace(self.model) + name)

    def _header(self) -> None:
        ontology = URIRef(self.model.iri)
        self._add(ontology, RDF.type, OWL.Ontology)
        self._add(ontology, OWL.versionIRI, URIRef(f"{self.model.iri.rstrip('/#')}/{self.model.version}/ontology.ttl"))
        self._add(ontology, OWL.versionInfo, Literal(self.model.version))
        rdf_terms.text(self.graph, ontology, DCTERMS.title, self.model.title)
        rdf_terms.text(self.graph, ontology, DCTERMS.description, self.model.description)
        if self.model.base:
            self._add(ontology, OWL.imports, URIRef(self.model.base.iri))
        for annotation in ANNOTATIONS:
            self._add(annotation, RDF.type, OWL.AnnotationProperty)
        for name, label in OWN_ANNOTATIONS.items():
            if self._mm(name) in map(URIRef, self.homes):
                raise ValueError(f"the field {name} has the IRI of an annotation")
            self._add(self._mm(name), RDF.type, OWL.AnnotationProperty)
            rdf_terms.text(self.graph, self._mm(name), RDFS.label, Text.of(Message(label)))

    def _property(self, iri: URIRef, uses: list[Field]) -> None:
        """What all classes that have the field mean by it: the words that most of them use."""
        field = uses[0]
        words = Counter((f.title, f.description) for f in uses).most_common(1)[0][0]
        common = next(f for f in uses if (f.title, f.description) == words)
        self.common[field.iri] = common
        kinds = {self._is_object(f) for f in uses}
        if len(kinds) > 1:
            owners = ", ".join(sorted(f"{f.owner}.{f.name}" for f in uses))
            raise ValueError(f"a field that is a value here and a reference there cannot be one OWL property: {owners}")
        if self.model.base and not iri.startswith(self.model.namespace):
            return  # the ontology that this one imports defines it
        self._add(iri, RDF.type, OWL.ObjectProperty if kinds == {True} else OWL.DatatypeProperty)
        rdf_terms.describe(self.graph, iri, common, RDFS.label, RDFS.comment)
        ranges = {f.range for f in uses}
        if len(ranges) == 1 and (value := self._range(field)) is not None:
            self._add(iri, RDFS.range, value)
        if field.unit:
            self._add(iri, self._mm("ucum"), Literal(field.unit.ucum))
            self._add(iri, self._mm("rec20"), Literal(field.unit.rec20))

    def _class(self, class_: Class) -> None:
        iri = URIRef(class_.iri)
        self._add(iri, RDF.type, OWL.Class)
        rdf_terms.describe(self.graph, iri, class_, RDFS.label, RDFS.comment)
        if class_.data_subject:
            self._add(iri, self._mm("data_subject"), URIRef(class_.fields[class_.data_subject].iri))
        if class_.parent:
            self._add(iri, RDFS.subClassOf, URIRef(self.model.classes[class_.parent].iri))
        if class_.abstract:
            members = [URIRef(c.iri) for c in self.model.classes.values() if c.parent == class_.name]
            self._add(iri, RDFS.subClassOf, self._expression(OWL.Class, OWL.unionOf, members))
        for field in class_.fields.values():
            self._axiom(class_, iri, field)

    def _axiom(self, class_: Class, iri: URIRef, field: Field) -> None:
        """``class subClassOf (field …)``, annotated with what the class says of the field."""
        restriction = BNode(f"{class_.name}.{field.name}")
        self._add(iri, RDFS.subClassOf, restriction)
        self._add(restriction, RDF.type, OWL.Restriction)
        self._add(restriction, OWL.onProperty, URIRef(field.iri))
        predicate, value = self._restriction(field)
        self._add(restriction, predicate, value)
        axiom = BNode()
        self._add(axiom, RDF.type, OWL.Axiom)
        self._add(axiom, OWL.annotatedSource, iri)
        self._add(axiom, OWL.annotatedProperty, RDFS.subClassOf)
        self._add(axiom, OWL.annotatedTarget, restriction)
        self._add(axiom, self._mm("privacy"), URIRef(self.model.profile_iri(field.privacy)))
        common = self.common[field.iri]
        if field.title != common.title:
            rdf_terms.text(self.graph, axiom, RDFS.label, field.title)
        if field.description != common.description:
            rdf_terms.text(self.graph, axiom, RDFS.comment, field.description)
        if len({f.range for _, f in self.homes[field.iri]}) > 1 and (filler := self._range(field)) is not None:
            local = BNode()
            self._add(iri, RDFS.subClassOf, local)
            self._add(local, RDF.type, OWL.Restriction)
            self._add(local, OWL.onProperty, URIRef(field.iri))
            self._add(local, OWL.allValuesFrom, filler)

    def _restriction(self, field: Field) -> tuple[URIRef, Node]:
        if field.multivalued:
            return OWL.minCardinality, _count((field.minimum_items or 0) if field.required else 0)
        return (OWL.cardinality if field.required else OWL.maxCardinality), _count(1)

    def _is_object(self, field: Field) -> bool:
        if field.identifier:
            return False
        type_ = self.model.types.get(field.range)
        return type_ is None or type_.datatype == str(XSD.anyURI)

    def _range(self, field: Field) -> Node | None:
        """The class, list or datatype of the values; ``None`` where any IRI will do."""
        kind = self.model.kind(field.range)
        if kind != "type":
            held = self.model.classes if kind == "class" else self.model.enums
            return URIRef(held[field.range].iri)
        type_ = self.model.types[field.range]
        if self._is_object(field):
            return None
        if type_.json == "number":
            return self._expression(RDFS.Datatype, OWL.unionOf, [XSD.decimal, XSD.double])
        return URIRef(type_.datatype) if type_.datatype in DATATYPES else RDFS.Literal

    def _enum(self, enum: Enum) -> None:
        iri = URIRef(enum.iri)
        self._add(iri, RDF.type, OWL.Class)
        rdf_terms.describe(self.graph, iri, enum, RDFS.label, RDFS.comment)
        values = [URIRef(v.iri) for v in enum.values.values()]
        self._add(iri, OWL.equivalentClass, self._expression(OWL.Class, OWL.oneOf, values))
        if len(values) > 1:
            self._expression(OWL.AllDifferent, OWL.distinctMembers, values)
        for value in enum.values.values():
            self._add(URIRef(value.iri), RDF.type, OWL.NamedIndividual)
            rdf_terms.text(self.graph, URIRef(value.iri), RDFS.label, value.title)

    def _disjoint(self) -> None:
        """Nothing is of two classes, and no value stands in two lists.

        Left out are abstract classes, and embedded parties: their id is that of a record of another class, such as the
        organisation that asks.
        """
        held = [c for c in self.model.classes.values() if not c.abstract and (c.typed or not c.identified)]
        members = [URIRef(t.iri) for t in (*held, *self.model.enums.values())]
        self._expression(OWL.AllDisjointClasses, OWL.members, members)

    def _expression(self, kind: URIRef, predicate: URIRef, members: Iterable[Node]) -> Node:
        node = BNode()
        self._add(node, RDF.type, kind)
        self._add(node, predicate, Collection(self.graph, BNode(), list(members)).uri)
        return node

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))


def _count(number: int) -> Literal:
    return Literal(number, datatype=XSD.nonNegativeInteger)


def _concepts(model: Model) -> Graph:
    graph = Graph()
    for enum in model.own(model.enums):
        scheme = URIRef(enum.iri)
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
        rdf_terms.describe(graph, scheme, enum, SKOS.prefLabel, SKOS.definition)
        for value in enum.values.values():
            concept(graph, scheme, value)
    return graph


def concept(graph: Graph, scheme: URIRef, value: Value) -> URIRef:
    """One value of a list as a concept of its scheme."""
    node = URIRef(value.iri)
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.notation, Literal(value.name)))
    graph.add((node, SKOS.topConceptOf, scheme))
    graph.add((node, SKOS.inScheme, scheme))
    rdf_terms.describe(graph, node, value, SKOS.prefLabel, SKOS.definition)
    return node
