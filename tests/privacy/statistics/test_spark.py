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
from tests.privacy.statistics.city import DAY, HERE, asking, flows, gate, households, load, many, query, trip, trips

from machimori.samples.sampling import sample
from machimori.validation import spark_files

pytestmark = [pytest.mark.enable_socket, pytest.mark.full]
"""Spark talks to its own processes on this machine."""

PLAIN = {
    "type": "StatisticsQuery",
    "id": "urn:machimori:query:9",
    "entity": "WeatherObservation",
    "measures": [
        {"aggregate_function": "count"},
        {"aggregate_function": "mean", "field": "air_temperature"},
        {"aggregate_function": "quantile", "field": "air_temperature", "probability": 0.5},
    ],
    "group_by": [{"field": "observed_at", "granularity": {"time_step": "PT1H"}}],
}


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """One session on this machine, in a zone of its own that must change nothing."""
    settings = {"spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "America/New_York"}
    with spark_files.session(None, 2, settings) as made:
        yield made


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


def same(records: Any, df: Any, query: dict[str, Any], holder: str = "railway") -> Any:
    """Both engines say the same, to the digit."""
    here, there = (gate(holder).statistics(source, asking(entity=query["entity"]), query) for source in (records, df))
    assert (there.decision.form, there.decision.rule, there.notes) == (
        here.decision.form,
        here.decision.rule,
        here.notes,
    )
    assert there.cells == here.cells
    return here


@pytest.mark.parametrize(
    "asked", [flows(DAY), flows(DAY, area=HERE), query("Trip", "modes", DAY)], ids=["open", "closed", "modes"]
)
def test_trips(session: SparkSession, tmp_path: Path, asked: dict[str, Any]) -> None:
    path = tmp_path / "trips.ndjson"
    spelt = [
        {**r, "traveller": r["traveller"].upper() if n % 3 else r["traveller"]} for n, r in enumerate(many(600, 300))
    ]
    spelt += trips({"52350162": 70}, start=5000)
    path.write_bytes(b"\n".join([*(json.dumps(r).encode() for r in spelt), *ODD]))
    made = same(path, session.read.text(str(path), lineSep="\n"), asked)
    assert any(not c["suppressed"] for c in made.cells)


def test_load_from_lines_and_from_columns(session: SparkSession, tmp_path: Path) -> None:
    records = households(70, [3, 4, 40])
    lines, table = tmp_path / "uses.ndjson", tmp_path / "uses.parquet"
    lines.write_text("\n".join(map(json.dumps, records)))
    columns = pa.table(pa.RecordBatch.from_struct_array(pa.array(records)).to_pydict())
    moments = columns["interval_start"].cast(pa.timestamp("us", "UTC"))
    parquet.write_table(columns.set_column(3, "interval_start", moments), table)
    made = same(lines, session.read.text(str(lines), lineSep="\n"), load(), "power")
    assert sum(not c["suppressed"] for c in made.cells) == 3
    same(lines, session.read.parquet(str(table)), load(), "power")


def test_records_about_nobody(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "weather.ndjson"
    path.write_text("\n".join(map(json.dumps, sample("WeatherObservation", 200))))
    here, there = (
        gate("city").statistics(s, asking("university", "WeatherObservation", "research"), PLAIN)
        for s in (path, session.read.text(str(path), lineSep="\n"))
    )
    assert here.cells
    assert len(there.cells) == len(here.cells)
    for mine, theirs in zip(here.cells, there.cells, strict=True):
        values, others = (
            {v["aggregate_function"]: v["released_value"] for v in c["cell_values"]} for c in (mine, theirs)
        )
        assert others == pytest.approx(values, rel=1e-12)


def test_nothing_of_the_work_is_left_behind(session: SparkSession) -> None:
    gate().statistics(session.createDataFrame([("{}",)], "value string"), asking(), flows())
    assert not session.catalog.listTables()
    assert session.conf.get("spark.sql.session.timeZone") == "America/New_York"
