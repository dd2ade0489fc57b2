"""Spark finds what one machine finds: the same findings at the same places, and the same counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from pyspark.sql import SparkSession
from tests.agreement.test_examples import CASES, EXAMPLES
from tests.validation.test_bad_input import LINES

import machimori as mm
from machimori.cli.run import main
from machimori.errors import UnknownNameError
from machimori.records.json_text import MAXIMUM_BYTES
from machimori.validation import spark, spark_files
from machimori.validation.judge import Judge

pytestmark = [pytest.mark.enable_socket, pytest.mark.full]
"""Spark talks to its own processes on this machine."""

STOP: dict[str, Any] = {"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町"}


@cache
def every() -> list[bytes]:
    """Every example on one line."""
    return [json.dumps(json.loads((EXAMPLES / c / f).read_text(encoding="utf-8"))).encode() for c, f in CASES]


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """One session on this machine that cuts files small, so that lines are counted over many blocks."""
    settings = {"spark.sql.files.maxPartitionBytes": "65536", "spark.sql.shuffle.partitions": "2"}
    with spark_files.session(None, 2, settings) as made:
        yield made


def found_here(path: Path, entity: str | None = None) -> tuple[list[Any], int, int]:
    report = mm.validate_stream(path, entity)
    return report.issues, report.records, report.invalid


def found_by_spark(path: Path, entity: str | None = None) -> tuple[list[Any], int, int]:
    ((source, report),) = spark_files.reports([str(path)], entity)
    assert source == str(path)
    return report.issues, report.records, report.invalid


def test_every_example_and_every_bad_line_over_many_blocks(session: SparkSession, tmp_path: Path) -> None:
    bad = [text for text, _ in LINES.values() if b"\n" not in text]
    lines = [*every(), b"", *bad, b" \t", b"\r"] * 3
    path = tmp_path / "all.ndjson"
    path.write_bytes(b"\n".join(lines))
    assert path.stat().st_size > 20 * 65536
    assert found_by_spark(path) == found_here(path)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    lines=st.lists(
        st.deferred(lambda: st.sampled_from(every())) | st.binary(max_size=20) | st.just(b""), min_size=1, max_size=40
    )
)
def test_any_lines(session: SparkSession, tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "any.ndjson"
    path.write_bytes(json.dumps(STOP).encode() + b"\n" + b"\n".join(lines))
    assert found_by_spark(path) == found_here(path)


def test_a_line_that_is_too_long_is_a_finding() -> None:
    good = json.dumps(STOP).encode()
    each = [good, b" " * (MAXIMUM_BYTES + 1), good[:-1]]
    found = [issue for run in Judge(None, "", show_values=False).judge(spark._lines(1, each)) for issue in run.issues]
    assert [(i.code, i.line) for i in found] == [("MM007", 2), ("MM001", 3)]


@pytest.mark.parametrize("entity", [None, "TransitStop", "Trip"])
def test_rows_of_a_table(session: SparkSession, tmp_path: Path, entity: str | None) -> None:
    place = {"latitude": 34.68, "longitude": 135.5}
    kinds = [STOP | {"place": place}, STOP, STOP | {"id": "stop 1"}, STOP | {"place": place | {"latitude": 91.0}}]
    path = tmp_path / "stops.parquet"
    parquet.write_table(pa.Table.from_struct_array(pa.array(kinds * 500)), path, row_group_size=100)
    assert found_by_spark(path, entity) == found_here(path, entity)


def test_a_folder_gets_the_report_of_this_machine(
    session: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "港 [1] %41,{x}"
    folder.mkdir()
    bad = json.dumps(STOP | {"witness": 1})
    for name, text in {
        "a b.ndjson": f"{json.dumps(STOP)}\n{bad}\n",
        "array.json": f"[{bad}]",
        "empty.ndjson": "",
        "_hidden.ndjson": f"{bad}\n{bad}\n",
        "blank.ndjson": "\n\n",
        "stop.ttl": "<urn:x:1> a <https://w3id.org/machimori/TransitStop> .",
        "z.jsonl": f"{bad}\n{json.dumps(STOP)}\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    parquet.write_table(pa.Table.from_struct_array(pa.array([STOP | {"witness": 1}])), folder / "p.parquet")
    told = []
    for engine in ("local", "spark"):
        assert main(["validate", str(folder), "--engine", engine, "--format", "json"]) == 1
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert told[0]["findings"] >= 7


def test_findings_are_a_dataframe_and_hold_no_value_of_a_person(session: SparkSession, tmp_path: Path) -> None:
    use = {"type": "ElectricityUse", "id": "urn:machimori:use:1", "energy": 123456.5, "customer": "Tanaka Hanako"}
    path = tmp_path / "uses.ndjson"
    path.write_text("\n".join([json.dumps(STOP), json.dumps(use)]))
    df = session.read.text(str(path))
    rows = spark.validate(df).collect()
    here = mm.validate_stream(path).issues
    assert sorted((r.line, r.code, r.path, r.message, r.message_ja) for r in rows) == sorted(
        (i.line, i.code, i.path, i.text("en"), i.text("ja")) for i in here
    )
    assert not any("123456" in str(r) or "Tanaka" in str(r) for r in rows)
    assert spark.counts(spark.judged(df)) == (2, 1, len(here))


def test_a_frame_made_in_memory_is_judged(session: SparkSession) -> None:
    df = session.createDataFrame(
        [("urn:x:1", "TransitStop", "港町"), ("x", "TransitStop", "本町")], "id string, type string, name string"
    )
    assert [(r.code, r.path) for r in spark.validate(df).collect()] == [("MM207", "/id")]


def test_a_class_that_nobody_knows_is_refused_before_any_work(session: SparkSession) -> None:
    with pytest.raises(UnknownNameError):
        spark.validate(session.range(1), "Nothing")


def test_what_a_task_says_of_an_error_is_its_kind_alone(session: SparkSession) -> None:
    def failing(*_: object) -> Any:
        raise ValueError("Tanaka Hanako")

    error = spark.SparkJudgingError("ValueError")
    assert "Tanaka" not in str(error)
    batches = pa.RecordBatch.from_pydict({spark.VALUE: ["x"], spark.SOURCE: ["f"], spark.BLOCK: [0]})
    judge = type("Failing", (), {"judge": failing})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spark, "_judge", lambda *_: judge())
        with pytest.raises(spark.SparkJudgingError) as caught:
            list(spark._judged([batches], (None, False, ())))
    assert str(caught.value) == str(error)
    assert caught.value.__cause__ is None
