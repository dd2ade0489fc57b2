"""Pydantic's errors as issues: a stable code, a JSON pointer, and facts without any person-related value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from machimori.catalogue import catalogue, paths
from machimori.catalogue.paths import Path, Way
from machimori.catalogue.terms import Field
from machimori.findings.issue import Fact, Issue
from machimori.messages import Message
from machimori.records.positions import escape

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails as Error

CODES = {
    "missing": "MM101",
    "extra_forbidden": "MM102",
    "enum": "MM201",
    "greater_than_equal": "MM202",
    "less_than_equal": "MM203",
    "string_pattern_mismatch": "MM204",
    "timestamp": "MM205",
    "calendar_date": "MM206",
    "too_short": "MM209",
    "int_from_float": "MM210",
    "finite_number": "MM005",
    "abstract_class": "MM107",
    "union_tag_not_found": "MM105",
    "union_tag_invalid": "MM106",
    "literal_error": "MM108",
    "recursion_loop": "MM006",
}
"""Pydantic's error type to our code; the families below cover the rest."""
FAMILIES = (
    ("datetime", "MM205"),
    ("timezone", "MM205"),
    ("date_", "MM206"),
)
WRONG_TYPE = "MM103"
FORMS = {"Iri": "MM207", "Duration": "MM208"}
EXPECTED = {
    "string": Message("text"),
    "number": Message("a number"),
    "integer": Message("a whole number"),
    "boolean": Message("true or false"),
    "list": Message("a list"),
    "object": Message("an object"),
}
Located = tuple[Way, Issue]
"""An issue with the way to it as the text has it; the path of the issue may hide a key."""
SHOWN_CHARACTERS = 60
HINTS = 50
"""How many unknown fields of a record get a hint; to look for one takes longer than all the rest."""


class Explainer:
    """Explains the errors of one record of ``entity``; ``show_values`` is for the holder's own desk."""

    def __init__(self, entity: str, record: object, *, show_values: bool = False) -> None:
        self.entity, self.record, self.show_values = entity, record, show_values
        self._class = catalogue.class_(entity)
        self._hints = 0

    def explain(self, errors: Sequence[Error]) -> Iterator[Located]:
        """The issues that errors of Pydantic stand for, each with the place that it is about."""
        for error in errors:
            yield self._issue(error)

    def issue(self, code: str, keys: Sequence[str | int], facts: Mapping[str, Fact], value: object = None) -> Located:
        """An issue at ``keys``; the value is shown only where its profile is not person-related."""
        path = self._along(keys)
        field, profile = path.field, path.profile
        shown = [
            paths.shown(k) if isinstance(k, str) and field is None and n == len(keys) - 1 else k
            for n, k in enumerate(keys)
        ]
        pointer = "".join(f"/{escape(str(k))}" for k in shown)
        if field is not None and (self.show_values or not paths.person_related(profile)):
            facts = {"value": _display(value), **facts}
        return tuple(keys), Issue(code, pointer, facts, entity=self.entity, profile=profile)

    def _along(self, keys: Sequence[str | int]) -> Path:
        return paths.along(self._class, keys, self.record)

    def _issue(self, error: Error) -> Located:
        keys = self._keys(error["loc"])
        field = self._along(keys).field
        kind, value, context = error["type"], error.get("input"), error.get("ctx") or {}
        code = _code(kind, value, field)
        if code in ("MM105", "MM106", "MM108") or (code == "MM101" and keys and keys[-1] == "type"):
            return self._type_issue(code, keys, field, value)
        return self.issue(code, keys, self._facts(code, field, value, context, keys), value)

    def _keys(self, loc: Sequence[str | int]) -> list[str | int]:
        """Without the class names that Pydantic puts into the path of a polymorphic value."""
        keys: list[str | int] = []
        tags: Sequence[str] = ()
        for part in loc:
            if isinstance(part, str) and part in tags:
                tags = ()
                continue
            keys.append(part)
            if isinstance(part, str):
                tags = _members(self._along(keys).field)
        return keys

    def _type_issue(self, code: str, keys: list[str | int], field: Field | None, value: object) -> Located:
        at_type = bool(keys) and keys[-1] == "type"
        holder = value if not at_type else None
        named = holder.get("type") if isinstance(holder, dict) else value
        place = keys if at_type else [*keys, "type"]
        if code in ("MM101", "MM105") or named is None:
            return self.issue("MM105", place, {})
        expected = _members(field) if field is not None and field.inlined else (self.entity,)
        return self._wrong_class(named, place, expected)

    def _wrong_class(self, named: object, place: list[str | int], expected: Sequence[str]) -> Located:
        if not isinstance(named, str):
            return self.issue(WRONG_TYPE, place, wrong_type("string", named))
        return self.issue(*class_fault(named, expected, place))

    def _facts(
        self, code: str, field: Field | None, value: object, context: Mapping[str, float], keys: Sequence[str | int]
    ) -> Mapping[str, Fact]:
        if code == "MM101" and field is not None:
            return {"field": str(keys[-1]), "title": field.title}
        if code == "MM102":
            return self._unknown(keys)
        if code == "MM103":
            return wrong_type(_wanted(field, value, keys), value)
        if code == "MM201" and field is not None and field.enum is not None:
            return {"allowed": ", ".join(field.enum.values)}
        if code in ("MM202", "MM203"):
            return {"limit": f"{context.get('ge', context.get('le')):.15g}{_unit(field)}"}
        if code == "MM204" and field is not None:
            said = field.title if field.pattern or field.type is None else field.type.title
            return {"expected": said if said.en else field.title}
        if code == "MM209":
            return {"limit": str(context.get("min_length", 1))}
        return {}

    def _unknown(self, keys: Sequence[str | int]) -> dict[str, str]:
        owner = self._along(keys[:-1]).field
        class_name = owner.range if owner is not None else self.entity
        self._hints += 1
        fields = catalogue.class_(class_name).fields if self._hints <= HINTS else ()
        near = catalogue.close(str(keys[-1]), fields)
        hint = f" ({' / '.join(near)}?)" if near else ""
        return {"class": class_name, "hint": hint}


def class_fault(
    named: str, expected: Sequence[str], place: Sequence[str | int]
) -> tuple[str, Sequence[str | int], dict[str, str]]:
    """What is wrong with a ``type``: unknown, abstract, or another class than expected."""
    classes = catalogue.model().classes
    if named not in classes:
        near = catalogue.close(named, classes)
        return "MM106", place, {"name": paths.shown(named), "hint": f" ({' / '.join(near)}?)" if near else ""}
    if classes[named].abstract:
        return "MM107", place, {"name": named, "members": ", ".join(classes[named].members)}
    return "MM108", place, {"expected": " / ".join(expected)}


def _members(field: Field | None) -> Sequence[str]:
    """The classes that a value of the field may say that it is of."""
    return field.class_.members if field is not None and field.inlined and field.class_ is not None else ()


def code_of(kind: str) -> str:
    """The code of an error of Pydantic's of which nothing but its type is known."""
    return CODES.get(kind) or next((c for start, c in FAMILIES if kind.startswith(start)), WRONG_TYPE)


def _code(kind: str, value: object, field: Field | None) -> str:
    if kind == "missing":
        return "MM101"
    if value is None:
        return "MM104"
    if kind == "enum" and not isinstance(value, str):
        return WRONG_TYPE
    code = code_of(kind)
    if kind.endswith("_type"):
        code = "MM210" if kind == "int_type" and isinstance(value, float) else WRONG_TYPE
    if code == "MM204" and field is not None:
        type_ = "Iri" if field.reference else field.range
        return code if _only_narrowed(value, type_) else FORMS.get(type_, code)
    return code


def _only_narrowed(value: object, type_: str) -> bool:
    """Whether a value has the form of its type, so that it breaks the pattern of the field alone."""
    known = catalogue.model().types.get(type_)
    if known is None or known.pattern is None:
        return False
    return isinstance(value, str) and re.fullmatch(known.pattern, value) is not None


def _wanted(field: Field | None, value: object, keys: Sequence[str | int]) -> str:
    if field is None:
        return "object"
    in_list = bool(keys) and isinstance(keys[-1], int)
    if field.multivalued and not in_list and not isinstance(value, list):
        return "list"
    return "object" if field.inlined else field.json


def wrong_type(wanted: str, value: object) -> dict[str, Fact]:
    """What is said of a value of another JSON type than the one wanted, a key of ``EXPECTED``."""
    return {"expected": EXPECTED[wanted], "found": EXPECTED[json_type(value)]}


def json_type(value: object) -> str:
    """The JSON type of a value, as a key of ``EXPECTED``."""
    for name, kinds in (("boolean", bool), ("integer", int), ("number", float), ("list", list), ("object", dict)):
        if isinstance(value, kinds):
            return name
    return "string"


def _unit(field: Field | None) -> str:
    ucum = "" if field is None or field.unit is None else field.unit.ucum
    return "" if ucum in ("", "1") or ucum.startswith("{") else f" {ucum}"


def _display(value: object) -> str:
    if value is None or isinstance(value, (dict, list)):
        return json_type(value) if value is not None else "null"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (str, int, float, bool)) else type(value).__name__
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
