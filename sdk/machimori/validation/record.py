"""Validate one record: load, find its class, let Pydantic judge and explain, then apply the SDK rules."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from machimori.catalogue import catalogue, paths
from machimori.catalogue.classes import class_named
from machimori.catalogue.paths import Way
from machimori.findings.issue import Issue, Report
from machimori.messages import Message
from machimori.records.json_text import load
from machimori.records.positions import Positions
from machimori.validation import rules
from machimori.validation.explanation import Explainer, class_fault, wrong_type

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from machimori.model._base import Entity

Payload = str | bytes | bytearray | dict[str, object] | BaseModel


def validate(payload: Payload, entity: str | None = None, *, show_values: bool = False) -> Report:
    """Validate one record.

    ``payload`` is JSON text (``str``, ``bytes``), parsed JSON (``dict``) or an object of ``machimori.model``. The class
    is ``entity``, or else what the record's ``type`` says. The report holds every finding, not only the first; a value
    of a person-related field appears in none of them unless ``show_values`` is set.

    Raises ``UnknownNameError`` for an ``entity`` that the model does not have.
    """
    if entity is not None:
        catalogue.class_(entity)
    if isinstance(payload, (bytes, bytearray, str)):
        raw: bytes | str = bytes(payload) if isinstance(payload, bytearray) else payload
        return _text(raw, entity, show_values)
    if isinstance(payload, BaseModel):
        return _text(payload.model_dump_json(exclude_none=True, by_alias=True), entity, show_values)
    try:
        text = json.dumps(payload, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        return Report((_not_json(error),), entity)
    report = _text(text, entity, show_values)
    return replace(report, issues=tuple(replace(i, line=None, column=None) for i in report.issues))


def _text(raw: bytes | str, entity: str | None, show_values: bool) -> Report:
    loaded = load(raw)
    if loaded.issues and loaded.data is None:
        return Report(tuple(loaded.issues), entity)
    found = judge(loaded.data, loaded.text, entity, show_values=show_values)
    return replace(found, issues=(*loaded.issues, *found.issues)) if loaded.issues else found


def judge(data: object, text: str, entity: str | None, *, show_values: bool = False) -> Report:
    """Judge parsed JSON; ``text`` is what it was parsed from."""
    if not isinstance(data, dict):
        return Report((Issue("MM008", line=1, column=1),), entity)
    named = data.get("type")
    positions = Positions(text)
    if entity is None:
        fault = _unnamed(named, positions)
        if fault:
            return Report((fault,))
        entity = str(named)
    elif catalogue.class_(entity).abstract:
        code, keys, facts = class_fault(entity, [entity], ["type"])
        line, column = positions.of([()])[()]
        return Report((Issue(code, f"/{keys[0]}", facts, line, column, entity=entity),), entity)
    explainer = Explainer(entity, data, show_values=show_values)
    found = [explainer.issue(c, w, f, _at(data, w)) for c, w, f in rules.check(data, entity)]
    found += explainer.explain(_errors(class_named(entity), text))
    return Report(_placed(found, positions), entity)


def _errors(class_: type[Entity], text: str) -> list[ErrorDetails]:
    """What the class finds, with values: which of them may be shown is decided by who explains it."""
    from machimori.model._base import EXPLAINING

    before = EXPLAINING.set(True)
    try:
        class_.model_validate_json(text)
    except ValidationError as error:
        return error.errors(include_url=False)
    finally:
        EXPLAINING.reset(before)
    return []


def _unnamed(named: object, positions: Positions) -> Issue | None:
    """Why the record's own ``type`` does not name a class to judge it by."""
    known = catalogue.model().classes.get(named) if isinstance(named, str) else None
    if known is not None and not known.abstract:
        return None
    line, column = positions.of([("type",)])["type",]
    if named is None:
        return Issue("MM105", "/type", line=line, column=column)
    if not isinstance(named, str):
        return Issue("MM103", "/type", wrong_type("string", named), line, column)
    code, _, facts = class_fault(named, [], [])
    return Issue(code, "/type", facts, line, column)


def _placed(found: list[tuple[Way, Issue]], positions: Positions) -> tuple[Issue, ...]:
    """The issues with line and column, in the order of the text."""
    places = positions.of(way for way, _ in found) if found else {}
    issues = [issue.at(*places[way]) for way, issue in found]
    return tuple(sorted(issues, key=lambda i: (i.line or 0, i.column or 0, i.path, i.code)))


def _at(data: object, way: Way) -> object:
    for key in way:
        data = paths.inner(data, key)
    return data


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError


def _not_json(error: Exception) -> Issue:
    if isinstance(error, RecursionError):
        return Issue("MM006", facts={"limit": "200"})
    if isinstance(error, ValueError) and "Out of range" in str(error):
        return Issue("MM005")
    return Issue("MM001", facts={"reason": Message("not made of JSON values")})


__all__ = ["Payload", "judge", "validate"]
