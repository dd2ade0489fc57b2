"""Where in a JSON text a value stands: the way to it as line and column, and keys that stand twice."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

Way = tuple[str | int, ...]
"""Keys and indices from the root to a value."""
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s,\[\]{}:"]+')
_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')
_BAD_NUMBER = re.compile(r"NaN|-?Infinity|-?[0-9]{400,}|-?[0-9.]+[eE][+]?[0-9]{3,}")
_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')


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
        return [0, *(m.end() for m in re.finditer("\n", self._text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def of(self, ways: Iterable[Way]) -> dict[Way, tuple[int, int]]:
        """Line and column of each value, or of the nearest value around it that is there; all in one pass."""
        wanted = set(ways)
        inner = {way[:n] for way in wanted for n in range(len(way))}
        offsets = dict(self._scan(wanted, inner))
        found = {}
        for way in wanted:
            around = next((way[:n] for n in range(len(way), 0, -1) if way[:n] in offsets), ())
            found[way] = self.place(offsets.get(around, 0))
        return found

    def of_bad_number(self) -> tuple[int, int]:
        """Line and column of the first NaN, infinity or number that is too large."""
        masked = _TEXT.sub(lambda m: " " * len(m.group()), self._text)
        found = _BAD_NUMBER.search(masked)
        return self.place(found.start() if found else 0)

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

    def _scan(self, wanted: set[Way], inner: set[Way]) -> Iterator[tuple[Way, int]]:
        """Offsets of the values on the wanted ways; what lies on none is passed over, so memory follows the question."""
        way: list[str | int | None] = []
        position = 0
        while token := _TOKEN.search(self._text, position):
            symbol, position = token.group(), token.end()
            if symbol == ":":
                continue
            if symbol == ",":
                at = way[-1] if way else None
                way[-1:] = [at + 1 if isinstance(at, int) else None]
            elif symbol in "]}":
                way.pop()
            elif way and way[-1] is None:
                way[-1] = _key(symbol)
            else:
                here = tuple(k for k in way if k is not None)
                if here in wanted or here in inner:
                    yield here, token.start()
                if symbol in "{[" and here in inner:
                    way.append(None if symbol == "{" else 0)
                elif symbol in "{[":
                    position = self._closing(token.start())

    def _closing(self, start: int) -> int:
        """The offset behind the bracket that closes the one at ``start``."""
        depth = 0
        for token in _BRACKET.finditer(self._text, start):
            symbol = token.group()
            depth += (symbol in "{[") - (symbol in "]}")
            if depth == 0:
                return token.end()
        return len(self._text)


def _key(symbol: str) -> str:
    return str(json.loads(symbol)) if "\\" in symbol else symbol[1:-1]
