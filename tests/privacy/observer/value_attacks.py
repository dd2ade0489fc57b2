"""Attacks on the value of one person, through sums of which everything else is known."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from tests.privacy.observer import likelihood as heard
from tests.privacy.observer.likelihood import Floats, Value
from tests.privacy.observer.reference import UNIT, Cell, Design, Holder, Sum
from tests.privacy.observer.tries import OWN, TYPICAL, Try, people


@dataclass(frozen=True)
class Public:
    """What everyone knows of a value before any answer: how it is distributed, in typical values."""

    name: str
    density: Floats
    """On the grid of logarithms, adding up to 1."""

    def drawn(self, chance: Random) -> float:
        place = min(int(np.searchsorted(np.cumsum(self.density), chance.random())), heard.GRID.size - 1)
        return float(heard.VALUES[place] * np.exp((chance.random() - 0.5) * heard.STEP))

    @property
    def guessed(self) -> float:
        """How often the best guess from this alone is within 20 %."""
        return heard.guess(self.density)[1]


def _log_normal(spread: float, middle: float = 1.0) -> Floats:
    density = np.exp(-((heard.GRID - np.log(middle)) ** 2) / (2 * spread**2))
    return np.asarray(density / density.sum())


def _even(low: float, high: float) -> Floats:
    density = np.where((low <= heard.VALUES) & (high >= heard.VALUES), heard.VALUES, 0.0)
    return np.asarray(density / density.sum())


FLAT = Public("flat", _even(0.02, 2))
SKEWED = Public("skewed", _log_normal(0.81, np.exp(-(0.81**2) / 2)))
HEAVY = Public("heavy", _log_normal(1.2, np.exp(-(1.2**2) / 2)))
REAL = Public("real-looking", 0.5 * _log_normal(0.45, 0.45) + 0.4 * _log_normal(0.4, 1.2) + 0.1 * _log_normal(0.5, 3))
"""Homes that nobody is in, homes in use, and those that heat or charge by electricity. Their means are the typical value."""
PUBLIC = (FLAT, SKEWED, HEAVY, REAL)
GUESSED = Public("large", _log_normal(0.5))
"""The value of a large user, of whom one knows about how large."""
FINE = 250
"""How many times the typical value of a fine table is that of a coarse one."""
SEASON = "P1M|00:00|2026-{:02}"


@dataclass(frozen=True)
class OfValue:
    """An attack on a value of one person, by the sums in half of the looks of a class.

    The value is the same in ``days`` steps of each of ``seasons`` seasons. Where the person comes but once the lasting draws are
    known from all the other steps; otherwise only their differences are. ``times`` is how many typical values it is about.
    """

    public: Public
    seasons: int = 1
    days: int = 1
    comes_once: bool = True
    times: float = 1.0
    bill: bool = False
    """Whether the observer knows the value of another season."""

    def __call__(self, design: Design, chance: Random) -> Try:
        play = _Play(self, design, chance)
        for season in range(1, self.seasons + 1):
            play.found.hear(play.heard(season, play.value))
        if self.bill:
            other = play.drawn()
            play.found.know_factor(play.heard(12, other), other / play.unit)
        best, sure = heard.guess(play.found.posterior())
        true = play.value / play.unit
        return Try(sure, float(abs(best - true) <= 0.2 * true))


class _Play:
    """A town with a value in it, and what was found of that."""

    def __init__(self, attack: OfValue, design: Design, chance: Random) -> None:
        self.attack, self.design, self.chance = attack, design, chance
        self.holder = Holder(design, chance.randbytes(32))
        self.unit = attack.times * TYPICAL
        """What is 1 on the grid of values, in units."""
        self.typical = TYPICAL if design.own_typical else TYPICAL // FINE
        self.value = self.drawn()
        self.own = people("o", OWN)
        self.keys = self.holder.keys([*self.own, "h"])
        self.looks = [f"t{n}" for n in range(design.looks // 2)]
        self.found = Value(design, attack.public.density)
        self.lasting = self._lasting()

    def drawn(self) -> int:
        return max(1, round(self.attack.public.drawn(self.chance) * self.unit))

    def _lasting(self) -> list[np.ndarray]:
        """By look, what the lasting draw may be."""
        draws = [self.holder.lasting("sum:energy", Cell(look, "c", "", 0, 0)) for look in self.looks]
        if self.attack.comes_once:  # with all else known, what is left of many steps averages to it
            return [np.array([draw]) for draw in draws]
        off = [draw - draws[0] for draw in draws]  # all of them up or down together: the person was always there
        first, self.found.of_draws = heard.conditioned(self.design.lasting_noise, off)
        self.found.of_product = np.ones((first.size, heard.GRID.size))
        return [first + difference for difference in off]

    def heard(self, season: int, value: int) -> Floats:
        """By lasting draw, the likelihood of the value times its factors, from the sums of a season."""
        named, days = SEASON.format(season), self.attack.days
        own = [self.holder.contribution(p, "energy", named, round(self.unit * 0.3)) for p in self.own]
        given = Sum("energy", (*own, self.holder.contribution("h", "energy", named, value)), self.typical)
        excesses, drawn = [], []
        for look, offsets in zip(self.looks, self.lasting, strict=True):
            for day in range(days):
                figure = self.holder.sum(Cell(look, "c", f"{season}-{day}", len(own) + 1, self.keys), given)
                if figure is not None:
                    excesses.append((figure * UNIT - sum(own)) / (self.unit * UNIT))
                    drawn.append(offsets)
        least = max(self.typical * UNIT, max(own) >> 4) / (self.unit * UNIT)
        noise, likely = self.design.fresh_noise, np.ones((self.found.of_draws.size, heard.GRID.size))
        if days > 1 and excesses:
            return likely * heard.mean_likelihood(noise, excesses, least, np.mean(drawn, axis=0))
        for excess, offsets in zip(excesses, drawn, strict=True):
            likely = likely * heard.sum_likelihood(noise, excess, least, offsets, bool(self.design.dither_bits))
        return likely
