"""What ``Gate.statistics`` answers, and what never leaves."""

from __future__ import annotations

import csv
import gzip
import json
import logging
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.privacy.gate import world
from tests.privacy.statistics.city import (
    CANARY,
    DAY,
    HERE,
    HOUR,
    asking,
    cells,
    flows,
    gate,
    households,
    load,
    many,
    query,
    trip,
    trips,
    value,
)  # fmt: skip

import machimori as mm
from machimori.catalogue import catalogue
from machimori.errors import InvalidDocumentError, UnreadableError
from machimori.privacy.statistics import MemoryLedger, QueryRefusedError
from machimori.privacy.statistics.cells import PLACES
from machimori.privacy.statistics.kept import MemoryKept

EVEN = {"52350162": 60, "52350173": 80, "52350174": 3}


def at(cell: dict[str, Any], field: str) -> str:
    """What a cell is set apart by in a field."""
    return next(str(k["key_value"]) for k in cell["cell_keys"] if k["field"] == field)


def test_cells_have_figures_and_say_how_they_were_made() -> None:
    made = gate().statistics(trips(EVEN), asking(), flows(area=HERE))
    assert (made.decision.form, made.decision.rule) == ("statistics", "statistics")
    assert mm.validate(made.release).ok, mm.validate(made.release).issues
    assert made.release is not None
    looks = made.release["looks"]
    assert made.release["table"] == "flows"
    assert made.release["noise"] == "cell_key_method"
    assert 2 * looks <= made.release["noise_variance"] < 2 * looks + 0.4
    assert made.release["minimum_group"] == 10
    assert 0 <= made.release["expected_empty_share"] < 1
    assert made.release["settled_at"] == "2026-04-01T09:00:00+09:00"
    shown = [c for c in made.cells if not c["suppressed"]]
    assert {at(c, "origin") for c in shown} >= {"52350162", "52350173"}
    assert all(c["group_size"] >= 10 + looks for c in shown)
    assert all(abs(c["group_size"] - 60) <= 25 or abs(c["group_size"] - 80) <= 25 for c in shown)


def test_the_same_question_is_answered_the_same_for_ever_whoever_asks() -> None:
    holder = gate()
    first = holder.statistics(trips(EVEN), asking(), flows())
    for who, purpose in (("city", "city_planning"), ("university", "research"), ("hyogo", "transport_planning")):
        again = holder.statistics(trips({"52350162": 200}, start=500), asking(who, purpose=purpose), flows())
        assert again.cells == first.cells
    assert holder.statistics([], asking(), flows()).cells == first.cells


def test_open_domains_list_shown_cells_alone() -> None:
    made = gate().statistics(trips({"52350162": 60, "52350173": 80}), asking(), flows())
    assert made.release is not None
    assert "suppressed_cells" not in made.release
    assert [c["suppressed"] for c in made.cells] == [False, False]


def test_places_too_fine_for_their_people_are_not_listed_at_all() -> None:
    sparse = trips({"52350162": 60} | {f"5235{n}": 1 for n in range(1101, 1140)})
    assert gate().statistics(sparse, asking(), flows()).decision.rule == "below-minimum-group"


def test_closed_domains_list_every_cell_and_nobody_sees_which_are_empty() -> None:
    made = gate().statistics(trips(EVEN), asking(), flows(area={"mesh_code": "52350162"}))
    assert made.release is None  # no trip both begins and ends there
    inside = trips({"52350173": 90}, destination={"mesh_code": "52350173"})
    asked = flows(DAY, area={"mesh_code": "52350173"})
    made = gate().statistics(inside, asking(), asked)
    assert len(made.cells) == 24
    hidden = [c for c in made.cells if c["suppressed"]]
    assert len(hidden) == 23
    assert all(c.keys() == {"cell_keys", "suppressed"} for c in hidden)
    assert made.release is not None
    assert made.release["suppressed_cells"] == 23


@pytest.mark.parametrize("people", range(10))
def test_nobody_and_a_few_are_the_same_answer(people: int) -> None:
    elsewhere = trips({"52350173": 40}, start=900, started_at="2026-03-02T08:15:00+09:00")
    made = gate().statistics([*elsewhere, *trips({"52350162": people})], asking(), flows(area=HERE))
    nobody = gate().statistics(elsewhere, asking(), flows(area=HERE))
    assert nobody.decision.rule == "below-minimum-group"
    if people < 8:  # nine may be shown, as may an empty cell
        assert made.data() == nobody.data()


def test_no_value_of_a_person_leaves(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    records = [
        *trips(EVEN),
        trip(1, CANARY, origin={"mesh_code": "52350199"}, started_at="2026-03-03T03:33:33+09:00"),
        {"type": "Trip", "traveller": CANARY + "!"},
    ]
    holder = gate()
    made = holder.statistics(records, asking(), flows(DAY, area=HERE))
    kept = "".join(repr(v) for v in vars(holder.kept).values())
    text = json.dumps(made.data()) + repr(made) + caplog.text + json.dumps(made.notes) + kept
    for secret in (CANARY, "canary", "03:33", "urn:machimori:person"):
        assert secret not in text


GRIDLESS = [
    flows() | {"group_by": [{"field": "mode"}]},
    flows() | {"group_by": [*flows()["group_by"], {"field": "mode"}]},
    flows() | {"group_by": flows()["group_by"][:2]},
    flows() | {"group_by": [*flows()["group_by"][:2], {"field": "destination", "granularity": {"space_step": 6}}]},
    flows() | {"group_by": [{"field": "traveller"}]},
    {k: v for k, v in flows().items() if k != "group_by"},
    flows({**HOUR, "ends_at": "2026-03-03T09:30:00+09:00"}),
    flows({**HOUR, "starts_at": "2026-03-03T07:59:00+09:00"}),
    flows() | {"measures": [*flows()["measures"], flows()["measures"][0]]},
    flows() | {"measures": [{"aggregate_function": "sum", "field": "mode"}]},
    load() | {"measures": [{"aggregate_function": "quantile", "field": "energy", "probability": 0.51}]},
    load() | {"measures": [{"aggregate_function": "sum", "field": "energy_exported"}]},
    load(area=HERE),
]


@pytest.mark.parametrize("number", range(len(GRIDLESS)))
def test_what_no_table_has_is_off_grid_and_the_nearest_is_named(number: int) -> None:
    asked = GRIDLESS[number]
    held = ["origin", "destination", "mode", "started_at"] if asked["entity"] == "Trip" else []
    wants = asking("university", asked["entity"], "research", **({"fields": held} if held else {}))
    holder = gate("railway" if held else "power")
    if any(g["field"] == "traveller" for g in asked.get("group_by", ())):
        with pytest.raises(QueryRefusedError):
            holder.statistics(trips(EVEN), wants, asked)
        return
    made = holder.statistics(trips(EVEN), wants, asked)
    assert (made.decision.rule, made.release) == ("off-grid", None)
    assert made.nearest in catalogue.class_(asked["entity"]).statistics.tables
    assert made.data()["nearest"] == made.nearest


def test_a_class_without_tables_has_no_statistics() -> None:
    asked = {**flows(), "entity": "ConsentRecord", "measures": [{"aggregate_function": "count"}]}
    asked.pop("group_by")
    made = gate().statistics([], asking("urn:machimori:org:railway", "ConsentRecord", "service_provision"), asked)
    assert made.release is None


class TestSettling:
    """A step is answered when it is over, and then for ever."""

    def at(self, moment: str, kept: MemoryKept | None = None, **more: Any) -> Any:
        from machimori.standards.time import moment as seconds_of

        found = seconds_of(moment)
        assert found is not None
        holder = gate("power", clock=lambda: found, **({"kept": kept} if kept else {}))
        return holder.statistics(households(60), asking(entity="ElectricityUse", **more), load())

    @pytest.mark.parametrize(
        ("moment", "rule"),
        [
            ("2026-03-03T12:00:00+09:00", "not-settled"),
            ("2026-03-04T00:00:00+09:00", "not-settled"),
            ("2026-03-04T23:59:59+09:00", "not-settled"),
            ("2026-03-05T00:00:00+09:00", "statistics"),
        ],
    )
    def test_no_sooner_than_the_settling_time(self, moment: str, rule: str) -> None:
        assert self.at(moment).decision.rule == rule

    def test_a_live_request_gets_what_is_settled_by_then(self) -> None:
        made = self.at("2026-03-04T12:00:00+09:00", live=True)
        assert len(made.cells) == 24
        assert self.at("2026-03-03T23:00:00+09:00", live=True).decision.rule == "not-settled"

    def test_what_was_told_before_is_told_again_with_the_rest(self) -> None:
        kept = MemoryKept(bytes(32))
        part = self.at("2026-03-04T12:00:00+09:00", kept, live=True)
        whole = self.at("2026-03-06T00:00:00+09:00", kept)
        assert whole.cells[: len(part.cells)] == part.cells
        assert len(whole.cells) == 48

    def test_the_first_call_settles_every_table_of_its_steps(self) -> None:
        from machimori.catalogue import catalogue

        statistics = catalogue.class_("ElectricityUse").statistics
        assert statistics is not None
        kept = MemoryKept(bytes(32))
        self.at("2027-03-06T00:00:00+09:00", kept)
        month = {"starts_at": "2026-03-01T00:00:00+09:00", "ends_at": "2026-04-01T00:00:00+09:00"}
        tables = {t for _, t, _ in kept._figures}
        assert tables == {n for n, t in statistics.tables.items() if t.step in ("PT30M", "PT1H", "P1D")}
        for name in statistics.tables:
            holder = gate("power", clock=lambda: world.AT + 40 * 86400, kept=kept)
            holder.statistics(households(60), asking(entity="ElectricityUse"), query("ElectricityUse", name, month))
        assert {t for _, t, _ in kept._figures if not t.endswith(PLACES)} == set(statistics.tables)

    def test_records_of_another_class_settle_nothing(self) -> None:
        kept = MemoryKept(bytes(32))
        holder = gate("power", kept=kept)
        assert holder.statistics(trips(EVEN), asking(entity="ElectricityUse"), load()).decision.denied
        assert not kept._figures
        assert not holder.statistics(households(60), asking(entity="ElectricityUse"), load()).decision.denied

    def test_without_a_period_there_is_no_answer(self) -> None:
        """The number of its steps would say when the first and the last record are."""
        made = gate("power").statistics(households(60, [3]), asking(entity="ElectricityUse"), load(None))
        assert (made.decision.rule, made.nearest) == ("off-grid", "half-hour")


JUNK = [
    b"{nothing",
    b"[1]",
    b"null",
    b'{"type":"TransitStop"}',
    b'{"type":"Trip"}',
    b'{"type":"Trip","traveller":"urn:x:1","traveller":"urn:x:2","started_at":"2026-03-03T08:15:00+09:00"}',
    b'{"type":"Trip","traveller":"urn:x:1","travell\\u0065r":"urn:x:2","started_at":"2026-03-03T08:15:00+09:00"}',
    b'{"type":"Trip","traveller":"urn:x:1 ","started_at":"2026-03-03T08:15:00+09:00"}',
    b'{"type":"Trip","traveller":"x","started_at":"2026-03-03T08:15:00+09:00"}',
    b'{"type":"Trip","traveller":"urn:x:1","started_at":"yesterday"}',
]


def test_what_cannot_be_read_is_left_out_and_counted() -> None:
    lines = [json.dumps(r).encode() for r in trips(EVEN)]
    made = gate().statistics([*JUNK, *lines], asking(), flows(area=HERE))
    assert made.cells == gate().statistics(lines, asking(), flows(area=HERE)).cells
    assert made.notes == {"counted": 143, "other-class": 1, "unreadable": 9}


def test_one_person_under_many_spellings_is_one() -> None:
    spelt = ["urn:x:Ab", "URN:x:ab", "urn:x:%41b", "urn:x:ab/", "urn:x:ab#1", "urn:x:aB#x"]
    records = [trip(n, spelt[n % 6]) for n in range(600)]
    others = trips({"52350162": 30})
    alone = gate().statistics([*others, trip(1, "urn:x:ab")], asking(), flows(area=HERE))
    many_ = gate().statistics([*others, *records], asking(), flows(area=HERE))
    sizes = [{at(c, "origin"): c.get("group_size") for c in m.cells} for m in (alone, many_)]
    assert sizes[0] == sizes[1]


@pytest.mark.full
@pytest.mark.parametrize(
    "form", ["ndjson", "ndjson.gz", "json", "parquet", "csv", "folder", "list", "bytes", "dicts", "odd[name]*.ndjson"]
)
def test_every_kind_of_source_gives_the_same(form: str, tmp_path: Path) -> None:
    records = many(600, 300)
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
                named = [f"{place}.{axis}" for place in ("origin", "destination") for axis in ("latitude", "longitude")]
                rows = csv.DictWriter(
                    stream, ["type", "traveller", "mode", "started_at", *named], extrasaction="ignore"
                )
                rows.writeheader()
                rows.writerows(
                    {**r, **{f"{p}.{k}": v for p in ("origin", "destination") for k, v in r[p].items()}}
                    for r in records
                )
    elif form in ("folder", "list"):
        path = tmp_path / "both"
        path.mkdir()
        (path / "1.ndjson").write_text("\n".join(map(json.dumps, records[:100])))
        (path / "2.json").write_text(json.dumps(records[100:]))
        (path / "notes.txt").write_text("no records")
        path = [path / "1.ndjson", path / "2.json"] if form == "list" else path
    else:
        path.write_bytes(text)
    asked = flows(DAY)
    expected = gate().statistics(records, asking(), asked)
    assert expected.cells
    assert gate().statistics(path, asking(), asked).cells == expected.cells


@pytest.mark.parametrize("content", [b"\x1f\x8b broken", b"[{]"])
def test_a_file_that_cannot_be_read_is_refused_without_showing_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / ("x.ndjson.gz" if content[:1] == b"\x1f" else "x.json")
    path.write_bytes(content)
    holder = gate()
    with pytest.raises(UnreadableError):
        holder.statistics(path, asking(), flows())
    with pytest.raises(UnreadableError):
        holder.statistics(tmp_path / "none.ndjson", asking(), flows())
    assert not holder.statistics(
        trips({"52350162": 80}), asking(), flows()
    ).decision.denied  # nothing was settled by them


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gate().statistics(trips(EVEN), asking(), flows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", ["secret", "found", "keep"])
def test_nothing_is_released_where_what_is_kept_does_not_answer(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = MemoryKept()

    def fails(*_: Any) -> Any:
        raise OSError("no such store")

    monkeypatch.setattr(kept, broken, fails)
    made = gate(kept=kept).statistics(trips(EVEN), asking(), flows())
    assert (made.decision.rule, made.release) == ("error", None)


@pytest.mark.parametrize("asked", [{}, "no JSON", b"[]", {**flows(), "epsilon": -1}])
def test_what_is_no_query_is_refused(asked: Any) -> None:
    with pytest.raises(InvalidDocumentError):
        gate().statistics(trips(EVEN), asking(), asked)


def test_a_query_shows_no_field_that_was_not_asked_for() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        gate().statistics(trips(EVEN), asking(fields=["mode"]), flows())
    assert caught.value.reason == "field-not-requested"


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"purpose": "marketing"}, "purpose-not-allowed"),
        ({"purpose": "public_health"}, "purpose-not-allowed"),
        ({"purpose": "mass_surveillance"}, "forbidden-purpose"),
        ({"subject": "urn:machimori:person:1"}, "default-deny"),
        ({"who": "police"}, "default-deny"),
        ({"fields": ["origin", "destination", "started_at", "nothing"]}, "unclassified-field"),
    ],
)
def test_the_rules_decide(more: dict[str, Any], rule: str) -> None:
    made = gate().statistics(trips(EVEN), asking(**more), flows())
    assert (made.decision.rule, made.release, made.cells) == (rule, None, [])


def test_statistics_of_oneself_are_none() -> None:
    me = "urn:machimori:person:1"
    made = gate().statistics(
        trips(EVEN), asking(me, purpose="resident_access", role="data_subject", subject=me), flows()
    )
    assert made.release is None


@pytest.mark.full
def test_an_emergency_opens_its_area_alone() -> None:
    fields = ["Trip.origin", "Trip.destination", "Trip.started_at"]
    order = world.emergency(fields, area=["52350162"])
    holder = world.gate("railway", lines=world.tokens(order))
    records = [*trips(EVEN), *trips({"52350162": 70}, start=900, destination={"mesh_code": "52350162"})]
    made = holder.statistics(records, asking(purpose="public_health"), flows())
    assert made.decision.rule == "emergency-statistics"
    assert {(at(c, "origin"), at(c, "destination")) for c in made.cells} == {("52350162", "52350162")}


def test_open_records_are_counted_without_people() -> None:
    records = [{"type": "EvacuationSite", "id": f"urn:machimori:site:{n}", "capacity": 100 + n} for n in range(3)]
    asked = {**flows(), "entity": "EvacuationSite", "measures": [{"aggregate_function": "count"}]}
    asked.pop("group_by")
    asked.pop("period")
    made = gate().statistics(records, asking("urn:machimori:anyone", "EvacuationSite"), asked)
    assert value(cells(made)[()], "count") == 3
    assert made.release is not None
    assert (made.release["minimum_group"], made.release["noise"]) == (1, "none")
    assert mm.validate(made.release).ok


REFUSED = [
    ("cannot-be-summed", {"measures": [{"aggregate_function": "sum", "field": "type"}]}),
    ("measure-needed", {"measures": []}),
    ("field-needed", {"measures": [{"aggregate_function": "mean"}]}),
    ("field-needed", {"measures": [{"aggregate_function": "quantile", "probability": 0.5}]}),
    ("probability-of-quantile", {"measures": [{"aggregate_function": "count", "probability": 0.5}]}),
    ("no-data-subject", {"measures": [{"aggregate_function": "subjects"}]}),
    ("area-without-code", {"area": {"name": "Minato"}}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "change"), REFUSED)
def test_a_query_the_model_does_not_allow_is_refused_by_name(reason: str, change: dict[str, Any]) -> None:
    asked = {**flows(), "entity": "WeatherObservation", "measures": [{"aggregate_function": "count"}], **change}
    asked.pop("period")
    if "group_by" not in change:
        asked.pop("group_by")
    with pytest.raises(QueryRefusedError) as caught:
        gate().statistics([], asking("university", "WeatherObservation", "research"), asked)
    assert caught.value.reason == reason


def test_figures_cost_nothing() -> None:
    ledger = MemoryLedger(rho=0)
    assert not gate(ledger=ledger).statistics(trips({"52350162": 80}), asking(), flows()).decision.denied
