"""The strongest guess that can be computed: what everything heard makes of a secret, by the rule of Bayes.

The observer knows the design, every other person of the cells and the noise's distribution, but no draw. A lasting draw is learned
with the steps; whatever is not told (a hidden cell) is heard as that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.privacy.observer.reference import HIGH, LOW, Design, Noise

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]

NEVER = -1e9
"""The logarithm of a likelihood of nothing, with which one can still calculate."""


@cache
def _logs(of: Noise, scale: int) -> tuple[Floats, Floats]:
    """For a difference from ``-scale`` to ``scale``: how likely the noise is it, and how likely it is that or less."""
    exact, below = np.full(2 * scale + 1, NEVER), np.full(2 * scale + 1, NEVER)
    exact[scale - of.reach : scale + of.reach + 1] = np.log(of.shares)
    below[scale - of.reach : scale + of.reach + 1] = np.log(np.cumsum(of.shares))
    below[scale + of.reach :] = 0.0
    return exact, below


FAR = 400


class Hidden:
    """What is heard of a number of hidden persons, from 0 to ``most``, who stand in one cell of each of some tables."""

    def __init__(self, design: Design, most: int) -> None:
        self.design, self.most = design, most
        self.lasting, self.fresh = design.lasting_noise, design.fresh_noise
        self.heard = np.zeros(most + 1)
        """The logarithm of the likelihood of each number."""

    def hear(self, figures: Sequence[int | None], known: Sequence[int], here: Sequence[bool]) -> None:
        """Hear one table: by step the figure or None where it is hidden, the persons known, and whether the hidden ones came."""
        exact, below = _logs(self.fresh, FAR)
        steps = Counter(zip(figures, known, here, strict=True))
        said = np.array([self.design.least - 1 if f is None else f for f, _, _ in steps])
        shown = np.array([f is not None for f, _, _ in steps])[:, None, None]
        lasting = np.arange(-self.lasting.reach, self.lasting.reach + 1)
        numbers = np.outer([h for _, _, h in steps], np.arange(self.most + 1))
        off = (said - np.array([k for _, k, _ in steps]))[:, None, None] - numbers[:, :, None] - lasting
        off = np.clip(off, -FAR, FAR) + FAR
        each = np.where(shown, exact[off], below[off]) * np.array(list(steps.values()))[:, None, None]
        together = each.sum(axis=0) + np.log(self.lasting.shares)
        self.heard += _log_sum(together)

    def posterior(self, numbers: Sequence[int]) -> Floats:
        """How likely each of these numbers is, where all were equally likely before."""
        logs = self.heard[list(numbers)]
        likely = np.exp(logs - logs.max())
        return likely / likely.sum()


def _log_sum(logs: Floats) -> Floats:
    """The logarithm of the sum along the last axis."""
    most = logs.max(axis=-1, keepdims=True)
    return (most + np.log(np.exp(logs - most).sum(axis=-1, keepdims=True)))[..., 0]


def advantage(noise: Noise, looks: int) -> float:
    """The advantage of telling n persons from n + 1 by figures of so many tables, by calculation.

    Inside what both can be, the likelihoods of all figures depend on their sum alone; outside, one figure tells.
    """
    without, with_one = np.array([0.0, *noise.shares[1:]]), np.array([0.0, *noise.shares[:-1]])
    both = [np.ones(1), np.ones(1)]
    for _ in range(looks):
        both = [np.convolve(so_far, one) for so_far, one in zip(both, (without, with_one), strict=True)]
    certain = 2 - both[0].sum() - both[1].sum()
    return float((np.abs(both[0] - both[1]).sum() + certain) / 2)


# values, as logarithms on a grid; what they are multiplied with is a step on it

STEP = 0.02
REACH = 450
"""Steps of the grid to either side of 1, the typical value."""
GRID = np.arange(-REACH, REACH + 1) * STEP
VALUES = np.exp(GRID)
FIRST = round(np.log(LOW) / STEP)
WIDTH = round(np.log(HIGH / LOW) / STEP)
NEAR = np.log(1.2 / 0.8) / STEP
"""Steps from the smallest to the largest value of which one guess is within 20 %."""
WINDOW = np.array([(NEAR - 19) / 2, *[1.0] * 19, (NEAR - 19) / 2])


def over_factor(likelihood: Floats) -> Floats:
    """The likelihood of a value, from that of the value times a factor: the mean along the last axis over all factors."""
    sums = np.cumsum(_extended(likelihood), axis=-1)
    first = np.arange(GRID.size) + WIDTH
    return np.asarray((sums[..., first + WIDTH - 1] - sums[..., first - 1]) / WIDTH)


def over_known_factor(likelihood: Floats, factor: Floats) -> Floats:
    """The same, where something is known of the factor: ``factor`` says of each step how likely it is that."""
    extended = _extended(likelihood)
    first = np.arange(GRID.size) + WIDTH
    return np.asarray(sum(share * extended[..., first + n] for n, share in enumerate(factor)))


def _extended(likelihood: Floats) -> Floats:
    """With the ends drawn out, so that each value may be multiplied: what belongs to the lowest factor begins at ``WIDTH``."""
    low = np.repeat(likelihood[..., :1], WIDTH - FIRST, axis=-1)
    return np.concatenate([low, likelihood, np.repeat(likelihood[..., -1:], WIDTH, axis=-1)], axis=-1)


PARTS = 16
"""Steps of the tables of ``Spread`` to a scale."""


class Spread:
    """The noise of a sum in scales: a discrete normal and an even part; or the sum of several such."""

    def __init__(self, of: Noise, several: int = 1) -> None:
        one = np.repeat(of.shares, PARTS) / PARTS
        table = one
        for _ in range(several - 1):
            table = np.convolve(table, one)
        self._sums = np.concatenate([[0.0], np.cumsum(table)])
        self._first = -several * (of.reach + 0.5) + (several - 1) / (2 * PARTS)

    def below(self, amount: Floats) -> Floats:
        """How likely the noise is less than an amount."""
        place = np.clip((amount - self._first) * PARTS, 0, self._sums.size - 1)
        return np.asarray(np.interp(place, np.arange(self._sums.size), self._sums))

    def density(self, amount: Floats) -> Floats:
        """How likely it is an amount."""
        return (self.below(amount + 1 / (2 * PARTS)) - self.below(amount - 1 / (2 * PARTS))) * PARTS


class Value:
    """What is heard of one person's value, in typical values, through sums of which everything else is known."""

    def __init__(self, design: Design, prior: Floats) -> None:
        self.design, self.prior = design, prior / prior.sum()
        self.of_product = np.ones((1, GRID.size))
        """By what the lasting draws may be: the likelihood of the value times the lasting factor."""
        self.of_draws = np.ones(1)
        self.log = 0.0
        """The logarithm of what was divided out of ``of_product``."""
        self.factor: Floats | None = None
        """How likely each lasting factor is, where something is known of it."""

    def hear(self, perturbed: Floats) -> None:
        """Hear the sums of one season: by possible lasting draws, the likelihood of the value times both factors."""
        seasonal = over_factor(perturbed) if "seasonal" in self.design.factors else perturbed
        product = self.of_product * seasonal
        most = float(product.max()) or 1.0
        self.of_product, self.log = product / most, self.log + float(np.log(most))

    def know_factor(self, product: Floats, value: float) -> None:
        """Learn of the lasting factor from the sums of a season in which the value was known."""
        seasonal = over_factor(product) if "seasonal" in self.design.factors else product
        of_factor = np.interp(np.log(value) + (np.arange(WIDTH) + FIRST) * STEP, GRID, seasonal.sum(axis=0))
        if of_factor.any():
            self.factor = of_factor / of_factor.sum()

    def likelihood(self) -> Floats:
        """By value, all but for a constant."""
        product = np.asarray((self.of_draws[:, None] * self.of_product).sum(axis=0))
        if "lasting" not in self.design.factors:
            return product
        return over_factor(product) if self.factor is None else over_known_factor(product, self.factor)

    def posterior(self) -> Floats:
        posterior = self.prior * self.likelihood()
        return np.asarray(posterior / posterior.sum()) if posterior.any() else self.prior


def guess(likely: Floats) -> tuple[float, float]:
    """The guess that is most often within 20 % of the value, and how likely it is that."""
    windows = np.convolve(likely, WINDOW, mode="valid")
    best = int(windows.argmax())
    middle = VALUES[best + WINDOW.size // 2]
    return float(middle * np.sqrt(1.2 * 0.8)), float(windows[best])


def sum_likelihood(of: Noise, excess: float, least_scale: float, offset: int | Whole, dithered: bool) -> Floats:
    """By value on the grid, how likely a sum is by so much above what is known, where the lasting draw is ``offset``.

    ``excess`` and ``least_scale`` are in typical values; a contribution above 16 scales widens the scale itself.
    """
    scale = np.maximum(least_scale, VALUES / 16)
    steps = (excess - VALUES) / scale
    shares = np.concatenate([of.shares, [0.0]])
    offsets = np.asarray(offset)
    if dithered:
        amount = np.rint(steps[None, :] - offsets[..., None]).astype(int)
        inside = np.abs(amount) <= of.reach
        return np.where(inside, shares[np.where(inside, amount + of.reach, -1)], 0.0) / scale
    found = np.zeros((*offsets.shape, GRID.size))
    for amount in range(-of.reach, of.reach + 1):
        whole = amount + offsets
        value = np.where(excess - whole * least_scale > 0, excess - whole * least_scale, np.nan)
        at = np.rint(np.log(value) / STEP) + REACH
        inside = (at >= 0) & (at < GRID.size)
        np.add.at(
            found, (*np.nonzero(inside), at[inside].astype(int)), of.shares[amount + of.reach] / value[inside] / STEP
        )
    return found


def mean_likelihood(of: Noise, excesses: Sequence[float], least_scale: float, offsets: Whole | Floats) -> Floats:
    """The same for the mean of many sums, whose noise is nearly normal: offsets are the mean lasting draws that may be."""
    spread = sum(share * (n - of.reach) ** 2 for n, share in enumerate(of.shares)) + 1 / 12
    scale = np.maximum(least_scale, VALUES / 16)
    off = (float(np.mean(excesses)) - VALUES) / scale - np.asarray(offsets)[..., None]
    return np.asarray(np.exp(-(off**2) * len(excesses) / (2 * spread)) / scale)


def conditioned(lasting: Noise, differences: Sequence[int]) -> tuple[Whole, Floats]:
    """The first of some lasting draws whose differences from it are known: what it may be, and how likely each is."""
    first = np.arange(-lasting.reach, lasting.reach + 1)
    shares = np.concatenate([lasting.shares, [0.0]])
    likely = np.ones(first.size)
    for difference in differences:
        other = first + difference
        inside = np.abs(other) <= lasting.reach
        likely = likely * np.where(inside, shares[np.where(inside, other + lasting.reach, -1)], 0.0)
    return first, likely
