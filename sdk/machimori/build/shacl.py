"""``shapes.ttl``, from LinkML's ShaclGenerator.

What the agreement test proved wrong in the generator, and is set right here:

* ``type`` is a property of its own beside ``rdf:type``, which closed shapes ignore (linkml#2553, #3931): it is
  ``rdf:type``, required, and no other class; in a value object it is refused like any unknown property.
* a literal enum value never equals the IRI that the context makes of it (linkml#2497).
* ``sh:class`` wants the target of a reference in the same graph, and takes an abstract class but no subclass
  (linkml#1249): a reference is an IRI, a value object a blank node with ``sh:node``, a polymorphic value one of the
  concrete shapes.
* the pattern of an id or IRI is lost, and the identifier itself is never looked at: it is the focus node.
* a pattern of the field and one of its type make two ``sh:pattern`` in one shape, which SHACL (4.4.3) does not allow.
* ``$`` also matches before a final line feed in engines built on Python's ``re``: no value with a pattern has one.
* a whole JSON number is an ``xsd:integer`` in JSON-LD, any other an ``xsd:double``: a number may be either.
* a required list may be empty, and JSON-LD cannot tell ``[]`` from absence: only a minimum of items is a minimum.
* annotations come as they are, without Japanese labels (linkml#1937): labels in both languages, and ``mm:privacy``.
"""

from __future__ import annotations

from collections.abc import Sequence

from linkml.generators.shaclgen import ShaclGenerator
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from machimori.build import rdf_terms, turtle
from machimori.build.model import Class, Field, Model, Text

SUFFIX = "Shape"
LINE_BREAK = r"[\n\r]"
NUMBERS = (XSD.integer, XSD.double, XSD.decimal)
RANGE = (SH["class"], SH.datatype, SH.nodeKind, SH.pattern, SH["in"], SH.minInclusive, SH.maxInclusive)


def emit(model: Model) -> dict[str, str]:
    """The SHACL shapes of every class, ``<Class>Shape`` for ``<Class>``."""
    graph = _Generator(model).as_graph()
    title = f"The shapes of {model.title.en} {model.version}: one a class, closed, with the privacy of every field."
    return {"shapes.ttl": turtle.write(graph, rdf_terms.namespace(model), title, **rdf_terms.own_prefixes(model))}


class _Generator(ShaclGenerator):
    def __init__(self, model: Model) -> None:
        super().__init__(model.view.schema, suffix=SUFFIX, closed=True, default_language="en", emit_rules=False)
        self.model = model

    def as_graph(self) -> Graph:
        graph: Graph = super().as_graph()
        correction = _Correction(self.model, graph)
        known = {URIRef(c.iri + SUFFIX) for c in self.model.classes.values()}
        for shape in set(graph.subjects(RDF.type, SH.NodeShape)) - known:
            raise ValueError(f"LinkML made a shape of a class that the model does not have: {shape}")
        for class_ in self.model.own(self.model.classes):
            correction.of_class(class_)
        return graph if self.model.base is None else _of(graph, [c.iri for c in self.model.own(self.model.classes)])


def _of(graph: Graph, classes: Sequence[str]) -> Graph:
    """The shapes of these classes alone, with the blank nodes in them."""
    found = Graph()
    waiting: list[Node] = [URIRef(iri + SUFFIX) for iri in classes]
    while waiting:
        node = waiting.pop()
        for predicate, value in graph.predicate_objects(node):
            found.add((node, predicate, value))
            if isinstance(value, BNode):
                waiting.append(value)
    return found


class _Correction:
    def __init__(self, model: Model, graph: Graph) -> None:
        self.model = model
        self.graph = graph
        self.mm = rdf_terms.namespace(model)

    def of_class(self, class_: Class) -> None:
        shape = URIRef(class_.iri + SUFFIX)
        self._text(shape, RDFS.label, class_.title)
        self._text(shape, RDFS.comment, class_.description)
        self._without_list(shape, SH.ignoredProperties)
        if class_.data_subject:
            self._add(shape, URIRef(self.mm + "data_subject"), URIRef(class_.fields[class_.data_subject].iri))
        if class_.identified:
            self._identifier(class_, shape)
        elif not class_.abstract:
            self._add(shape, SH.nodeKind, SH.BlankNode)
        if class_.abstract:
            members = [URIRef(self.model.classes[m].iri + SUFFIX) for m in self._concrete(class_)]
            self._add(shape, SH["or"], self._list(members))
        properties = {int(str(self.graph.value(p, SH.order))): p for p in self.graph.objects(shape, SH.property)}
        for order, field in enumerate(class_.fields.values()):
            self._field(class_, field, properties[order])

    def _identifier(self, class_: Class, shape: URIRef) -> None:
        field = next(f for f in class_.fields.values() if f.identifier)
        self._add(shape, SH.nodeKind, SH.IRI)
        self._add(shape, SH.pattern, Literal(self.model.types[field.range].pattern or ".", datatype=XSD.string))

    def _field(self, class_: Class, field: Field, shape: Node) -> None:
        for predicate in RANGE:
            self._without_list(shape, predicate)
        self.graph.set((shape, SH.path, RDF.type if field.designates_type else URIRef(field.iri)))
        self._text(shape, SH.name, field.title)
        self._text(shape, SH.description, field.description)
        self._add(shape, URIRef(self.mm + "privacy"), URIRef(self.model.profile_iri(field.privacy)))
        if field.unit:
            self._add(shape, URIRef(self.mm + "ucum"), Literal(field.unit.ucum))
            self._add(shape, URIRef(self.mm + "rec20"), Literal(field.unit.rec20))
        if field.designates_type:
            self._add(shape, SH["in"], self._list([URIRef(self.model.classes[m].iri) for m in self._concrete(class_)]))
        elif field.identifier:
            # The identifier is the node, so no triple holds it; this shape is where its classification stands.
            self.graph.set((shape, SH.maxCount, Literal(0)))
        else:
            self._count(field, shape)
            self._range(field, shape)

    def _count(self, field: Field, shape: Node) -> None:
        self.graph.remove((shape, SH.minCount, None))
        minimum = field.minimum_items if field.multivalued else int(field.required)
        if minimum and field.required:
            self._add(shape, SH.minCount, Literal(minimum))

    def _range(self, field: Field, shape: Node) -> None:
        kind = self.model.kind(field.range)
        if kind == "enum":
            values = self.model.enums[field.range].values.values()
            self._add(shape, SH["in"], self._list([URIRef(v.iri) for v in values]))
        elif kind == "class" and field.inlined:
            self._add(shape, SH.node, URIRef(self.model.classes[field.range].iri + SUFFIX))
        elif kind == "class":
            identifier = next(f for f in self.model.classes[field.range].fields.values() if f.identifier)
            self._iri(shape, [self.model.types[identifier.range].pattern])
        else:
            self._type(field, shape)

    def _type(self, field: Field, shape: Node) -> None:
        type_ = self.model.types[field.range]
        if type_.datatype == str(XSD.anyURI):
            self._iri(shape, [type_.pattern, field.pattern])
            return
        if type_.json == "number":
            self._add(shape, SH["or"], self._list([self._node(SH.datatype, d) for d in NUMBERS]))
        else:
            self._add(shape, SH.datatype, URIRef(type_.datatype))
        if self._patterns(shape, [type_.pattern, field.pattern]):
            self._add(shape, SH["not"], self._node(SH.pattern, Literal(LINE_BREAK)))
        for predicate, bound in ((SH.minInclusive, field.minimum), (SH.maxInclusive, field.maximum)):
            if bound is not None:
                self._add(shape, predicate, Literal(bound))

    def _iri(self, shape: Node, patterns: Sequence[str | None]) -> None:
        self._add(shape, SH.nodeKind, SH.IRI)
        self._patterns(shape, patterns)

    def _patterns(self, shape: Node, patterns: Sequence[str | None]) -> bool:
        found = [Literal(p) for p in patterns if p]
        if len(found) == 1:
            self._add(shape, SH.pattern, found[0])
        elif found:
            self._add(shape, SH["and"], self._list([self._node(SH.pattern, p) for p in found]))
        return bool(found)

    def _concrete(self, class_: Class) -> list[str]:
        return [m for m in self.model.members(class_.name) if not self.model.classes[m].abstract]

    def _text(self, shape: Node, predicate: URIRef, text: Text) -> None:
        self.graph.remove((shape, predicate, None))
        self._add(shape, predicate, Literal(text.en, lang="en"))
        if text.ja:
            self._add(shape, predicate, Literal(text.ja, lang="ja"))

    def _node(self, predicate: URIRef, value: Node) -> BNode:
        node = BNode()
        self._add(node, predicate, value)
        return node

    def _list(self, members: Sequence[Node]) -> Node:
        return Collection(self.graph, BNode(), list(members)).uri if members else RDF.nil

    def _without_list(self, shape: Node, predicate: URIRef) -> None:
        """Remove the values of ``predicate``, and the cells where one is a list."""
        for value in list(self.graph.objects(shape, predicate)):
            self.graph.remove((shape, predicate, value))
            if isinstance(value, BNode):
                self._clear(value)

    def _clear(self, cell: Node | None) -> None:
        while isinstance(cell, BNode):
            following = self.graph.value(cell, RDF.rest)
            self.graph.remove((cell, None, None))
            cell = following

    def _add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))
