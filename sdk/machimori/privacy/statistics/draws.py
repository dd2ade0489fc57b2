"""What is drawn under the statistics secret: keys of persons, noise of cells, factors of contributions.

Integers and SHA-256 alone, so that every engine gives the same figures; ``sql`` says of persons what this module says. A draw is
HMAC-SHA-256 (FIPS 198-1) of parts that a unit separator holds apart, of which only the last may be free text.

The method is that of cell keys (Australian Bureau of Statistics, TableBuilder; Eurostat, census 2021) with two draws a cell, and
of multiplicative factors (Evans, Zayatz, Slanta, *Using noise for disclosure limitation of establishment tabular data*, 1998).
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from hashlib import sha256
from itertools import accumulate

SEPARATOR = "\x1f"
BITS = 48
"""Bits of a number that is drawn: the first twelve hexadecimal digits."""
PART_BITS = 40
"""Bits of the part of a step by which the noise of a sum is off a whole one: the digits after those of the number.

So many that no gap is left between the figures of the widest scale.
"""
KEY_BITS = 60
"""Bits of a person's key as a number, and of the sum of the keys of a cell."""
MOST_LOOKS = 8
"""Figures that may hold one finest cell."""
CUT = Decimal("2.5")
"""Standard deviations at which the noise ends."""
LOWEST, HIGHEST = Decimal("0.458"), Decimal("1.858")
"""What one factor may be; their mean is 1 to three digits."""
FACTORS = 4096
FACTOR_DIGITS = 3
"""Hexadecimal digits that choose a factor."""
ONE = 1 << 16
"""The factor 1."""
FRACTION = 8
"""Bits of a contribution below its unit."""
LASTING, FRESH = "lasting", "fresh"
DIGITS = 60
"""Decimal digits by which the tables are made; what is left of them is whole."""


@dataclass(frozen=True)
class Noise:
    """A discrete normal noise: what it may be, and how often, in parts of ``1 << BITS``."""

    variance: float
    reach: int
    """The largest amount by which a draw changes a figure."""
    thresholds: tuple[int, ...]
    """For each amount from ``-reach`` up, how many numbers lie at or below it; the last one is all of them."""

    def of(self, number: int) -> int:
        """The amount that a number of ``BITS`` bits stands for."""
        return bisect_right(self.thresholds, number) - self.reach


@cache
def noise(looks: int) -> Noise:
    """The noise for a class of so many looks: the narrowest one, by tenths, whose variance after the cut is twice the looks."""
    tenths = 20 * looks
    while (made := _cut_normal(Decimal(tenths) / 10)).variance < 2 * looks:
        tenths += 1
    return made


def _cut_normal(variance: Decimal) -> Noise:
    with localcontext(prec=DIGITS):
        reach = int(CUT * variance.sqrt())
        weights = [(-Decimal(n * n) / (2 * variance)).exp() for n in range(-reach, reach + 1)]
        whole = sum(weights)
        held = float(sum(w * n * n for w, n in zip(weights, range(-reach, reach + 1), strict=True)) / whole)
        shares = accumulate(w / whole for w in weights)
        return Noise(held, reach, tuple(int((share * (1 << BITS)).to_integral_value()) for share in shares))


@cache
def factors() -> tuple[int, ...]:
    """Every factor that a person may draw, as parts of ``ONE``: log-uniform, in the middle of as many equal steps."""
    with localcontext(prec=DIGITS):
        step = (HIGHEST / LOWEST).ln() / FACTORS
        return tuple(
            int((LOWEST * (step * (n + Decimal("0.5"))).exp() * ONE).to_integral_value()) for n in range(FACTORS)
        )


def drawn(secret: bytes, *parts: str) -> str:
    """What the parts draw under the secret, as hexadecimal text."""
    return hmac.digest(secret, SEPARATOR.join(parts).encode(), sha256).hex()


def number(digits: str) -> int:
    """The number of ``BITS`` bits in a draw."""
    return int(digits[: BITS // 4], 16)


def person_key(secret: bytes, facts: str, person: str) -> str:
    """The key of a person among the facts of a group of classes. ``person`` is the folded id."""
    return drawn(secret, "person", facts, person)


def key_number(key: str) -> int:
    """The number that a person's key adds to the sum of a cell."""
    return int(key[: KEY_BITS // 4], 16)


def factor(key: str, field: str, kind: str) -> int:
    """A factor of a person for a field. ``kind`` is ``lasting``, or level, time of day and month of the step."""
    digits = sha256(SEPARATOR.join((key, field, kind)).encode()).hexdigest()
    return factors()[int(digits[:FACTOR_DIGITS], 16)]


def contribution(value: int, lasting: int, seasonal: int) -> int:
    """What a person adds to a sum, in parts of ``1 << FRACTION`` of a unit, from whole units and both factors."""
    return (value * lasting * seasonal) >> (32 - FRACTION)


@dataclass(frozen=True)
class Draws:
    """The noise of the cells of one table."""

    secret: bytes
    entity: str
    table: str
    noise: Noise

    def of(self, measure: str, step: str, coordinates: str, keys: int) -> int:
        """The lasting and the fresh noise of a cell together.

        ``coordinates`` is the text of all that sets the cell apart but the step, ``keys`` the sum of the keys of its persons.
        """
        lasting = drawn(self.secret, LASTING, self.entity, self.table, measure, coordinates)
        return self.noise.of(number(lasting)) + self.noise.of(number(self._fresh(measure, step, coordinates, keys)))

    def scaled(self, measure: str, step: str, coordinates: str, keys: int, scale: int) -> int:
        """The noise of a sum: so many times ``scale``, and an even part of it more or less.

        Without that part what is left of a figure by the scale would be what is left of the exact sum.
        """
        digits = self._fresh(measure, step, coordinates, keys)[BITS // 4 : (BITS + PART_BITS) // 4]
        part = 2 * int(digits, 16) + 1 - (1 << PART_BITS)
        return self.of(measure, step, coordinates, keys) * scale + ((part * scale) >> (PART_BITS + 1))

    def _fresh(self, measure: str, step: str, coordinates: str, keys: int) -> str:
        return drawn(
            self.secret, FRESH, self.entity, self.table, measure, step, str(keys % (1 << KEY_BITS)), coordinates
        )
