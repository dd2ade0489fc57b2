"""Lines of a stream that comes in parts; no line is held beyond the limit."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.findings.issue import Issue
from machimori.records.pieces import SPACE, Piece


class BodyLines:
    """Cuts parts into records, one a line; the rest of a line that is too long is passed over, not kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = bytearray()
        self._passing = False
        self._number = 1

    @property
    def held(self) -> int:
        """Bytes of a line that has not ended yet."""
        return len(self._held)

    def of(self, part: bytes) -> Iterator[Piece]:
        """The lines that end in this part."""
        *ended, rest = part.split(b"\n")
        for text in ended:
            yield from self._ended(text)
        self._keep(rest)

    def last(self) -> Iterator[Piece]:
        """What came after the last line feed."""
        if self._held or self._passing:
            yield from self._ended(b"")

    def _keep(self, text: bytes) -> None:
        if self._passing or len(self._held) + len(text) > self._limit:
            self._passing = True
            self._held.clear()
        else:
            self._held += text

    def _ended(self, text: bytes) -> Iterator[Piece]:
        self._keep(text)
        number, held, passed = self._number, bytes(self._held), self._passing
        self._number, self._passing = number + 1, False
        self._held.clear()
        if passed:
            yield Piece(number, fault=Issue("MM007", facts={"limit": str(self._limit)}))
        elif held.strip(SPACE):
            yield Piece(number, held)
