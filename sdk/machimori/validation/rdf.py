"""RDF and back: a record as a graph, JSON-LD as a record, a graph held against the shapes.

Everything is local: the context is the shipped one, and a context at another address is refused, never fetched.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from machimori import catalogue
from machimori.errors import MachimoriError, MissingExtraError, UnreadableError
from machimori.validation.loading import load

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.plugins.shared.jsonld.context import Context
    from rdflib.term import Node

CONTEXT_IRI = "https://w3id.org/machimori/context.jsonld"
"""Where the context is published. It is read from the package, not from there."""

UNDEFINED = "urn:machimori:undefined:"
WHOLE_UP_TO = 10**21
"""Below this a number without fraction is an ``xsd:integer`` (JSON-LD 1.1 API, 8.6)."""
RELATIVE = "file:///"
"""The base, so that a relative reference becomes an IRI that no id pattern takes, instead of being dropped."""

Document = dict[str, Any] | list[Any] | str | bytes


class RemoteContextError(MachimoriError):
    """A document names a context at an address that is not the model's own."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"the context {address} is not shipped with machimori, and nothing is fetched; write it out")


class LossError(MachimoriError):
    """JSON-LD holds something that the model's plain record cannot: ``terms`` are the IRIs of it."""

    def __init__(self, reason: str, terms: tuple[str, ...]) -> None:
        self.reason, self.terms = reason, terms
        super().__init__(f"{reason}: {', '.join(terms)}")


class NotOneRecordError(MachimoriError):
    """JSON-LD describes no record of the model, or several."""

    def __init__(self, found: int) -> None:
        self.found = found
        super().__init__(f"expected one record, found {found or 'none'}")


@dataclass(frozen=True, slots=True)
class ShapeResult:
    """One violation. It holds no value: the path and the constraint say what to look at."""

    focus: str
    path: str | None
    constraint: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """Whether a graph conforms to the shapes, and if not, where."""

    conforms: bool
    results: tuple[ShapeResult, ...] = ()


def to_jsonld(record: dict[str, Any]) -> dict[str, Any]:
    """The record with the address of its context: JSON-LD that means what ``to_graph`` makes of it."""
    return {"@context": CONTEXT_IRI, **record}


def to_graph(record: Document | BaseModel) -> Graph:
    """The RDF graph of a record: JSON text, parsed JSON or an object of ``machimori.model``.

    The record is expanded as JSON-LD, with the shipped context unless it names one itself. Nothing is validated: an
    unknown key becomes an unknown property, a wrong value a wrong literal.

    Raises ``UnreadableError`` for what is not JSON, ``RemoteContextError`` for a context that is not shipped.
    """
    return _graph(_parsed(record))


def from_jsonld(document: Document, entity: str | None = None) -> dict[str, Any]:
    """The plain record that a JSON-LD document describes, compacted, expanded, flattened or framed in any way.

    Keys are the field names of the model, enum values bare, references IRI strings, and a value of a multivalued field
    is in a list; the order of such a list is the document's, a repeated value is one. ``entity`` names the class where
    the outermost object has no type. The record is not validated.

    Raises ``NotOneRecordError`` unless there is exactly one outermost record, ``LossError`` where something would be
    lost (an unknown term or class, a language tag, a datatype of another kind), ``RemoteContextError``,
    ``UnreadableError``.
    """
    from machimori.validation.graph_reading import Reading

    return Reading(_graph(_parsed(document), strange=UNDEFINED)).record(entity)


def shacl_report(graph: Graph, focus: str | None = None) -> ShapeReport:
    """Hold a graph against the shapes of the model: the node ``focus``, or every node of a class of the model.

    A node asked for by ``focus`` has to be of a concrete class of the model.

    Raises ``MissingExtraError`` where pySHACL is not installed (extra ``rdf``).
    """
    try:
        import pyshacl
    except ImportError:
        raise MissingExtraError("holding a graph against shapes", "rdf") from None
    from rdflib import RDF, SH, URIRef

    types = {str(t) for t in graph.objects(URIRef(focus) if focus else None, RDF.type)}
    by_iri = {c["iri"]: c["iri"] + "Shape" for c in catalogue.catalogue()["classes"].values()}
    shapes = _shapes(tuple(sorted(by_iri[t] for t in types if t in by_iri)))
    if focus is not None:
        if not any(t in by_iri for t in types):
            return ShapeReport(False, (ShapeResult(focus, str(RDF.type), str(SH.InConstraintComponent), None),))
        for shape, _, of_class in list(shapes.triples((None, SH.targetClass, None))):
            shapes.remove((shape, SH.targetClass, None))
            if str(of_class) in types:
                shapes.add((shape, SH.targetNode, URIRef(focus)))
    with lexical():
        conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    return ShapeReport(conforms, tuple(sorted(_results(report), key=lambda r: (r.focus, r.path or "", r.constraint))))


@contextmanager
def lexical() -> Iterator[None]:
    """Keep literals as written, and silent.

    rdflib would turn ``+0900`` into ``+09:00`` before anything looks at it, and it logs what it cannot read, value and all.
    """
    import rdflib

    with _NORMALISING:
        before = rdflib.NORMALIZE_LITERALS, _LOG.disabled
        rdflib.NORMALIZE_LITERALS, _LOG.disabled = False, True
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS, _LOG.disabled = before


_NORMALISING = threading.RLock()
_LOG = logging.getLogger("rdflib.term")


def _parsed(source: Document | BaseModel) -> dict[str, Any] | list[Any]:
    """JSON by the rules of the model's own loader, with numbers as JSON-LD counts them."""
    text: str | bytes
    if isinstance(source, BaseModel):
        text = source.model_dump_json(exclude_none=True, by_alias=True)
    elif isinstance(source, (str, bytes)):
        text = source
    else:
        try:
            text = json.dumps(source, allow_nan=False, default=_moment)
        except (TypeError, ValueError, RecursionError) as error:
            raise UnreadableError("record", f"not made of JSON values ({type(error).__name__})") from None
    loaded = load(text)
    if loaded.issues:
        first = loaded.issues[0]
        raise UnreadableError("record", f"{first.code} in line {first.line}" if first.line else first.code)
    if not isinstance(loaded.data, (dict, list)):
        raise UnreadableError("record", "not an object")
    document: dict[str, Any] | list[Any] = json.loads(loaded.text, parse_float=_number)
    return document


def _moment(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < WHOLE_UP_TO else number


def _graph(document: Any, strange: str | None = None) -> Graph:
    """Expand JSON-LD into a graph whose literals are as written in N-Triples.

    ``strange`` is the vocabulary of keys that the document's own context leaves undefined; JSON-LD would drop them.
    """
    from rdflib import Graph, Literal
    from rdflib.plugins.parsers.jsonld import Parser
    from rdflib.plugins.shared.jsonld.context import Context

    local = _localised(document)
    expanded, graph = Graph(), Graph()
    with lexical():
        if not _has_context(local):
            context = _shipped()
        else:
            context = Context(base=RELATIVE)
            if strange:
                context.load({"@vocab": strange})
        Parser().parse(local, context, expanded)
        for subject, predicate, value in expanded:
            # A literal that JSON-LD made of a Python number fails sh:datatype until it is read from text.
            if isinstance(value, Literal):
                value = Literal(str(value), lang=value.language, datatype=None if value.language else value.datatype)
            graph.add((subject, predicate, value))
    return graph


@cache
def _context_document() -> dict[str, Any]:
    context: dict[str, Any] = json.loads(catalogue.artefact("context.jsonld"))["@context"]
    return context


@cache
def _shipped() -> Context:
    from rdflib.plugins.shared.jsonld.context import Context

    context = Context(base=RELATIVE)
    context.load(_context_document())
    return context


def _has_context(document: Any) -> bool:
    items = document if isinstance(document, list) else [document]
    return any(isinstance(item, dict) and "@context" in item for item in items)


def _localised(document: Any) -> Any:
    """The document with the model's context written out where it is named, at every depth."""
    if isinstance(document, list):
        return [_localised(item) for item in document]
    if not isinstance(document, dict):
        return document
    if "@import" in document:
        raise RemoteContextError(str(document["@import"]))
    return {k: _context(v) if k == "@context" else _localised(v) for k, v in document.items()}


def _context(source: Any) -> Any:
    if isinstance(source, list):
        return [_context(s) for s in source]
    if not isinstance(source, str):
        return _localised(source)
    if source == CONTEXT_IRI or (source.startswith(CONTEXT_IRI[:-14]) and source.endswith("/context.jsonld")):
        return _context_document()
    raise RemoteContextError(source)


def _shapes(shapes: tuple[str, ...]) -> Graph:
    """A copy of what the shapes file says of these shapes, and of those they refer to."""
    from rdflib import SH, BNode, Graph, URIRef

    everything, found = _all_shapes(), Graph()
    waiting: list[Node] = [URIRef(s) for s in shapes]
    seen = set(waiting)
    while waiting:
        node = waiting.pop()
        for predicate, value in everything.predicate_objects(node):
            found.add((node, predicate, value))
            follow = isinstance(value, BNode) or (value, SH.property, None) in everything
            if follow and value not in seen:
                seen.add(value)
                waiting.append(value)
    return found


@cache
def _all_shapes() -> Graph:
    from rdflib import Graph

    with lexical():
        return Graph().parse(data=catalogue.artefact("shapes.ttl"), format="turtle")


def _results(report: Any) -> Iterator[ShapeResult]:
    from rdflib import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        shape = report.value(result, SH.sourceShape)
        yield ShapeResult(
            str(report.value(result, SH.focusNode)),
            None if path is None else str(path),
            str(report.value(result, SH.sourceConstraintComponent)),
            str(shape) if str(shape).startswith("http") else None,
        )


__all__ = [
    "LossError",
    "NotOneRecordError",
    "RemoteContextError",
    "ShapeReport",
    "ShapeResult",
    "from_jsonld",
    "shacl_report",
    "to_graph",
    "to_jsonld",
]
