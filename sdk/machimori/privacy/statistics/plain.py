"""Statistics of classes that are about no person: counted as they are, in groups no finer than the profiles of their fields.

Records that are statistics of persons themselves count where they state a group large enough.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from machimori.privacy.decision.decider import Decider
from machimori.privacy.decision.request import Request
from machimori.privacy.statistics import query as queries
from machimori.privacy.statistics.columns import written as key_text
from machimori.privacy.statistics.engine import Group, Index
from machimori.privacy.statistics.engines import opened
from machimori.privacy.statistics.holder import Codes, Holder
from machimori.privacy.statistics.query import Plan
from machimori.standards.time import written

if TYPE_CHECKING:
    from machimori.privacy.statistics.engines import Counted

DIGITS = 6
"""Decimals of a sum or mean: what lies beyond is the order of adding up."""


def counted(
    holder: Holder, records: Counted, wants: Request, wanted: Mapping[str, Any], area: Codes | None
) -> tuple[dict[str, Any], dict[str, int]]:
    """The release, and the counts of records that were kept and left out, by reason. ``area`` bounds it further."""
    plan = queries.plan(wanted, wants.fields or ())
    plan = replace(plan, areas=holder.areas(plan.areas, area))
    with opened(records) as counting:
        notes = counting.load(plan)
        groups = counting.groups(plan)
    return {
        **heading(holder.decider, wants, wanted),
        "minimum_group": plan.minimum_group,
        "noise": "none",
        "suppressed_cells": 0,
        "cells": [_cell(plan, i, group) for i, group in groups.items()],
    }, notes


def heading(decider: Decider, wants: Request, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What every release says of itself."""
    holder = decider.holding.holder
    party = {"id": holder.id, "kind": holder.kind, "country": holder.country}
    return {
        "type": "StatisticsRelease",
        "id": f"urn:uuid:{uuid.uuid4()}",
        "request": wants.id,
        "query": wanted["id"],
        "holder": {k: v for k, v in party.items() if v is not None},
        "entity": wanted["entity"],
        "issued_at": written(decider.clock(), wants.at),
        **({"period": dict(wanted["period"])} if wanted.get("period") else {}),
    }


def keys_of(plan: Plan, index: Index) -> dict[str, Any]:
    """The values that set a group apart."""
    keys = [{"field": k.path, "key_value": key_text(k, v)} for k, v in zip(plan.keys, index, strict=True)]
    return {"cell_keys": keys} if keys else {}


def _cell(plan: Plan, index: Index, group: Group) -> dict[str, Any]:
    return {**keys_of(plan, index), "suppressed": False, "cell_values": list(_values(plan, group))}


def _values(plan: Plan, group: Group) -> list[dict[str, Any]]:
    values = []
    places = {m.path: i for i, m in enumerate(plan.sums)}
    for measure in plan.measures:
        if measure.function == queries.QUANTILE:
            held = group.quantiles[plan.quantiles.index(measure)]
            number = None if held is None else round(held, DIGITS)
        elif measure.path is None:
            number = group.records
        else:
            count, total = group.counts[places[measure.path]], group.sums[places[measure.path]]
            number = None if not count else round(total if measure.function == "sum" else total / count, DIGITS)
        named: dict[str, Any] = {"field": measure.path} if measure.path else {}
        if measure.probability is not None:
            named["probability"] = measure.probability
        if number is not None:
            values.append({"aggregate_function": measure.function, **named, "released_value": number})
    return values
