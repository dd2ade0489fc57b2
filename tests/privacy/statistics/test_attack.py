"""An observer with everything that is published and a linear program cannot corner a hidden group.

The program (HiGHS in SciPy) knows nothing of how suppression works: only the numbers, that totals add up, and that nothing is
negative.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.privacy.statistics.city import QUERY, asking, gate, trip

from machimori.privacy.statistics import suppression
from machimori.privacy.statistics.suppression import Table

pytestmark = pytest.mark.full

K = 10
Numbers = dict[tuple[Any, ...], float]


def with_totals(inner: Numbers) -> Numbers:
    table: Numbers = defaultdict(float)
    for index, value in inner.items():
        for kept in itertools.product((True, False), repeat=len(index)):
            table[tuple(v if k else None for v, k in zip(index, kept, strict=True))] += value
    return dict(table)


def interval(
    table: Numbers, hidden: set[tuple[Any, ...]], target: tuple[Any, ...], least: float
) -> tuple[float, float]:
    """What the observer can say of a hidden number."""
    import numpy as np
    from scipy.optimize import linprog

    at = {index: i for i, index in enumerate(sorted(hidden, key=repr))}
    rows, sides = [], []
    for total in table:
        for i in (i for i, v in enumerate(total) if v is None):
            row, side = np.zeros(len(at)), 0.0
            for index, sign in [
                (total, -1.0),
                *((c, 1.0) for c in table if c[i] is not None and (*c[:i], None, *c[i + 1 :]) == total),
            ]:
                if index in at:
                    row[at[index]] += sign
                else:
                    side -= sign * table[index]
            rows.append(row)
            sides.append(side)
    aim = np.zeros(len(at))
    aim[at[target]] = 1
    ends = [linprog(s * aim, A_eq=np.array(rows), b_eq=sides, bounds=(least, None), method="highs") for s in (1, -1)]
    return ends[0].fun, (np.inf if ends[1].status == 3 else -ends[1].fun)


@st.composite
def tables(draw: st.DrawFn) -> Numbers:
    shape = draw(st.sampled_from([(2,), (5,), (2, 2), (3, 4), (5, 3), (2, 2, 2), (3, 2, 2)]))
    size = st.sampled_from([0, 0, 1, 2, 4, 9, 10, 11, 19, 40, 300])
    inner = {i: float(draw(size)) for i in itertools.product(*map(range, shape))}
    return {i: v for i, v in inner.items() if v}


@given(tables())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_small_group_can_be_bounded_within_its_range(inner: Numbers) -> None:
    table = with_totals(inner)
    small = {index for index, people in table.items() if people < K}
    hidden = Table({i: (v, v) for i, v in table.items()}, small, K).protected()
    assert small <= hidden
    for index in small:
        low, high = interval(table, hidden, index, 0.0)
        assert low <= max(0.0, table[index] - K) + 1e-6
        assert high >= table[index] + K - 1e-6


@given(tables())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nor_by_one_who_knows_that_a_listed_group_is_not_empty(inner: Numbers) -> None:
    table = with_totals(inner)
    small = {index for index, people in table.items() if people < K}
    hidden = Table({i: (v, v) for i, v in table.items()}, small, K).protected()
    for index in small:
        low, high = interval(table, hidden, index, 1.0)
        listed = sum(all(v in (None, own) for v, own in zip(index, i, strict=True)) for i in inner)
        assert (
            low <= max(listed, table[index] - K) + 1e-6
        )  # as many people as there are listed groups, whatever is done
        assert high >= table[index] + K - 1e-6


@given(tables(), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hidden_sums_stay_uncertain(inner: Numbers, data: st.DataObject) -> None:
    people = with_totals(inner)
    sums = with_totals({i: data.draw(st.floats(0, 50).map(lambda v: round(v, 1))) * n for i, n in inner.items()})
    small = {index for index, n in people.items() if n < K}
    hidden = Table({i: (n, n, sums[i]) for i, n in people.items()}, small, K).protected()
    for index in small:
        low, high = interval(sums, hidden, index, 0.0)
        assert high >= sums[index] * (1 + suppression.SHARE) - 1e-3
        assert low <= sums[index] * (1 - suppression.SHARE) + 1e-3


SQUARES, MODES = ("52350162", "52350163", "52350173"), ("rail", "walk", "bus")


@given(st.integers(0, 10_000), st.sampled_from([15, 40, 120]), st.sampled_from([80, 250]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_release_keeps_its_small_groups_from_one_who_counts_people_too(seed: int, people: int, count: int) -> None:
    """From the release alone, with persons in several groups: a total of persons is at most the sum, at least each part."""
    chance = random.Random(seed)
    records = []
    for n in range(count):
        square, mode = (chance.choices(of, weights=(9, 3, 1))[0] for of in (SQUARES, MODES))
        records.append(
            trip(n, f"urn:machimori:person:{chance.randrange(people)}", origin={"mesh_code": square}, mode=mode)
        )
    truth: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for r in records:
        for kept in itertools.product((True, False), repeat=2):
            own = (r["origin"]["mesh_code"], r["mode"])
            truth[tuple(v if k else None for v, k in zip(own, kept, strict=True))].add(r["traveller"])
    made = gate().statistics(records, asking(), QUERY, totals=True)
    told: dict[tuple[Any, ...], tuple[float, float] | None] = {}
    for cell in made.cells:
        of = {k["field"]: k["key_value"] for k in cell.get("cell_keys", ())}
        numbers = [v["released_value"] for v in cell.get("cell_values", ())]
        told[of.get("origin"), of.get("mode")] = None if cell["suppressed"] else (numbers[1], numbers[0])
    for index in truth if told else ():
        if len(truth[index]) < K:
            assert told[index] is None
            low, high = persons(told, index)
            assert low <= max(0, len(truth[index]) - K) + 1e-6
            assert high >= len(truth[index]) + K - 1e-6


def persons(told: dict[tuple[Any, ...], tuple[float, float] | None], target: tuple[Any, ...]) -> tuple[float, float]:
    """The bounds of the persons in a hidden group, from all persons and records that are told."""
    import numpy as np
    from scipy.optimize import linprog

    hidden = {index: i for i, index in enumerate(i for i, v in told.items() if v is None)}
    size = len(hidden)
    below: list[tuple[Any, float]] = []
    equal: list[tuple[Any, float]] = []

    def sentence(terms: list[tuple[tuple[Any, ...], float]], what: int) -> tuple[Any, float]:
        row, side = np.zeros(2 * size), 0.0
        for index, sign in terms:
            number = told[index]
            if number is None:
                row[hidden[index] + what * size] += sign
            else:
                side -= sign * number[what]
        return row, side

    for total in told:
        for i in (i for i, v in enumerate(total) if v is None):
            parts = [c for c in told if c[i] is not None and (*c[:i], None, *c[i + 1 :]) == total]
            equal.append(sentence([(total, -1.0), *((c, 1.0) for c in parts)], 1))
            below.append(sentence([(total, 1.0), *((c, -1.0) for c in parts)], 0))
            below += [sentence([(c, 1.0), (total, -1.0)], 0) for c in parts]
    for at in hidden.values():
        row = np.zeros(2 * size)
        row[at], row[at + size] = 1, -1
        below.append((row, 0.0))
    aim = np.zeros(2 * size)
    aim[hidden[target]] = 1
    (rows_b, sides_b), (rows_e, sides_e) = zip(*below, strict=True), zip(*equal, strict=True)
    known = {"A_ub": np.array(rows_b), "b_ub": sides_b, "A_eq": np.array(rows_e), "b_eq": sides_e, "bounds": (0, None)}
    ends = [linprog(sign * aim, method="highs", **known) for sign in (1, -1)]
    return ends[0].fun, (np.inf if ends[1].status == 3 else -ends[1].fun)


def test_the_attack_succeeds_where_only_small_groups_are_hidden() -> None:
    table = with_totals({(0, 0): 3.0, (0, 1): 40.0, (1, 0): 50.0, (1, 1): 60.0})
    low, high = interval(table, {(0, 0)}, (0, 0), 0.0)
    assert (low, high) == pytest.approx((3, 3))


def test_a_large_sparse_table_gives_up_totals_rather_than_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "EFFORT", 0)
    table = with_totals({(r, c): float(1 + (r * c) % 30) for r in range(6) for c in range(6)})
    small = {index for index, people in table.items() if people < K}
    hidden = Table({i: (v, v) for i, v in table.items()}, small, K).protected()
    for index in small:
        low, high = interval(table, hidden, index, 0.0)
        assert low <= max(0.0, table[index] - K) + 1e-6
        assert high >= table[index] + K - 1e-6
