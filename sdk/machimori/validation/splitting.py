"""Cut a stream of JSON into records without parsing it: by lines, or by the elements of an array.

Which of the two is told by the content: an array begins with ``[``; a first line that closes what it opens means
NDJSON; anything else is one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from machimori.validation.issue import Issue
from machimori.validation.loading import BOM, MAXIMUM_BYTES

BLOCK = 1 << 16
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[\[\]{},]|"')


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one record with its place, or why there is none."""

    line: int
    text: bytes = b""
    column: int = 1
    fault: Issue | None = None


def records(stream: BinaryIO) -> Iterator[Piece]:
    """The records of a stream in order."""
    lines = _Lines(stream)
    first = lines.next()
    while first is not None and not first.strip(_SPACE):
        first = lines.next()
    if first is None:
        return
    body = first.removeprefix(BOM).lstrip(_SPACE)
    if body.startswith(b"["):
        yield from _array(lines, first)
    elif body.startswith(b"{") and not _closed(body):
        yield from _document(lines, first)
    else:
        yield from _lines(lines, first)


class _Lines:
    """Lines of at most ``MAXIMUM_BYTES``, numbered; the rest of a longer line is skipped, not kept."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0
        self.cut = False

    def next(self) -> bytes | None:
        line = self._stream.readline(MAXIMUM_BYTES + 1)
        if not line:
            return None
        self.number += 1
        self.cut = len(line) > MAXIMUM_BYTES and not line.endswith(b"\n")
        if self.cut:
            rest = self._stream.readline(BLOCK)
            while rest and not rest.endswith(b"\n"):
                rest = self._stream.readline(BLOCK)
        return line


def _too_long(line: int) -> Piece:
    return Piece(line, fault=Issue("MM007", facts={"limit": str(MAXIMUM_BYTES)}))


def _closed(line: bytes) -> bool:
    depth = 0
    for token in _TOKEN.finditer(line):
        symbol = token.group()
        depth += (symbol in b"[{") - (symbol in b"]}") if len(symbol) == 1 and symbol in b"[]{}" else 0
    return depth <= 0


def _lines(lines: _Lines, first: bytes) -> Iterator[Piece]:
    line: bytes | None = first
    while line is not None:
        if lines.cut:
            yield _too_long(lines.number)
        elif line.strip(_SPACE):
            yield Piece(lines.number, line.rstrip(b"\r\n"))
        line = lines.next()


def _document(lines: _Lines, first: bytes) -> Iterator[Piece]:
    start, held, size = lines.number, [first], len(first)
    while (line := lines.next()) is not None:
        size += len(line)
        if size > MAXIMUM_BYTES:
            yield _too_long(start)
            return
        held.append(line)
    yield Piece(start, b"".join(held))


def _array(lines: _Lines, first: bytes) -> Iterator[Piece]:
    """The elements of one array; what comes before, between and after them must be nothing but commas and space."""
    line: bytes | None = first
    depth, element, started = 0, bytearray(), (lines.number, 1)
    expecting, closed = False, False
    while line is not None:
        at = 0
        for token in _TOKEN.finditer(line):
            symbol = token.group()
            if closed:
                break
            if depth == 0 and symbol == b"[":
                depth, at = 1, token.end()
                continue
            if depth == 1 and symbol in (b",", b"]"):
                element += line[at : token.start()]
                text = bytes(element).strip(_SPACE)
                if text or symbol == b"," or expecting:
                    yield _element(text, started)
                element.clear()
                at, expecting, started = token.end(), symbol == b",", (lines.number, token.end() + 1)
                closed = symbol == b"]"
                depth -= closed
                continue
            if symbol in (b"{", b"["):
                if depth == 1 and not bytes(element).strip(_SPACE) and not line[at : token.start()].strip(_SPACE):
                    started = (lines.number, token.start() + 1)
                depth += 1
            elif symbol in (b"}", b"]"):
                depth -= 1
        rest = line[at:]
        if closed and rest.strip(_SPACE):
            yield Piece(lines.number, fault=_malformed("Extra data", "余分な記述があります"))
            return
        if not closed:
            element += rest
            if len(element) > MAXIMUM_BYTES:
                yield _too_long(started[0])
                return
        line = lines.next()
    if not closed:
        text = bytes(element).strip(_SPACE)
        if text:
            yield _element(text, started)
        if depth == 1 or not text:
            yield Piece(lines.number, fault=_malformed("the array does not end", "配列が閉じていません"))


def _element(text: bytes, started: tuple[int, int]) -> Piece:
    if not text:
        return Piece(started[0], fault=_malformed("Expecting value", "値がありません"))
    return Piece(started[0], text, started[1])


def _malformed(reason: str, reason_ja: str) -> Issue:
    return Issue("MM001", facts={"reason": reason, "reason_ja": reason_ja})
