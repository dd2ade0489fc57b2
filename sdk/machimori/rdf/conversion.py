"""RDF and back: a record as a graph, JSON-LD as a record.

Everything is local: the context is the shipped one, and a context at another address is refused, never fetched. rdflib
is imported when one of these is called.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from machimori.catalogue import catalogue
from machimori.errors import UnreadableError
from machimori.extras import need
from machimori.messages import Message
from machimori.rdf.context import CONTEXT_IRI, context_iri
from machimori.rdf.errors import NotOneRecordError
from machimori.records.json_text import load

if TYPE_CHECKING:
    from rdflib import Graph

WHOLE_UP_TO = 10**21
"""Below this a number without fraction is an ``xsd:integer`` (JSON-LD 1.1 Processing Algorithms and API, 8.2.2)."""

RECORD = Message("record")
Document = dict[str, object] | list[object] | str | bytes


def to_jsonld(record: dict[str, object]) -> dict[str, object]:
    """The record with the address of its context: JSON-LD that means what ``to_graph`` makes of it."""
    named = record.get("type")
    extension = catalogue.extension_of("classes", named) if isinstance(named, str) else None
    return {"@context": context_iri(extension.iri) if extension else CONTEXT_IRI, **record}


def to_graph(record: Document | BaseModel, entity: str | None = None) -> Graph:
    """The RDF graph of a record: JSON text, parsed JSON or an object of ``machimori.model``.

    The record is expanded as JSON-LD, with the shipped context unless it names one itself. ``entity`` names the class of
    an object without ``type`` (a place, say). Nothing is validated: an unknown key becomes an unknown property, a wrong
    value a wrong literal.

    Raises ``UnreadableError`` for what is not JSON, ``RemoteContextError`` for a context that is not shipped,
    ``MissingExtraError`` where rdflib is not installed (extra ``rdf``).
    """
    need("graphs")
    from machimori.rdf import jsonld

    return jsonld.graph(jsonld.statements(_parsed(record), entity))


def from_jsonld(document: Document, entity: str | None = None) -> dict[str, object]:
    """The plain record that a JSON-LD document describes, compacted, expanded, flattened or framed in any way.

    Keys are the field names of the model, enum values bare, references IRI strings, and a value of a multivalued field
    is in a list, in the order of the document. JSON-LD knows neither ``null`` nor ``[]``: what is not there is left out,
    or an empty list where the class requires one. ``entity`` names the class where the outermost object has no type. The
    record is not validated.

    Raises ``NotOneRecordError`` unless there is exactly one outermost record, ``LossError`` where something would be
    lost (an unknown term or class, a language tag, a datatype of another kind), ``RemoteContextError``,
    ``UnreadableError``, ``MissingExtraError`` where rdflib is not installed (extra ``rdf``).
    """
    need("graphs")
    from machimori.rdf import jsonld
    from machimori.rdf.graph_records import Reading

    parsed = _parsed(document)
    if not parsed and isinstance(parsed, list):
        raise NotOneRecordError(0)
    return Reading(jsonld.statements(parsed, entity, jsonld.UNDEFINED)).record(entity)


def _parsed(source: Document | BaseModel) -> dict[str, object] | list[object]:
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
