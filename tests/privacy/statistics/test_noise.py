"""Differential privacy: what it costs, how large the noise is, and what cannot be had with it."""

from __future__ import annotations

import statistics
import sys
from typing import Any

import pytest
from tests.privacy.statistics.city import QUERY, asking, cells, gate, trip, trips, value

import machimori as mm
from machimori.errors import MissingExtraError
from machimori.privacy.statistics import MemoryLedger, QueryRefusedError, noise
from machimori.privacy.statistics.engine import Group

COUNT = {**QUERY, "measures": [{"aggregate_function": "count"}]}
GROUPS = {("52350162", "rail"): 400, ("52350162", "walk"): 300, ("52350173", "rail"): 3}


@pytest.mark.full
def test_a_release_names_its_noise() -> None:
    made = gate().statistics(trips(GROUPS), asking(), {**COUNT, "epsilon": 2})
    assert made.release is not None
    assert mm.validate(made.release).ok
    assert (made.release["noise"], made.release["epsilon"]) == ("laplace", 2)
    assert made.release["noise_scale"] == noise.CONTRIBUTIONS / 1
    found = cells(made)
    assert found["52350173", "rail"]["suppressed"]
    assert value(found["52350162", "rail"], "count") != 400
    assert abs(value(found["52350162", "rail"], "count") - 400) < 400  # 40 times the scale


@pytest.mark.full
def test_noise_has_the_scale_that_is_named() -> None:
    exact = {(n, n): Group(100, 100, 1, (), (), (), ()) for n in range(4000)}
    plan = _plan(epsilon=4.0)
    made = noise.noised(plan, exact)
    errors = [abs(made.values[i] - 100) for i in exact]
    assert statistics.fmean(errors) == pytest.approx(made.scale, rel=0.15)  # the mean of |Laplace(b)| is b
    assert min(made.sizes.values()) >= plan.minimum_group


def test_the_library_agrees_that_the_scale_gives_the_epsilon() -> None:
    dp = noise.opendp()
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    for epsilon in (0.1, 1.0, 5.0):
        for bound in (1.0, 100_000.0):
            measured = dp.m.make_laplace(*space, scale=noise._scale(bound, epsilon))
            assert measured.map(noise.CONTRIBUTIONS * bound) <= epsilon * (1 + 1e-9)


def test_nobody_counts_for_more_than_their_part() -> None:
    frequent = [trip(n, "urn:machimori:person:busy", mode="walk") for n in range(2000, 2900)]
    made = gate().statistics([*trips(GROUPS), *frequent], asking(), {**COUNT, "epsilon": 50}, budget=50)
    assert abs(value(cells(made)["52350162", "walk"], "count") - 308) < 20


@pytest.mark.full
def test_epsilon_is_charged() -> None:
    holder = gate(ledger=MemoryLedger(budget=1.2))
    rules = [holder.statistics(trips(GROUPS), asking(epsilon=0.5), COUNT).decision.rule for _ in range(3)]
    assert rules == ["statistics", "statistics", "budget-spent"]


@pytest.mark.parametrize(
    ("reason", "query", "options"),
    [
        ("one-measure-with-noise", {**QUERY, "epsilon": 1}, {}),
        ("no-totals-with-noise", {**COUNT, "epsilon": 1}, {"totals": True}),
    ],
)
def test_what_noise_does_not_go_with(reason: str, query: dict[str, Any], options: dict[str, Any]) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        gate().statistics(trips(GROUPS), asking(), query, **options)
    assert caught.value.reason == reason


def test_two_epsilons_are_one_too_many() -> None:
    with pytest.raises(QueryRefusedError, match="two-epsilons"):
        gate().statistics(trips(GROUPS), asking(epsilon=2), {**COUNT, "epsilon": 1})


def test_without_the_extra_it_says_which_and_charges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opendp", None)
    ledger = MemoryLedger(budget=1)
    with pytest.raises(MissingExtraError, match=r"machimori\[dp\]"):
        gate(ledger=ledger).statistics(trips(GROUPS), asking(), {**COUNT, "epsilon": 1})
    assert ledger.left("public", "Trip") == 1


def _plan(epsilon: float) -> Any:
    from machimori.privacy.statistics.query import plan, read_query

    return plan(read_query(COUNT), (), totals=False, epsilon=epsilon)
