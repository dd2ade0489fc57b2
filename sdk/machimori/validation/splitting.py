"""Cut a stream of JSON into records without parsing it: by lines, by documents, or by the elements of an array.

Which of the three is told by the content: an array begins with ``[``; a first line that closes what it opens means
NDJSON; anything else is a document over several lines. No record in error takes its neighbours with it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from machimori.validation.elements import elements
from machimori.validation.issue import Issue
from machimori.validation.loading import BOM, MAXIMUM_BYTES
from machimori.validation.pieces import SPACE, Piece, too_long

BLOCK = 1 << 16
_TOKEN = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[\[\]{}]')
_WHOLE = re.compile(rb"\{.*\}\s*", re.DOTALL)


def records(stream: io.RawIOBase) -> Iterator[Piece]:
    """The records of a stream in order; the stream itself stays open."""
    buffered = io.BufferedReader(stream, BLOCK)
    try:
        marked = buffered.peek(len(BOM)).startswith(BOM)
        pieces = _records(_Lines(buffered, skip=len(BOM) if marked else 0))
        if marked:
            first = next(pieces, Piece(1, record=False))
            yield replace(first, fault=first.fault or Issue("MM003", line=1, column=1))
        yield from pieces
    finally:
        buffered.detach()


def _records(lines: _Lines) -> Iterator[Piece]:
    start = lines.first()
    if start == b"[":
        yield from elements(lines.segments())
    elif start:
        line = lines.next() or _Line(1, b"")
        if start == b"{" and not line.cut and _open(line.text) > 0:
            yield from _documents(lines, line)
        else:
            yield from _one_a_line(lines, line)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: bytes
    cut: bool = False


class _Lines:
    """Lines of at most ``MAXIMUM_BYTES``, numbered; the rest of a longer line is passed over, not kept."""

    def __init__(self, stream: io.BufferedReader[io.RawIOBase], skip: int) -> None:
        self._stream = stream
        self._number = 0
        self._ahead = b""
        stream.read(skip)

    def first(self) -> bytes:
        """The first byte that is not white space; blank lines before it are passed over."""
        while not self._ahead.strip(SPACE):
            self._number += self._ahead.endswith(b"\n")
            self._ahead = self._stream.readline(BLOCK)
            if not self._ahead:
                return b""
        return self._ahead.lstrip(SPACE)[:1]

    def next(self) -> _Line | None:
        text, self._ahead = self._ahead, b""
        if not text.endswith(b"\n"):
            text += self._stream.readline(MAXIMUM_BYTES + 1 - len(text))
        if not text:
            return None
        self._number += 1
        cut = len(text) > MAXIMUM_BYTES and not text.endswith(b"\n")
        rest = text
        while cut and rest and not rest.endswith(b"\n"):
            rest = self._stream.readline(BLOCK)
        return _Line(self._number, b"" if cut else text, cut)

    def segments(self) -> Iterator[tuple[int, bytes]]:
        """Line number and text of lines, or of the blocks of a long line."""
        number, text = self._number + 1, self._ahead
        while text:
            yield number, text
            number += text.endswith(b"\n")
            text = self._stream.readline(BLOCK)


def _open(line: bytes) -> int:
    """How many brackets the line leaves open."""
    symbols = [t for t in _TOKEN.findall(line) if len(t) == 1]
    return sum(1 if s in b"[{" else -1 for s in symbols)


def _one_a_line(lines: _Lines, line: _Line | None) -> Iterator[Piece]:
    while line is not None:
        yield from _alone(line)
        line = lines.next()


def _documents(lines: _Lines, line: _Line | None) -> Iterator[Piece]:
    """Documents one after another. One that never ends, yet holds whole records, was a broken first line of NDJSON."""
    while line is not None:
        held, size, depth = [line], len(line.text), _open(line.text)
        while depth > 0 and size <= MAXIMUM_BYTES and (after := lines.next()) is not None:
            held.append(after)
            size += len(after.text)
            depth += _open(after.text)
        line = lines.next()
        if depth > 0 and any(_WHOLE.fullmatch(h.text) and _open(h.text) == 0 for h in held[1:]):
            for one in held:
                yield from _alone(one)
            yield from _one_a_line(lines, line)
            return
        if size > MAXIMUM_BYTES:
            yield too_long(held[0].number)
            yield from _one_a_line(lines, line)
            return
        text = b"".join(h.text for h in held)
        if text.strip(SPACE):
            yield Piece(held[0].number, text)


def _alone(line: _Line) -> Iterator[Piece]:
    if line.cut:
        yield too_long(line.number)
    elif line.text.strip(SPACE):
        yield Piece(line.number, line.text.rstrip(b"\r\n"))
