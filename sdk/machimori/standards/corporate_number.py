"""Corporate numbers (法人番号) of the National Tax Agency."""

from __future__ import annotations


def is_corporate_number(number: str) -> bool:
    """Check digit 9 − (Σ Pₙ × Qₙ mod 9) of the twelve digits behind it (Ministry of Finance Ordinance 2014/70).

    >>> is_corporate_number("7000012050002"), is_corporate_number("8000012050002")
    (True, False)
    """
    total = sum(int(d) * (1 + n % 2) for n, d in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9
