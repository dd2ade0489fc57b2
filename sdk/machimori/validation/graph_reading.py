"""A graph of one record back to the plain record, by the shipped catalogue, losing nothing in silence."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rdflib import RDF, XSD, BNode, Literal

from machimori import catalogue
from machimori.validation.rdf import RELATIVE, UNDEFINED, LossError, NotOneRecordError

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

WHOLE = {str(XSD.integer), str(XSD.int), str(XSD.long)}
NUMBERS = {*WHOLE, str(XSD.decimal), str(XSD.double), str(XSD.float)}
PLAIN = {str(XSD.string)}


class Reading:
    """One graph being read. ``record`` may be called once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.model = catalogue.catalogue()
        self.read: set[Node] = set()
        self.lost: list[str] = []

    def record(self, entity: str | None = None) -> dict[str, Any]:
        """The one outermost record of the graph, of class ``entity`` unless it says so itself."""
        root = self._root(typed=entity is None)
        record = self._object(root, entity or "")
        unread = [s for s in set(self.graph.subjects()) - self.read if (s, RDF.first, None) not in self.graph]
        if self.lost:
            raise LossError("the model has no place for", tuple(sorted(set(self.lost))))
        if unread:
            raise LossError("described beside the record", tuple(sorted("_:" if isinstance(s, BNode) else str(s) for s in unread)))
        return record

    @cached_property
    def _classes(self) -> dict[str, str]:
        return {c["iri"]: name for name, c in self.model["classes"].items()}

    def _root(self, typed: bool) -> Node:
        subjects = {s for s, p in self.graph.subject_predicates() if p not in (RDF.first, RDF.rest)}
        if typed:
            subjects = {s for s in subjects if any(str(t) in self._classes for t in self.graph.objects(s, RDF.type))}
        outermost = [s for s in subjects if not any(referrer != s for referrer in self.graph.subjects(None, s))]
        if len(outermost) != 1:
            strange = [str(t) for t in self.graph.objects(None, RDF.type) if str(t) not in self._classes]
            if not subjects and strange:
                raise LossError("the model has no class", tuple(sorted(t.removeprefix(UNDEFINED) for t in strange)))
            raise NotOneRecordError(len(outermost))
        return outermost[0]

    def _object(self, node: Node, expected: str) -> dict[str, Any]:
        self.read.add(node)
        name = self._class_of(node, expected)
        class_ = self.model["classes"].get(name, {"fields": {}, "iri": ""})
        by_iri = {f["iri"]: (n, f) for n, f in class_["fields"].items() if n not in ("id", "type")}
        found: dict[str, list[Any]] = {}
        for predicate, value in self.graph.predicate_objects(node):
            if predicate == RDF.type:
                continue
            if str(predicate) not in by_iri:
                self.lost.append(str(predicate).removeprefix(UNDEFINED))
                continue
            field_name, field = by_iri[str(predicate)]
            values = self.graph.items(value) if (value, RDF.first, None) in self.graph else [value]
            found.setdefault(field_name, []).extend(self._value(v, field_name, field) for v in values)
        record: dict[str, Any] = {}
        if "id" in class_["fields"] and not isinstance(node, BNode):
            record["id"] = str(node).removeprefix(RELATIVE)
        elif not isinstance(node, BNode):
            self.lost.append(str(node))
        if "type" in class_["fields"] and (node, RDF.type, None) in self.graph:
            record["type"] = name
        for field_name, field in class_["fields"].items():
            if field_name in found:
                values = found[field_name]
                record[field_name] = values if field["multivalued"] or len(values) > 1 else values[0]
        return record

    def _class_of(self, node: Node, expected: str) -> str:
        """The class that the node names, or the expected one; a class above it says nothing more."""
        named = [str(t) for t in self.graph.objects(node, RDF.type)]
        self.lost += [t.removeprefix(UNDEFINED) for t in named if t not in self._classes]
        known = [self._classes[t] for t in named if t in self._classes]
        above = {self.model["classes"][k]["parent"] for k in known}
        lowest = [k for k in known if k not in above]
        if len(lowest) > 1:
            self.lost += sorted(lowest)[1:]
        return min(lowest, default=expected)

    def _value(self, value: Node, name: str, field: dict[str, Any]) -> Any:
        kind = field["range"]
        if isinstance(value, Literal):
            return self._literal(value, kind)
        if field["inlined"]:
            return self._object(value, kind)
        if isinstance(value, BNode):
            self.lost.append(name)
            return None
        text = str(value)
        if kind in self.model["enums"]:
            return self._enum_value(text, kind)
        return text.removeprefix(RELATIVE)

    def _enum_value(self, text: str, enum: str) -> str:
        base = self.model["enums"][enum]["iri"] + "/"
        if not text.startswith(base):
            self.lost.append(text.removeprefix(UNDEFINED))
        return text.removeprefix(base)

    def _literal(self, value: Literal, kind: str) -> Any:
        datatype = str(value.datatype or XSD.string)
        if value.language:
            self.lost.append(f"@{value.language}")
        type_ = self.model["types"].get(kind, {"datatype": str(XSD.string), "json": "string"})
        if datatype in NUMBERS:
            return _number(str(value), datatype)
        if datatype == str(XSD.boolean) and str(value) in ("true", "false", "1", "0"):
            return str(value) in ("true", "1")
        if datatype not in PLAIN and datatype != type_["datatype"]:
            self.lost.append(datatype)
        return str(value)


def _number(text: str, datatype: str) -> Any:
    """A number of JSON, or the text where JSON has no such number."""
    try:
        number = int(text) if datatype in WHOLE else float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
