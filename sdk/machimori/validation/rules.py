"""SDK rules: what no schema language can say alike in every artefact. Each has its own code, outside the common verdict.

They are keyed by the type of the model that a field has, so a new field of that type is covered at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from machimori.catalogue import catalogue, paths
from machimori.catalogue.paths import Way
from machimori.catalogue.terms import Class, Field
from machimori.standards.corporate_number import is_corporate_number
from machimori.standards.local_government import is_local_government_code
from machimori.standards.mesh import in_japan

RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "LocalGovernmentCode": ("MM301", is_local_government_code),
    "CorporateNumber": ("MM302", is_corporate_number),
    "MeshCode": ("MM303", in_japan),
}


def check(record: object, entity: str) -> Iterator[tuple[str, Way, dict[str, str]]]:
    """Code, way and facts of every rule that a record breaks; what is not well formed is left to others."""
    for found in paths.objects(catalogue.class_(entity), record):
        for field in _ruled(found.class_):
            value = found.value.get(field.name)
            if field.multivalued and isinstance(value, list):
                for index, item in enumerate(value):
                    yield from _value(field.range, item, (*found.way, field.name, index))
            else:
                yield from _value(field.range, value, (*found.way, field.name))
        for first, second in found.class_.ordered:
            if not _in_order(found.value.get(first), found.value.get(second)):
                yield "MM304", (*found.way, second), {"first": first, "second": second}


@cache
def _ruled(class_: Class) -> tuple[Field, ...]:
    """The fields of a class that rules look at."""
    return tuple(field for field in class_.fields.values() if field.range in RULES)


def _value(type_: str, value: object, way: Way) -> Iterator[tuple[str, Way, dict[str, str]]]:
    if isinstance(value, str) and re.fullmatch(catalogue.model().types[type_].pattern or "", value) is not None:
        code, holds = RULES[type_]
        if not holds(value):
            yield code, way, {}


def _in_order(first: object, second: object) -> bool:
    if not isinstance(first, str) or not isinstance(second, str):
        return True
    try:
        return datetime.fromisoformat(first) < datetime.fromisoformat(second)
    except (TypeError, ValueError):  # TypeError: of two moments one has no zone
        return True
