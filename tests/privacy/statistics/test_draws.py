"""What is drawn: as the published rule has it, computed a second time, and as even as it says."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.privacy.observer import reference

from machimori.privacy.statistics import draws

SECRET = bytes(range(32))
LOOKS = range(1, draws.MOST_LOOKS + 1)
PLACES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f"), max_size=20)


@pytest.mark.parametrize("looks", LOOKS)
def test_the_noise_is_the_published_one(looks: int) -> None:
    made, said = draws.noise(looks), reference.noise(looks)
    assert made.thresholds == said.thresholds
    assert made.reach == said.reach
    counts = [high - low for low, high in zip((0, *made.thresholds), made.thresholds, strict=False)]
    whole = 1 << draws.BITS
    assert sum(counts) == whole
    assert counts == counts[::-1] or max(abs(a - b) for a, b in zip(counts, counts[::-1], strict=True)) <= 2
    variance = sum(c * n * n for c, n in zip(counts, range(-made.reach, made.reach + 1), strict=True)) / whole
    assert variance == pytest.approx(made.variance, rel=1e-9)
    assert 2 * looks <= variance < 2 * looks + 0.4
    assert made.reach <= 2.5 * (variance / 0.8) ** 0.5


@pytest.mark.parametrize("looks", LOOKS)
def test_every_number_draws_an_amount_within_reach(looks: int) -> None:
    made = draws.noise(looks)
    edges = [0, (1 << draws.BITS) - 1, *(t + d for t in made.thresholds[:-1] for d in (-1, 0))]
    assert {made.of(n) for n in edges} == set(range(-made.reach, made.reach + 1))


def test_the_factors_are_the_published_ones() -> None:
    made = draws.factors()
    assert made == reference.factors()
    assert len(made) == draws.FACTORS
    assert 0.458 <= made[0] / draws.ONE < made[-1] / draws.ONE <= 1.858
    assert sum(made) / draws.FACTORS / draws.ONE == pytest.approx(1, abs=5e-4)


@given(PLACES, st.integers(0, 1 << 62), st.sampled_from(["subjects", "sum:energy", "count"]))
def test_a_cell_draws_what_the_rule_says(place: str, keys: int, measure: str) -> None:
    cell = reference.Cell("half-hour", place, "2026-03-03T00:00:00+09:00", 3, keys % reference.KEYS)
    holder = reference.Holder(reference.Design(looks=5), SECRET, "ElectricityUse")
    made = draws.Draws(SECRET, "ElectricityUse", "half-hour", draws.noise(5))
    assert made.of(measure, cell.step, place, keys) == holder.noise_of(measure, cell)
    scale = 25_600
    assert made.scaled(measure, cell.step, place, keys, scale) == holder.scaled(measure, cell, scale)


@given(st.text(max_size=30), st.sampled_from(["", "energy"]), st.integers(0, 1 << 28))
def test_a_person_adds_what_the_rule_says(person: str, field: str, value: int) -> None:
    holder = reference.Holder(reference.Design(), SECRET, "ElectricityUse")
    key = draws.person_key(SECRET, "ElectricityUse", person)
    assert key == holder.key(person)
    assert draws.key_number(key) == holder.keys([person])
    season = "PT30M|08:30|2026-03"
    lasting, seasonal = draws.factor(key, field, draws.LASTING), draws.factor(key, field, season)
    assert draws.contribution(value, lasting, seasonal) == holder.contribution(person, field, season, value)


def test_two_cells_never_share_a_draw_though_they_hold_the_same_persons() -> None:
    made = [
        draws.Draws(SECRET, entity, table, draws.noise(8)).of(measure, step, place, 7)
        for entity in ("Trip", "Bill")
        for table in ("a", "b")
        for measure in ("subjects", "count", "contributors:", "band:x:0")
        for step in map(str, range(40))
        for place in ("[]", '["1"]', '["2"]')
    ]
    most = Counter(made).most_common(1)[0][1] / len(made)
    assert most < 0.12  # the likeliest amount of two draws has 0.07


def test_one_character_of_another_part_is_another_draw() -> None:
    assert draws.drawn(SECRET, "a", "bc") != draws.drawn(SECRET, "ab", "c")
    assert draws.drawn(SECRET, "a") != draws.drawn(SECRET[:-1] + b"x", "a")
