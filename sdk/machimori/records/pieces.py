"""One record of a stream as text, with its place."""

from __future__ import annotations

from dataclasses import dataclass

from machimori.findings.issue import Issue
from machimori.messages import Message
from machimori.records.json_text import MAXIMUM_BYTES

SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one record with the line and column where it begins, and what is already known to be wrong.

    A row of a table has no column.
    Without text there is nothing to judge; ``record`` is false where the fault is of the file, not of one record in it.
    """

    line: int
    text: bytes = b""
    column: int | None = 1
    fault: Issue | None = None
    record: bool = True


def too_long(line: int) -> Piece:
    """A record of more bytes than are read."""
    return Piece(line, fault=Issue("MM007", facts={"limit": str(MAXIMUM_BYTES)}))


def malformed(line: int, reason: Message, column: int | None = None) -> Piece:
    """A fault between records."""
    return Piece(line, fault=Issue("MM001", facts={"reason": reason}, column=column), record=False)
