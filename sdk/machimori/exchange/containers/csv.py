"""CSV as it is published: rows with their number in a spreadsheet, and a header wherever it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUOTED = 20_000
"""A quotation mark that does not close within so many characters is taken as never closed."""

_PLAIN = re.compile("[^,\r\n]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``number`` counts from 1 as a spreadsheet does; ``unclosed`` where a quotation mark never closes."""

    number: int
    cells: tuple[str, ...]
    unclosed: bool = False

    @property
    def empty(self) -> bool:
        """Whether no cell has anything but spaces."""
        return not any(cell.strip() for cell in self.cells)


def rows(text: str) -> Iterator[Row]:
    """Split CSV by RFC 4180, with any line end.

    A quotation mark that never closes costs its own line: reading resumes on the next, so that a file cut off or
    damaged in one place keeps its other rows.
    """
    position, number = 0, 0
    while position < len(text):
        number += 1
        cells: list[str] = []
        unclosed = False
        while True:
            cell, position, closed = _cell(text, position)
            cells.append(cell)
            unclosed = unclosed or not closed
            if position >= len(text) or text[position] != ",":
                break
            position += 1
        yield Row(number, tuple(cells), unclosed)
        position += 2 if text.startswith("\r\n", position) else 1


def _cell(text: str, start: int) -> tuple[str, int, bool]:
    """The cell at ``start``, where it ends, and whether its quotation mark closes."""
    if not text.startswith('"', start):
        end = _plain_end(text, start)
        return text[start:end], end, True
    close = _closing(text, start + 1)
    if close is None:
        end = _plain_end(text, start)
        return text[start:end], end, False
    end = _plain_end(text, close + 1)
    return text[start + 1 : close].replace('""', '"') + text[close + 1 : end], end, True


def _closing(text: str, start: int) -> int | None:
    limit = start + LONGEST_QUOTED
    position = text.find('"', start, limit)
    while position >= 0:
        if not text.startswith('"', position + 1):
            return position
        position = text.find('"', position + 2, limit)
    return None


def _plain_end(text: str, start: int) -> int:
    found = _PLAIN.match(text, start)
    return found.end() if found else start


def heading(cell: str) -> str:
    """A header cell as it is compared: NFKC, without any space, in lower case.

    >>> heading("名称　_カナ") == heading("名称_ｶﾅ")
    True
    """
    normal = unicodedata.normalize("NFKC", cell).replace("\ufeff", "")
    return "".join(normal.split()).casefold()


def quoted(cell: str) -> str:
    """A cell as CSV text."""
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell
