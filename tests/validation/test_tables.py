"""Parquet and Arrow files get the findings of the same records as lines, by row, in one process or two."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

import machimori as mm
from machimori.cli.run import main

PLACE = {"latitude": 34.68, "longitude": 135.5}
STOP: dict[str, Any] = {"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町", "place": PLACE}
FAULTS: list[dict[str, Any]] = [
    STOP,
    {"place": PLACE | {"latitude": 91.5}},
    {"id": "stop 1"},
    {"type": "Nothing"},
    {"witness": 1},
]
RECORDS = [STOP | fault for fault in FAULTS] * 50


def table() -> pa.Table:
    return pa.Table.from_struct_array(pa.array(RECORDS))


def as_parquet(path: Path) -> None:
    parquet.write_table(table(), path, row_group_size=40)


def as_small_pages(path: Path) -> None:
    parquet.write_table(table(), path, compression="zstd", use_dictionary=False, data_page_version="2.0")


def as_arrow_file(path: Path) -> None:
    with ipc.new_file(path, table().schema) as file:
        file.write_table(table(), max_chunksize=30)


def as_arrow_stream(path: Path) -> None:
    with ipc.new_stream(path, table().schema) as stream:
        stream.write_table(table(), max_chunksize=30)


def by_line(tmp_path: Path) -> list[tuple[str, str, int | None]]:
    lines = tmp_path / "records.ndjson"
    lines.write_text("".join(json.dumps(r) + "\n" for r in RECORDS))
    return [(i.code, i.path, i.line) for i in mm.validate_stream(lines).issues]


@pytest.mark.full
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    "write", [as_parquet, as_small_pages, as_arrow_file, as_arrow_stream], ids=lambda f: f.__name__
)
def test_rows_get_the_findings_of_lines(write: Callable[[Path], None], jobs: int, tmp_path: Path) -> None:
    path = tmp_path / "records"
    write(path)
    report = mm.validate_stream(path, jobs=jobs)
    assert [(i.code, i.path, i.line) for i in report.issues] == by_line(tmp_path)
    assert (report.records, report.invalid) == (len(RECORDS), len(RECORDS) * 4 // 5)
    assert {(i.source, i.column) for i in report.issues} == {(str(path), None)}


@pytest.mark.full
@pytest.mark.parametrize("write", [as_parquet, as_arrow_file, as_arrow_stream], ids=lambda f: f.__name__)
def test_a_stream_in_memory_is_told_by_how_it_begins(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "records")
    report = mm.validate_stream(io.BytesIO((tmp_path / "records").read_bytes()))
    assert [(i.code, i.path, i.line) for i in report.issues] == by_line(tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("write", [as_parquet, as_arrow_file, as_arrow_stream], ids=lambda f: f.__name__)
def test_a_table_comes_through_a_pipe(write: Callable[[Path], None], jobs: int, tmp_path: Path) -> None:
    write(tmp_path / "records")
    os.mkfifo(tmp_path / "pipe")
    content = (tmp_path / "records").read_bytes()
    threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(content), daemon=True).start()
    report = mm.validate_stream(tmp_path / "pipe", jobs=jobs, progress=lambda _: None)
    assert [(i.code, i.path, i.line) for i in report.issues] == by_line(tmp_path)


@pytest.mark.parametrize("write", [as_parquet, as_arrow_file, as_arrow_stream], ids=lambda f: f.__name__)
def test_a_table_that_is_compressed_once_more_is_one_finding(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "records")
    (tmp_path / "packed").write_bytes(gzip.compress((tmp_path / "records").read_bytes()))
    assert [i.code for i in mm.validate_stream(tmp_path / "packed").issues] == ["MM011"]


@pytest.mark.full
@pytest.mark.parametrize("write", [as_parquet, as_arrow_file, as_arrow_stream], ids=lambda f: f.__name__)
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.98])
def test_a_table_cut_short_is_a_finding_and_what_can_be_read_is_judged(
    write: Callable[[Path], None], kept: float, tmp_path: Path
) -> None:
    path = tmp_path / "records"
    write(path)
    content = path.read_bytes()
    path.write_bytes(content[: max(8, int(len(content) * kept))])
    issues = mm.validate_stream(path).issues
    assert (issues[-1].code, issues[-1].source) == ("MM010", str(path))
    assert [(i.code, i.path, i.line) for i in issues[:-1]] == by_line(tmp_path)[: len(issues) - 1]


def test_a_damaged_page_stops_no_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    as_small_pages(tmp_path / "a.parquet")
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    content[40:400] = b"\xff" * 360
    (tmp_path / "a.parquet").write_bytes(content)
    parquet.write_table(pa.Table.from_struct_array(pa.array([STOP | {"id": "stop 1"}])), tmp_path / "b.parquet")
    assert main(["validate", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "a.parquet" in told
    assert "MM010" in told
    assert "b.parquet:1" in told
    assert "not-an-iri" in told


def test_a_table_without_rows_is_a_finding(tmp_path: Path) -> None:
    parquet.write_table(table().slice(0, 0), tmp_path / "empty.parquet")
    assert [i.code for i in mm.validate_stream(tmp_path / "empty.parquet").issues] == ["MM009"]


def test_a_value_of_a_person_is_withheld(tmp_path: Path) -> None:
    use = {"type": "ElectricityUse", "id": "urn:machimori:use:1", "energy": 123456.5, "customer": "Tanaka Hanako"}
    parquet.write_table(pa.Table.from_struct_array(pa.array([use])), tmp_path / "use.parquet")
    told = [i.text() for i in mm.validate_stream(tmp_path / "use.parquet").issues]
    assert len(told) > 4
    assert not any("123456" in text or "Tanaka" in text for text in told)


def test_text_that_is_not_utf_8_is_a_finding_of_its_row(tmp_path: Path) -> None:
    names = pa.array(["港町".encode(), "港町".encode("cp932")])
    columns = {"type": pa.array(["TransitStop"] * 2), "id": pa.array(["urn:x:1", "urn:x:2"]), "name": names}
    parquet.write_table(pa.table(columns), tmp_path / "stops.parquet")
    assert [(i.code, i.line) for i in mm.validate_stream(tmp_path / "stops.parquet").issues] == [("MM002", 2)]


@pytest.mark.full
def test_progress_follows_the_file(tmp_path: Path) -> None:
    as_parquet(tmp_path / "records")
    told: list[int] = []
    assert not mm.validate_stream(tmp_path / "records", progress=told.append).ok
    assert told
    assert max(told) <= (tmp_path / "records").stat().st_size
