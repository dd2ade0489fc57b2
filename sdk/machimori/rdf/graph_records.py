"""The statements of records back to plain records, by the shipped catalogue, losing nothing in silence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from rdflib import RDF, XSD, BNode, Literal
from rdflib.term import Node

from machimori.catalogue import catalogue
from machimori.messages import Message
from machimori.rdf.errors import LossError, NotOneRecordError
from machimori.rdf.jsonld import RELATIVE, UNDEFINED, Statement

WHOLE = {str(XSD.integer), str(XSD.int), str(XSD.long)}
NUMBERS = {*WHOLE, str(XSD.decimal), str(XSD.double), str(XSD.float)}

Fact = tuple[Node, Node]


class Reading:
    """One document being read. ``record`` or ``records`` may be called, once.

    ``record`` refuses what a record of the model cannot hold. ``records`` leaves it in the record as JSON-LD would write it
    (an unknown key, an object for a text in some language), where the validation of the record finds it.

    A node with an IRI may stand in a document several times, with other facts each time (the holder and the collector of
    a holding, say). A graph would merge them; a record keeps them apart. The parser makes one Python object of each
    occurrence, so an occurrence is told by identity, a node by equality.
    """

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = statements
        self.tolerant = False
        self.model = catalogue.catalogue()
        self.own: dict[int, list[Fact]] = {}
        self.outer: dict[Node, dict[int, list[Fact]]] = {}
        self.read: set[int] = set()
        self.lost: list[str] = []
        within = {id(value) for _, _, value in statements}
        for subject, predicate, value in statements:
            facts = self.own.setdefault(id(subject), [])
            facts.append((predicate, value))
            if id(subject) not in within:
                self.outer.setdefault(subject, {})[id(subject)] = facts

    def record(self, entity: str | None = None) -> dict[str, Any]:
        """The one outermost record, of class ``entity`` unless it says so itself; nothing said is an empty value of it."""
        record = self._object(self._root(typed=entity is None), entity or "", ())
        if self.lost:
            raise LossError(Message("the model has no place for"), tuple(sorted(set(self.lost))))
        unread = {s for s, _, _ in self.statements if id(s) not in self.read}
        if unread:
            names = {"_:" if isinstance(s, BNode) else str(s) for s in unread}
            raise LossError(Message("described beside the record"), tuple(sorted(names)))
        return record

    def records(self) -> Iterator[tuple[Node, dict[str, Any]]]:
        """Every record with its node: those of a class, the outermost first, then whatever no record has a place for."""
        self.tolerant = True
        subjects = [s for s, _, _ in self.statements]
        of_classes = [s for s in subjects if any(self._is_record(t) for t in self._types(s))]
        outermost = [s for s in of_classes if id(s) in self.outer.get(s, {})]
        for subject in [*outermost, *of_classes, *subjects]:
            if id(subject) not in self.read:
                yield subject, self._object(subject, "", ())

    def _is_record(self, iri: str) -> bool:
        name = self._classes.get(iri)
        return name is not None and self.model["classes"][name]["root"]

    @cached_property
    def _classes(self) -> dict[str, str]:
        return {c["iri"]: name for name, c in self.model["classes"].items()}

    def _root(self, typed: bool) -> Node:
        referred: dict[Node, set[Node]] = {}
        for subject, _, value in self.statements:
            referred.setdefault(value, set()).add(subject)
        found = [s for s in self.outer if not typed or any(t in self._classes for t in self._types(s))]
        outermost = [s for s in found if referred.get(s, set()) <= {s}]
        if len(outermost) == 1:
            return outermost[0]
        if not typed and not self.statements:
            return BNode()
        strange = {t.removeprefix(UNDEFINED) for s in self.outer for t in self._types(s) if t not in self._classes}
        if strange and not found:
            raise LossError(Message("the model has no class"), tuple(sorted(strange)))
        raise NotOneRecordError(len(outermost))

    def _facts(self, node: Node, within: tuple[Node, ...]) -> list[Fact]:
        """What this occurrence says; a mere reference means what the outermost occurrences say, as in a flat document."""
        outer = self.outer.get(node, {})
        if any(node is held for held in within):
            return []
        if id(node) in self.own and id(node) not in outer:
            self.read.add(id(node))
            return self.own[id(node)]
        if node in within:
            return []
        self.read.update(outer)
        if len(outer) == 1:
            return next(iter(outer.values()))
        return list(dict.fromkeys(fact for facts in outer.values() for fact in facts))

    def _types(self, node: Node) -> list[str]:
        facts = self.own.get(id(node)) or [f for facts in self.outer.get(node, {}).values() for f in facts]
        return list(dict.fromkeys(str(value) for predicate, value in facts if predicate == RDF.type))

    def _object(self, node: Node, expected: str, within: tuple[Node, ...]) -> dict[str, Any]:
        name = self._class_of(node, expected)
        fields: dict[str, dict[str, Any]] = self.model["classes"].get(name, {"fields": {}})["fields"]
        by_iri = {f["iri"]: n for n, f in fields.items() if n not in ("id", "type")}
        found: dict[str, list[Any]] = {}
        strange: dict[str, list[Any]] = {}
        for predicate, value in self._facts(node, within):
            held = by_iri.get(str(predicate))
            if held is not None:
                values = (self._value(v, held, fields[held], (*within, node)) for v in self._listed(value))
                found.setdefault(held, []).extend(values)
            elif predicate != RDF.type:
                self.lost.append(str(predicate).removeprefix(UNDEFINED))
                strange.setdefault(str(predicate), []).append(self._strange(value, (*within, node)))
        record: dict[str, Any] = {}
        if not isinstance(node, BNode):
            record["id"] = str(node).removeprefix(RELATIVE)
            if "id" not in fields:
                self.lost.append(str(node))
        if "type" in fields and self._types(node):
            record["type"] = name
        for held, field in fields.items():
            if held in found:
                record[held] = found[held] if field["multivalued"] or len(found[held]) != 1 else found[held][0]
            elif field["multivalued"] and field["required"]:
                record[held] = []
        if self.tolerant:
            self._leave(record, node, name, strange)
        return record

    def _leave(self, record: dict[str, Any], node: Node, name: str, strange: dict[str, list[Any]]) -> None:
        """Leave in a record what its class has no place for."""
        strangers = [t for t in self._types(node) if self._classes.get(t) not in self._lineage(name)]
        unknown = [t.removeprefix(UNDEFINED).removeprefix(self.model["iri"]) for t in strangers]
        if unknown:
            known = len(strangers) < len(self._types(node))
            record["type"] = [name, *unknown] if known or len(unknown) > 1 else unknown[0]
        for predicate, values in strange.items():
            key = predicate.removeprefix(UNDEFINED).removeprefix(self.model["iri"])
            record[predicate if key in record else key] = values if len(values) > 1 else values[0]

    def _lineage(self, name: str) -> list[str]:
        """A class and those above it."""
        found = []
        while name:
            found.append(name)
            name = self.model["classes"].get(name, {}).get("parent") or ""
        return found

    def _strange(self, value: Node, within: tuple[Node, ...]) -> Any:
        if not self.tolerant:
            return None
        if isinstance(value, BNode):
            return self._object(value, "", within)
        return str(value).removeprefix(RELATIVE)

    def _listed(self, value: Node) -> list[Node]:
        """The members where ``value`` is an RDF list, else itself."""
        members: list[Node] = []
        cells: set[Node] = set()
        while value != RDF.nil and value not in cells:
            cells.add(value)
            cell = dict(self.own.get(id(value)) or next(iter(self.outer.get(value, {}).values()), []))
            if RDF.first not in cell:
                return members or [value]
            self.read.update({id(value), *self.outer.get(value, {})})
            members.append(cell[RDF.first])
            value = cell.get(RDF.rest, RDF.nil)
        return members

    def _class_of(self, node: Node, expected: str) -> str:
        """The class that the node names, or the expected one; a class above it says nothing more."""
        named = self._types(node)
        self.lost += [t.removeprefix(UNDEFINED) for t in named if t not in self._classes]
        known = [self._classes[t] for t in named if t in self._classes]
        above = {self.model["classes"][k]["parent"] for k in known}
        lowest = [k for k in known if k not in above]
        if len(lowest) > 1:
            self.lost += sorted(lowest)[1:]
        return min(lowest, default=expected)

    def _value(self, value: Node, name: str, field: dict[str, Any], within: tuple[Node, ...]) -> Any:
        kind = field["range"]
        if isinstance(value, Literal):
            return self._literal(value, kind)
        if field["inlined"]:
            return self._object(value, kind, within)
        if isinstance(value, BNode):
            self.lost.append(name)
            return self._object(value, "", within) if self.tolerant else None
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
            if self.tolerant:
                return {"@value": str(value), "@language": value.language}
        type_ = self.model["types"].get(kind, {"datatype": str(XSD.string), "json": "string"})
        if datatype in NUMBERS:
            return _number(str(value), datatype)
        if datatype == str(XSD.boolean) and str(value) in ("true", "false", "1", "0"):
            return str(value) in ("true", "1")
        if datatype != str(XSD.string) and datatype != type_["datatype"]:
            self.lost.append(datatype)
            if self.tolerant:
                return {"@value": str(value), "@type": datatype}
        return str(value)


def _number(text: str, datatype: str) -> Any:
    """A number of JSON, or the text where JSON has no such number."""
    try:
        number = int(text) if datatype in WHOLE else float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
