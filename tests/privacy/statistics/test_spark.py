"""Spark counts as the embedded engine does, and what is released of its counts is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from pyspark.sql import SparkSession
from tests.privacy.statistics.city import QUERY, asking, cells, gate, many, trip
from tests.privacy.statistics.test_week import BY_HOUR, FLOWS

from machimori.samples import week
from machimori.validation import spark_files

pytestmark = [pytest.mark.enable_socket, pytest.mark.full]
"""Spark talks to its own processes on this machine."""

SUM = {"aggregate_function": "sum", "field": "energy"}
SPACE = [{"field": "origin", "granularity": {"space_step": 8}}]
TRIPS: dict[str, dict[str, Any]] = {
    "squares and modes": QUERY,
    "flows": FLOWS,
    "finer squares": {**QUERY, "group_by": [{"field": "origin", "granularity": {"space_step": 9}}]},
    "hours": {**QUERY, "group_by": [{"field": "started_at", "granularity": {"time_step": "PT1H"}}]},
    "weeks": {**QUERY, "group_by": [{"field": "started_at", "granularity": {"time_step": "P7D"}}, *SPACE]},
    "nothing but a total": {**QUERY, "group_by": []},
    "a period": {
        **QUERY,
        "period": {"starts_at": "2026-03-02T00:00:00+09:00", "ends_at": "2026-03-05T00:00:00+09:00"},
    },
    "an area": {**QUERY, "area": {"mesh_code": "5135"}},
}
ENERGY: dict[str, dict[str, Any]] = {
    "by hour": BY_HOUR,
    "means and quantiles": {
        **BY_HOUR,
        "measures": [
            SUM,
            {"aggregate_function": "mean", "field": "energy"},
            {"aggregate_function": "quantile", "field": "energy", "probability": 0.5},
            {"aggregate_function": "subjects"},
        ],
        "group_by": [{"field": "quality"}],
    },
}


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """One session on this machine, in a zone of its own that must change nothing."""
    settings = {"spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "America/New_York"}
    with spark_files.session(None, 2, settings) as made:
        yield made


def uses(count: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "ElectricityUse",
            "id": f"urn:machimori:use:{n}",
            "customer": f"urn:machimori:customer:{n % 37}",
            "interval_start": f"2026-03-0{n % 3 + 1}T{n % 5:02}:30:00+09:00",
            "energy": (n * 7919 % 1000) / 100,
            "quality": ["measured", "estimated"][n % 2],
        }
        for n in range(count)
    ]


ODD: list[bytes] = [
    b"",
    b"{",
    b"17",
    b"[]",
    b'{"type": "Trip"}',
    b'{"type": "TransitStop", "id": "urn:x:1"}',
    json.dumps(trip(1, "", mode="rail")).encode(),
    json.dumps(trip(2, "urn:x:p", started_at="2026-03-03 08:15:00")).encode(),
    json.dumps(trip(3, "urn:x:p", origin={"latitude": "34.6", "longitude": 135.1})).encode(),
    json.dumps(trip(4, "urn:x:p", origin=None)).encode(),
    json.dumps(trip(5, "urn:x:p", mode="teleport")).encode(),
]


def same(records: Path, df: Any, query: dict[str, Any], *, holder: str = "railway", totals: bool = False) -> bool:
    """Both engines say the same; whether anything was released."""
    entity = query["entity"]
    here, there = (
        gate(holder).statistics(source, asking(entity=entity), query, totals=totals) for source in (records, df)
    )
    assert (there.decision.form, there.decision.rule, there.notes) == (
        here.decision.form,
        here.decision.rule,
        here.notes,
    )
    if here.decision.denied:
        return False
    mine, theirs = cells(here), cells(there)
    assert theirs.keys() == mine.keys()
    for key, cell in mine.items():
        values = {v["aggregate_function"]: v["released_value"] for v in cell.get("cell_values", ())}
        others = {v["aggregate_function"]: v["released_value"] for v in theirs[key].get("cell_values", ())}
        assert theirs[key]["suppressed"] == cell["suppressed"]
        assert others == pytest.approx(values, rel=1e-12)
    return True


@pytest.mark.parametrize("totals", [False, True])
@pytest.mark.parametrize("name", TRIPS)
def test_trips(session: SparkSession, tmp_path: Path, name: str, totals: bool) -> None:
    path = tmp_path / "trips.ndjson"
    within = [{**r, "destination": r["origin"]} for r in many(600, 120)]
    path.write_bytes(b"\n".join([*(json.dumps(r).encode() for r in within), *ODD]))
    assert same(path, session.read.text(str(path), lineSep="\n"), TRIPS[name], totals=totals)


@pytest.mark.parametrize("name", ENERGY)
def test_energy_from_lines_and_from_columns(session: SparkSession, tmp_path: Path, name: str) -> None:
    lines, table = tmp_path / "uses.ndjson", tmp_path / "uses.parquet"
    lines.write_text("\n".join(map(json.dumps, uses(900))))
    columns = pa.table(pa.RecordBatch.from_struct_array(pa.array(uses(900))).to_pydict())
    moments = columns["interval_start"].cast(pa.timestamp("us", "UTC"))
    parquet.write_table(columns.set_column(3, "interval_start", moments), table)
    assert same(lines, session.read.text(str(lines), lineSep="\n"), ENERGY[name], holder="power")
    assert same(lines, session.read.parquet(str(table)), ENERGY[name], holder="power")


def test_a_week_of_every_domain(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "week.ndjson"
    path.write_text("\n".join(map(json.dumps, week.records())))
    df = session.read.text(str(path), lineSep="\n")
    same(path, df, BY_HOUR, holder="power")
    same(path, df, FLOWS)


def test_nothing_of_the_work_is_left_behind(session: SparkSession) -> None:
    gate().statistics(session.createDataFrame([("{}",)], "value string"), asking(), QUERY)
    assert not session.catalog.listTables()
    assert session.conf.get("spark.sql.session.timeZone") == "America/New_York"
