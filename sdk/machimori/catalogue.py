"""The shipped catalogue: every class, field, enum, type and profile as data, read once and when needed."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from machimori.errors import MissingExtraError, UnknownNameError


@cache
def catalogue() -> dict[str, Any]:
    """The whole of ``catalogue.json`` (design section 7). Do not change what it returns."""
    whole: dict[str, Any] = _shipped("catalogue.json")
    return whole


@cache
def codes() -> dict[str, dict[str, Any]]:
    """Every issue code with severity, titles, message templates and remedies in both languages."""
    held: dict[str, dict[str, Any]] = _shipped("codes.json")
    return held


def artefact(path: str) -> str:
    """The text of one shipped artefact, ``jsonschema/Trip.json`` for example."""
    return (files("machimori.artefacts") / path).read_text(encoding="utf-8")


def class_data(name: str) -> dict[str, Any]:
    """The entry of a class; ``UnknownNameError`` names the close ones."""
    classes: dict[str, Any] = catalogue()["classes"]
    if name not in classes:
        raise UnknownNameError("class", name, close(name, classes))
    found: dict[str, Any] = classes[name]
    return found


def field_data(class_name: str, field: str) -> dict[str, Any]:
    """The entry of a field of a class."""
    fields: dict[str, Any] = class_data(class_name)["fields"]
    if field not in fields:
        raise UnknownNameError("field", f"{class_name}.{field}", close(field, fields))
    found: dict[str, Any] = fields[field]
    return found


def exclusions(class_name: str) -> list[dict[str, Any]]:
    """What other standards have and this class refuses: terms, IRIs, reasons, and the class or field that serves instead."""
    return [e for e in catalogue()["exclusions"].values() if e["class"] == class_name]


@cache
def unit_symbols() -> dict[str, dict[str, str]]:
    """What people read for a UCUM code, in both languages: ``kWh`` for ``kW.h``."""
    return {unit["ucum"]: unit["symbol"] for unit in catalogue()["units"].values()}


def close(name: str, known: Any) -> tuple[str, ...]:
    """Up to two known names that a reader may have meant."""
    by_lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=2, cutoff=0.6)
    return tuple(by_lower[f] for f in found)


def _shipped(path: str) -> Any:
    try:
        return json.loads(artefact(path))
    except FileNotFoundError:
        raise MissingExtraError(
            "the generated catalogue (run `machimori build` in a source checkout)", "build"
        ) from None
