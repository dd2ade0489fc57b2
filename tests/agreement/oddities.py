"""Odd values for a place of each kind, each with the verdict that the design demands there, or ``None`` to leave it open.

Sources: design of the model's LinkML profile, "Values"; RFC 3339; RFC 3987; RFC 8259.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.agreement.shapes import Place


@dataclass(frozen=True)
class Raw:
    """A token that stands in the JSON text as it is."""

    token: str


@dataclass(frozen=True)
class Odd:
    """A value to put at a place; ``accepted`` where the design says what must come of it."""

    name: str
    value: Any
    accepted: bool | None = None


JSON_TYPE = {"integer": "number", "number": "number", "boolean": "boolean", "list": "list", "object": "object"}
SAMPLES: dict[str, tuple[Any, ...]] = {
    "string": ("", "text", "0", "true", "null", "NaN", "[]", "{}"),
    "number": (0, 1, -1, 7.5, 0.0, 20260101),
    "boolean": (True, False),
    "list": ([], [None], [[]], [{}]),
    "object": ({}, {"value": 1}, {"@value": "text"}, {"@id": "https://example.jp/a"}),
}
TIMESTAMPS = {
    "2026-04-01T09:00:00+09:00": True,
    "2026-04-01T00:00:00Z": True,
    "2026-04-01T00:00:00-00:00": True,
    "2026-04-01T00:00:00.123456Z": True,
    "2026-04-01T23:59:59.9+23:59": True,
    "2024-02-29T00:00:00Z": True,
    "1900-01-01T00:00:00+23:59": True,
    "2199-12-31T23:59:59.999999-23:59": True,
    "2026-04-01T09:00:00": False,
    "2026-04-01 09:00:00+09:00": False,
    "2026-04-01t09:00:00+09:00": False,
    "2026-04-01T09:00:00z": False,
    "2026-04-01T09:00:00+0900": False,
    "2026-04-01T09:00:00+09": False,
    "2026-04-01T09:00:00+9:00": False,
    "2026-04-01T09:00:00 +09:00": False,
    "2026-04-01T09:00:00+24:00": False,
    "2026-04-01T09:00:00+09:60": False,
    "2026-04-01T09:00:00\u221209:00": False,
    "2026-04-01T09:00:00JST": False,
    "2026-04-01T09:00:00+09:00[Asia/Tokyo]": False,
    "2026-04-01T09:00+09:00": False,
    "2026-04-01T09+09:00": False,
    "2026-04-01": False,
    "2026-04-01T": False,
    "2026-04-01T09:00:00.Z": False,
    "2026-04-01T09:00:00,5Z": False,
    "2026-04-01T09:00:00.1234567Z": False,
    "2016-12-31T23:59:60Z": False,
    "2017-01-01T08:59:60+09:00": False,
    "2026-04-01T24:00:00Z": False,
    "2026-04-01T23:60:00Z": False,
    "2026-02-30T00:00:00Z": False,
    "2025-02-29T00:00:00Z": False,
    "1900-02-29T00:00:00Z": False,
    "2100-02-29T00:00:00Z": False,
    "2026-04-31T00:00:00Z": False,
    "2026-00-01T00:00:00Z": False,
    "2026-13-01T00:00:00Z": False,
    "1899-12-31T23:59:59Z": False,
    "2200-01-01T00:00:00Z": False,
    "+2026-04-01T00:00:00Z": False,
    "20260401T000000Z": False,
    "2026-W14-3T00:00:00Z": False,
    "2026-091T00:00:00Z": False,
    "26-04-01T00:00:00Z": False,
    "2026-4-1T0:0:0Z": False,
    "2026/04/01T00:00:00Z": False,
    "２０２６-04-01T00:00:00Z": False,
    "٢٠٢٦-04-01T00:00:00Z": False,
    "令和8年4月1日": False,
    "1775001600": False,
    "Wed, 01 Apr 2026 00:00:00 GMT": False,
    "": False,
}
DATES = {
    "2026-04-01": True,
    "2024-02-29": True,
    "1900-01-01": True,
    "2199-12-31": True,
    "2000-02-29": True,
    "2026-02-30": False,
    "2025-02-29": False,
    "1900-02-29": False,
    "2026-04-31": False,
    "2026-13-01": False,
    "2026-00-10": False,
    "2026-01-00": False,
    "1899-12-31": False,
    "2200-01-01": False,
    "2026-4-1": False,
    "20260401": False,
    "2026/04/01": False,
    "2026-W14-3": False,
    "2026-091": False,
    "2026-04": False,
    "2026": False,
    "2026-04-01T00:00:00Z": False,
    "2026-04-01T00:00:00": False,
    "2026-04-01Z": False,
    "2026-04-01+09:00": False,
    "２０２６-04-01": False,
    "令和8年4月1日": False,
    "1775001600": False,
    "": False,
}
IRIS = {
    "https://example.jp/a": True,
    "http://example.jp/a?b=c#d": True,
    "urn:uuid:9a3ee1d6-6f1c-4a6c-8a1c-0f0e3b2a9c11": True,
    "did:web:example.jp": True,
    "https://example.jp/" + "a" * 100_000: True,
    "https://例え.jp/a": False,
    "https://example.jp/街": False,
    "https://example.jp/ a": False,
    "https://example.jp/<a>": False,
    'https://example.jp/"a"': False,
    "https://example.jp/{a}": False,
    "https://example.jp/a|b": False,
    "https://example.jp/a^b": False,
    "https://example.jp/a`b": False,
    "mm:Thing": False,
    "ex:1": False,
    "a/b": False,
    "../a": False,
    "/a": False,
    "#a": False,
    "_:b0": False,
    "//example.jp/a": False,
    "https:": False,
    "https://": False,
    "urn:": False,
    "urn:x": False,
    "did:web": False,
    "ftp://example.jp/a": False,
    "file:///a": False,
    "javascript:alert(1)": False,
    "data:,a": False,
    "mailto:a@example.jp": False,
    "0001234": False,
}
ENDINGS = ("\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\u0000", " ", "\u3000", "\ufeff")
FREE = {
    "nothing": "",
    "newline": "a\nb\n",
    "nul": "a\u0000b",
    "line separator": "a\u2028b",
    "byte order mark": "\ufeffa",
    "outside the basic plane": "𠮷👩‍👩‍👧",
    "two code points": "か\u3099",
    "right to left": "a\u202eb",
    "not a character": "a\uffffb",
    "very long": "長" * 100_000,
    "looks like a date": "2026-02-30",
    "looks like a number": "1e400",
    "looks like an IRI": "mm:Thing",
}
SURROGATES = {
    "lone high surrogate": Raw('"a\\ud800"'),
    "lone low surrogate": Raw('"\\udc00a"'),
    "surrogates reversed": Raw('"\\udc00\\ud800"'),
    "two high surrogates": Raw('"\\ud800\\ud800"'),
}
NOT_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "01", "+1", ".5", "5.", "0x10", "1_000", "1e", "-")
HUGE = {
    "1e300": 1e300,
    "-1e300": -1e300,
    "10**400": 10**400,
    "-10**400": -(10**400),
    "2**64": 2**64,
    "2**53+1": 2**53 + 1,
}


def odd_values(place: Place, current: Any, classes: list[str]) -> Iterator[Odd]:
    """Everything that is tried in the place of ``current``; ``classes`` are names that a ``type`` may wrongly have."""
    yield from _other_types(place, current)
    match place.shape.kind:
        case "enum":
            yield from _not_listed(current)
        case "type":
            yield from _not_this_class(current, classes)
        case "integer" | "number":
            yield from _numbers(place)
        case "date-time":
            yield from (Odd(f"timestamp {t}", t, ok) for t, ok in TIMESTAMPS.items())
            yield from _endings(current)
        case "date":
            yield from (Odd(f"date {t}", t, ok) for t, ok in DATES.items())
            yield from _endings(current)
        case "text":
            yield from _not_matching(place, current)
        case "free":
            yield from (Odd(f"text: {n}", t, True) for n, t in FREE.items())
            yield from (Odd(f"text: {n}", t, False) for n, t in SURROGATES.items())
        case "list":
            yield from _lists(place, current)
        case "object":
            yield Odd("list of one", [current], False)
            yield Odd("object as text", "https://example.jp/a", False)


def _other_types(place: Place, current: Any) -> Iterator[Odd]:
    yield Odd("null", None, place.shape.nullable and not place.in_list)
    wanted = JSON_TYPE.get(place.shape.kind, "string")
    for json_type, samples in SAMPLES.items():
        for value in samples:
            yield Odd(f"{json_type} {value!r}", value, None if json_type == wanted else False)
    if wanted not in ("list", "object"):
        yield Odd("list of one", [current], False)
        yield Odd("object around the value", {"@value": current}, False)
    if wanted != "string":
        yield Odd("as text", str(current), False)


def _not_listed(current: str) -> Iterator[Odd]:
    for value in (
        f"{current}_",
        current.upper() + "!",
        f" {current}",
        f"mm:{current}",
        current[:-1] + "é",
        "none of these",
    ):
        yield Odd(f"not listed {value!r}", value, False)
    yield from _endings(current)


def _not_this_class(current: str, classes: list[str]) -> Iterator[Odd]:
    near = (
        f"mm:{current}",
        f"https://w3id.org/machimori/{current}",
        current.lower(),
        f"{current} ",
        f"{current}x",
        "Entity",
    )
    for value in (*near, *(c for c in classes if c != current)):
        yield Odd(f"type {value}", value, False)
    yield from _endings(current)


def _endings(current: str) -> Iterator[Odd]:
    for end in ENDINGS:
        yield Odd(f"ends in {end!r}", current + end, False)
    yield Odd("begins with a space", f" {current}", False)
    yield Odd("begins with a newline", f"\n{current}", False)


def _not_matching(place: Place, current: str) -> Iterator[Odd]:
    for end in ENDINGS:
        yield Odd(f"ends in {end!r}", current + end, False if end.strip(" ") else None)
    yield Odd("begins with a newline", f"\n{current}", False)
    yield Odd("two lines", f"{current}\n{current}", False)
    for name, zero in (("full-width", "０"), ("Arabic-Indic", "٠"), ("Devanagari", "०")):
        other = "".join(chr(ord(zero) + int(c)) if c in "0123456789" else c for c in current)
        if other != current:
            yield Odd(f"{name} digits", other, False)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in current)
    yield Odd("full-width", wide, False)
    for name, text in (("upper case", current.upper()), ("lower case", current.lower()), ("doubled", current * 2)):
        yield Odd(name, text)
    yield Odd("cut short", current[:-1])
    yield Odd("very long", current + "0" * 100_000)
    yield Odd("dotless i", current.replace("i", "ı") + "ı", False)
    yield Odd("Kelvin sign", current + "\u212a", False)
    yield from (Odd(f"text: {n}", t, False) for n, t in SURROGATES.items())
    if any("https?" in p for p in place.shape.patterns):
        # A field may have a narrower pattern of its own, which need not take every IRI.
        taken = True if len(place.shape.patterns) == 1 else None
        yield from (Odd(f"IRI {t[:60]}", t, taken if ok else False) for t, ok in IRIS.items())
    else:
        yield from (Odd(f"IRI {t[:60]}", t) for t in IRIS)


def _numbers(place: Place) -> Iterator[Odd]:
    low, high = place.shape.node["minimum"], place.shape.node["maximum"]
    whole = place.shape.kind == "integer"
    yield Odd("least", low, True)
    yield Odd("greatest", high, True)
    yield Odd("least as double", float(low), True)
    yield Odd("greatest as double", float(high), True)
    digits = repr(float(high)) if abs(high) < 1e16 else f"{high:.1f}"
    yield Odd("greatest and a digit past double", Raw(digits + "0" * 20 + "1"), True)
    yield Odd("just below", low - 1 if whole else math.nextafter(low, -math.inf), False)
    yield Odd("just above", high + 1 if whole else math.nextafter(high, math.inf), False)
    yield Odd("one below", math.floor(low) - 1, False)
    yield Odd("one above", math.ceil(high) + 1, False)
    yield Odd("far below", low - 10**9 - abs(low) * 3, False)
    yield Odd("far above", high + 10**9 + abs(high) * 3, False)
    for name, value in HUGE.items():
        yield Odd(name, value, low <= value <= high)
    for token in NOT_NUMBERS:
        yield Odd(f"not JSON {token}", Raw(token), False)
    zero = low <= 0 <= high
    yield Odd("-0.0", -0.0, zero)
    yield Odd("-0", Raw("-0"), zero)
    yield Odd("0e400", Raw("0e400"), zero)
    yield Odd("smallest double", 5e-324, not whole and low <= 5e-324 <= high)
    yield Odd("1e-400", Raw("1e-400"), zero)
    yield Odd("power of ten", Raw("1E0"), low <= 1 <= high)
    middle = math.floor((low + high) / 2)
    yield Odd("integral double", float(middle), low <= middle <= high)
    yield Odd("whole number", middle, low <= middle <= high)
    if high - low > 1:
        yield Odd("with fraction", middle + 0.5, not whole and low <= middle + 0.5 <= high)
    yield Odd("full-width text", "５０", False)
    yield Odd("text with thousands", "1,000", False)


def _lists(place: Place, current: list[Any]) -> Iterator[Odd]:
    least = place.shape.node.get("minItems", 0)
    yield Odd("empty list", [], least == 0)
    if current:
        yield Odd("scalar for a list", current[0], False)
        yield Odd("list of one", current[:1], least <= 1)
        yield Odd("same item twice", [current[0], current[0]])
        yield Odd("hundred items", current[:1] * 100)
        yield Odd("list in a list", [current], False)
        yield Odd("keyed by number", {"0": current[0]}, False)
        yield Odd("null at the end", [*current, None], False)
        yield Odd("null at the start", [None, *current], False)
