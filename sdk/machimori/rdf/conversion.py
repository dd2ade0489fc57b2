"""RDF and back: a record as a graph, JSON-LD as a record, a graph held against the shapes.

Everything is local: the context is the shipped one, and a context at another address is refused, never fetched. rdflib
is imported when one of these is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from machimori.catalogue import catalogue
from machimori.errors import MachimoriError, MissingExtraError, UnreadableError
from machimori.messages import Message, msgid
from machimori.records.json_text import load

if TYPE_CHECKING:
    from rdflib import Graph

CONTEXT_IRI = "https://w3id.org/machimori/context.jsonld"
"""Where the context is published. It is read from the package, not from there."""

WHOLE_UP_TO = 10**21
"""Below this a number without fraction is an ``xsd:integer`` (JSON-LD 1.1 Processing Algorithms and API, 8.2.2)."""

RECORD, GRAPH = Message("record"), Message("graph")
Document = dict[str, Any] | list[Any] | str | bytes


class RemoteContextError(MachimoriError):
    """A document names a context at an address that is not the model's own."""

    message = msgid("the context {address} is not shipped with machimori, and nothing is fetched; write it out")

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class LossError(MachimoriError):
    """JSON-LD holds something that a plain record of the model cannot; ``terms`` are its IRIs or names."""

    message = msgid("{reason}: {terms}")

    def __init__(self, reason: Message, terms: tuple[str, ...]) -> None:
        super().__init__(reason, terms)
        self.reason, self.terms = reason, terms


class NotOneRecordError(MachimoriError):
    """JSON-LD describes no record of the model, or several."""

    message = msgid("expected one record, found {found}")

    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found
        if not found:
            self.message = msgid("expected one record, found none")


@dataclass(frozen=True, slots=True)
class ShapeResult:
    """One violation. It holds no value: focus, path and constraint say what to look at."""

    focus: str
    path: str | None
    constraint: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """Whether a graph conforms to the shapes, and if not, where."""

    conforms: bool
    results: tuple[ShapeResult, ...] = ()


def context_iri(model: str, version: str = "") -> str:
    """Where the context of the model, or of an extension, with this IRI is published."""
    return "/".join(filter(None, (model.rstrip("/#"), version, "context.jsonld")))


def to_jsonld(record: dict[str, Any]) -> dict[str, Any]:
    """The record with the address of its context: JSON-LD that means what ``to_graph`` makes of it."""
    named = record.get("type")
    extension = catalogue.extension_of("classes", named) if isinstance(named, str) else None
    return {"@context": context_iri(extension.iri) if extension else CONTEXT_IRI, **record}


def to_graph(record: Document | BaseModel, entity: str | None = None) -> Graph:
    """The RDF graph of a record: JSON text, parsed JSON or an object of ``machimori.model``.

    The record is expanded as JSON-LD, with the shipped context unless it names one itself. ``entity`` names the class of
    an object without ``type`` (a place, say). Nothing is validated: an unknown key becomes an unknown property, a wrong
    value a wrong literal.

    Raises ``UnreadableError`` for what is not JSON, ``RemoteContextError`` for a context that is not shipped.
    """
    from machimori.rdf import jsonld

    return jsonld.graph(jsonld.statements(_parsed(record), entity))


def from_jsonld(document: Document, entity: str | None = None) -> dict[str, Any]:
    """The plain record that a JSON-LD document describes, compacted, expanded, flattened or framed in any way.

    Keys are the field names of the model, enum values bare, references IRI strings, and a value of a multivalued field
    is in a list, in the order of the document. JSON-LD knows neither ``null`` nor ``[]``: what is not there is left out,
    or an empty list where the class requires one. ``entity`` names the class where the outermost object has no type. The
    record is not validated.

    Raises ``NotOneRecordError`` unless there is exactly one outermost record, ``LossError`` where something would be
    lost (an unknown term or class, a language tag, a datatype of another kind), ``RemoteContextError``,
    ``UnreadableError``.
    """
    from machimori.rdf import jsonld
    from machimori.rdf.graph_records import Reading

    parsed = _parsed(document)
    if not parsed and isinstance(parsed, list):
        raise NotOneRecordError(0)
    return Reading(jsonld.statements(parsed, entity, jsonld.UNDEFINED)).record(entity)


def shacl_report(graph: Graph, focus: str | None = None) -> ShapeReport:
    """Hold a graph against the shapes of the model: the node ``focus``, or every node of a class of the model.

    A node asked for by ``focus`` has to be of a concrete class of the model.

    Raises ``MissingExtraError`` where pySHACL is not installed (extra ``rdf``), and ``UnreadableError`` for a graph that
    cannot be followed, such as one with a list that is its own rest.
    """
    try:
        import pyshacl
    except ImportError:
        raise MissingExtraError("holding a graph against shapes", "rdf") from None
    from rdflib import RDF, SH, URIRef

    from machimori.rdf import jsonld

    known = {c["iri"] for c in catalogue.catalogue()["classes"].values()}
    types = known & {str(t) for t in graph.objects(URIRef(focus) if focus else None, RDF.type)}
    shapes = jsonld.shapes(types)
    if focus is not None:
        if not types:
            return ShapeReport(False, (ShapeResult(focus, str(RDF.type), str(SH.InConstraintComponent), None),))
        for shape, target in list(shapes.subject_objects(SH.targetClass)):
            shapes.remove((shape, SH.targetClass, None))
            if str(target) in types:
                shapes.add((shape, SH.targetNode, URIRef(focus)))
    with jsonld.lexical():
        try:
            conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
        except Exception as error:  # noqa: BLE001  the library has no one error for a graph that it cannot follow, and quotes it
            raise UnreadableError(
                GRAPH, Message("the shapes cannot be held against it ({kind})", kind=type(error).__name__)
            ) from None
    return ShapeReport(
        bool(conforms), tuple(sorted(_results(report), key=lambda r: (r.focus, r.path or "", r.constraint)))
    )


def _results(report: Any) -> Iterator[ShapeResult]:
    from rdflib import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        shape = str(report.value(result, SH.sourceShape))
        yield ShapeResult(
            str(report.value(result, SH.focusNode)),
            None if path is None else str(path),
            str(report.value(result, SH.sourceConstraintComponent)),
            shape if ":" in shape else None,
        )


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
            raise UnreadableError(
                RECORD, Message("not made of JSON values ({kind})", kind=type(error).__name__)
            ) from None
    loaded = load(text)
    if loaded.issues:
        first = loaded.issues[0]
        place = Message("{code} in line {line}", code=first.code, line=first.line)
        raise UnreadableError(RECORD, place if first.line else first.code)
    if not isinstance(loaded.data, (dict, list)):
        raise UnreadableError(RECORD, Message("not an object"))
    document: dict[str, Any] | list[Any] = json.loads(loaded.text, parse_float=_number)
    return document


def _moment(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < WHOLE_UP_TO else number


__all__ = [
    "CONTEXT_IRI",
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
