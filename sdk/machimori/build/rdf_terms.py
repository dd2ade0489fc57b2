"""What every term of the model says of itself in RDF: labels, reading, definition, source, mappings."""

from __future__ import annotations

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from machimori.build.model import PREFIX, Mappings, Model, Term, Text

KANA = "ja-Hrkt"
"""Japanese in hiragana and katakana (ISO 15924): how a title is read."""


def namespace(model: Model) -> str:
    """Where the terms of the model are, a vendor's extension included, whose own IRI is elsewhere."""
    return model.prefixes[PREFIX.removesuffix(":")]


def own_prefixes(model: Model) -> dict[str, str]:
    """The prefix of an extension's terms; the model's own ``mm`` is always there."""
    return {model.prefix: model.namespace} if model.base else {}


def text(graph: Graph, node: Node, predicate: URIRef, value: Text) -> None:
    """A text in both languages."""
    for language, words in value.data().items():
        if words:
            graph.add((node, predicate, Literal(words, lang=language)))


def describe(graph: Graph, node: Node, term: Term, label: URIRef, definition: URIRef) -> None:
    text(graph, node, label, term.title)
    if term.title.reading:
        graph.add((node, SKOS.altLabel, Literal(term.title.reading, lang=KANA)))
    text(graph, node, definition, term.description)
    if term.source:
        graph.add((node, DCTERMS.source, Literal(term.source)))
    mappings(graph, node, term.mappings)


def mappings(graph: Graph, node: Node, found: Mappings) -> None:
    for predicate, iris in ((SKOS.exactMatch, found.exact), (SKOS.closeMatch, found.close)):
        for iri in iris:
            graph.add((node, predicate, URIRef(iri)))
