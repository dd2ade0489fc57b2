"""The budget: nobody spends more than there is, however many gates and threads try at once."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import inf, nan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.privacy.store.conftest import CARE, CITY, HOLDING, NEIGHBOUR, PERSON, PREFECTURE, Open

from machimori.privacy.database.errors import RefusedError
from machimori.privacy.statistics.ledger import (
    BUDGET,
    EPSILONS,
    OVERTAKEN,
    PAID,
    SPENT,
    UNITS,
    MemoryLedger,
    Release,
    spending,
)
from machimori.privacy.store.ledger import _units
from machimori.privacy.store.store import Store


def test_what_is_spent_is_gone(store: Store) -> None:
    assert store.ledger.left(CARE, "Trip") == BUDGET
    assert store.ledger.charge(CARE, "Trip", 7.5, "d1") == PAID
    assert store.ledger.left(CARE, "Trip") == BUDGET - 7.5
    assert store.ledger.charge(CARE, "Trip", 2.6, "d2") == SPENT
    assert store.ledger.left(CARE, "Trip") == BUDGET - 7.5
    assert store.ledger.charge(CARE, "Trip", 2.5, "d3") == PAID
    assert store.ledger.left(CARE, "Trip") == 0
    assert store.ledger.left(CARE, "WaterUse") == BUDGET


def test_a_repeated_id_is_no_free_ticket(store: Store) -> None:
    for _ in range(10):
        assert store.ledger.charge(CARE, "Trip", 1, "the same") == PAID
    assert store.ledger.charge(CARE, "Trip", 1, "the same") == SPENT


def test_public_bodies_share_one_account_and_so_do_all_who_are_not_registered(store: Store) -> None:
    store.ledger.charge(CITY, "Trip", 4, "d")
    assert store.ledger.left(PREFECTURE, "Trip") == store.ledger.left("public", "Trip") == BUDGET - 4
    store.ledger.charge(PERSON, "Trip", 3, "d")
    assert store.ledger.left(NEIGHBOUR, "Trip") == store.ledger.left("urn:machimori:org:made-up", "Trip") == BUDGET - 3
    assert store.ledger.left(CARE, "Trip") == BUDGET


@pytest.mark.parametrize("cost", [-1, -0.000001, inf, nan, True])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_cost_gives_budget_back(cost: float, store: Store) -> None:
    with pytest.raises(RefusedError):
        store.ledger.charge(CARE, "Trip", cost, "d")


def test_released_queries_are_remembered_in_order(store: Store) -> None:
    for compared, fingerprint in enumerate(("b", "a", "b")):
        assert store.ledger.charge(CITY, "Trip", 1, "d", Release(fingerprint, compared)) == PAID
    assert store.ledger.remembered(PREFECTURE, "Trip") == ["b", "a", "b"]
    assert store.ledger.remembered(CARE, "Trip") == []


@pytest.mark.parametrize("kind", ["store", "memory"])
def test_a_release_that_another_has_overtaken_is_neither_paid_nor_remembered(kind: str, store: Store) -> None:
    ledger = store.ledger if kind == "store" else MemoryLedger()
    assert ledger.charge("public", "Trip", 1, "d", Release("a", 0)) == PAID
    assert ledger.charge("public", "Trip", 1, "d", Release("b", 0)) == OVERTAKEN
    assert (ledger.left("public", "Trip"), ledger.remembered("public", "Trip")) == (BUDGET - 1, ["a"])
    assert ledger.charge("public", "Trip", 1, "d") == PAID
    assert ledger.charge("public", "Trip", 1, "d", Release("b", 1)) == PAID
    assert ledger.charge("public", "Trip", BUDGET, "d", Release("c", 2)) == SPENT
    assert ledger.remembered("public", "Trip") == ["a", "b"]


def test_of_many_that_were_compared_with_the_same_one_is_paid(store: Store) -> None:
    def pay(n: int) -> str:
        return store.ledger.charge(CARE, "Trip", 1, f"d{n}", Release(f"f{n}", 0))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(pay, range(8)))
    assert sorted(found) == sorted([PAID, *[OVERTAKEN] * 7])
    assert store.ledger.remembered(CARE, "Trip") == [f"f{found.index(PAID)}"]


@pytest.mark.full
@given(costs=st.lists(st.floats(0, 3, allow_nan=False), max_size=30), budget=st.floats(0, 20))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25, deadline=None
)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_never_more_is_spent_than_the_budget(costs: list[float], budget: float, opened: Open) -> None:
    ledger = opened(budget=budget).ledger
    entity = f"E{id(costs)}{len(costs)}{budget!r}"[:64]
    spent = 0
    for cost in costs:
        before = ledger.left(CARE, entity)
        assert (ledger.charge(CARE, entity, cost, "d") == PAID) == (_units(cost) <= _units(before))
        spent = _units(budget) - _units(ledger.left(CARE, entity))
    assert spent <= _units(budget)


@given(st.floats(0, 1e6))
def test_a_cost_is_rounded_up_and_by_less_than_a_millionth(cost: float) -> None:
    assert 0 <= _units(cost) / 1_000_000 - cost < 1.1e-6


def test_a_sum_of_tenths_is_exact(opened: Open) -> None:
    ledger = opened(budget=0.3).ledger
    assert [ledger.charge(CARE, "Trip", 0.1, "d") for _ in range(4)] == [PAID, PAID, PAID, SPENT]


SPENDER = """
import sys
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store

url, holding, *recipients = sys.argv[1:]
store = open_store(url, read_holding(holding))
print(sum(store.ledger.charge(r, "Trip", 1, f"d{n}") == "paid" for n in range(3) for r in recipients))
store.close()
"""


@pytest.mark.full
def test_gates_of_several_processes_never_overspend_together(url: str, opened: Open) -> None:
    opened()
    command = [sys.executable, "-c", SPENDER, url, json.dumps(HOLDING), CITY, PREFECTURE]
    gates = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    spent = [int(gate.communicate()[0]) for gate in gates]
    assert sum(spent) == BUDGET
    assert opened().ledger.left(CITY, "Trip") == 0


# -- one account of differential privacy ----------------------------------------------------------------------------------


def test_an_epsilon_costs_the_half_of_its_square_exactly() -> None:
    assert {e: Fraction(spending(e), UNITS) for e in EPSILONS} == {e: Fraction(str(e)) ** 2 / 2 for e in EPSILONS}


@pytest.mark.parametrize("epsilon", [0, -1, 0.05, 0.3, 2, 1000, nan, inf, "1", None])
@pytest.mark.parametrize("kind", ["store", "memory"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_other_epsilon_is_paid_for(epsilon: Any, kind: str, store: Store) -> None:
    ledger = store.ledger if kind == "store" else MemoryLedger()
    with pytest.raises(ValueError, match="EPSILONS"):
        ledger.spend("Trip", epsilon, "d")
    assert ledger.remaining("Trip") == 1.0


@given(
    spent=st.lists(st.tuples(st.sampled_from(["Trip", "WaterUse"]), st.sampled_from(EPSILONS)), max_size=40),
    rho=st.sampled_from([0, 0.004, 0.005, 0.1, 0.12, 0.5, 1.0]),
)
@settings(derandomize=True)
def test_everyone_together_spends_what_there_is_and_never_more(spent: list[tuple[str, float]], rho: float) -> None:
    ledger, left = MemoryLedger(rho=rho), dict.fromkeys(["Trip", "WaterUse"], Fraction(str(rho)))
    for entity, epsilon in spent:
        cost = Fraction(str(epsilon)) ** 2 / 2
        assert (epsilon <= ledger.remaining(entity)) == (cost <= left[entity])
        assert ledger.spend(entity, epsilon, "d") == (cost <= left[entity])
        left[entity] -= cost if cost <= left[entity] else 0


def test_a_store_pays_as_memory_does(opened: Open) -> None:
    """From the one account, by whichever gate, however often the decision is named; accounts of recipients are others."""
    first, second, memory = opened(rho=0.66).ledger, opened(rho=0.66).ledger, MemoryLedger(rho=0.66)
    first.charge(CARE, "Trip", BUDGET, "d")
    for n, epsilon in enumerate((0.5, 1.0, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1)):
        paid = (first, second)[n % 2].spend("Trip", epsilon, "the same")
        assert paid == memory.spend("Trip", epsilon, "d")
        assert first.remaining("Trip") == second.remaining("Trip") == memory.remaining("Trip")
    assert first.remaining("Trip") == 0
    assert first.remaining("WaterUse") == 0.5 + 0.5


def test_threads_never_spend_more_than_there_is_together(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(lambda n: store.ledger.spend("Trip", 0.5, f"d{n}"), range(16)))
    assert sum(paid) == 8
    assert store.ledger.remaining("Trip") == 0
