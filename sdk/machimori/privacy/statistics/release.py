"""From a request and a query to a release: decide, count, suppress, compare, charge, and only then give."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from machimori.errors import MachimoriError
from machimori.privacy.decision import fields
from machimori.privacy.decision.decider import Decider
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.policy import BUDGET, DEFAULT, ERROR, GROUP, STATISTICS
from machimori.privacy.decision.request import Request, RequestLike, read_request
from machimori.privacy.statistics import differencing, noise, suppression
from machimori.privacy.statistics import query as queries
from machimori.privacy.statistics.columns import written as key_text
from machimori.privacy.statistics.engine import ALL, Engine, Group, Index
from machimori.privacy.statistics.engines import opened
from machimori.privacy.statistics.ledger import COST, OVERTAKEN, PUBLIC, SPENT, Ledger, Release
from machimori.privacy.statistics.query import MICROS, Plan, QueryRefusedError
from machimori.standards.time import seconds, written

if TYPE_CHECKING:
    from machimori.privacy.statistics.engines import Counted

Squares = Callable[[tuple[str, ...] | None], tuple[str, ...] | None]
"""An area with the grid squares of its municipalities, as ``Gate.squares`` gives it."""
LOG = logging.getLogger("machimori.privacy")
ATTEMPTS = 5
"""How often a release is compared anew because another was given meanwhile."""
MANY = 1 << 30
"""A group that is large enough for every profile."""
DIGITS = 6
"""Decimals of a sum or mean: what lies beyond is the order of adding up."""


class Statistics:
    """The answer to a query. ``release`` is a record of class ``StatisticsRelease``; ``None`` where the decision is a denial.

    ``notes`` counts records that were kept, left out and clamped, by reason; it is for the holder's own desk and never part of
    the release.
    """

    def __init__(
        self, decision: Decision, release: dict[str, Any] | None = None, notes: Mapping[str, int] | None = None
    ) -> None:
        self.decision, self.release, self.notes = decision, release, dict(notes or {})

    def under(self, decision: Decision) -> Statistics:
        """The same under a decision that has been logged; nothing where it is a denial by now."""
        if decision.denied or self.release is None:
            return Statistics(decision, None, self.notes)
        receipt = {"receipt": structs.asdict(decision.receipt)} if decision.receipt else {}
        return Statistics(decision, self.release | receipt, self.notes)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The groups released and suppressed; none where the decision is a denial."""
        return list(self.release["cells"]) if self.release else []

    def data(self) -> dict[str, Any]:
        """Decision and release as plain data."""
        return {"decision": self.decision.data(), "release": self.release}

    def __repr__(self) -> str:
        return f"Statistics({self.decision.form}, {self.decision.rule}, cells={len(self.cells)})"


def statistics(
    decider: Decider,
    ledger: Ledger,
    squares: Squares,
    records: Counted,
    request: RequestLike,
    query: queries.QueryLike,
    *,
    totals: bool,
    budget: float | None,
) -> Statistics:
    """What ``Gate.statistics`` does before it is logged: ``decider`` decides, ``ledger`` is charged, ``squares`` knows areas."""
    asked, wanted = read_request(request), queries.read_query(query)
    if asked.form != STATISTICS:
        raise QueryRefusedError("not-statistics")
    if asked.entity != wanted["entity"]:
        raise QueryRefusedError("other-entity")
    epsilon = _epsilon(asked, wanted)
    shown = queries.used_fields(wanted)
    asked = structs.replace(asked, epsilon=epsilon, fields=asked.fields or shown or None)
    recipient = PUBLIC if decider.by_public_body(asked) else asked.requester.id
    try:
        left = ledger.left(recipient, asked.entity or "") if budget is None else budget
    except Exception as error:  # noqa: BLE001  fail closed: a ledger that does not answer allows nothing
        LOG.error("the ledger failed: %s", type(error).__name__)
        return Statistics(decider.refused(asked, ERROR))
    cost = epsilon or COST
    left = left if left >= cost else 0.0
    would = decider.decide(asked, MANY, left)
    if (denial := would if would.denied else _denial(decider, asked, would, shown)) is not None:
        return Statistics(denial)
    plan = queries.plan(wanted, asked.fields or (), totals=totals, epsilon=epsilon)
    if epsilon:
        noise.opendp()
    plan = _confined(decider, squares, plan, asked, would)
    try:
        return _computed(decider, records, asked, wanted, plan, _Account(ledger, recipient, left, cost, budget is None))
    except MachimoriError:
        raise
    except Exception as error:  # noqa: BLE001  fail closed: whatever is raised denies, and says nothing of what it met
        LOG.error("statistics failed: %s", type(error).__name__)
        return Statistics(decider.refused(asked, ERROR))


class _Account:
    """What this release will cost whom."""

    def __init__(self, ledger: Ledger, recipient: str, left: float, cost: float, charged: bool) -> None:
        self.ledger, self.recipient, self.left, self.cost, self.charged = ledger, recipient, left, cost, charged


def _computed(
    decider: Decider, records: Counted, asked: Request, wanted: Mapping[str, Any], plan: Plan, account: _Account
) -> Statistics:
    with opened(records) as counting:
        for _ in range(ATTEMPTS):
            made = _counted(decider, counting, asked, wanted, plan, account)
            if made is not None:
                return made
    LOG.error("statistics failed: others were released all the while")
    return Statistics(decider.refused(asked, ERROR))


def _counted(
    decider: Decider,
    counting: Engine,
    asked: Request,
    wanted: Mapping[str, Any],
    plan: Plan,
    account: _Account,
) -> Statistics | None:
    """The answer, paid for; ``None`` where another release came between comparing and paying."""
    entity, compared = plan.entity, bool(plan.subject and not plan.epsilon)
    remembered = account.ledger.remembered(account.recipient, entity) if compared else []
    plans = [plan, *differencing.to_compare(plan, remembered)]
    notes = counting.load(plans)
    groups = counting.groups(plan, capped=noise.CONTRIBUTIONS if plan.epsilon else None)
    differs = differencing.singles_out(counting, plans)
    hidden = suppression.suppressed(plan, groups)
    shown = {i: g for i, g in groups.items() if i not in hidden}
    smallest = min((g.subjects for g in shown.values()), default=0)
    decision = decider.decide(asked, smallest if plan.subject else MANY, account.left)
    if denied := decision if decision.denied else decider.refused(asked, GROUP) if differs else None:
        return Statistics(denied, notes=notes)
    noisy = noise.noised(plan, shown) if plan.epsilon else None
    if account.charged:
        release = Release(differencing.fingerprint(plan), len(remembered)) if compared else None
        paid = account.ledger.charge(account.recipient, entity, account.cost, asked.id, release)
        if paid == OVERTAKEN:
            return None
        if paid == SPENT:
            return Statistics(decider.refused(asked, BUDGET), notes=notes)
    cells = [_cell(plan, i, groups[i] if i in shown else None, noisy) for i in groups]
    return Statistics(decision, _release(decider, asked, wanted, plan, cells, noisy), notes)


def _epsilon(asked: Request, wanted: Mapping[str, Any]) -> float | None:
    named = {e for e in (asked.epsilon, wanted.get("epsilon")) if e}
    if len(named) > 1:
        raise QueryRefusedError("two-epsilons")
    return next(iter(named), None)


def _denial(decider: Decider, asked: Request, would: Decision, shown: tuple[str, ...]) -> Decision | None:
    """A denial, where a field that the query shows is withheld or not asked for, or where one person is named."""
    if asked.subject is not None:
        return decider.refused(asked, DEFAULT)
    withheld = {w.field: w.rule for w in would.withheld}
    granted = {g.field for g in would.granted}
    for path in shown:
        if _covered(path, withheld):
            return decider.refused(asked, withheld[_covered(path, withheld) or ""])
        if not _covered(path, granted):
            raise QueryRefusedError("field-not-requested", path)
    return None


def _covered(path: str, by: Any) -> str | None:
    """The field itself or a value object around it, where it is among these."""
    keys = path.split(".")
    return next((p for n in range(len(keys), 0, -1) if (p := ".".join(keys[:n])) in by), None)


def _confined(decider: Decider, squares: Squares, plan: Plan, asked: Request, would: Decision) -> Plan:
    """The plan within the area of the document behind the grant, and, where it is live, within steps that have ended."""
    areas = [squares(codes) or () for codes in plan.areas]
    if would.area is not None:
        areas.append(squares(would.area) or ())
    until = None
    if asked.live and plan.subject:
        if plan.time is None:
            raise QueryRefusedError("no-time")
        own = fields.asked(plan.entity, plan.time).axes.granularity.time_step
        steps = [round(seconds(own))] if own else []
        steps += [k.step for k in plan.keys if k.kind == "time"]
        until = min(queries.start_of_step(round(decider.clock() * MICROS), s) for s in steps or [86400])
    return replace(plan, areas=tuple(areas), until=until)


def _cell(plan: Plan, index: Index, group: Group | None, noisy: noise.Noised | None) -> dict[str, Any]:
    keys = [
        {"field": k.path, "key_value": key_text(k, v)} for k, v in zip(plan.keys, index, strict=True) if v is not ALL
    ]
    cell: dict[str, Any] = {"cell_keys": keys} if keys else {}
    if group is None:
        return {**cell, "suppressed": True}
    if plan.subject:
        cell["group_size"] = noisy.sizes[index] if noisy else group.subjects
    return {**cell, "suppressed": False, "cell_values": _values(plan, index, group, noisy)}


def _values(plan: Plan, index: Index, group: Group, noisy: noise.Noised | None) -> list[dict[str, Any]]:
    values = []
    places = {m.path: i for i, m in enumerate(plan.sums)}
    for measure in plan.measures:
        if noisy:
            number: float | None = round(noisy.values[index], DIGITS)
        elif measure.function == queries.QUANTILE:
            held = group.quantiles[plan.quantiles.index(measure)]
            number = None if held is None else round(held, DIGITS)
        elif measure.path is None:
            number = group.records if measure.function == "count" else group.subjects
        else:
            place = places[measure.path]
            count, total = group.counts[place], group.sums[place]
            number = None if not count else round(total if measure.function == "sum" else total / count, DIGITS)
        named: dict[str, Any] = {"field": measure.path} if measure.path else {}
        if measure.probability is not None:
            named["probability"] = measure.probability
        if number is not None:
            values.append({"aggregate_function": measure.function, **named, "released_value": number})
    return values


def _release(
    decider: Decider,
    asked: Request,
    wanted: Mapping[str, Any],
    plan: Plan,
    cells: list[dict[str, Any]],
    noisy: noise.Noised | None,
) -> dict[str, Any]:
    holder = decider.holding.holder
    party = {"id": holder.id, "kind": holder.kind, "country": holder.country}
    return {
        "type": "StatisticsRelease",
        "id": f"urn:uuid:{uuid.uuid4()}",
        "request": asked.id,
        "query": wanted["id"],
        "holder": {k: v for k, v in party.items() if v is not None},
        "entity": plan.entity,
        "issued_at": written(decider.clock(), asked.at),
        **({"period": dict(wanted["period"])} if wanted.get("period") else {}),
        "minimum_group": plan.minimum_group,
        "noise": noise.KIND if noisy else "none",
        **({"noise_scale": noisy.scale, "epsilon": plan.epsilon} if noisy else {}),
        "suppressed_cells": sum(c["suppressed"] for c in cells),
        "cells": cells,
    }
