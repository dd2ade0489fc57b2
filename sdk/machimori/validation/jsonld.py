"""JSON-LD to RDF statements through rdflib, offline, and the shipped shapes. Imported only by ``rdf``."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import rdflib
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.jsonld import Parser
from rdflib.plugins.shared.jsonld.context import Context
from rdflib.term import Node

from machimori import catalogue
from machimori.validation.rdf import CONTEXT_IRI, RemoteContextError

UNDEFINED = "urn:machimori:undefined:"
"""The vocabulary of keys that a document's own context leaves undefined."""

RELATIVE = "file:///"
"""The base, so that a relative reference becomes an IRI that no id pattern takes, instead of being dropped."""

Statement = tuple[Node, Node, Node]

_LOCK = threading.RLock()
_LOG = logging.getLogger("rdflib.term")


@contextmanager
def lexical() -> Iterator[None]:
    """Keep literals as written, and silent.

    rdflib would turn ``+0900`` into ``+09:00`` before anything looks at it, and logs what it cannot read with its value.
    """
    with _LOCK:
        before = rdflib.NORMALIZE_LITERALS, _LOG.disabled
        rdflib.NORMALIZE_LITERALS, _LOG.disabled = False, True
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS, _LOG.disabled = before


def statements(document: dict[str, Any] | list[Any], undefined: str | None = None) -> list[Statement]:
    """What a document states, in its order; with the shipped context unless it has one itself.

    ``undefined`` is put before keys that its own context does not define; JSON-LD alone would drop them in silence.
    """
    local = _localised(document, undefined)
    sink = _Sink()
    with lexical():
        if _has_context(local):
            context = Context(base=RELATIVE)
            if undefined:
                context.load({"@vocab": undefined})
        else:
            context = _shipped()
        Parser().parse(local, context, sink)
        return [(s, p, _as_read(o) if isinstance(o, Literal) else o) for s, p, o in sink.stated]


def graph(found: Iterable[Statement]) -> Graph:
    made = Graph()
    for statement in found:
        made.add(statement)  # type: ignore[arg-type]
    return made


def shapes(of: Iterable[str]) -> Graph:
    """A copy of the shapes of these classes (by IRI) and of those that they refer to."""
    everything, found = _all_shapes(), Graph()
    waiting: list[Node] = [URIRef(f"{iri}Shape") for iri in sorted(of)]
    seen = set(waiting)
    while waiting:
        node = waiting.pop()
        for predicate, value in everything.predicate_objects(node):
            found.add((node, predicate, value))
            refers = isinstance(value, BNode) or (value, SH.closed, None) in everything
            if refers and value not in seen:
                seen.add(value)
                waiting.append(value)
    return found


class _Sink(Graph):
    """Takes what the parser finds as it comes; a graph would lose order and repetition."""

    def __init__(self) -> None:
        super().__init__()
        self.stated: list[Statement] = []

    def add(self, triple: Any) -> _Sink:
        self.stated.append(triple)
        return self


def _as_read(literal: Literal) -> Literal:
    """As if read from N-Triples: made of a Python number, it fails ``sh:datatype`` in pySHACL."""
    return Literal(str(literal), lang=literal.language, datatype=None if literal.language else literal.datatype)


@cache
def _context_document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(catalogue.artefact("context.jsonld"))["@context"]
    return found


@cache
def _shipped() -> Context:
    context = Context(base=RELATIVE)
    context.load(_context_document())
    return context


@cache
def _all_shapes() -> Graph:
    with lexical():
        return Graph().parse(data=catalogue.artefact("shapes.ttl"), format="turtle")


def _has_context(document: Any) -> bool:
    items = document if isinstance(document, list) else [document]
    return any(isinstance(item, dict) and "@context" in item for item in items)


def _localised(document: Any, undefined: str | None) -> Any:
    """The document with the model's context written out where it is named, at every depth."""
    if isinstance(document, list):
        return [_localised(item, undefined) for item in document]
    if not isinstance(document, dict):
        return document
    if "@import" in document:
        raise RemoteContextError(str(document["@import"]))
    return {k: _context(v, undefined) if k == "@context" else _localised(v, undefined) for k, v in document.items()}


def _context(source: Any, undefined: str | None) -> Any:
    if isinstance(source, list):
        return [_context(s, undefined) for s in source]
    if isinstance(source, str):
        base, name = CONTEXT_IRI.rsplit("/", 1)
        if source.startswith(f"{base}/") and source.endswith(f"/{name}"):
            return _context_document()
        raise RemoteContextError(source)
    if undefined and source is None:
        return [None, {"@vocab": undefined}]
    local = _localised(source, undefined)
    if undefined and isinstance(local, dict) and local.get("@vocab", "") is None:
        local["@vocab"] = undefined
    return local
