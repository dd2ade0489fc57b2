"""Where in a JSON text a value stands: the way to it as line and column, and keys that stand twice."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from machimori.catalogue.paths import Way

TEXT = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
STRUCTURE = re.compile(TEXT + r"|[\[\]{}]")
"""A text, or a bracket."""
"""A string of JSON; one that does not end is one too, so that it is read once."""
_TOKEN = re.compile(TEXT + r'|[\[\]{},:]|[^\s,\[\]{}:"]+')
_KEY = re.compile(r'[\s,]*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*')
_ITEM = re.compile(r"[\s,]*(?![\s,\]])")
_END = re.compile(r"\s*[\]}]")
_VALUES = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
"""Passes over values at the speed of C, and leaves their numbers alone."""
_NUMBER = re.compile(TEXT + r"|(NaN|-?Infinity|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
"""A text, passed over, or a number."""


def escape(key: str) -> str:
    """One reference token of RFC 6901."""
    return key.replace("~", "~0").replace("/", "~1")


@dataclass(slots=True)
class _Level:
    """One open object or list: the key or index reached, and the keys that an object has had."""

    at: str | int | None
    keys: set[str] | None

    def go_on(self) -> None:
        self.at = self.at + 1 if isinstance(self.at, int) else None


class Positions:
    """A text that is known to be JSON; it is searched only when something in it is to be explained."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self._text))] if "\n" in self._text else [0]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def of(self, ways: Iterable[Way]) -> dict[Way, tuple[int, int]]:
        """Line and column of each value, or of the nearest value around it that is there; all in one pass."""
        wanted = set(ways)
        offsets: dict[Way, int] = {}
        start = re.match(r"\s*", self._text)
        self._scan((), start.end() if start else 0, {way[:n] for way in wanted for n in range(len(way) + 1)}, offsets)
        found = {}
        for way in wanted:
            around = next((way[:n] for n in range(len(way), 0, -1) if way[:n] in offsets), ())
            found[way] = self.place(offsets.get(around, 0))
        return found

    def of_number(self, sought: Callable[[str], bool]) -> tuple[int, int]:
        """Line and column of the first number, NaN or infinity that is ``sought``."""
        numbers = (m for m in _NUMBER.finditer(self._text) if m[1])
        return self.place(next((m.start() for m in numbers if sought(m[1])), 0))

    def doubled(self) -> Iterator[tuple[Way, int]]:
        """The way to, and the offset of, every key that an object already had."""
        levels: list[_Level] = []
        for token in _TOKEN.finditer(self._text):
            symbol = token.group()
            level = levels[-1] if levels else None
            if symbol == "," and level is not None:
                level.go_on()
            elif symbol in "]}":
                levels.pop()
            elif level is not None and level.keys is not None and level.at is None:
                level.at = _key(symbol)
                if level.at in level.keys:
                    yield tuple(k.at for k in levels if k.at is not None), token.start()
                level.keys.add(level.at)
            elif symbol in "{[":
                levels.append(_Level(None, set()) if symbol == "{" else _Level(0, None))

    def _scan(self, way: Way, start: int, wanted: set[Way], found: dict[Way, int]) -> int:
        """Note where the wanted values in the one at ``start`` begin, and tell where that one ends.

        ``wanted`` has the ways that lead to others too; what lies on none is passed over.
        """
        text = self._text
        found[way] = start
        keyed = text[start] == "{"
        if not keyed and text[start] != "[":
            return _VALUES.raw_decode(text, start)[1]
        at, number = start + 1, 0
        while True:
            item = _KEY.match(text, at) if keyed else _ITEM.match(text, at)
            if item is None:
                closing = _END.match(text, at)
                return closing.end() if closing else len(text)
            at = item.end()
            here = (*way, _key(item[1]) if keyed else number)
            number += 1
            at = self._scan(here, at, wanted, found) if here in wanted else _VALUES.raw_decode(text, at)[1]


def _key(symbol: str) -> str:
    return str(json.loads(symbol)) if "\\" in symbol else symbol[1:-1]
