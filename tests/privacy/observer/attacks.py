"""Aimed attacks: histories made to tell one secret, each played many times on the towns of a design.

In all of them the observer knows every other person (they are his own, or he has their records), asks every table that contains the
cell, in every step, and takes whatever is said and not said. A try gives how sure the best guess was, by Bayes, and whether it was
right; where both differ the attack misjudges the design, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np
from tests.privacy.observer import likelihood as heard
from tests.privacy.observer.likelihood import Floats, Hidden, Value
from tests.privacy.observer.reference import CAP, UNIT, Cell, Design, Holder, Sum

OWN = 40
"""Persons whom the observer brings in, so that a cell is shown and nobody is half of it."""
STEPS = 60
"""Steps of a history, of which the last one holds the secret where it comes but once."""
SIZES = range(1, 10)
TYPICAL = 2000
"""The typical value, in units."""


LIMITS = {"size": 0.40, "presence": 0.30, "zero": 0.30}
"""How often a size is told exactly; the advantage of telling a presence, or a zero from a typical value."""


class Try(NamedTuple):
    """One history: how often the best guess is right, by what was heard, and whether it was."""

    sure: float
    right: float


@dataclass(frozen=True)
class Attack:
    """An attack, what it aims at (size, presence, zero or value), and what plays it once."""

    name: str
    aim: str
    once: Callable[[Design, Random], Try]

    @property
    def guessed(self) -> float:
        """How often the best guess is right before anything is heard."""
        if isinstance(self.once, OfValue):
            return self.once.public.guessed
        return 1 / len(SIZES) if self.aim == "size" else 0.0

    @property
    def limit(self) -> float:
        """The target: what ``sure`` and ``right`` may be at most."""
        if self.aim != "value":
            return LIMITS[self.aim]
        most = self.guessed + 0.10
        return min(most, 0.30) if self.guessed <= 0.20 else most


class Result(NamedTuple):
    sure: float
    right: float
    tries: int
    spread: float
    """The standard error of ``right``."""


def measured(attack: Attack, design: Design, tries: int, seed: int) -> Result:
    """An attack played so many times on towns of a design, each under a secret of its own."""
    chance = Random(f"{seed} {attack.name} {design.name}")
    played = np.array([attack.once(design, chance) for _ in range(tries)])
    sure, right = played.mean(axis=0)
    return Result(float(sure), float(right), tries, float(played[:, 1].std() / tries**0.5))


def best_of(likely: Floats, numbers: Sequence[int], secret: int) -> Try:
    """The size told exactly; of two, the advantage: 1 less twice how often it is wrong."""
    best = int(likely.argmax())
    right = float(numbers[best] == secret)
    if len(numbers) == 2:
        return Try(float(2 * likely[best] - 1), 2 * right - 1)
    return Try(float(likely[best]), right)


# persons


def of_persons(numbers: Sequence[int], here: Callable[[int], bool], own: int | None = OWN) -> Callable[..., Try]:
    """An attack on a number of persons who come in some of the steps; ``own`` None stands at the border of hiding."""

    def once(design: Design, chance: Random) -> Try:
        holder = Holder(design, chance.randbytes(32))
        secret = chance.choice(numbers)
        hidden, mine = _people("h", secret), _people("o", design.least - 5 if own is None else own)
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


def _people(kind: str, count: int) -> list[str]:
    return [f"urn:machimori:person:{kind}{n}" for n in range(count)]


def in_last(step: int) -> bool:
    return step == STEPS - 1


def always(step: int) -> bool:
    return True


def equal_figures(design: Design, chance: Random) -> Try:
    """Whether two tables give the same persons the same figure: they do where nobody stands in one of them alone."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    mine = _people("o", OWN)
    others, everyone = holder.keys(mine), holder.keys([*mine, "h"] if present else mine)
    small = holder.persons(Cell("mode", "rail", "0", OWN, others))
    whole = holder.persons(Cell("all", "", "0", OWN + present, everyone))
    return _told((small != whole) == present)


def newcomer(design: Design, chance: Random) -> Try:
    """Whether somebody came between two answers to one question."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    mine = _people("o", OWN)
    first = holder.persons(Cell("t", "c", "0", OWN, holder.keys(mine)))
    second = holder.persons(Cell("t", "c", "0", OWN + present, holder.keys([*mine, "h"] if present else mine)))
    return _told((first != second) == present)


def listed(design: Design, chance: Random) -> Try:
    """Whether somebody stands in a cell of a closed domain where nobody else does, by the list of cells."""
    holder = Holder(design, chance.randbytes(32))
    present = chance.random() < 0.5
    cells = [Cell("t", f"{n}", "0", int(present and n == 7), 0) for n in range(16)]
    return _told(("7" in holder.listed(cells)) == present)


def shown_after_all(design: Design, chance: Random) -> Try:
    """Whether somebody comes each step to a cell of nobody else: by what is shown of it in a closed domain.

    The cell is one whose lasting draw is the largest, of all the cells that there are: the observer learned the draws with persons
    of his own.
    """
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    place, keys = _highest(holder), holder.keys(_people("h", secret))
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
    place, keys = _highest(holder), holder.keys(_people("h", secret))
    ever = any(holder.open_list([Cell("t0", place, str(step), secret, keys)]) for step in range(STEPS // 2))
    return _told(ever == bool(secret))


def _highest(holder: Holder) -> str:
    """A place whose persons are off by as much as noise can be, in each step."""
    reach, places = holder.design.noise.reach, (f"{n}" for n in range(100_000))
    return next(p for p in places if holder.lasting("subjects", Cell("t0", p, "0", 0, 0)) == reach)


def _told(right: bool) -> Try:
    """A guess without a likelihood counts as sure as it is right."""
    return Try(2.0 * right - 1, 2.0 * right - 1)


# values


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
SEASON, HALF_HOUR = "P1M|00:00|2026-{:02}", "PT30M|08:00|2026-04"


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
        self.own = _people("o", OWN)
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


def zero(looks: int | None = None, *, comes: bool = False) -> Callable[..., Try]:
    """An attack on whether a person has a typical value or nothing, in ``looks`` sums (half of the looks where none are said).

    ``comes`` asks whether the person, who has a typical value, is there at all: the other half of the looks are counts of persons.
    """

    def once(design: Design, chance: Random) -> Try:
        holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
        mine = _people("o", OWN)
        there = [*mine, *(["h"] if secret or not comes else [])]
        own = [holder.contribution(p, "energy", HALF_HOUR, chance.randrange(TYPICAL // 2, 2 * TYPICAL)) for p in mine]
        added = [holder.contribution("h", "energy", HALF_HOUR, secret * TYPICAL) for _ in there[OWN:]]
        given = Sum("energy", (*own, *added), TYPICAL)
        perturbed, told = np.ones((1, heard.GRID.size)), np.ones(2)
        for n in range(looks or design.looks // 2):
            cell = Cell(f"t{n}", "c", "0", len(there), holder.keys(there))
            if comes and (persons := holder.persons(cell)) is not None:
                off = persons - OWN - holder.lasting("subjects", cell)
                told = told * [design.fresh_noise.share(off), design.fresh_noise.share(off - 1)]
            figure = holder.sum(cell, given)
            if figure is None:
                continue
            excess = (figure * UNIT - sum(own)) / (TYPICAL * UNIT)
            draw = holder.lasting("sum:energy", cell)
            noise, dithered = design.fresh_noise, bool(design.dither_bits)
            perturbed = perturbed * heard.sum_likelihood(noise, excess, 1.0, np.array([draw]), dithered)
            told[0] *= _nothing(design, excess, draw)
        value = Value(design, np.ones(heard.GRID.size))
        value.hear(perturbed)
        told[1] *= value.likelihood()[heard.REACH] * np.exp(value.log)
        told = told + 1e-300
        return best_of(told / told.sum(), (0, 1), secret)

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
    large, *small = _people("o", 600)
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
    told = np.array([likely[0], value.likelihood()[heard.REACH] * np.exp(value.log)]) + 1e-300
    return best_of(told / told.sum(), (0, 1), secret)


def zero_beside_huge(design: Design, chance: Random) -> Try:
    """A zero or a typical value beside records of the observer that are as large as any may be, and make the scale wide.

    Where the even part of the noise has few bits, it leaves gaps between the figures that it can make.
    """
    holder, secret = Holder(design, chance.randbytes(32)), chance.choice((0, 1))
    mine = _people("o", OWN)
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
    return _told(zero_fits == (secret == 0))


AIMED = (
    Attack("persons who come once", "size", of_persons(SIZES, in_last)),
    Attack("persons who come each step", "size", of_persons(SIZES, always)),
    Attack("persons at the border of hiding", "size", of_persons(SIZES, always, own=None)),
    Attack("a person who comes once", "presence", of_persons((0, 1), in_last)),
    Attack("a person who comes each step", "presence", of_persons((0, 1), always)),
    Attack("a person at the border of hiding", "presence", of_persons((0, 1), always, own=None)),
    Attack("a person with a typical value", "presence", zero(comes=True)),
    Attack("one figure in two tables", "presence", equal_figures),
    Attack("two answers to one question", "presence", newcomer),
    Attack("a list of cells", "presence", listed),
    Attack("a cell that is shown after all", "presence", shown_after_all),
    Attack("a cell on an open list", "presence", open_list),
    Attack("a zero", "zero", zero()),
    Attack("a zero in as many sums as there are looks", "zero", zero(8)),
    Attack("a zero among the two largest", "zero", zero_among_largest),
    Attack("a zero beside huge values", "zero", zero_beside_huge),
    *(Attack(f"a {public.name} value once", "value", OfValue(public)) for public in PUBLIC),
    Attack("a value that is the same each month", "value", OfValue(SKEWED, 12, 3, comes_once=False)),
    Attack("a large value once", "value", OfValue(GUESSED, times=8)),
    Attack("a large value beside a known one", "value", OfValue(GUESSED, times=8, bill=True)),
    Attack("a large value that is the same in two months", "value", OfValue(GUESSED, 2, 10, comes_once=False, times=8)),
)
BEYOND = (
    Attack("a huge value once", "value", OfValue(GUESSED, times=30)),
    Attack("a huge value beside a known one", "value", OfValue(GUESSED, times=30, bill=True)),
    Attack("a huge value that is the same in two months", "value", OfValue(GUESSED, 2, 10, comes_once=False, times=30)),
    Attack("a large value that is the same all year", "value", OfValue(GUESSED, 12, 4, comes_once=False, times=8)),
    Attack("a huge value that is the same all year", "value", OfValue(GUESSED, 12, 4, comes_once=False, times=30)),
)
"""Users of thirty times what is typical, and those whose large value never changes: the factors alone stand before them, and one
who knows about how large they are tells up to 0.15 more than he could guess, where the target is 0.10."""
FOUND_BY = {
    "the same persons draw the same noise": ("one figure in two tables",),
    "noise drawn anew each step": ("persons who come each step", "a person who comes each step"),
    "noise that lasts alone": ("persons who come once", "a person who comes once"),
    "empty cells never shown": ("a list of cells", "a cell that is shown after all"),
    "an open list that begins where any cell does": ("a cell on an open list",),
    "a factor that lasts alone": ("a large value beside a known one",),
    "a factor of each season alone": ("a large value that is the same in two months",),
    "noise of a sum in whole steps": ("a zero", "a zero in as many sums as there are looks"),
    "noise of a sum in coarse steps": ("a zero beside huge values",),
    "the two largest held against what is published": ("a zero among the two largest",),
    "one typical value for fine and coarse tables": ("a skewed value once", "a real-looking value once"),
    "answers that follow the records": ("two answers to one question",),
    "too many looks": ("persons who come once", "a person who comes once"),
}
"""Each weaker design, and the attacks that show what is wrong with it."""
