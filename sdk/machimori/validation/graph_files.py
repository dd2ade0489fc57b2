"""JSON-LD and Turtle files as records with their findings.

Each node of a class of the model is read back as a plain record and judged as one, so that the findings are those of JSON;
and the graph is held against the shapes, so that what another SHACL engine refuses is refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from machimori.catalogue import catalogue
from machimori.catalogue.paths import Way
from machimori.errors import UnreadableError
from machimori.extras import need
from machimori.findings.issue import Issue
from machimori.messages import Message
from machimori.rdf.errors import RemoteContextError
from machimori.rdf.shacl import ShapeResult, shacl_report
from machimori.records.json_text import MAXIMUM_DEPTH, load, not_utf8
from machimori.records.opening import Input, unreadable
from machimori.records.pieces import Piece
from machimori.records.positions import Positions
from machimori.validation.record import validate

if TYPE_CHECKING:
    from machimori.rdf.jsonld import Statement

JSON_LD, TURTLE = (".jsonld",), (".ttl", ".nt")
SUFFIXES = (*JSON_LD, *TURTLE)
_BEGINS_TURTLE = re.compile(rb"\s*((@prefix|@base|PREFIX|BASE)\s|<(https?://|urn:|did:)[^<>\s]*>\s)")
WRONG_TYPE = "MM103"


@dataclass
class GraphDocument:
    """What a file states, where, and what is wrong with the file."""

    statements: list[Statement] = field(default_factory=list)
    lines: dict[int | str, int] = field(default_factory=dict)
    """By the identity of a subject, or by its IRI."""
    faults: list[Issue] = field(default_factory=list)


def is_graph(path: str | Path | BinaryIO) -> bool:
    """Whether the name of the file says that it is JSON-LD or Turtle; JSON alone does not tell."""
    return isinstance(path, (str, Path)) and Path(path).suffix.lower() in SUFFIXES


def is_json_ld(path: str | Path | BinaryIO) -> bool:
    """Whether the name of the file says that it is JSON-LD."""
    return isinstance(path, (str, Path)) and Path(path).suffix.lower() in JSON_LD


def is_turtle(source: Input) -> bool:
    """Whether what has no name to tell by, such as a pipe, begins like Turtle."""
    return source.again is None and _BEGINS_TURTLE.match(source.start()) is not None


def pieces(source: Input, *, turtle: bool) -> Iterator[Piece]:
    """The records of a graph, each as JSON with the line of its node, and what SHACL alone has against it."""
    need("shapes")
    content = source.plain().read()
    try:
        document = (_turtle if turtle else _jsonld)(content)
        found = list(_records(document)) if document.statements else []
    except RecursionError:
        document, found = GraphDocument(faults=[Issue("MM006", facts={"limit": str(MAXIMUM_DEPTH)})]), []
    except UnreadableError:
        reason = Message("a graph that cannot be followed, such as a list without end")
        document, found = GraphDocument(faults=[unreadable("", reason)]), []
    yield from (Piece(i.line or 1, fault=i, record=False) for i in document.faults)
    yield from found


def _records(document: GraphDocument) -> Iterator[Piece]:
    from machimori.rdf import jsonld
    from machimori.rdf.graph_records import Reading

    refused: dict[str, list[ShapeResult]] = {}
    for result in shacl_report(jsonld.graph(document.statements)).results:
        refused.setdefault(result.focus, []).append(result)
    for node, record in Reading(document.statements).records():
        line = document.lines.get(id(node)) or document.lines.get(str(node)) or 1
        text = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
        results = refused.get(str(node), [])
        if results and validate(text).ok:
            yield from (Piece(line, fault=_issue(r, record), record=False) for r in results[1:])
            yield Piece(line, text, None, fault=_issue(results[0], record))
        else:
            yield Piece(line, text, None)


def _issue(result: ShapeResult, record: dict[str, object]) -> Issue:
    """What the shapes alone refuse: the record is right as JSON, so its RDF writes a value in another way than they ask for."""
    name = re.split("[/#]", result.path or "")[-1]
    constraint = result.constraint.rsplit("#", 1)[-1]
    entity = str(record["type"])
    field = catalogue.class_(entity).fields.get(name)
    datatype = "" if field is None or field.type is None else field.type.datatype.rsplit("#", 1)[-1]
    literal = Message("a literal of xsd:{datatype}", datatype=datatype)
    facts = {
        "expected": literal if datatype else Message("what the shape asks for"),
        "found": Message("another (sh:{constraint})", constraint=constraint),
    }
    return Issue(WRONG_TYPE, f"/{name}" if name else "", facts, entity=entity)


def _turtle(content: bytes) -> GraphDocument:
    from machimori.rdf import turtle

    try:
        stated, lines = turtle.statements(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return GraphDocument(faults=[not_utf8(content, error)])
    except turtle.TurtleError as error:
        return GraphDocument(faults=[unreadable("", Message("not Turtle from here on"), error.line)])
    return GraphDocument(stated, lines)


def _jsonld(content: bytes) -> GraphDocument:
    from machimori.rdf import jsonld

    loaded = load(content)
    if loaded.issues or not isinstance(loaded.data, (dict, list)):
        return GraphDocument(faults=loaded.issues or [Issue("MM008", line=1, column=1)])
    try:
        stated = jsonld.statements(loaded.data, None, jsonld.UNDEFINED)
    except RemoteContextError as error:
        reason = Message("its context {address} is not shipped", address=error.address)
        return GraphDocument(faults=[unreadable("", reason)])
    except UnreadableError:
        return GraphDocument(faults=[unreadable("", Message("not JSON-LD"))])
    return GraphDocument(stated, _lines(loaded.data, loaded.text))


def _lines(data: object, text: str) -> dict[int | str, int]:
    """The line of each object that says its id, by its id."""
    found: dict[str, Way] = {}
    waiting: list[tuple[Way, object]] = [((), data)]
    while waiting:
        way, value = waiting.pop()
        children = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        if isinstance(value, dict) and len(value) > 1:
            name = next((value[k] for k in ("id", "@id") if isinstance(value.get(k), str)), None)
            if name:
                found.setdefault(name, way)
        waiting += [((*way, key), child) for key, child in children]
    places = Positions(text).of(found.values())
    return {name: places[way][0] for name, way in found.items()}
