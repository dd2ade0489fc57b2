"""Differential privacy by OpenDP: Laplace noise on counts and bounded sums of which each person contributes a bounded part.

Unit of privacy: the data subject, of whom at most ``CONTRIBUTIONS`` records count. Bounds: the model's minimum and maximum. Which
groups are shown depends on the minimum group, which is not part of the guarantee: no thresholding of the library is used, and a
group that is shown has that many persons anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from machimori.errors import MissingExtraError
from machimori.messages import Message
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


def noised(plan: Plan, groups: Mapping[Index, Group]) -> Noised:
    """The one measure of the plan with noise. Half of epsilon goes to it, half to the group sizes, unless it is these."""
    assert plan.epsilon
    measure = plan.measures[0]
    shares = 1 if measure.function == "subjects" else 2
    bound = max(abs(measure.minimum), abs(measure.maximum)) if measure.path else 1.0
    scale, persons = _scale(bound, plan.epsilon / shares), _scale(1.0, plan.epsilon / shares)
    exact = {i: _exact(measure.function, g) for i, g in groups.items()}
    sizes = {i: float(g.subjects) for i, g in groups.items()}
    noisy_sizes = _laplace(sizes, persons)
    values = noisy_sizes if shares == 1 else _laplace(exact, scale)
    rounded = {i: max(plan.minimum_group, round(v)) for i, v in noisy_sizes.items()}
    return Noised(values, rounded, scale)


def _exact(function: str, group: Group) -> float:
    return group.sums[0] if function == "sum" else float(group.records if function == "count" else group.subjects)


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
    try:
        import opendp.prelude
    except ImportError:
        raise MissingExtraError(Message("differential privacy (epsilon)"), "dp") from None
    dp: Any = opendp.prelude
    dp.enable_features("contrib")
    return dp
