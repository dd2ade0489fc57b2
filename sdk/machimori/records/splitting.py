"""Cut a stream of JSON into records without parsing it: by lines, by documents, or by the elements of an array.

Which of the three is told by the content: an array begins with ``[``; a first line that closes what it opens means
NDJSON; anything else is a document over several lines. No record in error takes its neighbours with it.

Lines come many at a time, since to look at each would take as long as to parse it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Literal

from machimori.findings.issue import Issue
from machimori.records.array_batches import Cutter, Elements, Place
from machimori.records.array_elements import elements
from machimori.records.brackets import left_open
from machimori.records.json_text import BOM, MAXIMUM_BYTES
from machimori.records.pieces import SPACE, Piece, too_long

BLOCK = 1 << 18
_WHOLE = re.compile(rb"\{.*\}\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, a record each, with the number of the first: as one text, and one by one."""

    first: int
    text: bytes
    each: list[bytes]

    @staticmethod
    def of(first: int, text: bytes) -> Lines:
        """The lines of a text that begins at line ``first``."""
        # A third of the time of text.split.
        return Lines(first, text, io.BytesIO(text).readlines())

    def pieces(self) -> Iterator[Piece]:
        """The lines as pieces with their places, blank ones left out."""
        for number, text in enumerate(self.each, self.first):
            yield from line(number, text)


Run = Lines | Elements | Piece
Stream = io.RawIOBase | io.BufferedIOBase
"""Bytes to cut: of a file, of memory, or of a stream that somebody has begun to look at."""


def records(stream: Stream) -> Iterator[Piece]:
    """The records of a stream in order; the stream itself stays open."""
    for run in runs(stream):
        if isinstance(run, Piece):
            yield run
        else:
            yield from run.pieces()


def runs(stream: Stream) -> Iterator[Run]:
    """The records of a stream in order, lines many at a time; the stream itself stays open."""
    buffered = io.BufferedReader(stream, BLOCK)
    try:
        marked = buffered.peek(len(BOM)).startswith(BOM)
        found = _runs(_Lines(buffered, skip=len(BOM) if marked else 0))
        if marked:
            first = next(found, Piece(1, record=False))
            rest: list[Piece] = []
            if not isinstance(first, Piece):
                first, *rest = first.pieces()
            yield replace(first, fault=first.fault or Issue("MM003", line=1, column=1))
            yield from rest
        yield from found
    finally:
        buffered.detach()


def lines_from(stream: Stream) -> Iterator[Run]:
    """The rest of a stream of one record a line, from the beginning of a line."""
    buffered = io.BufferedReader(stream, BLOCK)
    try:
        yield from _Lines(buffered).blocks()
    finally:
        buffered.detach()


def has_a_record_on_each_line(stream: Stream) -> bool:
    """Whether the content is told to be lines, without a mark before them."""
    buffered = io.BufferedReader(stream, BLOCK)
    try:
        return not buffered.peek(len(BOM)).startswith(BOM) and _layout(_Lines(buffered)) == "lines"
    finally:
        buffered.detach()


def _runs(lines: _Lines) -> Iterator[Run]:
    match _layout(lines):
        case "array":
            yield from _array(lines)
        case "documents":
            yield from _documents(lines, lines.next())
        case "lines":
            yield from lines.blocks()


def _array(lines: _Lines) -> Iterator[Run]:
    number, text = lines.at()
    start = text.index(b"[") + 1
    cutter = Cutter(Place(number, 1).after(text[:start]), b"")
    more = text[start:]
    while more:
        found = cutter.add(more)
        if found is not None:
            yield found
        if cutter.broken:
            break
        more = lines.more()
    place = cutter.place
    yield from elements(lines.segments(cutter.text, place.line), (place.line, place.column, cutter.begun))


def _layout(lines: _Lines) -> Literal["array", "documents", "lines", "nothing"]:
    start = lines.first()
    if start == b"[":
        return "array"
    if start == b"{" and left_open(lines.whole()) > 0:
        return "documents"
    return "lines" if start else "nothing"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: bytes
    cut: bool = False


class _Lines:
    """Lines of at most ``MAXIMUM_BYTES``, numbered; the rest of a longer line is passed over, not kept."""

    def __init__(self, stream: io.BufferedReader[Stream], skip: int = 0) -> None:
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

    def whole(self) -> bytes:
        """The line ahead to its end; nothing where it is too long."""
        if not self._ahead.endswith(b"\n"):
            self._ahead += self._stream.readline(MAXIMUM_BYTES + 1 - len(self._ahead))
        return b"" if self._too_long(self._ahead) else self._ahead

    def next(self) -> _Line | None:
        self.whole()
        text, self._ahead = self._ahead, b""
        if not text:
            return None
        self._number += 1
        cut = self._too_long(text)
        if cut:
            self._pass_over()
        return _Line(self._number, b"" if cut else text, cut)

    def blocks(self) -> Iterator[Run]:
        """The lines from here on, as many at a time as are there and fit into a block."""
        while text := self._ahead or self._stream.read1(BLOCK):
            last = text.rfind(b"\n") + 1
            end = text[last:]
            if end:
                end += self._stream.readline(MAXIMUM_BYTES + 1 - len(end))
                text = text[:last] + end
            self._ahead = b""
            cut = self._too_long(end)
            whole = Lines.of(self._number + 1, text[:last] if cut else text)
            self._number += len(whole.each)
            if whole.each:
                yield whole
            if cut:
                self._pass_over()
                self._number += 1
                yield too_long(self._number)

    @staticmethod
    def _too_long(text: bytes) -> bool:
        return len(text) > MAXIMUM_BYTES and not text.endswith(b"\n")

    def _pass_over(self) -> None:
        """Read to the end of the line."""
        while (rest := self._stream.readline(BLOCK)) and not rest.endswith(b"\n"):
            pass

    def at(self) -> tuple[int, bytes]:
        """The number of the line ahead, and as much of it as has been read."""
        return self._number + 1, self._ahead

    def more(self) -> bytes:
        """Some of what comes behind the line ahead."""
        return self._stream.read1(BLOCK)

    def segments(self, text: bytes, number: int) -> Iterator[tuple[int, bytes]]:
        """Line number and text of lines, or of the blocks of a long line: of ``text``, then of what comes behind it."""
        for segment in chain(io.BytesIO(text), iter(partial(self._stream.readline, BLOCK), b"")):
            yield number, segment
            number += segment.endswith(b"\n")


def _documents(lines: _Lines, begun: _Line | None) -> Iterator[Run]:
    """Documents one after another. One that never ends, yet holds whole records, was a broken first line of NDJSON."""
    while begun is not None:
        held, size, depth = [begun], len(begun.text), left_open(begun.text)
        while depth > 0 and size <= MAXIMUM_BYTES and (after := lines.next()) is not None:
            held.append(after)
            size += len(after.text)
            depth += left_open(after.text)
        begun = lines.next()
        if depth > 0 and any(_WHOLE.fullmatch(h.text) and left_open(h.text) == 0 for h in held[1:]):
            for one in held:
                yield from _alone(one)
            yield from _rest(lines, begun)
            return
        if size > MAXIMUM_BYTES:
            yield too_long(held[0].number)
            yield from _rest(lines, begun)
            return
        text = b"".join(h.text for h in held)
        if text.strip(SPACE):
            yield Piece(held[0].number, text)


def _rest(lines: _Lines, begun: _Line | None) -> Iterator[Run]:
    if begun is not None:
        yield from _alone(begun)
    yield from lines.blocks()


def _alone(one: _Line) -> Iterator[Piece]:
    if one.cut:
        yield too_long(one.number)
    else:
        yield from line(one.number, one.text)


def line(number: int, text: bytes) -> Iterator[Piece]:
    """The record on a line, if there is anything."""
    if text.strip(SPACE):
        yield Piece(number, text.rstrip(b"\r\n"))
