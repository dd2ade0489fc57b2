"""Attacks that tell a zero from a typical value, through sums of which everything else is known."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
from tests.privacy.observer import likelihood as heard
from tests.privacy.observer.likelihood import Value
from tests.privacy.observer.reference import CAP, UNIT, Cell, Design, Holder, Sum
from tests.privacy.observer.tries import HALF_HOUR, OWN, TYPICAL, Try, best_of, people, told


def zero(looks: int | None = None, *, comes: bool = False) -> Callable[..., Try]:
    """An attack on whether a person has a typical value or nothing, in ``looks`` sums (half of the looks where none are said).

    ``comes`` asks whether the person, who has a typical value, is there at all: the other half of the looks are counts of persons.
    """

    def once(design: Design, chance: Random) -> Try:
        holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
        mine = people("o", OWN)
        there = [*mine, *(["h"] if secret or not comes else [])]
        own = [holder.contribution(p, "energy", HALF_HOUR, chance.randrange(TYPICAL // 2, 2 * TYPICAL)) for p in mine]
        added = [holder.contribution("h", "energy", HALF_HOUR, secret * TYPICAL) for _ in there[OWN:]]
        given = Sum("energy", (*own, *added), TYPICAL)
        perturbed, likely = np.ones((1, heard.GRID.size)), np.ones(2)
        for n in range(looks or design.looks // 2):
            cell = Cell(f"t{n}", "c", "0", len(there), holder.keys(there))
            if comes and (persons := holder.persons(cell)) is not None:
                off = persons - OWN - holder.lasting("subjects", cell)
                likely = likely * [design.fresh_noise.share(off), design.fresh_noise.share(off - 1)]
            figure = holder.sum(cell, given)
            if figure is None:
                continue
            excess = (figure * UNIT - sum(own)) / (TYPICAL * UNIT)
            draw = holder.lasting("sum:energy", cell)
            noise, dithered = design.fresh_noise, bool(design.dither_bits)
            perturbed = perturbed * heard.sum_likelihood(noise, excess, 1.0, np.array([draw]), dithered)
            likely[0] *= _nothing(design, excess, draw)
        value = Value(design, np.ones(heard.GRID.size))
        value.hear(perturbed)
        likely[1] *= value.likelihood()[heard.REACH] * np.exp(value.log)
        likely = likely + 1e-300
        return best_of(likely / likely.sum(), (0, 1), secret)

    return once


def _nothing(design: Design, excess: float, draw: int) -> float:
    """How likely a sum is by so much above what is known, where the person adds nothing."""
    likely = design.fresh_noise.share(round(excess) - draw)
    if design.dither_bits:
        return likely
    # in whole steps, what is left is nothing: as dense as a unit is small
    return likely * (TYPICAL if abs(excess - round(excess)) * TYPICAL <= 1 else 0)


LARGE = 10
"""Typical values of the observer's one large record, beside which the person is the second largest."""
SMALL = 0.04


def _own(holder: Holder, person: str, wanted: float) -> int:
    """What a person of the observer's adds, who was given a value that is perturbed to so many typical values."""
    factor = holder.contribution(person, "energy", HALF_HOUR, TYPICAL) / (TYPICAL * UNIT)
    return holder.contribution(person, "energy", HALF_HOUR, round(wanted * TYPICAL / factor))


def zero_among_largest(design: Design, chance: Random) -> Try:
    """A zero or a typical value of a person who would be the second largest, where the sum is about twice the two largest.

    What is shown says that the two are no more than half of it, and what is hidden the contrary.
    """
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    large, *small = people("o", 600)
    first, others = _own(holder, large, LARGE), [_own(holder, person, SMALL) for person in small]
    added = holder.contribution("h", "energy", HALF_HOUR, secret * TYPICAL)
    values = np.concatenate([[0.0], heard.VALUES])
    twice = 2 * (first + np.maximum(max(others), values * TYPICAL * UNIT)) / (TYPICAL * UNIT)
    one, both = heard.Spread(design.fresh_noise), heard.Spread(design.fresh_noise, 2)
    likely = np.ones(values.size)
    for n in range(design.looks // 2):
        spot = Cell(f"t{n}", "c", "0", 0, 0)
        off, off_apart = (holder.lasting(f"{what}:energy", spot) for what in ("sum", "largest"))
        apart = off_apart if design.largest_apart else 0
        wanted = (2 * LARGE + 1 - off - apart) * TYPICAL * UNIT - first
        count = int(np.searchsorted(np.cumsum(others), wanted)) + 1  # as many as it takes to stand at the border
        own = [first, *others[:count]]
        persons = [large, *small[:count], "h"]
        figure = holder.sum(
            spot._replace(persons=len(persons), keys=holder.keys(persons)), Sum("energy", (*own, added), TYPICAL)
        )
        known = sum(own) / (TYPICAL * UNIT)
        if figure is None:
            unknown = both if design.largest_apart else one
            likely = likely * unknown.below(twice - known - values - off - apart)
            continue
        said = figure / TYPICAL
        passes = 1 - one.below(twice - said - apart) if design.largest_apart else twice <= said
        likely = likely * one.density(said - known - values - off) * passes
    value = Value(design, np.ones(heard.GRID.size))
    value.hear(likely[None, 1:])
    both_likely = np.array([likely[0], value.likelihood()[heard.REACH] * np.exp(value.log)]) + 1e-300
    return best_of(both_likely / both_likely.sum(), (0, 1), secret)


def zero_beside_huge(design: Design, chance: Random) -> Try:
    """A zero or a typical value beside records of the observer that are as large as any may be, and make the scale wide.

    Where the even part of the noise has few bits, it leaves gaps between the figures that it can make.
    """
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    mine = people("o", OWN)
    own = [holder.contribution(p, "energy", HALF_HOUR, CAP) for p in mine]
    given = Sum("energy", (*own, holder.contribution("h", "energy", HALF_HOUR, secret * TYPICAL)), TYPICAL)
    scale, bits, zero_fits = max(own) >> 4, design.dither_bits, True
    for n in range(design.looks // 2):
        figure = holder.sum(Cell(f"t{n}", "c", "0", len(own) + 1, holder.keys([*mine, "h"])), given)
        if figure is None:
            continue
        left = (figure * UNIT - sum(own) + scale // 2) % scale - scale // 2
        part = ((left << bits + 1) // scale + (1 << bits)) // 2 if bits else 0
        made = [(2 * p + 1 - (1 << bits)) * scale >> bits + 1 if bits else 0 for p in range(part - 1, part + 2)]
        zero_fits &= min(abs(m - left) for m in made) <= UNIT // 2 + 1
    return told(zero_fits == (secret == 0))
