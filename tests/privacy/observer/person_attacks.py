"""Attacks on persons: how many hidden ones stand in a cell, and whether one does.

The observer knows every other person of the cell, and asks every table that contains it, in every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from tests.privacy.observer.likelihood import Hidden
from tests.privacy.observer.reference import Cell, Design, Holder
from tests.privacy.observer.tries import OWN, Try, best_of, people, told

STEPS = 60
"""Steps of a history, of which the last one holds the secret where it comes but once."""


def of_persons(numbers: Sequence[int], here: Callable[[int], bool], own: int | None = OWN) -> Callable[..., Try]:
    """An attack on a number of persons who come in some of the steps; ``own`` None stands at the border of hiding."""

    def once(design: Design, chance: Random) -> Try:
        holder = Holder(design, chance.randbytes(32))
        secret = chance.choice(numbers)
        hidden, mine = people("h", secret), people("o", design.least - 5 if own is None else own)
        known, with_hidden = holder.keys(mine), holder.keys([*mine, *hidden])
        comes = [here(step) for step in range(STEPS)]
        found = Hidden(design, max(numbers))
        for look in range(design.looks):
            cells = (
                Cell(f"t{look}", "52350162", str(step), len(mine) + secret * came, with_hidden if came else known)
                for step, came in enumerate(comes)
            )
            found.hear([holder.persons(cell) for cell in cells], [len(mine)] * STEPS, comes)
        return best_of(found.posterior(numbers), numbers, secret)

    return once


def in_last(step: int) -> bool:
    return step == STEPS - 1


def always(step: int) -> bool:
    return True


def equal_figures(design: Design, chance: Random) -> Try:
    """Whether two tables give the same persons the same figure: they do where nobody stands in one of them alone."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    mine = people("o", OWN)
    others, everyone = holder.keys(mine), holder.keys([*mine, "h"] if present else mine)
    small = holder.persons(Cell("mode", "rail", "0", OWN, others))
    whole = holder.persons(Cell("all", "", "0", OWN + present, everyone))
    return told((small != whole) == present)


def newcomer(design: Design, chance: Random) -> Try:
    """Whether somebody came between two answers to one question."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    mine = people("o", OWN)
    first = holder.persons(Cell("t", "c", "0", OWN, holder.keys(mine)))
    second = holder.persons(Cell("t", "c", "0", OWN + present, holder.keys([*mine, "h"] if present else mine)))
    return told((first != second) == present)


def listed(design: Design, chance: Random) -> Try:
    """Whether somebody stands in a cell of a closed domain where nobody else does, by the list of cells."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    cells = [Cell("t", f"{n}", "0", int(present and n == 7), 0) for n in range(16)]
    return told(("7" in holder.listed(cells)) == present)


def shown_after_all(design: Design, chance: Random) -> Try:
    """Whether somebody comes each step to a cell of nobody else: by what is shown of it in a closed domain.

    The cell is one whose lasting draw is the largest, of all the cells that there are: the observer learned the draws with persons
    of his own.
    """
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    place, keys = _highest(holder), holder.keys(people("h", secret))
    figures = [holder.persons(Cell("t0", place, str(step), secret, keys)) for step in range(STEPS // 2)]
    exact = np.array([*design.fresh_noise.shares, *[0.0] * design.least])
    logs = []
    for number in (0, 1):
        never = not number and not design.empty_like_any
        hidden = 1.0 if never else exact[: design.least - number].sum()
        each = [hidden if f is None else 0.0 if never else exact[f - number] for f in figures]
        logs.append(np.log(np.maximum(each, 1e-300)).sum())
    likely = np.exp(np.array(logs) - max(logs))
    return best_of(likely / likely.sum(), (0, 1), secret)


def open_list(design: Design, chance: Random) -> Try:
    """The same in an open domain: who is listed at all is not nobody."""
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    place, keys = _highest(holder), holder.keys(people("h", secret))
    ever = any(holder.open_list([Cell("t0", place, str(step), secret, keys)]) for step in range(STEPS // 2))
    return told(ever == bool(secret))


def _highest(holder: Holder) -> str:
    """A place whose persons are off by as much as noise can be, in each step."""
    reach, places = holder.design.noise.reach, (f"{n}" for n in range(100_000))
    return next(p for p in places if holder.lasting("subjects", Cell("t0", p, "0", 0, 0)) == reach)
