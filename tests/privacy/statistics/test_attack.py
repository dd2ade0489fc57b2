"""An observer with everything that is published and a linear program cannot corner a hidden group.

The program (HiGHS in SciPy) knows nothing of how suppression works: only the numbers, that totals add up, and that nothing is
negative.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from machimori.privacy.statistics import suppression
from machimori.privacy.statistics.suppression import Table

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
