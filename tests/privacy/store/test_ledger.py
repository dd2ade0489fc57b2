"""The account of differential privacy: nobody spends more than there is, however many gates and threads try at once."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.store.conftest import HOLDING, Open

from machimori.privacy.statistics.ledger import EPSILONS, UNITS, MemoryLedger, spending
from machimori.privacy.store.store import Store

SPENDER = """
import sys
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store

url, holding = sys.argv[1:]
store = open_store(url, read_holding(holding))
print(sum(store.ledger.spend("Trip", 0.5, f"d{n}") for n in range(6)))
store.close()
"""


@pytest.mark.full
def test_gates_of_several_processes_never_overspend_together(url: str, opened: Open) -> None:
    opened()
    command = [sys.executable, "-c", SPENDER, url, json.dumps(HOLDING)]
    gates = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(gate.communicate()[0]) for gate in gates) == 8
    assert opened().ledger.remaining("Trip") == 0


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
@settings(derandomize=True, deadline=None)
def test_everyone_together_spends_what_there_is_and_never_more(spent: list[tuple[str, float]], rho: float) -> None:
    ledger, left = MemoryLedger(rho=rho), dict.fromkeys(["Trip", "WaterUse"], Fraction(str(rho)))
    for entity, epsilon in spent:
        cost = Fraction(str(epsilon)) ** 2 / 2
        assert (epsilon <= ledger.remaining(entity)) == (cost <= left[entity])
        assert ledger.spend(entity, epsilon, "d") == (cost <= left[entity])
        left[entity] -= cost if cost <= left[entity] else 0


def test_a_store_pays_as_memory_does(opened: Open) -> None:
    """From the one account, by whichever gate, however often the decision is named."""
    first, second, memory = opened(rho=0.66).ledger, opened(rho=0.66).ledger, MemoryLedger(rho=0.66)
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
