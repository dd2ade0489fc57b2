"""What ``Gate.statistics`` releases, and what never leaves."""

from __future__ import annotations

import csv
import gzip
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, ClassVar

import duckdb
import pytest
from tests.privacy.gate import world
from tests.privacy.statistics.city import CANARY, QUERY, asking, cells, gate, many, trip, trips, value

import machimori as mm
from machimori.errors import InvalidDocumentError, UnreadableError
from machimori.privacy.gate import Gate
from machimori.privacy.statistics import MemoryLedger, QueryRefusedError

EVEN = {("52350162", "rail"): 30, ("52350162", "walk"): 25, ("52350173", "rail"): 40, ("52350173", "walk"): 3}
HERE = {"group_by": [{"field": "origin", "granularity": {"space_step": 8}}]}


def test_groups_have_numbers_and_sizes() -> None:
    made = gate().statistics(trips(EVEN), asking(), QUERY)
    assert (made.decision.form, made.decision.rule) == ("statistics", "statistics")
    assert mm.validate(made.release).ok
    found = cells(made)
    assert value(found["52350162", "rail"], "count") == 30
    assert found["52350162", "rail"]["group_size"] == 30
    assert found["52350173", "walk"] == {"cell_keys": found["52350173", "walk"]["cell_keys"], "suppressed": True}
    assert made.release is not None
    assert (made.release["suppressed_cells"], made.release["minimum_group"], made.release["noise"]) == (1, 10, "none")


@pytest.mark.full
def test_a_group_is_of_people_not_of_records() -> None:
    frequent = [trip(n, CANARY) for n in range(500)]
    made = gate().statistics(
        [*trips(EVEN), *frequent], asking(), {**QUERY, **HERE, "measures": [{"aggregate_function": "subjects"}]}
    )
    assert value(cells(made)["52350162",], "subjects") == 56
    alone = gate().statistics(frequent, asking(), QUERY)
    assert (alone.decision.rule, alone.release, alone.cells) == ("below-minimum-group", None, [])


def test_one_person_may_not_make_most_of_a_number() -> None:
    frequent = [trip(n, CANARY) for n in range(1000, 1500)]
    made = gate().statistics([*trips(EVEN), *frequent], asking(), QUERY)
    assert cells(made)["52350162", "rail"]["suppressed"]
    assert not cells(made)["52350162", "walk"]["suppressed"]


def test_a_total_does_not_tell_the_one_that_is_hidden() -> None:
    found = cells(gate().statistics(trips(EVEN), asking(), QUERY, totals=True))
    hidden = {k for k, c in found.items() if c["suppressed"]}
    assert ("52350173", "walk") in hidden
    assert len(hidden) >= 4
    assert value(found[()], "count") == 98


def test_without_grouping_there_is_one_number() -> None:
    made = gate().statistics(trips(EVEN), asking(), {k: v for k, v in QUERY.items() if k != "group_by"})
    assert value(cells(made)[()], "subjects") == 98
    assert mm.validate(made.release).ok


def test_no_value_of_a_hidden_group_or_of_a_person_leaves(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    odd = {"mesh_code": "52350199"}
    records = [
        *trips(EVEN),
        trip(1, CANARY, origin=odd, started_at="2026-03-03T03:33:33+09:00"),
        {"type": "Trip", "traveller": CANARY + "!"},
    ]
    made = gate().statistics(records, asking(), QUERY)
    text = json.dumps(made.data()) + repr(made) + caplog.text + json.dumps(made.notes)
    for secret in (CANARY, "canary", "03:33", "urn:machimori:person"):
        assert secret not in text


@pytest.mark.full
def test_energy_is_clamped_to_the_model_and_counted_by_household() -> None:
    def use(n: int, energy: Any, customer: int) -> dict[str, Any]:
        return {
            "type": "ElectricityUse",
            "customer": f"urn:machimori:customer:{customer}",
            "interval_start": "2026-03-03T18:10:00+09:00",
            "energy": energy,
        }

    query = {
        **QUERY,
        "entity": "ElectricityUse",
        "measures": [{"aggregate_function": f, "field": "energy"} for f in ("sum", "mean")],
        "group_by": [{"field": "interval_start", "granularity": {"time_step": "PT1H"}}],
    }
    records = [use(n, 1.5, n) for n in range(40)] + [use(99, -5, 41), use(99, "12", 42)]
    made = gate("power").statistics(records, asking(entity="ElectricityUse"), query)
    cell = cells(made)["2026-03-03T18:00:00+09:00",]
    assert (value(cell, "sum"), value(cell, "mean"), cell["group_size"]) == (60, round(60 / 41, 6), 42)
    assert made.notes["clamped"] == 1
    giant = gate("power").statistics([*records, use(100, 1e300, 43)], asking(entity="ElectricityUse"), query)
    assert giant.decision.rule == "below-minimum-group"  # clamped to 100,000 kWh, it is nearly all of the sum


def test_a_value_that_few_have_hides_its_group() -> None:
    def use(n: int, **more: float) -> dict[str, Any]:
        return {
            "type": "ElectricityUse",
            "customer": f"urn:machimori:customer:{n}",
            "interval_start": "2026-03-03T18:10:00+09:00",
            "energy": 1.0,
            **more,
        }

    query = {
        **QUERY,
        "entity": "ElectricityUse",
        "measures": [{"aggregate_function": "sum", "field": "energy_exported"}],
        "group_by": [],
    }
    query.pop("group_by")
    few = [use(n) for n in range(40)] + [use(n, energy_exported=2.0) for n in range(40, 43)]
    assert gate("power").statistics(few, asking(entity="ElectricityUse"), query).decision.rule == "below-minimum-group"


JUNK = [
    b"{nothing",
    b"[1]",
    b"null",
    b'{"type":"TransitStop"}',
    b'{"type":"Trip"}',
    b'{"type":"Trip","traveller":"urn:x:1","origin":"x","mode":"rail"}',
]


def test_what_cannot_be_read_is_left_out_and_counted() -> None:
    lines = [json.dumps(r).encode() for r in trips(EVEN)]
    made = gate().statistics([*JUNK, *lines], asking(), QUERY)
    assert value(cells(made)["52350162", "rail"], "count") == 30
    assert made.notes == {"counted": 98, "no-value": 1, "other-class": 1, "unreadable": 4}


@pytest.mark.full
@pytest.mark.parametrize(
    "form", ["ndjson", "ndjson.gz", "json", "parquet", "csv", "folder", "list", "bytes", "dicts", "odd[name]*.ndjson"]
)
def test_every_kind_of_source_gives_the_same(form: str, tmp_path: Path) -> None:
    records = many(300, 150)
    text = "\n".join(map(json.dumps, records)).encode()
    path: Any = tmp_path / f"trips.{form}"
    if form == "dicts":
        path = iter(records)
    elif form == "bytes":
        path = text
    elif form == "json":
        path.write_text(json.dumps(records, indent=1))
    elif form == "ndjson.gz":
        path.write_bytes(gzip.compress(text))
    elif form in ("parquet", "csv"):
        plain = tmp_path / "plain.ndjson"
        plain.write_bytes(text)
        if form == "parquet":
            duckdb.sql(f"COPY (SELECT * FROM read_json('{plain}')) TO '{path}' (FORMAT parquet)")
        else:
            with path.open("w", newline="") as stream:
                rows = csv.DictWriter(
                    stream, ["type", "traveller", "mode", "origin.latitude", "origin.longitude"], extrasaction="ignore"
                )
                rows.writeheader()
                rows.writerows({**r, **{f"origin.{k}": v for k, v in r["origin"].items()}} for r in records)
    elif form in ("folder", "list"):
        path = tmp_path / "both"
        path.mkdir()
        (path / "1.ndjson").write_text("\n".join(map(json.dumps, records[:100])))
        (path / "2.json").write_text(json.dumps(records[100:]))
        (path / "notes.txt").write_text("no records")
        path = [path / "1.ndjson", path / "2.json"] if form == "list" else path
    else:
        path.write_bytes(text)
    expected = gate().statistics(records, asking(), QUERY)
    assert expected.cells
    assert gate().statistics(path, asking(), QUERY).cells == expected.cells


@pytest.mark.parametrize("content", [b"\x1f\x8b broken", b"[{]"])
def test_a_file_that_cannot_be_read_is_refused_without_showing_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / ("x.ndjson.gz" if content[:1] == b"\x1f" else "x.json")
    path.write_bytes(content)
    with pytest.raises(UnreadableError):
        gate().statistics(path, asking(), QUERY)
    with pytest.raises(UnreadableError):
        gate().statistics(tmp_path / "none.ndjson", asking(), QUERY)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gate().statistics(trips(EVEN), asking(), QUERY)
    assert list(tmp_path.iterdir()) == []


REFUSED = [
    ("finer-than-granularity", {"group_by": [{"field": "origin", "granularity": {"space_step": 10}}]}),
    ("finer-than-granularity", {"group_by": [{"field": "started_at", "granularity": {"time_step": "PT15M"}}]}),
    ("not-a-multiple", {"group_by": [{"field": "started_at", "granularity": {"time_step": "PT90M"}}]}),
    ("cannot-be-grouped", {"group_by": [{"field": "traveller"}]}),
    ("cannot-be-grouped", {"group_by": [{"field": "route"}]}),
    ("cannot-be-grouped", {"group_by": [{"field": "origin.latitude", "granularity": {"band": 0.0001}}]}),
    ("cannot-be-summed", {"measures": [{"aggregate_function": "sum", "field": "mode"}]}),
    ("measure-needed", {"measures": []}),
    ("field-needed", {"measures": [{"aggregate_function": "mean"}]}),
    ("field-needed", {"measures": [{"aggregate_function": "quantile", "probability": 0.5}]}),
    ("probability-needed", {"measures": [{"aggregate_function": "quantile", "field": "origin.elevation"}]}),
    ("probability-of-quantile", {"measures": [{"aggregate_function": "count", "probability": 0.5}]}),
    ("finer-than-granularity", {"period": {"starts_at": "2026-03-03T08:10:00+09:00", "ends_at": "2026-03-03T09:00:00+09:00"}}),
    ("area-without-code", {"area": {"name": "Minato"}}),
    ("finer-than-granularity", {"area": {"mesh_code": "5235016211"}}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "change"), REFUSED)
def test_a_query_the_model_does_not_allow_is_refused_by_name(reason: str, change: dict[str, Any]) -> None:
    asked = asking("university", purpose="research", fields=["origin", "mode", "started_at", "route", "traveller"])
    with pytest.raises(QueryRefusedError) as caught:
        gate().statistics(trips(EVEN), asked, {**QUERY, **change})
    assert caught.value.reason == reason


@pytest.mark.parametrize("query", [{}, "no JSON", b"[]", {**QUERY, "epsilon": -1}])
def test_what_is_no_query_is_refused(query: Any) -> None:
    with pytest.raises(InvalidDocumentError):
        gate().statistics(trips(EVEN), asking(), query)


def test_a_query_shows_no_field_that_was_not_asked_for() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        gate().statistics(trips(EVEN), asking(fields=["mode"]), QUERY)
    assert (caught.value.reason, caught.value.field) == ("field-not-requested", "origin")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"purpose": "marketing"}, "purpose-not-allowed"),
        ({"purpose": "public_health"}, "purpose-not-allowed"),
        ({"purpose": "mass_surveillance"}, "forbidden-purpose"),
        ({"subject": "urn:machimori:person:1"}, "default-deny"),
        ({"who": "police"}, "default-deny"),
        ({"fields": ["origin", "mode", "nothing"]}, "unclassified-field"),
    ],
)
def test_the_rules_decide(more: dict[str, Any], rule: str) -> None:
    made = gate().statistics(trips(EVEN), asking(**more), QUERY)
    assert (made.decision.rule, made.release, made.cells) == (rule, None, [])


def test_statistics_of_oneself_are_none() -> None:
    me = "urn:machimori:person:1"
    made = gate().statistics(trips(EVEN), asking(me, purpose="resident_access", role="data_subject", subject=me), QUERY)
    assert made.release is None


def test_a_live_request_waits_for_the_end_of_the_step() -> None:
    now = trips({("52350162", "rail"): 30}, start=500, started_at=world.NOW)
    before = trips({("52350162", "rail"): 20}, started_at="2026-04-01T08:59:59+09:00")
    made = gate().statistics([*before, *now], asking(live=True), QUERY)
    assert value(cells(made)["52350162", "rail"], "count") == 20
    assert made.notes["unfinished-step"] == 30


@pytest.mark.full
def test_period_and_area_limit_the_records() -> None:
    records = [*trips(EVEN), *trips({("52350162", "rail"): 50}, start=1000, started_at="2026-03-04T00:00:00+09:00")]
    period = {"starts_at": "2026-03-03T00:00:00+09:00", "ends_at": "2026-03-04T00:00:00+09:00"}
    made = gate().statistics(records, asking(), {**QUERY, "period": period, "area": {"mesh_code": "523501"}})
    assert made.notes == {"outside-period": 50, "outside-area": 98}
    inside = gate().statistics(records, asking(), {**QUERY, "period": period, "area": {"mesh_code": "5235"}})
    assert value(cells(inside)["52350162", "rail"], "count") == 30


@pytest.mark.full
def test_an_emergency_opens_its_area_alone() -> None:
    fields = ["Trip.origin", "Trip.destination", "Trip.mode"]
    order = world.emergency(fields, area=["52350162"])
    holder = world.gate("railway", lines=world.tokens(order))
    records = trips(EVEN, destination={"mesh_code": "52350162"})
    made = holder.statistics(records, asking(purpose="public_health"), QUERY)
    assert (made.decision.rule, made.notes["outside-area"]) == ("emergency-statistics", 43)
    assert {k[0] for k in cells(made)} == {"52350162"}


def test_open_records_are_counted_without_people() -> None:
    records = [{"type": "EvacuationSite", "id": f"urn:machimori:site:{n}", "capacity": 100 + n} for n in range(3)]
    query = {**QUERY, "entity": "EvacuationSite", "measures": [{"aggregate_function": "count"}]}
    query.pop("group_by")
    made = gate().statistics(records, asking("urn:machimori:anyone", "EvacuationSite"), query)
    assert value(cells(made)[()], "count") == 3
    assert made.release is not None
    assert made.release["minimum_group"] == 1
    assert mm.validate(made.release).ok


class TestLedger:
    """What a recipient was given counts against what it may still get."""

    @pytest.mark.full
    def test_it_runs_out(self) -> None:
        holder = gate(ledger=MemoryLedger(budget=2))
        rules = [holder.statistics(trips(EVEN), asking(), QUERY).decision.rule for _ in range(3)]
        assert rules == ["statistics", "statistics", "budget-spent"]

    @pytest.mark.full
    def test_public_bodies_share_one(self) -> None:
        holder = gate(ledger=MemoryLedger(budget=1))
        assert not holder.statistics(trips(EVEN), asking("city"), QUERY).decision.denied
        assert holder.statistics(trips(EVEN), asking("hyogo"), QUERY).decision.rule == "budget-spent"
        assert not holder.statistics(trips(EVEN), asking("university", purpose="research"), QUERY).decision.denied

    @pytest.mark.full
    def test_a_denial_costs_nothing(self) -> None:
        holder = gate(ledger=MemoryLedger(budget=1))
        assert holder.statistics(trips({("52350162", "rail"): 3}), asking(), QUERY).decision.denied
        assert not holder.statistics(trips(EVEN), asking(), QUERY).decision.denied

    @pytest.mark.parametrize("broken", ["left", "charge", "remembered"])
    def test_nothing_is_released_where_it_does_not_answer(self, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
        ledger = MemoryLedger()

        def fails(*_: Any) -> Any:
            raise OSError("no such store")

        monkeypatch.setattr(ledger, broken, fails)
        made = gate(ledger=ledger).statistics(trips(EVEN), asking(), QUERY)
        assert (made.decision.rule, made.release) == ("error", None)

    def test_what_it_remembers_holds_nothing_of_a_record(self) -> None:
        ledger = MemoryLedger()
        gate(ledger=ledger).statistics([*trips(EVEN), trip(1, CANARY)], asking(), QUERY)
        (held,) = ledger.remembered("public", "Trip")
        assert "person" not in held
        assert "canary" not in held
        assert "52350162" not in held


class TestDifferences:
    """Two releases to one recipient may not be subtracted into a small group."""

    FLAT: ClassVar = {k: v for k, v in QUERY.items() if k != "group_by"}
    DAY: ClassVar = {"starts_at": "2026-03-03T00:00:00+09:00", "ends_at": "2026-03-04T00:00:00+09:00"}
    HOUR_LESS: ClassVar = {"starts_at": "2026-03-03T01:00:00+09:00", "ends_at": "2026-03-04T00:00:00+09:00"}

    def records(self, early: int) -> list[dict[str, Any]]:
        return [*trips(EVEN), *trips({("52350162", "rail"): early}, start=900, started_at="2026-03-03T00:30:00+09:00")]

    @pytest.mark.full
    @pytest.mark.parametrize(
        ("early", "rule"),
        [(3, "below-minimum-group"), (9, "below-minimum-group"), (10, "statistics"), (0, "statistics")],
    )
    def test_periods_that_differ_by_a_few_people(self, early: int, rule: str) -> None:
        holder = gate()
        assert not holder.statistics(self.records(early), asking(), {**self.FLAT, "period": self.DAY}).decision.denied
        second = holder.statistics(self.records(early), asking("hyogo"), {**self.FLAT, "period": self.HOUR_LESS})
        assert second.decision.rule == rule
        elsewhere = holder.statistics(
            self.records(early), asking("university", purpose="research"), {**self.FLAT, "period": self.HOUR_LESS}
        )
        assert not elsewhere.decision.denied

    @pytest.mark.full
    def test_of_two_at_once_one_is_given(self) -> None:
        """The second of two queries that were compared with the same past sees the first before it is paid."""
        for _ in range(5):
            holder, started = gate(), Barrier(2)

            def ask(period: dict[str, str], holder: Gate = holder, started: Barrier = started) -> str:
                started.wait()
                asked = {**self.FLAT, "period": period}
                return holder.statistics(self.records(3), asking(), asked).decision.rule

            with ThreadPoolExecutor(2) as pool:
                rules = sorted(pool.map(ask, (self.DAY, self.HOUR_LESS)))
            assert rules == ["below-minimum-group", "statistics"]

    @pytest.mark.full
    def test_a_total_released_before_is_a_total(self) -> None:
        holder = gate()
        assert not holder.statistics(trips(EVEN), asking(), {**QUERY, **HERE}).decision.denied
        assert holder.statistics(trips(EVEN), asking(), QUERY).decision.rule == "below-minimum-group"

    @pytest.mark.full
    def test_and_so_is_one_released_after(self) -> None:
        holder = gate()
        assert not holder.statistics(trips(EVEN), asking(), QUERY).decision.denied
        assert holder.statistics(trips(EVEN), asking(), {**QUERY, **HERE}).decision.rule == "below-minimum-group"

    @pytest.mark.full
    def test_where_no_group_is_small_both_are_given(self) -> None:
        holder, records = gate(), trips({**EVEN, ("52350173", "walk"): 33})
        for query in (QUERY, {**QUERY, **HERE}, QUERY, self.FLAT):
            assert not holder.statistics(records, asking(), query).decision.denied

    @pytest.mark.full
    def test_the_same_again_is_given(self) -> None:
        holder = gate()
        for _ in range(3):
            assert not holder.statistics(trips(EVEN), asking(), QUERY, totals=True).decision.denied
