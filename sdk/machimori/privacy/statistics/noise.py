"""Differential privacy by OpenDP: Laplace noise on counts and bounded sums of which each person contributes a bounded part.

Unit of privacy: the data subject, of whom at most ``CONTRIBUTIONS`` records count. Bounds: the model's minimum and maximum. Every
group there can be gets its noise, whether it holds anybody or not, and what is hidden is hidden on the figure with noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from machimori.extras import need
from machimori.privacy.statistics.engine import Group, Index
from machimori.privacy.statistics.query import Plan

CONTRIBUTIONS = 8
"""Records of one person that count. *Profile*: a person's trips or charging sessions of a day seldom exceed it."""
KIND = "laplace"


@dataclass(frozen=True)
class Noised:
    """Numbers with noise by group: the measure, and the persons; and the scale in the unit of the measure."""

    values: Mapping[Index, float]
    sizes: Mapping[Index, int]
    scale: float


def noised(plan: Plan, epsilon: float, domain: Sequence[Index], groups: Mapping[Index, Group]) -> Noised:
    """The one measure of the plan with noise. Half of epsilon goes to it, half to the group sizes, unless it is these."""
    measure = plan.measures[0]
    shares = 1 if measure.function == "subjects" else 2
    bound = max(abs(measure.minimum), abs(measure.maximum)) if measure.path else 1.0
    scale, persons = _scale(bound, epsilon / shares), _scale(1.0, epsilon / shares)
    sizes = _laplace({i: float(groups[i].subjects) if i in groups else 0.0 for i in domain}, persons)
    exact = {i: _exact(measure.function, groups[i]) if i in groups else 0.0 for i in domain}
    values = sizes if shares == 1 else _laplace(exact, scale)
    return Noised(values, {i: round(size) for i, size in sizes.items()}, scale)


def _exact(function: str, group: Group) -> float:
    return group.sums[0] if function == "sum" else float(group.records)


def _scale(bound: float, epsilon: float) -> float:
    """The scale of Laplace noise: what one person may change over all groups together, by epsilon."""
    return CONTRIBUTIONS * bound / epsilon


def _laplace(values: Mapping[Index, float], scale: float) -> dict[Index, float]:
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    measurement = dp.m.make_laplace(*space, scale=scale)
    return dict(zip(values, measurement(list(values.values())), strict=True))


def opendp() -> Any:
    """OpenDP, loaded when noise is asked for; ``MissingExtraError`` where it is not installed."""
    need("noise")
    import opendp.prelude

    dp: Any = opendp.prelude
    dp.enable_features("contrib")
    return dp
