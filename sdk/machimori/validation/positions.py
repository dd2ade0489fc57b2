"""Where in a JSON text each value stands: JSON pointers to lines and columns, and keys that stand twice."""

from __future__ import annotations

import bisect
import json
import re
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
        self._doubled: list[tuple[str, int]] = []

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self._text))]

    @cached_property
    def _offsets(self) -> dict[str, int]:
        return self._scan()

    @property
    def doubled(self) -> list[tuple[str, int]]:
        """Pointer and offset of every key that an object already had."""
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
        stack: list[list[object]] = []
        key: str | None = None

        def pointer() -> str:
            return "".join(f"/{escape(str(level[1]))}" for level in stack)

        for token in _TOKEN.finditer(self._text):
            symbol = token.group()
            if symbol in ",:":
                if symbol == "," and stack and stack[-1][0] == "[":
                    stack[-1][1] = int(str(stack[-1][1])) + 1
                if symbol == "," and stack and stack[-1][0] == "{":
                    key = None
                    stack[-1][1] = ""
                continue
            if symbol in "]}":
                stack.pop()
                continue
            top = stack[-1] if stack else None
            if top is not None and top[0] == "{" and key is None:
                key = json.loads(symbol)
                top[1] = key
                seen = top[2]
                assert isinstance(seen, set)
                if key in seen:
                    self._doubled.append((pointer(), token.start()))
                seen.add(key)
                continue
            offsets[pointer()] = token.start()
            if symbol == "{":
                stack.append(["{", "", set()])
                key = None
            elif symbol == "[":
                stack.append(["[", 0, None])
                key = None
            else:
                key = None if top is None or top[0] == "[" else key
        return offsets
