"""Differential privacy, the other choice of a class and period: never beside its tables, and on one account for all recipients.

The account pays before anything is counted, so that a refusal costs what an answer does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from machimori.privacy.decision.policy import BUDGET, GROUP, NOT_SETTLED, OFF_GRID
from machimori.privacy.decision.request import Request
from machimori.privacy.statistics import noise, plain, settlement, steps
from machimori.privacy.statistics import query as queries
from machimori.privacy.statistics.asked import Asked, values_of
from machimori.privacy.statistics.engine import Index
from machimori.privacy.statistics.engines import opened
from machimori.privacy.statistics.grid import grid
from machimori.privacy.statistics.holder import Codes, Holder
from machimori.privacy.statistics.kept import Kept
from machimori.privacy.statistics.ledger import EPSILONS
from machimori.privacy.statistics.noise import Noised
from machimori.privacy.statistics.query import Key, Plan, QueryRefusedError

if TYPE_CHECKING:
    from machimori.privacy.statistics.engines import Counted

CHOSEN = "epsilon"
"""The table by whose name the days are kept for which this choice was made."""
SOME = -1
"""Kept in place of a day once the choice was made for any."""
MOST_GROUPS = 100_000


class RefusedError(Exception):
    """A denial of this room; its argument is the reason that the model names."""


def noised(
    holder: Holder,
    records: Counted,
    wants: Request,
    wanted: Mapping[str, Any],
    area: Codes | None,
    budget: float | None,
) -> tuple[dict[str, Any], int]:
    """The release, and the smallest group that it shows.

    ``area`` bounds it further; ``budget`` stands in for the account, which is then not charged. Raises ``RefusedError``.
    """
    epsilon = float(wants.epsilon or 0)
    plan = _plan(holder, wants, wanted, area, epsilon)
    domain = list(_domain(plan))
    noise.opendp()
    _pay(holder, plan, epsilon, wants, budget)
    _choose(holder, plan)
    with opened(records) as counting:
        counting.load(plan)
        groups = counting.groups(plan, capped=noise.CONTRIBUTIONS)
    made = noise.noised(plan, epsilon, domain, groups)
    shown = [size for size in made.sizes.values() if size >= plan.minimum_group]
    if not shown:
        raise RefusedError(GROUP)
    return {
        **plain.heading(holder.decider, wants, wanted),
        "minimum_group": plan.minimum_group,
        "noise": noise.KIND,
        "noise_scale": made.scale,
        "epsilon": epsilon,
        "suppressed_cells": len(domain) - len(shown),
        "cells": [_cell(plan, index, made) for index in domain],
    }, min(shown)


def _plan(holder: Holder, wants: Request, wanted: Mapping[str, Any], area: Codes | None, epsilon: float) -> Plan:
    if epsilon not in EPSILONS:
        raise QueryRefusedError("epsilon-not-offered")
    plan = queries.plan(wanted, wants.fields or ())
    if len(plan.measures) != 1:
        raise QueryRefusedError("one-measure-with-noise")
    if plan.measures[0].function == "mean":
        raise QueryRefusedError("no-mean-with-noise")
    if plan.measures[0].function == queries.QUANTILE:
        raise QueryRefusedError("no-quantile-with-noise")
    if plan.time is not None and plan.starts is None:
        raise QueryRefusedError("open-with-noise", plan.time)
    if plan.ends is not None and plan.ends > holder.decider.clock() * steps.MICROS:
        raise RefusedError(NOT_SETTLED)
    return replace(plan, areas=holder.areas(plan.areas, area))


def _domain(plan: Plan) -> Iterator[Index]:
    """Every group there can be."""
    values: list[list[Any]] = []
    size = 1
    for key in plan.keys:
        found = _times(plan, key) if key.kind == "time" else values_of(key, plan.areas)
        if found is None:
            raise QueryRefusedError("open-with-noise", key.path)
        values.append([int(v) for v in found] if key.kind in ("place", "mesh") else found)
        size *= len(found)
    if size > MOST_GROUPS:
        raise QueryRefusedError("too-many-groups", str(MOST_GROUPS))
    return product(*values)


def _times(plan: Plan, key: Key) -> list[int]:
    assert plan.starts is not None
    assert plan.ends is not None
    found, at = [], queries.start_of_step(plan.starts, key.step)
    while at < plan.ends:
        found.append(at)
        at = queries.start_of_step(at + key.step * steps.MICROS, key.step)
    return found


def _pay(holder: Holder, plan: Plan, epsilon: float, wants: Request, budget: float | None) -> None:
    if budget is not None:
        if budget < epsilon:
            raise RefusedError(BUDGET)
    elif not holder.ledger.spend(plan.entity, epsilon, wants.id):
        raise RefusedError(BUDGET)


def chosen(kept: Kept, asked: Asked) -> bool:
    """Whether this choice was made for a day of what is asked of a table; where it names no period, for any day at all."""
    days = list(steps.around(*asked.period, steps.DAY)) if asked.period else [SOME]
    return any(kept.found(name, CHOSEN, days) for name in (asked.grid.entity, *asked.grid.statistics.same_facts_as))


def _choose(holder: Holder, plan: Plan) -> None:
    """Keep the choice for the days of the plan; where a table of the class was settled for any of them it cannot be made."""
    found = grid(plan.entity)
    if found is None:  # the model says why nobody counts it, or which class the same facts are counted in
        raise RefusedError(OFF_GRID)
    now = holder.decider.clock()
    bounds = (plan.starts, plan.ends) if plan.starts is not None else (0, round(now * steps.MICROS))
    assert bounds[0] is not None
    assert bounds[1] is not None
    if settlement.touched(holder.kept, found, bounds[0], bounds[1]):
        raise RefusedError(OFF_GRID)
    days = (SOME, *steps.around(bounds[0], bounds[1], steps.DAY))
    holder.kept.keep(plan.entity, {(CHOSEN, day): b"" for day in days}, now)


def _cell(plan: Plan, index: Index, made: Noised) -> dict[str, Any]:
    keys = plain.keys_of(plan, index)
    if made.sizes[index] < plan.minimum_group:
        return {**keys, "suppressed": True}
    measure = plan.measures[0]
    named = {"field": measure.path} if measure.path else {}
    value = {"aggregate_function": measure.function, **named, "released_value": round(made.values[index], plain.DIGITS)}
    return {**keys, "group_size": made.sizes[index], "suppressed": False, "cell_values": [value]}
