"""JSON-LD to RDF statements through rdflib, offline, and the shipped shapes. Imported only by ``rdf``."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote

import rdflib
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.jsonld import Parser
from rdflib.plugins.shared.jsonld.context import Context
from rdflib.term import Node

from machimori.catalogue import catalogue
from machimori.errors import UnreadableError
from machimori.messages import Message
from machimori.rdf.context import context_iri
from machimori.rdf.errors import RemoteContextError

UNDEFINED = "urn:machimori:undefined:"
"""The vocabulary of keys that a document's own context leaves undefined."""

RELATIVE = "file:///"
"""The base, so that a relative reference becomes an IRI that no id pattern takes, instead of being dropped."""

NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
"""What N-Triples does not take in an IRI."""

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


def statements(
    document: dict[str, Any] | list[Any], entity: str | None = None, undefined: str | None = None
) -> list[Statement]:
    """What a document states, in its order; with the shipped context unless it has one itself.

    ``entity`` is the class of an object that does not name it. ``undefined`` is put before keys that the document's own
    context does not define; JSON-LD alone would drop them in silence.

    Raises ``RemoteContextError``, and ``UnreadableError`` for JSON that is no JSON-LD.
    """
    if isinstance(document, dict) and _is_ours(document.get("@context")):
        document = {k: v for k, v in document.items() if k != "@context"}
    local = _localised(document, undefined)
    sink = _Sink()
    with lexical():
        try:
            _Parser().parse(local, _context_of(local, entity, undefined), sink)
        except Exception:  # noqa: BLE001  the library has no one error for JSON that is no JSON-LD, and quotes what it met
            raise UnreadableError(Message("record"), Message("not JSON-LD")) from None
        proper = _Proper()
        return [(proper.node(s), proper.predicate(p), proper.node(o)) for s, p, o in sink.stated]


def _context_of(document: Any, entity: str | None, undefined: str | None) -> Context:
    """What the document begins with: nothing where it brings its own context, or else the shipped one."""
    if not _has_context(document):
        return _shipped(entity)
    context = Context(base=RELATIVE)
    if undefined:
        context.load({"@vocab": undefined})
    return context


def graph(found: Iterable[Statement]) -> Graph:
    """The statements as a graph."""
    made = Graph()
    for statement in found:
        made.add(statement)
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


class _Parser(Parser):
    """rdflib leaves out an object, and all that it holds, whose id has a space; here it is a blank node."""

    def _to_rdf_id(self, context: Context, id_val: str) -> Any:
        found = super()._to_rdf_id(context, id_val)
        return BNode() if found is None else found


class _Proper:
    """Makes of what the parser found what would be there had it been read from N-Triples."""

    def __init__(self) -> None:
        self.blank: dict[int, BNode] = {}

    def node(self, node: Node) -> Node:
        if isinstance(node, Literal):
            # Made of a Python number, a literal fails sh:datatype in pySHACL.
            return Literal(str(node), lang=node.language, datatype=None if node.language else node.datatype)
        if isinstance(node, URIRef) and NOT_IN_IRI.search(node):
            return self.blank.setdefault(id(node), BNode())
        return node

    def predicate(self, node: Node) -> Node:
        return URIRef(NOT_IN_IRI.sub(lambda found: quote(found[0]), str(node)))


@cache
def _context_document() -> dict[str, Any]:
    """The model's context with the classes of the extensions; their fields are in the scope of those classes alone."""
    found: dict[str, Any] = json.loads(catalogue.artefact("context.jsonld"))["@context"]
    for extension in catalogue.extensions():
        _, own = json.loads(extension.artefact("context.jsonld"))["@context"]
        found |= own
    return found


@cache
def _shipped(entity: str | None = None) -> Context:
    """The model's context, with what ``entity`` means by its fields if that class has no ``type`` to call on it."""
    if entity is None:
        context = Context(base=RELATIVE)
        context.load(_context_document())
        return context
    term = _context_document().get(entity)
    if not isinstance(term, dict) or "type" in catalogue.class_data(entity)["fields"]:
        return _shipped()
    return _shipped().subcontext(term["@context"])


@cache
def _all_shapes() -> Graph:
    texts = [catalogue.artefact("shapes.ttl"), *(e.artefact("shapes.ttl") for e in catalogue.extensions())]
    found = Graph()
    with lexical():
        for text in texts:
            found.parse(data=text, format="turtle")
    return found


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


def _is_ours(source: Any) -> bool:
    """Whether it is the address of the shipped context or of an extension's: the latest, or of this very version."""
    return isinstance(source, str) and source in _addresses()


@cache
def _addresses() -> frozenset[str]:
    held = [catalogue.shipped(), *(e.catalogue for e in catalogue.extensions())]
    return frozenset(address for c in held for address in (context_iri(c["iri"]), context_iri(c["iri"], c["version"])))


def _context(source: Any, undefined: str | None) -> Any:
    if isinstance(source, list):
        return [_context(s, undefined) for s in source]
    if _is_ours(source):
        return _context_document()
    if isinstance(source, str):
        raise RemoteContextError(source)
    if undefined and source is None:
        return [None, {"@vocab": undefined}]
    local = _localised(source, undefined)
    if undefined and isinstance(local, dict) and local.get("@vocab", "") is None:
        local["@vocab"] = undefined
    return local
