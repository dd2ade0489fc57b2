"""SDK rules: what no schema language can say alike in every artefact. Each has its own code, outside the common verdict.

They are keyed by the type of the model that a field has, so a new field of that type is covered at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from machimori.catalogue import catalogue
from machimori.records.positions import Way
from machimori.standards.corporate_number import corporate_number
from machimori.standards.local_government import local_government_code
from machimori.standards.mesh import in_japan

RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "LocalGovernmentCode": ("MM301", local_government_code),
    "CorporateNumber": ("MM302", corporate_number),
    "MeshCode": ("MM303", in_japan),
}


def check(record: Any, entity: str, way: Way = ()) -> Iterator[tuple[str, Way, dict[str, str]]]:
    """Code, way and facts of every rule that a record breaks; what is not well formed is left to others."""
    ruled, ordered = _ruled(entity)
    for name, field in ruled.items():
        value = record.get(name)
        if field["multivalued"] and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _value(field, item, (*way, name, index))
        else:
            yield from _value(field, value, (*way, name))
    for first, second in ordered:
        if not _in_order(record.get(first), record.get(second)):
            yield "MM304", (*way, second), {"first": first, "second": second}


@cache
def _ruled(entity: str) -> tuple[dict[str, dict[str, Any]], list[list[str]]]:
    """The fields of a class that rules look at, and those of which one comes before the other."""
    class_ = catalogue.class_data(entity)
    ruled = {n: f for n, f in class_["fields"].items() if f["inlined"] or f["range"] in RULES}
    return ruled, class_["ordered"]


def _value(field: dict[str, Any], value: Any, way: Way) -> Iterator[tuple[str, Way, dict[str, str]]]:
    if isinstance(value, str) and field["range"] in RULES and _well_formed(field["range"], value):
        code, holds = RULES[field["range"]]
        if not holds(value):
            yield code, way, {}
    if field["inlined"] and isinstance(value, dict):
        members = catalogue.class_data(field["range"])["members"]
        class_name = value.get("type") if members else field["range"]
        if not members or class_name in members:
            yield from check(value, str(class_name), way)


def _well_formed(type_: str, value: str) -> bool:
    pattern = catalogue.catalogue()["types"][type_].get("pattern") or ""
    return re.fullmatch(pattern, value) is not None


def _in_order(first: Any, second: Any) -> bool:
    try:
        return datetime.fromisoformat(first) < datetime.fromisoformat(second)
    except (TypeError, ValueError):
        return True
