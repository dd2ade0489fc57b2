"""pySHACL as one more engine: JSON-LD expansion, then the shape of one class.

JSON-LD forgets what RDF cannot say, so this engine may accept what JSON refuses; ``test_rdf`` proves for each case that
the graph is that of an accepted record.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node
from tests import raw

from machimori.errors import MachimoriError
from machimori.rdf import jsonld
from machimori.rdf.conversion import to_graph

RECORD = URIRef("urn:machimori:oracle:record")
"""Joins the record to a node of nobody, so that the record is found even where it has lost its id and type."""


def accepts(record: Any, class_name: str) -> bool:
    """Whether the graph of ``record`` conforms to the shape of ``class_name``."""
    if not isinstance(record, dict) or _brings_context(record):
        return False
    try:
        graph, root = expanded(record, class_name)
    except MachimoriError:
        return False
    if isinstance(root, Literal) or not _one_record(graph, root):
        return False
    with jsonld.lexical():
        conforms, _ = _shape(class_name).validate(SHACLExecutor(abort_on_first=True), graph, focus=root)
    return bool(conforms)


def expanded(record: dict[str, Any], class_name: str) -> tuple[Graph, Node]:
    """The graph of a record, and the node that is the record."""
    graph = to_graph({str(RECORD): record}, class_name)
    (holder, root), *_ = graph.subject_objects(RECORD)
    graph.remove((holder, RECORD, root))
    return graph, root


def _brings_context(value: Any) -> bool:
    """Whether it says itself how it is to be read: then it is a JSON-LD document and no plain record."""
    if isinstance(value, dict):
        return "@context" in value or any(map(_brings_context, value.values()))
    return isinstance(value, list) and any(map(_brings_context, value))


def _one_record(graph: Graph, root: Node) -> bool:
    """Whether nothing but the record and the parties in it is described.

    An object in the place of a reference describes another resource: harmless in a data set, wrong in one record.
    """
    embedded = {value for field in _embedding() for value in graph.objects(None, field)}
    return all(isinstance(s, BNode) or s == root or s in embedded for s in graph.subjects())


@cache
def _embedding() -> frozenset[URIRef]:
    classes = raw.catalogue()["classes"]
    fields = (f for c in classes.values() for f in c["fields"].values() if f["inlined"])
    return frozenset(URIRef(f["iri"]) for f in fields if "id" in classes[f["range"]]["fields"])


@cache
def _shape(class_name: str) -> Shape:
    iri = raw.class_data(class_name)["iri"]
    return next(s for s in ShapesGraph(jsonld.shapes([iri])).shapes if s.node == URIRef(f"{iri}Shape"))
