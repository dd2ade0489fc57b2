"""What a JSON Schema of the model says of one place in a payload."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

REF = "#/$defs/"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Shape:
    """A place: what may stand there. ``members`` are the objects that it may be, one unless it is polymorphic."""

    kind: str
    """``object``, ``list``, ``enum``, ``type``, ``integer``, ``number``, ``boolean``, ``date-time``, ``date``, ``text``
    (bound by a pattern) or ``free`` text."""
    node: dict[str, Any]
    nullable: bool = False
    members: tuple[dict[str, Any], ...] = ()

    @property
    def patterns(self) -> list[str]:
        return [p for p in (self.node.get("pattern"), *(a["pattern"] for a in self.node.get("allOf", ()))) if p]


@dataclass(frozen=True)
class Place:
    """A value of a payload, with the path to it."""

    path: Path
    shape: Shape
    required: bool
    in_list: bool = False


class Schema:
    """One generated schema, with its references resolved on the way."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root

    def shape(self, node: dict[str, Any], key: str = "") -> Shape:
        branches = node.get("anyOf", [node])
        solid = [b for b in branches if b.get("type") != "null"]
        nullable = len(solid) < len(branches) or "null" in _types(node)
        targets = tuple(self._target(b) for b in solid)
        if len(targets) > 1 or "properties" in targets[0]:
            return Shape("object", targets[0], nullable, targets)
        return Shape(_kind(targets[0], key), targets[0], nullable)

    def _target(self, node: dict[str, Any]) -> dict[str, Any]:
        reference = node.get("$ref")
        found: dict[str, Any] = self.root["$defs"][reference.removeprefix(REF)] if reference else node
        return found

    def properties(self, node: dict[str, Any]) -> Iterator[tuple[str, Shape, bool]]:
        """Name, shape and whether it is required, of every property of an object."""
        for key, inner in node["properties"].items():
            yield key, self.shape(inner, key), key in node.get("required", ())

    def places(self, payload: Any) -> Iterator[Place]:
        """Every value of a payload, the payload itself first."""
        yield from self._below(Place((), Shape("object", self.root, False, (self.root,)), True), payload)

    def _below(self, place: Place, value: Any) -> Iterator[Place]:
        yield place
        if place.shape.kind == "object" and isinstance(value, dict):
            for key, shape, required in self.properties(member(place.shape, value)):
                if key in value:
                    yield from self._below(Place((*place.path, key), shape, required), value[key])
        if place.shape.kind == "list" and isinstance(value, list):
            shape = self.shape(place.shape.node["items"])
            for index, item in enumerate(value):
                yield from self._below(Place((*place.path, index), shape, True, in_list=True), item)


def member(shape: Shape, value: dict[str, Any]) -> dict[str, Any]:
    """The schema of the class that a polymorphic value names."""
    named = (m for m in shape.members if value.get("type") in m["properties"].get("type", {}).get("enum", ()))
    return next(named, shape.members[0])


def _types(node: dict[str, Any]) -> list[str]:
    held = node.get("type", [])
    return [held] if isinstance(held, str) else list(held)


def _kind(node: dict[str, Any], key: str) -> str:
    json_type = next(t for t in _types(node) if t != "null")
    if json_type != "string":
        return "list" if json_type == "array" else json_type
    if "enum" in node:
        return "type" if key == "type" and len(node["enum"]) == 1 else "enum"
    if "format" in node:
        return str(node["format"])
    return "text" if "pattern" in node else "free"
