"""Where in a JSON text each value stands: JSON pointers to lines and columns, and keys that stand twice."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s,\[\]{}:"]+')
_BAD_NUMBER = re.compile(r"NaN|-?Infinity|-?[0-9]{400,}|-?[0-9.]+[eE][+]?[0-9]{3,}")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def escape(key: str) -> str:
    """One reference token of RFC 6901."""
    return key.replace("~", "~0").replace("/", "~1")


class Positions:
    """A map of a text that is known to be JSON, made only when something is to be explained."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._doubled: list[tuple[list[str | int], int]] = []

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self._text))]

    @cached_property
    def _offsets(self) -> dict[str, int]:
        return self._scan()

    @property
    def doubled(self) -> list[tuple[list[str | int], int]]:
        """Keys on the way to, and offset of, every key that an object already had."""
        _ = self._offsets
        return self._doubled

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def of(self, pointer: str) -> tuple[int, int]:
        """Line and column of the value, or of the nearest value around it that is there."""
        while pointer and pointer not in self._offsets:
            pointer = pointer.rpartition("/")[0]
        return self.place(self._offsets.get(pointer, 0))

    def of_bad_number(self) -> tuple[int, int]:
        masked = _TEXT.sub(lambda m: " " * len(m.group()), self._text)
        found = _BAD_NUMBER.search(masked)
        return self.place(found.start() if found else 0)

    def _scan(self) -> dict[str, int]:
        offsets: dict[str, int] = {}
        levels: list[_Level] = []
        for token in _TOKEN.finditer(self._text):
            symbol = token.group()
            level = levels[-1] if levels else None
            if symbol == ",":
                if level is not None:
                    level.go_on()
            elif symbol in "]}":
                levels.pop()
            elif level is not None and level.keys is not None and level.at is None:
                level.at = str(json.loads(symbol))
                if level.at in level.keys:
                    self._doubled.append(([k.at for k in levels if k.at is not None], token.start()))
                level.keys.add(level.at)
            elif symbol != ":":
                offsets["".join(f"/{escape(str(k.at))}" for k in levels)] = token.start()
                if symbol in "{[":
                    levels.append(_Level(None, set()) if symbol == "{" else _Level(0, None))
        return offsets


@dataclass(slots=True)
class _Level:
    """One open object or list: the key or index reached, and the keys that an object has had."""

    at: str | int | None
    keys: set[str] | None

    def go_on(self) -> None:
        self.at = self.at + 1 if isinstance(self.at, int) else None
