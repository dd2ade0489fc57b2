"""The elements of a long array of objects, many at a time, as long as it is well formed and written alike throughout.

Between two elements there is always the same: a bracket, a comma, white space and the first key of the next. Where that is
found last in a block, the text before is cut off and taken apart by the parser, which tells whether the cut was right: a
text cut within a string or a nested list does not parse. Whatever is left is for the slower, tolerant way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from machimori.records.pieces import Piece

LEARNED_FROM, LIMIT = 1024 * 1024, 8 * 1024 * 1024
"""Bytes in which two elements must stand to be learned from, and bytes without a cut after which there will be none."""
TRIES = 8
"""Places in a block at which a cut is tried, from the last."""
_SEPARATOR = re.compile(r'\s*,\s*\{\s*"[^"\\]*"')
_BETWEEN = re.compile(rb"[\s,]*")
_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(frozen=True)
class Place:
    """A line, and a column in characters, both from 1."""

    line: int
    column: int

    def after(self, text: bytes) -> Place:
        """The place behind a text that begins here."""
        lines = text.count(b"\n")
        column = len(text[text.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
        return Place(self.line + lines, column + 1 if lines else self.column + column)


@dataclass(frozen=True)
class Elements:
    """Well-formed elements, as one text that begins at a place, and each for itself."""

    place: Place
    text: bytes
    each: list[msgspec.Raw]

    def pieces(self) -> Iterator[Piece]:
        """Each element with its place."""
        return map(self.piece, range(len(self.each)))

    def piece(self, number: int) -> Piece:
        """One element with the line and column at which it begins."""
        start = self._starts[number]
        place = self.place.after(self.text[:start])
        return Piece(place.line, bytes(self.each[number]), place.column)

    @cached_property
    def _starts(self) -> list[int]:
        found, position = [], 0
        for one in self.each:
            between = _BETWEEN.match(self.text, position)
            start = between.end() if between else position
            found.append(start)
            position = start + len(bytes(one))
        return found


class Cutter:
    """Cuts elements off the front of a text that grows at its end."""

    def __init__(self, place: Place, text: bytes) -> None:
        self.place, self.text = place, text
        """What is left, and where it begins: behind the bracket of the array, or behind a comma."""
        self.begun = False
        """Whether elements have been cut off."""
        self._separator = b""
        self.broken = False
        """Whether there is no use in trying on."""

    def add(self, text: bytes) -> Elements | None:
        """What can be cut off with this text added."""
        self.text += text
        self._separator = self._separator or _separator(self.text)
        self.broken = len(self.text) > (LIMIT if self._separator else LEARNED_FROM)
        return self._cut() if self._separator and not self.broken else None

    def _cut(self) -> Elements | None:
        end = len(self.text)
        for _ in range(TRIES):
            end = self.text.rfind(self._separator, 0, end)
            if end < 0:
                return None
            whole = self.text[: end + 1]
            try:
                each = _elements(b"[" + whole + b"]")
            except (msgspec.DecodeError, ValueError, RecursionError):
                continue
            found = Elements(self.place, whole, each)
            comma = self.text.index(b",", end) + 1
            self.place = self.place.after(self.text[:comma])
            self.text, self.begun = self.text[comma:], True
            return found
        self.broken = True
        return None


def _separator(text: bytes) -> bytes:
    """What stands between the first two elements; nothing where the text does not tell."""
    try:
        whole = text.decode("utf-8", "ignore")
        start = len(whole) - len(whole.lstrip())
        _, end = json.JSONDecoder().raw_decode(whole, start)
    except (ValueError, RecursionError):
        return b""
    found = _SEPARATOR.match(whole, end)
    return b"}" + found.group().encode() if found and whole[end - 1] == "}" else b""
