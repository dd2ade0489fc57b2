"""Records in which a person-related field, or a name that nobody knows, holds what must never be said again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests import raw

from machimori.catalogue import catalogue, paths

EXAMPLES = Path(__file__).parents[2] / "model" / "examples"
CANARY = "CANARY-7 山田太郎"
NUMBER = -98765432.125
CRIES = ("CANARY", "98765432", "山田")
VALUES: tuple[Any, ...] = (CANARY, NUMBER, {CANARY: CANARY}, [CANARY, {"type": CANARY}], {"type": CANARY})
"""Text, a number out of every range, an object with unknown names, a list, an object of an unknown class."""


class Bad(NamedTuple):
    """A record, its class, and where the canary is (top-level field; empty for an unknown name)."""

    entity: str
    field: str
    record: dict[str, Any]


def entities() -> list[str]:
    """Every class that has instances."""
    return [name for name, held in raw.catalogue()["classes"].items() if not held["abstract"]]


@cache
def example(entity: str) -> str:
    """A valid record, as JSON."""
    return min((EXAMPLES / entity).glob("valid*.json"), key=lambda p: (-p.stat().st_size, p.name)).read_text("utf-8")


def records(entity: str) -> Iterator[Bad]:
    """A canary in each person-related field, set or not; in each that an inlined record holds; and as a name everywhere."""
    for name, field in raw.class_data(entity)["fields"].items():
        if paths.person_related(field["privacy"]):
            for value in VALUES:
                given = [value] if field["multivalued"] and not isinstance(value, list) else value
                yield Bad(entity, name, json.loads(example(entity)) | {name: given})
    for way in _inlined(json.loads(example(entity)), ()):
        for put in ({CANARY: CANARY}, {"type": CANARY}, dict.fromkeys(_names(entity, way), CANARY)):
            record = json.loads(example(entity))
            place = record
            for key in way:
                place = place[key]
            place.update(put)
            yield Bad(entity, str(way[0]) if way else "", record)


def _names(entity: str, way: tuple[str | int, ...]) -> list[str]:
    """The person-related fields of the object at the end of the way."""
    record = json.loads(example(entity))
    place: Any = record
    for key in way:
        place = place[key]
    return [k for k in place if paths.person_related(paths.along(catalogue.class_(entity), [*way, k], record).profile)]


def _inlined(node: Any, way: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, dict):
        yield way
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield from _inlined(value, (*way, key))


def cries(text: str) -> list[str]:
    """What of the canary is in a text."""
    return [cry for cry in CRIES if cry in text or json.dumps(cry)[1:-1] in text]
