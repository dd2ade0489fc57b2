"""Strings and brackets of a line of JSON, in time that grows with its length whatever the line holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*("?)|[\[\]{},]')
"""A string that does not end is one token too: to try each of its marks anew would take the square of the time."""
_MARK = re.compile(rb'"')
_BRACKET = re.compile(rb"[\[\]{},]")


def tokens(line: bytes, start: int = 0) -> Iterator[re.Match[bytes]]:
    """Strings, brackets and commas from an offset on; where a string does not end, its mark and the brackets behind it."""
    for token in _TOKEN.finditer(line, start):
        mark = _MARK.match(line, token.start()) if token[1] == b"" else None
        if mark is not None:
            yield mark
            yield from _BRACKET.finditer(line, mark.end())
            return
        yield token


def left_open(line: bytes) -> int:
    """How many brackets a line leaves open, less than none where it closes more; those in a string that ends do not count."""
    marks = line.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in line else line
    parts = marks.split(b'"')
    outside = b"".join(parts[::2] if len(parts) % 2 else [*parts[::2], parts[-1]])
    return sum(map(outside.count, (b"{", b"["))) - sum(map(outside.count, (b"}", b"]")))
