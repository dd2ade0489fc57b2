"""Quantiles: near the true ones, never one person's value, and only where enough people stand on both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.statistics.city import QUERY, asking, gate

import machimori as mm
from machimori.privacy.statistics import QueryRefusedError

GROUP = 10
"""The minimum group of ``personal.energy_use``."""
VALUES = st.lists(st.floats(0, 100_000).map(lambda v: round(v, 3)), min_size=20, max_size=60)


def uses(values: list[float], each: int = 1) -> list[dict[str, Any]]:
    """Half hours of as many customers as there are values, ``each`` half hours with the same value."""
    return [
        {
            "type": "ElectricityUse",
            "customer": f"urn:machimori:customer:{n}",
            "interval_start": f"2026-03-03T{k:02}:00:00+09:00",
            "energy": value,
        }
        for n, value in enumerate(values)
        for k in range(each)
    ]


def asked(*probabilities: float, **more: Any) -> dict[str, Any]:
    measures = [{"aggregate_function": "quantile", "field": "energy", "probability": p} for p in probabilities]
    plain = {k: v for k, v in QUERY.items() if k != "group_by"}
    return {**plain, "entity": "ElectricityUse", "measures": measures, **more}


def released(records: list[dict[str, Any]], query: dict[str, Any]) -> list[float] | str:
    """The numbers of the one group, or the rule that denied them."""
    made = gate("power").statistics(records, asking(entity="ElectricityUse"), query)
    if made.release is None:
        return made.decision.rule
    assert mm.validate(made.release).ok
    return [v["released_value"] for v in made.cells[0]["cell_values"]]


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(values=VALUES, probability=st.sampled_from([0.25, 0.4, 0.5, 0.75]))
def test_it_is_the_mean_of_as_many_persons_as_the_minimum_group_around_the_rank(
    values: list[float], probability: float
) -> None:
    found = released(uses(values), asked(probability))
    if len(values) * min(probability, 1 - probability) < GROUP / 2:
        assert found == "below-minimum-group"
        return
    if isinstance(found, str):
        assert found == "below-minimum-group"
        assert max(values) > 0.85 * sum(values)
        return
    first = int(np.clip(np.floor(len(values) * probability - GROUP / 2 + 0.5), 0, len(values) - GROUP))
    window = np.sort(values)[first : first + GROUP]
    assert found[0] == pytest.approx(window.mean(), rel=1e-6, abs=1e-5)
    assert window[0] - 1e-6 <= np.quantile(values, probability, method="nearest") <= window[-1] + 1e-6


@pytest.mark.full
@settings(max_examples=25, deadline=None)
@given(values=VALUES, changed=st.integers(0, 19), to=st.floats(0, 100_000))
def test_one_person_moves_it_by_a_part_of_a_group_at_most(values: list[float], changed: int, to: float) -> None:
    before = released(uses(values), asked(0.5))
    other = [*values]
    other[changed] = round(to, 3)
    after = released(uses(other), asked(0.5))
    if isinstance(before, str) or isinstance(after, str):
        return
    gaps = np.sort([*values, *other])
    assert abs(before[0] - after[0]) <= (gaps[-1] - gaps[0]) / GROUP + 1e-5


def test_a_person_counts_once_however_many_values_they_have() -> None:
    values = [float(n) for n in range(40)]
    assert released(uses(values, each=3), asked(0.25, 0.5, 0.75)) == released(uses(values), asked(0.25, 0.5, 0.75))


def test_too_few_on_one_side_hide_the_group() -> None:
    values = [float(n) for n in range(40)]
    assert isinstance(released(uses(values), asked(0.9)), str)
    assert released(uses([float(n) for n in range(60)]), asked(0.9)) == [pytest.approx(53.5)]


def test_a_quantile_has_no_noise() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        released(uses([1.0] * 40), asked(0.5, epsilon=1.0))
    assert caught.value.reason == "no-quantile-with-noise"
