"""SDK rules: what no schema language can say alike in every artefact. Each has its own code, outside the common verdict.

They are keyed by the type of the model that a field has, so a new field of that type is covered at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from machimori import catalogue
from machimori.validation.positions import Way


def local_government_code(code: str) -> bool:
    """Modulus 11 of the first five digits with weights 6 to 2 (MIC, 全国地方公共団体コード仕様).

    >>> local_government_code("131032"), local_government_code("131033")
    (True, False)
    """
    total = sum(int(d) * w for d, w in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    return int(code[5]) == (11 - total % 11) % 10


def corporate_number(number: str) -> bool:
    """Check digit 9 − (Σ Pₙ × Qₙ mod 9) of the twelve digits behind it (Ministry of Finance Ordinance 2014/70).

    >>> corporate_number("7000012050002"), corporate_number("8000012050002")
    (True, False)
    """
    total = sum(int(d) * (1 + n % 2) for n, d in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


def mesh_code(code: str) -> bool:
    """Whether the first-order square of JIS X 0410 can lie in Japan (latitude 20° to 46°, longitude 122° to 154°).

    >>> mesh_code("53393599"), mesh_code("99999999")
    (True, False)
    """
    return 30 <= int(code[:2]) <= 68 and 22 <= int(code[2:4]) <= 53


RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "LocalGovernmentCode": ("MM301", local_government_code),
    "CorporateNumber": ("MM302", corporate_number),
    "MeshCode": ("MM303", mesh_code),
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
