"""Grid squares of JIS X 0410: a position becomes the square that holds it."""

from __future__ import annotations

from math import floor

LENGTHS = (4, 6, 8, 9, 10, 11)
"""Digits of the primary, secondary, third, half, quarter and eighth squares (about 80 km, 10 km, 1 km, 500 m, 250 m, 125 m)."""


def mesh_code(latitude: float, longitude: float, digits: int) -> str:
    """The square of a WGS 84 position in Japan; ``ValueError`` for a length that no square has, or a position outside."""
    if digits not in LENGTHS or not (20 <= latitude < 46 and 122 <= longitude < 154):
        raise ValueError("no grid square of Japan")
    rows, columns = latitude * 1.5, longitude - 100
    row, column = floor(rows), floor(columns)
    code = f"{row:02d}{column:02d}"
    rows, columns = (rows - row) * 8, (columns - column) * 8
    if digits >= 6:
        row, column = _cell(rows, 8), _cell(columns, 8)
        code += f"{row}{column}"
        rows, columns = (rows - row) * 10, (columns - column) * 10
    if digits >= 8:
        row, column = _cell(rows, 10), _cell(columns, 10)
        code += f"{row}{column}"
        rows, columns = rows - row, columns - column
    for _ in range(digits - 8):
        rows, columns = rows * 2, columns * 2
        row, column = _cell(rows, 2), _cell(columns, 2)
        code += str(1 + column + 2 * row)
        rows, columns = rows - row, columns - column
    return code


def _cell(value: float, count: int) -> int:
    return min(max(floor(value), 0), count - 1)


def shortened(code: str, digits: int) -> str | None:
    """The larger square around a square; ``None`` where it is no larger."""
    return code[:digits] if digits in LENGTHS and len(code) >= digits else None


def in_japan(code: str) -> bool:
    """Whether the first-order square of JIS X 0410 can lie in Japan (latitude 20° to 46°, longitude 122° to 154°).

    >>> in_japan("53393599"), in_japan("99999999")
    (True, False)
    """
    return 30 <= int(code[:2]) <= 68 and 22 <= int(code[2:4]) <= 53


def parts(code: str, digits: int) -> tuple[str, ...]:
    """The squares of a size that a square holds, itself among them; none where it is smaller than that."""
    if len(code) not in LENGTHS or digits not in LENGTHS or digits < len(code):
        return ()
    found: tuple[str, ...] = (code,)
    for length in LENGTHS[LENGTHS.index(len(code)) + 1 : LENGTHS.index(digits) + 1]:
        ends = (
            [str(n) for n in range(1, 5)]
            if length > 8
            else [f"{r}{c}" for r in range(_SIDES[length]) for c in range(_SIDES[length])]
        )
        found = tuple(square + end for square in found for end in ends)
    return found


_SIDES = {6: 8, 8: 10}
"""How many squares stand along the side of the next larger one."""
