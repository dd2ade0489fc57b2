"""The catalogue: every class, field, list of values, type and profile as terms, read once and when needed.

It is the shipped one with those of the installed extensions.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Raw
from msgspec.json import decode, encode, format

from machimori.catalogue.extensions import Extension, installed
from machimori.catalogue.reading import merged, read
from machimori.catalogue.terms import Catalogue, Class, Enumeration, Exclusion, Field, Text
from machimori.errors import MissingExtraError, UnknownNameError

LONGEST_NAME = 100
"""Characters of a name that may be a mistyped one."""


@cache
def shipped() -> Catalogue:
    """The model's own terms (design section 7)."""
    return read(_shipped("catalogue.json"))


@cache
def model() -> Catalogue:
    """The model's terms with those of the installed extensions.

    An extension that cannot be used, or has a name that is taken, is left out: it is told once, and asking for one of
    its classes raises ``ExtensionError``.
    """
    return merged(shipped(), (e.catalogue for e in extensions()))


@cache
def raw_shipped() -> dict[str, Any]:
    """The whole of the model's own ``catalogue.json``, until its last reader has terms."""
    whole: dict[str, Any] = json.loads(_shipped("catalogue.json"))
    return whole


@cache
def catalogue() -> dict[str, Any]:
    """As ``model``, as data, until its last reader has terms."""
    whole, used = raw_shipped(), extensions()
    if not used:
        return whole
    held = {kind: dict(whole[kind]) for kind in shipped().kinds()}
    for extension in used:
        own = json.loads(extension.artefact("catalogue.json"))
        for kind in shipped().kinds():
            held[kind] |= own[kind]
    return whole | held


@cache
def document() -> bytes:
    """``catalogue.json`` with the terms of the installed extensions in it, as it is given to others."""
    whole, *own = (
        decode(text("catalogue.json"), type=dict[str, Raw]) for text in (artefact, *(e.artefact for e in extensions()))
    )
    for kind in shipped().kinds() if own else ():
        parts = [decode(part[kind], type=dict[str, Raw]) for part in (whole, *own)]
        whole[kind] = Raw(encode({name: entry for part in parts for name, entry in part.items()}))
    return format(encode(whole), indent=-1)


def extensions() -> tuple[Extension, ...]:
    """The installed extensions in use."""
    return installed(shipped()).used


def extension_of(kind: str, name: str) -> Extension | None:
    """The extension that has a name of a kind (``classes``, ``profiles`` …); ``None`` where the model itself has it."""
    if name in shipped().kinds()[kind]:
        return None
    return next((e for e in extensions() if name in e.catalogue.kinds()[kind]), None)


@cache
def codes() -> dict[str, dict[str, Any]]:
    """Every issue code with severity, titles, message templates and remedies in both languages."""
    held: dict[str, dict[str, Any]] = json.loads(_shipped("codes.json"))
    return held


@cache
def glossary() -> dict[str, dict[str, Any]]:
    """``terms`` of law and trade in both languages, and the ``english_sources`` that they name."""
    held: dict[str, dict[str, Any]] = json.loads(_shipped("glossary.json"))
    return held


def artefact(path: str, entity: str | None = None) -> str:
    """The text of one artefact, ``jsonschema/Trip.json`` for example: the model's, or of the extension with ``entity``."""
    extension = extension_of("classes", entity) if entity else None
    if extension is not None:
        return extension.artefact(path)
    return (files("machimori.artefacts") / path).read_text(encoding="utf-8")


def class_(name: str) -> Class:
    """The class of that name; ``UnknownNameError`` names the close ones, ``ExtensionError`` a broken extension."""
    classes = model().classes
    if name not in classes:
        if refusal := installed(shipped()).refusal(name):
            raise refusal
        raise UnknownNameError("class", name, close(name, classes))
    return classes[name]


def field(class_name: str, name: str) -> Field:
    """A field of a class."""
    fields = class_(class_name).fields
    if name not in fields:
        raise UnknownNameError("field", f"{class_name}.{name}", close(name, fields))
    return fields[name]


def enumeration(name: str) -> Enumeration:
    """The list of values of that name, which the code knows."""
    return model().enums[name]


def pattern(name: str) -> str:
    """The pattern of a type, which the code knows to have one."""
    found = model().types[name].pattern
    assert found is not None
    return found


def class_data(name: str) -> dict[str, Any]:
    """As ``class_``, as data."""
    found: dict[str, Any] = catalogue()["classes"][class_(name).name]
    return found


def field_data(class_name: str, field: str) -> dict[str, Any]:
    """The entry of a field of a class."""
    fields: dict[str, Any] = class_data(class_name)["fields"]
    if field not in fields:
        raise UnknownNameError("field", f"{class_name}.{field}", close(field, fields))
    found: dict[str, Any] = fields[field]
    return found


def exclusions(class_name: str) -> tuple[Exclusion, ...]:
    """What other standards have and this class refuses: terms, IRIs, reasons, and the class or field that serves instead."""
    return tuple(e for e in model().exclusions.values() if e.class_ == class_name)


@cache
def unit_symbols() -> dict[str, Text]:
    """What people read for a UCUM code, in both languages: ``kWh`` for ``kW.h``."""
    return {unit.ucum: unit.symbol for unit in model().units.values()}


def close(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to two known names that a reader may have meant; none for what is too long to be one."""
    if len(name) > LONGEST_NAME:
        return ()
    by_lower = {k.lower(): k for k in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=2, cutoff=0.6)
    return tuple(by_lower[f] for f in found)


def _shipped(path: str) -> str:
    try:
        return artefact(path)
    except FileNotFoundError:
        raise MissingExtraError(
            "the generated catalogue (run `machimori build` in a source checkout)", "build"
        ) from None
