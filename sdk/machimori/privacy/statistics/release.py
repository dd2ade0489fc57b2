"""From a request and a query to a release: decide, find the table, settle its steps, and list the cells asked for.

Every denial of this room is the same to everyone: what rests on the records is kept, and so are refusals.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from machimori.errors import MachimoriError
from machimori.privacy.decision.decider import Decider
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.policy import DEFAULT, ERROR, GROUP, NOT_SETTLED, OFF_GRID, STATISTICS
from machimori.privacy.decision.request import Request, RequestLike, read_request
from machimori.privacy.statistics import asked as asking
from machimori.privacy.statistics import cells, engines, plain, private, settlement, steps
from machimori.privacy.statistics import query as queries
from machimori.privacy.statistics.asked import Asked
from machimori.privacy.statistics.cells import Figures, Perturbed
from machimori.privacy.statistics.grid import COUNT, Grid, grid
from machimori.privacy.statistics.holder import Holder
from machimori.privacy.statistics.query import QueryRefusedError
from machimori.privacy.statistics.settlement import NotSettledError, Step
from machimori.standards.time import seconds, written

if TYPE_CHECKING:
    from machimori.privacy.statistics.engines import Counted

LOG = logging.getLogger("machimori.privacy")
MANY = 1 << 30
"""A group that is large enough for every profile."""
NOISE = "cell_key_method"


class Statistics:
    """The answer to a query. ``release`` is a record of class ``StatisticsRelease``; ``None`` where the decision is a denial.

    ``nearest`` names the table that has most in common with a query that fits none. ``notes`` counts records that were kept and
    left out, by reason; it is for the holder's own desk and never part of the release.
    """

    def __init__(
        self,
        decision: Decision,
        release: dict[str, Any] | None = None,
        notes: Mapping[str, int] | None = None,
        nearest: str | None = None,
    ) -> None:
        self.decision, self.release, self.notes, self.nearest = decision, release, dict(notes or {}), nearest

    def under(self, decision: Decision) -> Statistics:
        """The same under a decision that has been logged; nothing where it is a denial by now."""
        if decision.denied or self.release is None:
            return Statistics(decision, None, self.notes, self.nearest)
        receipt = {"receipt": structs.asdict(decision.receipt)} if decision.receipt else {}
        return Statistics(decision, self.release | receipt, self.notes)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The groups released and suppressed; none where the decision is a denial."""
        return list(self.release["cells"]) if self.release else []

    def data(self) -> dict[str, Any]:
        """Decision and release as plain data, with the ``nearest`` table where the query fits none."""
        near = {"nearest": self.nearest} if self.nearest else {}
        return {"decision": self.decision.data(), "release": self.release, **near}

    def __repr__(self) -> str:
        return f"Statistics({self.decision.form}, {self.decision.rule}, cells={len(self.cells)})"


def statistics(
    holder: Holder, records: Counted, request: RequestLike, query: queries.QueryLike, *, budget: float | None
) -> Statistics:
    """What ``Gate.statistics`` does before it is logged."""
    wants, wanted = read_request(request), queries.read_query(query)
    if wants.form != STATISTICS:
        raise QueryRefusedError("not-statistics")
    if wants.entity != wanted["entity"]:
        raise QueryRefusedError("other-entity")
    epsilon = _epsilon(wants, wanted)
    shown = queries.used_fields(wanted)
    wants = structs.replace(wants, epsilon=epsilon, fields=wants.fields or shown or None)
    would = holder.decider.decide(wants, MANY, budget)
    if (denial := would if would.denied else _denial(holder.decider, wants, would, shown)) is not None:
        return Statistics(denial)
    try:
        if not queries.has_subject(wanted["entity"]):
            release, notes = plain.counted(holder, records, wants, wanted, would.area)
            return Statistics(would, release, notes)
        if not epsilon:
            return _of_tables(holder, records, wants, wanted, would)
        release, smallest = private.noised(holder, records, wants, wanted, would.area, budget)
        decision = holder.decider.decide(wants, smallest, budget)
        return Statistics(decision, None if decision.denied else release)
    except private.RefusedError as refused:
        return Statistics(holder.decider.refused(wants, str(refused)))
    except MachimoriError:
        raise
    except Exception as error:  # noqa: BLE001  fail closed: whatever is raised denies, and says nothing of what it met
        LOG.error("statistics failed: %s", type(error).__name__)
        return Statistics(holder.decider.refused(wants, ERROR))


def _of_tables(
    holder: Holder, records: Counted, wants: Request, wanted: Mapping[str, Any], would: Decision
) -> Statistics:
    """The answer for a class about people: cells of one of its tables, settled once."""
    decider, now = holder.decider, holder.decider.clock()
    found = _grid(wanted["entity"], now)
    if found is None:
        return Statistics(decider.refused(wants, OFF_GRID))
    fitting = asking.matched(found, wanted)
    fitting = fitting and asking.confined(fitting, holder.areas(fitting.areas, would.area))
    if fitting is None:
        return Statistics(decider.refused(wants, OFF_GRID), nearest=asking.nearest(found, wanted))
    notes: dict[str, int] = {}

    def opened(of: Grid, secret: bytes) -> Any:
        return engines.counting(records, of, secret)

    if private.chosen(holder.kept, fitting):
        return Statistics(decider.refused(wants, OFF_GRID))
    try:
        settled = settlement.settled(fitting, holder.kept, opened, now, notes, live=bool(wants.live))
    except NotSettledError:
        return Statistics(decider.refused(wants, NOT_SETTLED))
    perturbed = Perturbed(holder.kept.secret(), found, fitting.table)
    listed = list(_listed(fitting, perturbed, settled))
    persons = [f.persons for _, f in listed if f.persons is not None]
    if not persons:
        return Statistics(decider.refused(wants, GROUP), notes=notes)
    decision = decider.decide(wants, min(persons))
    if decision.denied:
        return Statistics(decision, notes=notes)
    return Statistics(decision, _release(decider, wants, wanted, fitting, perturbed, listed, settled), notes)


def _grid(entity: str, now: float) -> Grid | None:
    """The tables of a class; one without a time is counted for the last of its steps that is over."""
    found = grid(entity)
    if found is None or found.statistics.every is None:
        return found
    level = found.statistics.every
    settling = round(seconds(found.statistics.settles_after) * steps.MICROS)
    return grid(entity, steps.start(steps.start(round(now * steps.MICROS) - settling, level) - 1, level))


def _listed(fitting: Asked, perturbed: Perturbed, settled: Mapping[int, Step]) -> Iterator[tuple[int, Figures]]:
    """The cells asked for: all there can be, or where nobody can name these the shown ones alone."""
    domain = fitting.domain()
    for at in sorted(settled):
        step = settled[at]
        if domain is None:
            enough = (f for f in step.cells if step.open and (f.persons or 0) >= perturbed.listed_from)
            yield from ((at, f) for f in enough if fitting.inside(f.coordinates))
            continue
        held = {f.coordinates: f for f in step.cells}
        said = steps.written(at)
        for place in domain:  # drawn for those that are kept too, or the time of an answer would tell which these are
            empty = perturbed.figures(perturbed.nobody(place), said)
            yield at, held.get(place, empty)


def _release(
    decider: Decider,
    wants: Request,
    wanted: Mapping[str, Any],
    fitting: Asked,
    perturbed: Perturbed,
    listed: list[tuple[int, Figures]],
    settled: Mapping[int, Step],
) -> dict[str, Any]:
    shown = sum(f.shown for _, f in listed)
    closed = fitting.domain() is not None
    return {
        **plain.heading(decider, wants, wanted),
        "table": fitting.table,
        "looks": fitting.grid.statistics.looks,
        "minimum_group": perturbed.threshold - fitting.grid.statistics.looks,
        "noise": NOISE,
        "noise_variance": round(perturbed.noise.variance, 3),
        **({"suppressed_cells": len(listed) - shown} if closed else {}),
        "expected_empty_share": round(cells.expected_empty(perturbed, len(listed), shown), 6) if closed else 0,
        "settled_at": written(max(s.settled_at for s in settled.values()), wants.at),
        "cells": [_cell(fitting, at, figures) for at, figures in listed],
    }


def _cell(fitting: Asked, at: int, figures: Figures) -> dict[str, Any]:
    said = dict(zip((k.path for k in fitting.keys), figures.coordinates, strict=True))
    time = fitting.grid.time
    by_field = said if time is None or time not in fitting.order else {**said, time: steps.written(at)}
    keys = [{"field": path, "key_value": by_field[path]} for path in fitting.order]
    cell: dict[str, Any] = {"cell_keys": keys} if keys else {}
    if figures.persons is None:
        return {**cell, "suppressed": True}
    values = [value for m in fitting.measures for value in _value(fitting, m, figures)]
    return {**cell, "group_size": figures.persons, "suppressed": False, "cell_values": values}


def _value(fitting: Asked, measure: asking.Measure, figures: Figures) -> Iterator[dict[str, Any]]:
    """The number of a measure; none where it is hidden."""
    sums = {v.path: v for v in fitting.grid.sums_of(fitting.table)}
    named: dict[str, Any] = {"aggregate_function": measure.function}
    if measure.function == cells.SUBJECTS:
        yield {**named, "released_value": figures.persons}
    elif measure.function == "count" and COUNT in figures.sums:
        yield {**named, "released_value": figures.sums[COUNT]}
    elif measure.function == "sum" and measure.path in figures.sums:
        yield {**named, "field": measure.path, "released_value": sums[measure.path].written(figures.sums[measure.path])}
    elif measure.function == "mean" and measure.path in figures.sums and figures.sums.get(COUNT):
        mean = sums[measure.path].written(figures.sums[measure.path]) / figures.sums[COUNT]
        yield {**named, "field": measure.path, "released_value": round(mean, sums[measure.path].digits)}
    elif measure.function == queries.QUANTILE and measure.path in figures.bands:
        assert measure.probability is not None
        banded = next(v for v in fitting.grid.bands_of(fitting.table) if v.path == measure.path)
        if (band := cells.quantile(banded, figures.bands[measure.path], measure.probability)) is not None:
            low, high = band
            share = {"probability": measure.probability, "released_value": low, "released_upper": high}
            yield {**named, "field": measure.path, **share}


def _epsilon(wants: Request, wanted: Mapping[str, Any]) -> float | None:
    named = {e for e in (wants.epsilon, wanted.get("epsilon")) if e}
    if len(named) > 1:
        raise QueryRefusedError("two-epsilons")
    return next(iter(named), None)


def _denial(decider: Decider, wants: Request, would: Decision, shown: tuple[str, ...]) -> Decision | None:
    """A denial, where a field that the query shows is withheld or not asked for, or where one person is named."""
    if wants.subject is not None:
        return decider.refused(wants, DEFAULT)
    withheld = {w.field: w.rule for w in would.withheld}
    granted = {g.field for g in would.granted}
    for path in shown:
        if _covered(path, withheld):
            return decider.refused(wants, withheld[_covered(path, withheld) or ""])
        if not _covered(path, granted):
            raise QueryRefusedError("field-not-requested", path)
    return None


def _covered(path: str, by: Any) -> str | None:
    """The field itself or a value object around it, where it is among these."""
    keys = path.split(".")
    return next((p for n in range(len(keys), 0, -1) if (p := ".".join(keys[:n])) in by), None)
