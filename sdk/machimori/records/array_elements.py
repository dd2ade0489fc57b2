"""Cut one JSON array into its elements without parsing it and without holding more than one of them.

An element in error costs that element alone: a bracket that closes nothing, or an object that never ends, is told by the
brackets around it and by the column in which the other elements begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from machimori.messages import Message
from machimori.records.brackets import tokens
from machimori.records.json_text import EXTRA_DATA, MAXIMUM_BYTES, NO_VALUE
from machimori.records.pieces import SPACE, Piece, malformed, too_long

_IN_TEXT = re.compile(rb'[^"\\\n]*(?:\\.[^"\\\n]*)*')
_INK = re.compile(rb"[^ \t\r\n]")
_NEAR = 256
_OPENER = {b"}": b"{", b"]": b"["}


def elements(segments: Iterable[tuple[int, bytes]], within: tuple[int, int, bool] | None = None) -> Iterator[Piece]:
    """The elements of the array that the segments (line number, text of at most one line) spell out.

    ``within`` is the line and the column where they begin inside the array, and whether behind a comma.
    """
    array = _Array()
    if within:
        array.go_on(*within)
    for line, segment in segments:
        if not array.closed:
            yield from array.read(line, segment)
        elif segment.strip(SPACE):
            yield _extra(line)
            return
        if array.spilled:
            yield _extra(line)
            return
    yield from array.end()


def _extra(line: int) -> Piece:
    return malformed(line, EXTRA_DATA)


class _Array:
    def __init__(self) -> None:
        self.closed = False
        self.spilled = False
        self._open = bytearray()
        """The brackets that are open, the array's own first."""
        self._text = bytearray()
        self._start = (1, 1)
        self._dropping = False
        self._after_comma = False
        self._indent: int | None = None
        self._in_text = False
        self._escaped = False
        self._begins = True
        self._line, self._column, self._counted = 0, 1, 0

    def go_on(self, line: int, column: int, after_comma: bool) -> None:
        """Begin within the array."""
        self._open += b"["
        self._line, self._column, self._after_comma = line, column, after_comma

    def read(self, line: int, segment: bytes) -> Iterator[Piece]:
        self._begins = line != self._line
        if self._begins:
            self._line, self._column = line, 1
        self._counted, at = 0, 0
        for token in tokens(segment, self._resumed(segment)):
            symbol, here = token.group(), token.start()
            if symbol == b'"' and not segment.endswith(b"\n"):
                self._in_text = True
                self._leave(segment, _IN_TEXT.match(segment, here + 1))
                break
            if not self._open:
                self._open += symbol
                at = token.end()
            elif symbol == b"," and len(self._open) == 1:
                self._take(segment, at, here)
                yield self._element() or malformed(line, NO_VALUE, self._place(segment, here))
                self._after_comma, at = True, token.end()
            elif symbol in (b"{", b"["):
                if symbol == b"{" and self._lost(segment, at, here):
                    self._take(segment, at, here)
                    yield from filter(None, [self._element()])
                    del self._open[1:]
                    at = here
                self._open += symbol
            elif symbol in (b"}", b"]"):
                inner = self._open.rfind(_OPENER[symbol])
                if inner > 0 or symbol == b"]":
                    del self._open[inner:]
                if not self._open:
                    self._take(segment, at, here)
                    last = self._element()
                    if last or self._after_comma:
                        yield last or malformed(line, NO_VALUE, self._place(segment, here))
                    self.closed, self.spilled = True, bool(segment[token.end() :].strip(SPACE))
                    return
        self._take(segment, at, len(segment))
        self._place(segment, len(segment))

    def end(self) -> Iterator[Piece]:
        """What is left when the text ends."""
        whole = len(self._open) == 1
        last = self._element()
        if last:
            yield last
        if not self.closed and (whole or not last):
            yield malformed(max(self._line, 1), Message("the array does not end"))

    def _resumed(self, segment: bytes) -> int:
        """Where to go on when the segment before ended inside a string."""
        if not self._in_text:
            return 0
        found = _IN_TEXT.match(segment, 1 if self._escaped else 0)
        self._leave(segment, found)
        return found.end() + (segment[found.end() : found.end() + 1] == b'"') if found else 0

    def _leave(self, segment: bytes, found: re.Match[bytes] | None) -> None:
        end = found.end() if found else len(segment)
        self._escaped = segment[end:] == b"\\"
        self._in_text = end == len(segment) or self._escaped

    def _take(self, segment: bytes, at: int, end: int) -> None:
        """Add to the element; white space before it is no part of it."""
        if not self._text:
            ink = _INK.search(segment, at, end)
            if ink is None:
                return
            at = ink.start()
            self._start = (self._line, self._place(segment, at))
            self._indent = self._start[1] if self._first(segment, at) else None
        if not self._dropping:
            self._text += segment[at:end]
            self._dropping = len(self._text) > MAXIMUM_BYTES
            if self._dropping:
                del self._text[1:]

    def _element(self) -> Piece | None:
        text, dropped = bytes(self._text.rstrip(SPACE)), self._dropping
        self._text.clear()
        self._dropping = False
        if dropped:
            return too_long(self._start[0])
        return Piece(self._start[0], text, self._start[1]) if text else None

    def _lost(self, segment: bytes, at: int, here: int) -> bool:
        """Whether an object begins where none can, in the column where the elements begin: the one before never ended."""
        if len(self._open) == 1 or self._indent is None or not self._first(segment, here):
            return False
        before = (bytes(self._text[-_NEAR:]) + segment[at:here]).rstrip(SPACE)[-1:]
        legal = before in (b":", b"[") or (before == b"," and self._open[-1:] == b"[")
        return not legal and self._place(segment, here) == self._indent

    def _first(self, segment: bytes, here: int) -> bool:
        return self._begins and not segment[:here].strip(SPACE)

    def _place(self, segment: bytes, here: int) -> int:
        """The column, in characters, of an offset in the segment."""
        if here < self._counted:
            return self._column - len(segment[here : self._counted].decode("utf-8", "replace"))
        self._column += len(segment[self._counted : here].decode("utf-8", "replace"))
        self._counted = here
        return self._column
