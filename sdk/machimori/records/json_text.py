"""JSON text to data, or issues with the place in the text. Nothing of the text appears in an issue."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

from machimori.catalogue.paths import shown
from machimori.findings.issue import Issue
from machimori.messages import Message
from machimori.records import content_kinds
from machimori.records.positions import STRUCTURE, Positions, escape

MAXIMUM_BYTES = 64 * 1024 * 1024
MAXIMUM_DEPTH = 200
DIGITS = 400
"""Characters of a whole number."""
BOM = b"\xef\xbb\xbf"
NO_VALUE, EXTRA_DATA = Message("Expecting value"), Message("Extra data")
_SURROGATE, _SYNTAX = Message("lone surrogate"), Message("a fault of syntax")
_REASONS = (
    NO_VALUE,
    EXTRA_DATA,
    Message("Expecting ',' delimiter"),
    Message("Expecting ':' delimiter"),
    Message("Expecting property name enclosed in double quotes"),
    Message("Unterminated string starting at"),
    Message("Invalid control character at"),
    Message("Invalid \\escape: "),
    Message("Invalid \\uXXXX escape"),  # the X are the standard library's own: digits of an escape
    Message("Illegal trailing comma before end of object"),
    Message("Illegal trailing comma before end of array"),
)
"""What the standard library says; the last two from Python 3.13 on."""
_BY_REASON = {str(reason): reason for reason in _REASONS}


@dataclass(slots=True)
class Loaded:
    """Parsed data with its text, or the issues that kept it from being parsed."""

    data: Any = None
    text: str = ""
    issues: list[Issue] = field(default_factory=list)


class _NotANumberError(ValueError):
    pass


class _DoubledKeyError(Exception):
    pass


def load(raw: bytes | str) -> Loaded:
    """Parse one JSON value strictly by RFC 8259: no BOM, no NaN, no duplicate keys, no lone surrogate."""
    if isinstance(raw, bytes):
        if len(raw) > MAXIMUM_BYTES:
            return Loaded(issues=[Issue("MM007", facts={"limit": str(MAXIMUM_BYTES)}, line=1)])
        if raw.startswith(BOM):
            return Loaded(issues=[Issue("MM003", line=1, column=1)])
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return Loaded(issues=[not_utf8(raw, error)])
    else:
        text = raw
        if text.startswith("\ufeff"):
            return Loaded(issues=[Issue("MM003", line=1, column=1)])
    if not text.strip(" \t\r\n"):
        return Loaded(issues=[Issue("MM009", line=1)])
    return _parse(text)


def _parse(text: str) -> Loaded:
    if _deeper_than(text, MAXIMUM_DEPTH):
        return Loaded(text=text, issues=[Issue("MM006", facts={"limit": str(MAXIMUM_DEPTH)}, line=1)])
    try:
        data, doubled = _decoded(text)
    except json.JSONDecodeError as error:
        return Loaded(text=text, issues=[_malformed(_BY_REASON.get(error.msg, _SYNTAX), error.lineno, error.colno)])
    except _NotANumberError:
        line, column = Positions(text).of_number(_refused)
        return Loaded(text=text, issues=[Issue("MM005", line=line, column=column)])
    if _lone_surrogate(text, data):
        return Loaded(text=text, issues=[_malformed(_SURROGATE, 1, None)])
    issues = []
    if doubled:
        positions = Positions(text)
        for keys, offset in positions.doubled():
            pointer = "".join(f"/{escape(shown(k)) if isinstance(k, str) else k}" for k in keys)
            line, column = positions.place(offset)
            issues.append(Issue("MM004", pointer, line=line, column=column))
    return Loaded(data, text, issues)


def _decoded(text: str) -> tuple[Any, bool]:
    """The data, and whether a key stands twice in one of its objects; the last one counts."""
    try:
        return _STRICT.decode(text), False
    except _DoubledKeyError:
        return _LENIENT.decode(text), True


def _once(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise _DoubledKeyError
    return found


def _malformed(reason: Message, line: int, column: int | None) -> Issue:
    return Issue("MM001", facts={"reason": reason}, line=line, column=column)


def _deeper_than(text: str, limit: int) -> bool:
    if text.count("{") + text.count("[") <= limit:
        return False
    depth = 0
    for token in STRUCTURE.finditer(text):
        symbol = token.group()
        if symbol in "[{":
            depth += 1
            if depth > limit:
                return True
        elif symbol in "]}":
            depth -= 1
    return False


def _refuse(_constant: str) -> Any:
    raise _NotANumberError


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotANumberError
    return number


def _integer(text: str) -> int:
    if len(text) > DIGITS:
        raise _NotANumberError
    return int(text)


def _refused(text: str) -> bool:
    """Whether a number, or what stands for one, is not taken."""
    read = _integer if text.lstrip("-").isdigit() else _finite if text[-1:].isdigit() else _refuse
    try:
        read(text)
    except _NotANumberError:
        return True
    return False


def _lone_surrogate(text: str, data: Any) -> bool:
    if "\\u" not in text and text.isascii():
        return False
    try:
        text.encode("utf-8")
        if "\\ud" in text or "\\uD" in text:
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


_NUMBERS: dict[str, Any] = {"parse_constant": _refuse, "parse_float": _finite, "parse_int": _integer}
_STRICT = json.JSONDecoder(object_pairs_hook=_once, **_NUMBERS)
_LENIENT = json.JSONDecoder(**_NUMBERS)


def not_utf8(raw: bytes, error: UnicodeDecodeError) -> Issue:
    """The finding that bytes are not UTF-8, with the place of the first that is not, or of what format they are."""
    if kind := content_kinds.kind_of(raw[: content_kinds.ENOUGH]):
        return kind.issue()
    before = raw[: error.start]
    try:
        raw.decode("cp932")
        reason = Message("byte {position}; it reads as CP932", position=error.start + 1)
    except UnicodeDecodeError:
        reason = Message("byte {position}", position=error.start + 1)
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    return Issue("MM002", facts={"reason": reason}, line=line, column=column)
