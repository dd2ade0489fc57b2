"""The catalogue: every class, field, enum, type and profile as data, read once and when needed.

It is the shipped one with those of the installed extensions.
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from machimori.catalogue.extensions import KINDS, Extension, installed
from machimori.errors import MissingExtraError, UnknownNameError
from machimori.messages import Message

LONGEST_NAME = 100
"""Characters of a name that may be a mistyped one."""


@cache
def shipped() -> dict[str, Any]:
    """The whole of the model's own ``catalogue.json`` (design section 7). Do not change what it returns."""
    whole: dict[str, Any] = _shipped("catalogue.json")
    return whole


@cache
def catalogue() -> dict[str, Any]:
    """The model's catalogue with the classes, lists of values, types and profiles of the installed extensions.

    An extension that cannot be used, or has a name that is taken, is left out: it is told once, and asking for one of
    its classes raises ``ExtensionError``. Do not change what it returns.
    """
    whole, used = shipped(), extensions()
    if not used:
        return whole
    merged = {kind: dict(whole[kind]) for kind in KINDS}
    for extension in used:
        for kind in KINDS:
            merged[kind] |= extension.catalogue[kind]
    return whole | merged


def extensions() -> tuple[Extension, ...]:
    """The installed extensions in use."""
    return installed(shipped()).used


def extension_of(kind: str, name: str) -> Extension | None:
    """The extension that has a name of a kind (``classes``, ``profiles`` …); ``None`` where the model itself has it."""
    if name in shipped()[kind]:
        return None
    return next((e for e in extensions() if name in e.catalogue[kind]), None)


@cache
def codes() -> dict[str, dict[str, Any]]:
    """Every issue code with severity, titles, message templates and remedies in both languages."""
    held: dict[str, dict[str, Any]] = _shipped("codes.json")
    return held


@cache
def glossary() -> dict[str, dict[str, Any]]:
    """``terms`` of law and trade in both languages, and the ``english_sources`` that they name."""
    held: dict[str, dict[str, Any]] = _shipped("glossary.json")
    return held


def artefact(path: str, entity: str | None = None) -> str:
    """The text of one artefact, ``jsonschema/Trip.json`` for example: the model's, or of the extension with ``entity``."""
    extension = extension_of("classes", entity) if entity else None
    if extension is not None:
        return extension.artefact(path)
    return (files("machimori.artefacts") / path).read_text(encoding="utf-8")


def class_data(name: str) -> dict[str, Any]:
    """The entry of a class; ``UnknownNameError`` names the close ones, ``ExtensionError`` a broken extension."""
    classes: dict[str, Any] = catalogue()["classes"]
    if name not in classes:
        if refusal := installed(shipped()).refusal(name):
            raise refusal
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
    """Up to two known names that a reader may have meant; none for what is too long to be one."""
    if len(name) > LONGEST_NAME:
        return ()
    by_lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=2, cutoff=0.6)
    return tuple(by_lower[f] for f in found)


def _shipped(path: str) -> Any:
    try:
        return json.loads(artefact(path))
    except FileNotFoundError:
        raise MissingExtraError(
            Message("the generated catalogue (run `machimori build` in a source checkout)"), "build"
        ) from None
