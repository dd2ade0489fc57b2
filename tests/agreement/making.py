"""Valid payloads of a class, drawn from its JSON Schema. The same seed gives the same payloads."""

from __future__ import annotations

import calendar
import math
import re
from random import Random
from typing import Any

from tests.agreement.shapes import Schema, Shape

TEXTS = (
    "",
    "街守",
    "ﾊﾝｶｸ",
    "が",
    "か\u3099",
    "𠮷野家",
    "👨‍👩‍👧‍👦",
    "line\nbreak\tand tab",
    "\u0000",
    "\u2028",
    "\ufeffmark",
    '"quoted" \\ /',
    "<script>&amp;",
    "true",
    "0",
    "2026-02-30",
    " ",
    "x" * 5000,
)
OFFSETS = ("Z", "+09:00", "-00:00", "+00:00", "-23:59", "+23:59", "+05:45")


class Maker:
    """Draws payloads. ``full`` has every field and every member of a polymorphic list, ``minimal`` only what must be."""

    def __init__(self, schema: dict[str, Any], seed: str) -> None:
        self.schema = Schema(schema)
        self.random = Random(seed)
        from tests.agreement.matching import Matching  # takes half a second

        self.regex = Matching(random=self.random)

    def full(self) -> dict[str, Any]:
        return self._object(self.schema.root, "full")

    def minimal(self) -> dict[str, Any]:
        return self._object(self.schema.root, "minimal")

    def drawn(self) -> dict[str, Any]:
        """Each optional field given, absent or null."""
        return self._object(self.schema.root, "drawn")

    def _object(self, node: dict[str, Any], mode: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, shape, required in self.schema.properties(node):
            if required or mode == "full":
                made[key] = self._value(shape, mode)
            elif mode == "drawn" and self.random.random() < 0.6:
                made[key] = None if shape.nullable and self.random.random() < 0.15 else self._value(shape, mode)
        return made

    def _value(self, shape: Shape, mode: str) -> Any:
        match shape.kind:
            case "object":
                return self._object(self.random.choice(shape.members), mode)
            case "list":
                return self._list(shape, mode)
            case "enum" | "type":
                return self.random.choice(shape.node["enum"])
            case "boolean":
                return self.random.random() < 0.5
            case "integer" | "number":
                return self._number(shape)
            case "date":
                return self._date()
            case "date-time":
                return self._timestamp()
            case "text":
                return self._matching(shape.patterns)
            case _:
                return self._text()

    def _list(self, shape: Shape, mode: str) -> list[Any]:
        inner = self.schema.shape(shape.node["items"])
        least = shape.node.get("minItems", 0)
        if mode == "full":
            each = [self._object(m, mode) for m in inner.members]
            return each + [self._value(inner, mode) for _ in range(max(least, 0 if each else 2) - len(each))]
        size = least if mode == "minimal" else self.random.randint(least, least + 3)
        return [self._value(inner, mode) for _ in range(size)]

    def _number(self, shape: Shape) -> int | float:
        low: int | float = shape.node["minimum"]
        high: int | float = shape.node["maximum"]
        whole = self.random.randint(math.ceil(low), math.floor(high)) if high - low >= 1 else round(low)
        drawn: list[int | float] = [low, high, whole, float(whole), float(low), float(high)]
        if low <= 0 <= high:
            drawn.append(-0.0)
        if shape.kind == "number":
            drawn += [self.random.uniform(low, high), round(self.random.uniform(low, high), 3)] * 2
        return self.random.choice([n for n in drawn if low <= n <= high])

    def _date(self) -> str:
        year, month = self.random.randint(1900, 2199), self.random.randint(1, 12)
        day = self.random.choice((1, self.random.randint(1, 28), calendar.monthrange(year, month)[1]))
        return f"{year}-{month:02}-{day:02}"

    def _timestamp(self) -> str:
        hour, minute, second = (self.random.choice((0, n, self.random.randint(0, n))) for n in (23, 59, 59))
        digits = self.random.randint(0, 6)
        fraction = f".{self.random.randint(0, 10**digits - 1):0{digits}}" if digits else ""
        return f"{self._date()}T{hour:02}:{minute:02}:{second:02}{fraction}{self.random.choice(OFFSETS)}"

    def _text(self) -> str:
        letters = 'abc xyz-街守市町村ｱｲｳäé₀½\n"\\\t👍'
        drawn = "".join(self.random.choices(letters, k=self.random.randint(0, 12)))
        return self.random.choice((*TEXTS, *[drawn] * len(TEXTS)))

    def _matching(self, patterns: list[str]) -> str:
        for _ in range(1000):
            text = self.regex(patterns[-1])
            if all(re.search(p.replace("$", r"\Z"), text) for p in patterns):
                return text
        raise AssertionError(f"no text drawn for {patterns}")
