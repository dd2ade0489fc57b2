"""Differential privacy: what it costs, how large the noise is, what cannot be had with it, and that it is never beside tables."""

from __future__ import annotations

import statistics
import sys
from typing import Any

import pytest
from tests.privacy.statistics.city import DAY, HERE, asking, cells, flows, gate, trip, trips, value

import machimori as mm
from machimori.errors import MissingExtraError
from machimori.privacy.statistics import MemoryLedger, QueryRefusedError, noise
from machimori.privacy.statistics.engine import Group
from machimori.privacy.statistics.kept import MemoryKept
from machimori.privacy.statistics.query import plan, read_query

COUNT: dict[str, Any] = {
    **{k: v for k, v in flows(DAY).items() if k != "group_by"},
    "measures": [{"aggregate_function": "count"}],
    "group_by": [{"field": "mode"}],
}
PERSONS = {**COUNT, "measures": [{"aggregate_function": "subjects"}]}
MODES = [
    *trips({"52350162": 4000}),
    *trips({"52350162": 3000}, start=4000, mode="walk"),
    trip(9000, "urn:x:1", mode="bus"),
]


@pytest.mark.full
def test_a_release_names_its_noise() -> None:
    made = gate().statistics(MODES, asking(), {**COUNT, "epsilon": 1})
    assert made.release is not None
    assert mm.validate(made.release).ok, mm.validate(made.release).issues
    assert (made.release["noise"], made.release["epsilon"]) == ("laplace", 1)
    assert made.release["noise_scale"] == noise.CONTRIBUTIONS / 0.5
    found = cells(made)
    assert abs(value(found["rail",], "count") - 4000) < 400  # 25 times the scale
    assert value(found["rail",], "count") != 4000


@pytest.mark.full
def test_every_group_there_can_be_has_its_noise() -> None:
    from machimori.catalogue import catalogue

    made = gate().statistics(MODES, asking(), {**PERSONS, "epsilon": 1})
    assert {k for (k,) in cells(made)} == set(catalogue.enumeration("TransportMode").values)


@pytest.mark.full
def test_noise_has_the_scale_that_is_named() -> None:
    exact = {(n,): Group(100, 100, (), ()) for n in range(4000)}
    made = noise.noised(plan(read_query(COUNT), ()), 1.0, list(exact), exact)
    errors = [abs(made.values[i] - 100) for i in exact]
    assert statistics.fmean(errors) == pytest.approx(made.scale, rel=0.15)  # the mean of |Laplace(b)| is b


def test_the_library_agrees_that_the_scale_gives_the_epsilon() -> None:
    dp = noise.opendp()
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    for epsilon in (0.1, 1.0, 5.0):
        for bound in (1.0, 100_000.0):
            measured = dp.m.make_laplace(*space, scale=noise._scale(bound, epsilon))
            assert measured.map(noise.CONTRIBUTIONS * bound) <= epsilon * (1 + 1e-9)


def test_nobody_counts_for_more_than_their_part() -> None:
    frequent = [trip(n, "urn:machimori:person:busy", mode="walk") for n in range(20_000, 24_000)]
    made = gate().statistics([*MODES, *frequent], asking(), {**COUNT, "epsilon": 1})
    assert abs(value(cells(made)["walk",], "count") - 3008) < 400


def test_everyone_pays_from_one_account_whatever_comes_of_it() -> None:
    holder = gate(ledger=MemoryLedger(rho=0.25))  # two answers at 0.5
    few = trips({"52350162": 2})
    holder.statistics(few, asking("university", purpose="research"), {**PERSONS, "epsilon": 0.5})
    assert not holder.statistics(MODES, asking(), {**PERSONS, "epsilon": 0.5}).decision.denied
    for who, purpose in (("city", "city_planning"), ("university", "research")):
        made = holder.statistics(MODES, asking(who, purpose=purpose), {**PERSONS, "epsilon": 0.1})
        assert made.decision.rule == "budget-spent"


def test_it_is_never_beside_tables() -> None:
    kept = MemoryKept()
    first = gate(kept=kept).statistics(trips({"52350162": 80}), asking(), flows())
    assert not first.decision.denied
    made = gate(kept=kept).statistics(MODES, asking(), {**PERSONS, "epsilon": 1})
    assert (made.decision.rule, made.release) == ("off-grid", None)
    kept = MemoryKept()
    assert not gate(kept=kept).statistics(MODES, asking(), {**PERSONS, "epsilon": 1}).decision.denied
    assert gate(kept=kept).statistics(trips({"52350162": 80}), asking(), flows()).decision.rule == "off-grid"


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("one-measure-with-noise", {"measures": [*COUNT["measures"], *PERSONS["measures"]]}),
        ("no-mean-with-noise", {"measures": [{"aggregate_function": "mean", "field": "origin.elevation"}]}),
        ("open-with-noise", {"group_by": flows()["group_by"]}),
        ("open-with-noise", {"period": None}),
        ("epsilon-not-offered", {"epsilon": 0.3}),
        ("epsilon-not-offered", {"epsilon": 1e-6}),
    ],
)
def test_what_noise_does_not_go_with(reason: str, change: dict[str, Any]) -> None:
    asked = {k: v for k, v in {**COUNT, "epsilon": 1, **change}.items() if v is not None}
    ledger = MemoryLedger()
    with pytest.raises(QueryRefusedError) as caught:
        gate(ledger=ledger).statistics(MODES, asking(fields=["mode", "origin", "destination", "started_at"]), asked)
    assert caught.value.reason == reason
    assert ledger.remaining("Trip") == 1.0


def test_a_period_that_goes_on_is_not_settled() -> None:
    later = {"starts_at": "2026-03-31T00:00:00+09:00", "ends_at": "2026-04-02T00:00:00+09:00"}
    made = gate().statistics(MODES, asking(), {**PERSONS, "period": later, "epsilon": 1})
    assert made.decision.rule == "not-settled"


def test_squares_of_an_area_are_all_there() -> None:
    asked = {**PERSONS, "group_by": [{"field": "origin", "granularity": {"space_step": 8}}], "area": HERE, "epsilon": 1}
    made = gate().statistics(trips({"52350162": 900}, destination={"mesh_code": "52350173"}), asking(), asked)
    assert len(made.cells) == 6
    assert abs(value(cells(made)["52350162",], "subjects") - 900) < 200


def test_two_epsilons_are_one_too_many() -> None:
    with pytest.raises(QueryRefusedError, match="two-epsilons"):
        gate().statistics(MODES, asking(epsilon=0.5), {**COUNT, "epsilon": 1})


def test_without_the_extra_it_says_which_and_charges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opendp", None)
    ledger = MemoryLedger()
    with pytest.raises(MissingExtraError, match=r"machimori\[dp\]"):
        gate(ledger=ledger).statistics(MODES, asking(), {**COUNT, "epsilon": 1})
    assert ledger.remaining("Trip") == 1.0
