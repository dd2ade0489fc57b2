"""The observer before the gate itself: the attacks of the trial and their variants, word for word and in the words of today."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.privacy.observer import exact, first_edition
from tests.privacy.observer.test_first_edition import ATTACKS, broken
from tests.privacy.statistics import city

from machimori.privacy.gate import Gate
from machimori.privacy.statistics import QueryRefusedError, draws

pytestmark = pytest.mark.full

DAY = datetime.fromisoformat("2026-03-03T00:00:00+09:00")
MORNING = range(16, 19)
"""Half hours from 08:00."""


def use_in(*slots: int, count: int = 60, extra: tuple[dict[str, Any], ...] = ()) -> list[dict[str, Any]]:
    return [city.use(c, slot, 0.2 + c / 100) for slot in slots for c in range(count)] + [*extra]


def period(first: int, end: int) -> dict[str, str]:
    """The half hours of 3 March from one up to another."""
    return {"starts_at": moment(first), "ends_at": moment(end)}


def moment(slot: int) -> str:
    return (DAY + timedelta(minutes=30 * slot)).isoformat()


def load(gate: Gate, records: Any, asked: dict[str, str], who: str = "city", purpose: str = "city_planning") -> Any:
    return gate.statistics(records, city.asking(who, "ElectricityUse", purpose), city.load(asked))


def flows(gate: Gate, records: Any, **more: Any) -> Any:
    return gate.statistics(records, city.asking(), city.flows(**more))


def placed(cell: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((k["field"], k["key_value"]) for k in cell["cell_keys"])


def said(made: Any) -> str:
    """The answer as it goes out, but for what names it."""
    data = json.loads(json.dumps(made.data()))
    for part in (data["decision"], data["release"] or {}):
        for named in ("id", "at", "settled_at"):
            part.pop(named, None)
    return json.dumps(data)


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The histories of the trial, played on the gate of today."""
    folder = str(tmp_path_factory.mktemp("stores"))
    return {story["attack"]: story for story in first_edition.stories(folder)}


class TestTheTrialItself:
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_no_line_of_it_tells_anything(self, attack: str, stories: dict[str, dict[str, Any]]) -> None:
        assert not broken(stories[attack])

    def test_none_of_its_free_questions_is_on_the_grid(self, stories: dict[str, dict[str, Any]]) -> None:
        told = [answer for story in stories.values() for answer in story["told"]]
        assert {answer["rule"] for answer in told} <= {"off-grid", "epsilon-not-offered", "default-deny"}


class TestDifferences:
    """C1, H1, H3, H5 in the words of today: half hours that overlap, newcomers, several who ask."""

    HIDDEN = city.use(99, 17, 7.345)

    @pytest.mark.parametrize("spans", [((16, 18), (17, 19), (16, 19)), ((16, 17), (16, 18), (16, 48))])
    def test_a_step_is_the_same_in_every_period(self, spans: tuple[tuple[int, int], ...]) -> None:
        gate, records = city.gate("power"), use_in(16, 18, extra=(self.HIDDEN,))
        told: dict[str, Any] = {}
        for first, end in spans:
            for (step,), cell in city.cells(load(gate, records, period(first, end))).items():
                assert told.setdefault(step, cell) == cell

    def test_nothing_adds_up(self) -> None:
        gate, records = city.gate("power"), use_in(*MORNING, extra=(self.HIDDEN,))
        made = load(gate, records, period(16, 19))
        sums = [city.value(cell, "sum") for cell in made.cells]
        exactly = [
            sum(r["energy"] for r in records if r["interval_start"] == cell["cell_keys"][0]["key_value"])
            for cell in made.cells
        ]
        assert all(abs(a - b) > 1e-3 for a, b in zip(sums, exactly, strict=True))

    @pytest.mark.parametrize("late", ["newcomer", "corrected", "gone", "nobody"])
    def test_what_comes_later_changes_nothing(self, late: str) -> None:
        gate, records = city.gate("power"), use_in(16)
        before = said(load(gate, records, period(16, 17)))
        changed = {
            "newcomer": [*records, city.use(77, 16, 4.321)],
            "corrected": [{**records[0], "energy": 9.9}, *records[1:]],
            "gone": records[1:],
            "nobody": [],
        }[late]
        assert said(load(gate, changed, period(16, 17))) == before

    def test_three_who_ask_have_one_answer(self) -> None:
        gate, records = city.gate("power"), use_in(*MORNING, extra=(self.HIDDEN,))
        cells = [
            load(gate, records, period(16, 19), who, purpose).cells
            for who, purpose in (("city", "city_planning"), ("university", "research"), ("hyogo", "city_planning"))
        ]
        assert cells[0] == cells[1] == cells[2] != []

    @pytest.mark.parametrize("second", ["another file", "another order", "another gate"])
    def test_one_store_is_one_answer(self, second: str, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'gate.db'}"
        gate, records = city.gate("power", None, store=url), use_in(*MORNING)
        before = load(gate, records, period(16, 19)).cells
        if second == "another gate":
            gate = city.gate("power", None, store=url)
        if second == "another order":
            Random(17).shuffle(records)
        if second != "another order":
            records = use_in(*MORNING, count=200)
        assert load(gate, records, period(16, 19)).cells == before

    @pytest.mark.parametrize("more", [{}, {"group_by": "reversed"}, {"area": {"mesh_code": "523501"}}])
    def test_a_figure_is_the_same_in_whatever_company_it_is_asked_for(self, more: dict[str, Any]) -> None:
        gate, records = city.gate(), city.trips({"52350162": 60, "52350173": 80})
        whole = {placed(cell): cell for cell in flows(gate, records, area=city.HERE).cells}
        asked = city.flows(**{"area": city.HERE} | {k: v for k, v in more.items() if k != "group_by"})
        if "group_by" in more:
            asked["group_by"].reverse()
        for function in ("subjects", "count"):
            asked["measures"] = [{"aggregate_function": function}]
            made = gate.statistics(records, city.asking(), asked)
            for cell in made.cells:
                one = whole[placed(cell)]
                assert cell["suppressed"] == one["suppressed"]
                assert cell.get("group_size") == one.get("group_size")
                for value in cell.get("cell_values", ()):
                    assert value in one["cell_values"]


class TestRefusals:
    """H4: whether there is an answer is an answer."""

    @pytest.mark.parametrize("people", range(1, 10))
    def test_a_few_are_refused_like_nobody(self, people: int) -> None:
        elsewhere = use_in(40)
        nobody = load(city.gate("power"), elsewhere, period(16, 17))
        few = load(city.gate("power"), elsewhere + use_in(16, count=people), period(16, 17))
        if few.release is None:
            assert said(few) == said(nobody)
        else:  # drawn as large as a group that is shown
            assert few.cells[0]["group_size"] >= few.release["minimum_group"] + few.release["looks"]

    @pytest.mark.parametrize("people", [12, 16, 20])
    def test_where_it_begins_is_drawn(self, people: int) -> None:
        """So many persons are shown in one half hour and hidden in another."""
        made = load(city.gate("power"), use_in(*range(48), count=people), period(0, 48))
        assert {cell["suppressed"] for cell in made.cells} == {True, False}

    @pytest.mark.parametrize("epsilon", [1e-6, 0.05, 0.9, 9.0])
    def test_no_tiny_epsilon_and_no_huge_one(self, epsilon: float) -> None:
        asked = {**city.load(period(16, 17)), "measures": [{"aggregate_function": "subjects"}], "epsilon": epsilon}
        with pytest.raises(QueryRefusedError) as refused:
            city.gate("power").statistics(use_in(16), city.asking(entity="ElectricityUse"), asked)
        assert refused.value.reason == "epsilon-not-offered"

    def test_what_is_off_the_grid_is_so_whatever_the_records_are(self) -> None:
        asked = {**city.load(period(16, 17)), "group_by": [{"field": "quality"}]}
        answers = {
            said(city.gate("power").statistics(records, city.asking(entity="ElectricityUse"), asked))
            for records in ([], use_in(16, count=1), use_in(16))
        }
        assert len(answers) == 1

    def test_a_hundred_answers_are_free_and_leave_the_fire_service_its_own(self) -> None:
        """M12."""
        gate, records = city.gate("power"), use_in(*MORNING)
        for who in ("city", "hyogo", "university") * 33:
            made = load(gate, records, period(16, 19), who, "research" if who == "university" else "city_planning")
            assert made.cells
        assert load(gate, records, period(16, 19)).cells


PRIVATE = {"measures": [{"aggregate_function": "subjects"}], "epsilon": 0.5}


class TestTheOtherChoice:
    """Differential privacy is never beside tables of the same facts, in whichever class they stand."""

    def test_not_after_them(self) -> None:
        gate, records = city.gate("power"), use_in(16)
        assert load(gate, records, period(0, 48)).cells
        wants, asked = city.asking(entity="ElectricityUse"), city.load(period(0, 48)) | PRIVATE
        assert gate.statistics(records, wants, asked).decision.rule == "off-grid"

    def test_nor_they_after_it(self) -> None:
        gate, records = city.gate("power"), use_in(16)
        wants, asked = city.asking(entity="ElectricityUse"), city.load(period(0, 48)) | PRIVATE
        assert not gate.statistics(records, wants, asked).decision.denied
        assert load(gate, records, period(0, 48)).decision.rule == "off-grid"

    def test_nor_in_a_class_that_nobody_counts(self) -> None:
        """The same facts stand in what is billed, of which there are no tables."""
        bill = {"type": "Bill", "billed_service": "electricity", "billed_energy": 286, "amount_billed": 9120}
        records = [
            bill | {"id": f"urn:machimori:bill:{n}", "customer": f"urn:machimori:customer:{n}"} for n in range(60)
        ]
        asked = {"type": "StatisticsQuery", "id": "urn:machimori:query:8", "entity": "Bill", **PRIVATE}
        made = city.gate("power").statistics(records, city.asking(entity="Bill"), asked)
        assert (made.decision.rule, made.release) == ("off-grid", None)


class TestTimes:
    """The moment of an answer is one too. What takes time is counted, since a clock would tell of the machine."""

    @pytest.mark.parametrize("people", [1, 5, 9])
    def test_a_settled_answer_draws_as_often_for_nobody_as_for_a_few(
        self, people: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawn: list[tuple[str, ...]] = []
        draw = draws.drawn
        monkeypatch.setattr(draws, "drawn", lambda secret, *parts: drawn.append(parts) or draw(secret, *parts))
        counts = []
        for groups in ({"52350162": 60}, {"52350162": 60, "52350174": people}):
            gate, records = city.gate(), city.trips(groups)
            flows(gate, records, area=city.HERE)
            drawn.clear()
            made = flows(gate, records, area=city.HERE)
            counts.append((sum(c["suppressed"] for c in made.cells), len(drawn)))
        assert counts[0] == counts[1]


class TestLists:
    """H2: which cells are listed, how many, in which order."""

    @pytest.mark.parametrize("lone", [None, "52350174", "51354010"])
    def test_a_person_alone_is_on_no_list(self, lone: str | None) -> None:
        records = city.trips({"52350162": 60})
        if lone:
            records += city.trips({lone: 1}, start=900)
        keys = [[k["key_value"] for k in c["cell_keys"]] for c in flows(city.gate(), records, area=city.HERE).cells]
        assert len(keys) == len(city.SQUARES) ** 2
        assert keys == sorted(keys)

    def test_hidden_cells_are_as_empty_ones(self) -> None:
        records = city.trips({"52350162": 60, "52350174": 3})
        hidden = [c for c in flows(city.gate(), records, area=city.HERE).cells if c["suppressed"]]
        assert {tuple(c) for c in hidden} == {("cell_keys", "suppressed")}

    def test_the_order_of_records_is_not_that_of_rows(self) -> None:
        records = city.trips({"52350162": 60, "52350173": 80})
        mixed = [*records]
        Random(17).shuffle(mixed)
        assert flows(city.gate(), mixed).cells == flows(city.gate(), records).cells

    @pytest.mark.parametrize("extra", [(), (city.use(99, 40, 0.3),), (city.use(99, 4, 0.3, day=9),)])
    def test_the_number_of_rows_says_nothing_of_the_first_and_last_record(
        self, extra: tuple[dict[str, Any], ...]
    ) -> None:
        records = use_in(*MORNING, extra=extra)
        assert len(load(city.gate("power"), records, period(0, 48)).cells) == 48
        asked = city.load(None)
        assert (
            city.gate("power").statistics(records, city.asking(entity="ElectricityUse"), asked).decision.rule
            == "off-grid"
        )

    def test_whoever_is_on_an_open_list_is_more_than_noise_and_one_person(self) -> None:
        """Without an area only cells that hold somebody are listed; with one, empty cells are shown like any other."""
        records = city.trips({"52350162": 24, "52350173": 19, "52350174": 15, "52350199": 20})
        opened, closed = [], []
        for secret in range(8):
            gate = city.gate(secret=bytes([secret]) * 32)
            opened += [c["group_size"] for c in flows(gate, records).cells]
            closed += [c["group_size"] for c in flows(gate, records, area=city.HERE).cells if not c["suppressed"]]
        assert min(closed) == 17
        assert min(opened) == 20

    def test_whether_a_table_is_listed_does_not_hang_on_one_person(self) -> None:
        """With places of his own the observer makes the share of places with enough persons hang on one of them."""
        squares = [f"5235{a}{b}{c}{d}" for a in "01" for b in "0123" for c in "0123456789" for d in "0123456789"]
        groups = dict.fromkeys(squares[:37], 10) | {squares[0]: 60, squares[50]: 1, squares[60]: 9}
        told = set()
        for secret in range(6):
            answers = [
                bool(flows(city.gate(secret=bytes([secret]) * 32), city.trips(groups | {squares[60]: n})).cells)
                for n in (9, 10)
            ]
            told.add(answers[0] == answers[1])
        assert told == {True}


class TestWhoIsCounted:
    """M10, M13: one person is one, and what runs is not told."""

    @pytest.mark.parametrize("blank", [" ", "\t", "\u200b", "\n"])
    def test_spellings_of_one_person_are_no_group(self, blank: str) -> None:
        elsewhere = use_in(40)
        many = [
            {**city.use(1, 16, 5.0), "id": f"urn:machimori:use:{n}", "customer": "urn:machimori:customer:1" + blank * n}
            for n in range(40)
        ]
        alone = [city.use(1, 16, 5.0)]
        assert said(load(city.gate("power"), elsewhere + many, period(16, 17))) == said(
            load(city.gate("power"), elsewhere + alone, period(16, 17))
        )

    def test_nor_in_capitals(self) -> None:
        name = "urn:machimori:customer:abcdef"
        spelt = ["".join(c.upper() if n >> k & 1 else c for k, c in enumerate("abcdef")) for n in range(40)]
        many = [{**city.use(1, 16, 5.0), "id": f"urn:machimori:use:{s}", "customer": name[:-6] + s} for s in spelt]
        assert load(city.gate("power"), use_in(40) + many, period(16, 17)).decision.rule == "below-minimum-group"

    def test_a_record_with_a_key_twice_counts_for_nobody(self, tmp_path: Path) -> None:
        file = tmp_path / "use.ndjson"
        line = json.dumps(city.use(1, 16, 5.0))
        twice = [line[:-1] + f', "customer": "urn:machimori:customer:{n}"}}' for n in range(100, 160)]
        file.write_text("\n".join([*(json.dumps(u) for u in use_in(40)), *twice]), encoding="utf-8")
        assert load(city.gate("power"), str(file), period(16, 17)).decision.rule == "below-minimum-group"

    @pytest.mark.parametrize("live", [True, False])
    @pytest.mark.parametrize("minutes", [1, 29, 30, 60 * 23])
    def test_what_runs_or_has_not_settled_is_not_told(self, live: bool, minutes: int) -> None:
        now = datetime.fromisoformat("2026-03-03T08:00:00+09:00").timestamp() + 60 * minutes
        gate = city.gate("power", clock=lambda: now)
        wants = city.asking(entity="ElectricityUse", live=live)
        made = gate.statistics(use_in(*MORNING), wants, city.load(period(16, 17)))
        assert made.decision.rule == "not-settled"
        assert made.release is None


def test_exact_reasoning_over_a_week_of_answers_finds_no_person() -> None:
    """Linear algebra over every answer that there is, in every period."""
    gate, records = city.gate("power"), use_in(*MORNING, extra=(city.use(99, 17, 7.345),))
    told = []
    for first in range(16, 19):
        for end in range(first + 1, 20):
            made = load(gate, records, period(first, end))
            for cell in made.cells:
                slot = datetime.fromisoformat(cell["cell_keys"][0]["key_value"])
                at = slot.hour * 2 + slot.minute // 30
                figures = [city.value(cell, what) if not cell["suppressed"] else None for what in ("subjects", "sum")]
                measures = [{"aggregate_function": "subjects"}, {"aggregate_function": "sum", "field": "energy"}]
                told.append(
                    {
                        "steps": (at, at + 1),
                        "snapshot": 0,
                        "measures": measures,
                        "cells": [{"keys": {}, "figures": figures}],
                    }
                )
    found = exact.facts(told)
    held = {at: sum(r["energy"] for r in records if r["interval_start"] == moment(at)) for at in MORNING}
    for (function, _, (at, _)), figure in found.figures.items():
        if function == "sum":
            assert abs(figure - held[at]) > 1e-3
