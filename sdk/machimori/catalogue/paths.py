"""What the model says of a place in a record: the field there, and how private the value is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from machimori.catalogue import catalogue

INHERITED = "inherited"
_SAFE_NAME = re.compile(r"[@$]?[A-Za-z][A-Za-z0-9_:.-]{0,39}")


@cache
def strictness() -> dict[str, int]:
    """The data classes from the loosest to the strictest."""
    return {name: rank for rank, name in enumerate(catalogue.catalogue()["enums"]["DataClass"]["values"])}


def person_related(profile: str | None) -> bool:
    """Whether a value under this profile is about people; what nobody classified counts as such."""
    held = catalogue.catalogue()["profiles"].get(profile)
    return held is None or profile == INHERITED or bool(held["person_related"])


def stricter(one: str | None, other: str | None) -> str | None:
    """The stricter of two profiles; ``inherited`` gives way to any other."""
    if one is None or one == INHERITED:
        return other
    if other is None or other == INHERITED:
        return one
    rank = strictness()
    return one if rank[one.partition(".")[0]] >= rank[other.partition(".")[0]] else other


def along(entity: str, keys: Sequence[str | int], record: Any = None) -> tuple[dict[str, Any] | None, str | None]:
    """The field at the end of ``keys`` and the strictest profile on the way to it; ``None`` where the model ends."""
    class_name: str | None = entity
    field: dict[str, Any] | None = None
    profile: str | None = None
    node = record
    for key in keys:
        if isinstance(key, str):
            if field is not None:
                class_name = _inlined(field, node)
            field = catalogue.class_data(class_name)["fields"].get(key) if class_name else None
            if field is None:
                return None, profile
            profile = stricter(profile, field["privacy"]) or INHERITED
        node = _inner(node, key)
    return field, profile


def _inner(node: Any, key: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list) and isinstance(key, int) and 0 <= key < len(node):
        return node[key]
    return None


def _inlined(field: dict[str, Any], node: Any) -> str | None:
    """The class of one value of the field."""
    if not field["inlined"]:
        return None
    members = catalogue.class_data(field["range"])["members"]
    named = node.get("type") if members and isinstance(node, dict) else field["range"]
    return named if not members or named in members else None


def shown(name: str) -> str:
    """A key or class name as given, if it looks like one; a key may itself be a personal value."""
    return name if _SAFE_NAME.fullmatch(name) and sum(c.isdigit() for c in name) <= 3 else "…"
