"""The figures of every engine are those that the published rule gives, to the digit, and no other figure comes out."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.observer import reference
from tests.privacy.statistics.city import DAY, SECRET, asking, cells, gate, households, load, use, value

from machimori.catalogue import catalogue

pytestmark = pytest.mark.full


def expected(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The cells of the load by half hour as the reference computes them."""
    statistics = catalogue.class_("ElectricityUse").statistics
    assert statistics is not None
    table = statistics.tables["half-hour"]
    holder = reference.Holder(reference.Design(looks=statistics.looks), SECRET, statistics.facts)
    typical, found = table.typical["energy"], {}
    digits = _digits(statistics)
    by_step: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for r in records:
        units = int(min(max(float(r["energy"]), 0.0), 100_000.0) * 10.0**digits + 0.5)
        by_step[r["interval_start"]][r["customer"].lower()] += units
    for slot in range(48):
        step = f"2026-03-03T{slot // 2:02}:{slot % 2 * 30:02}:00+09:00"
        persons = by_step.get(step, {})
        cell = reference.Cell("half-hour", "[]", step, len(persons), holder.keys(persons))
        figure = reference.Holder(holder.design, SECRET, "ElectricityUse").persons(cell)
        found[step] = {"persons": figure, "sum": None}
        if figure is not None:
            season = f"PT30M|{step[11:16]}|2026-03"
            given_ = tuple(holder.contribution(p, "energy", season, v) for p, v in persons.items())
            added = reference.Sum("energy", given_, round(typical * 10**digits))
            whole = reference.Holder(holder.design, SECRET, "ElectricityUse").sum(cell, added)
            found[step]["sum"] = None if whole is None else whole / 10**digits
    return found


def _digits(statistics: Any) -> int:
    """Whole units are at least as fine as a thousandth of the typical value, and as every border of a band."""
    from decimal import Decimal

    tables = statistics.tables.values()
    small = [-(Decimal(str(t.typical["energy"])) / 1000).adjusted() for t in tables if "energy" in t.typical]
    return max(*small, *(len(str(b).partition(".")[2]) for t in tables for b in t.bands.get("energy", ())), 0)


def compare(records: list[dict[str, Any]]) -> None:
    made = gate("power").statistics(records, asking(entity="ElectricityUse"), load())
    said = expected(records)
    if made.release is None:
        assert made.decision.rule == "below-minimum-group"
        assert all(s["persons"] is None for s in said.values())
        return
    for (step,), cell in cells(made).items():
        assert cell["suppressed"] == (said[step]["persons"] is None)
        if not cell["suppressed"]:
            assert cell["group_size"] == value(cell, "subjects") == said[step]["persons"]
            sums = [v["released_value"] for v in cell["cell_values"] if v["aggregate_function"] == "sum"]
            assert sums == ([] if said[step]["sum"] is None else [pytest.approx(said[step]["sum"], rel=1e-12)])


@pytest.mark.parametrize("people", [0, 5, 12, 30, 200])
def test_a_town(people: int) -> None:
    compare(households(people) or [use(1, 0, 1.0, day=9)])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 17]), st.floats(0, 100_001).map(lambda v: round(v, 3))),
        min_size=1,
        max_size=120,
    )
)
def test_any_records(rows: list[tuple[int, int, float]]) -> None:
    compare([use(*row) for row in rows])


def test_neither_order_nor_spelling_nor_splitting_changes_a_figure() -> None:
    records = households(40)
    said = gate("power").statistics(records, asking(entity="ElectricityUse"), load()).cells
    mixed = [
        {**r, "customer": r["customer"].replace("customer", "CUSTOMER")} if n % 3 else r for n, r in enumerate(records)
    ]
    random.Random(4).shuffle(mixed)
    assert gate("power").statistics(mixed, asking(entity="ElectricityUse"), load()).cells == said


def test_quantiles_are_bands_of_the_model() -> None:
    statistics = catalogue.class_("ElectricityUse").statistics
    assert statistics is not None
    borders = [0.0, *statistics.tables["half-hour"].bands["energy"], 100_000.0]
    made = gate("power").statistics(households(300, range(2)), asking(entity="ElectricityUse"), load())
    shown = [v for c in made.cells for v in c.get("cell_values", ()) if v["aggregate_function"] == "quantile"]
    assert shown
    for v in shown:
        assert borders.index(v["released_upper"]) - borders.index(v["released_value"]) == 1
    middle = [v for v in shown if v["probability"] == 0.5]
    assert all(v["released_value"] <= 0.173 * 1.8 and v["released_upper"] >= 0.173 / 1.8 for v in middle)  # ln 2 / 4


def test_one_period_is_every_step_of_it() -> None:
    made = gate("power").statistics(households(60, [3]), asking(entity="ElectricityUse"), load(DAY))
    assert len(made.cells) == 48
    assert [c["suppressed"] for c in made.cells].count(False) >= 1
