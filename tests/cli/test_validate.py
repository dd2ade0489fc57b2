"""``machimori validate``: files, folders and standard input; a line a finding, or one JSON object."""

from __future__ import annotations

import gzip
import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from tests.cli.conftest import Call

STOP = '{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町"}\n'
WITNESS = '{"type": "TransitStop", "id": "urn:machimori:stop:2", "name": "港町", "witness": 1}\n'
USE = (
    '{"type": "ElectricityUse", "id": "urn:machimori:use:1", "customer": "urn:machimori:customer:17", '
    '"meter": "urn:machimori:meter:1", "interval_start": "2026-04-01T09:00:00+09:00", '
    '"interval_end": "2026-04-01T09:30:00+09:00", "energy": 735420.5}\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "b.ndjson").write_text(STOP + WITNESS, encoding="utf-8")
    (tmp_path / "inner" / "a.json").write_text(WITNESS, encoding="utf-8")
    (tmp_path / "inner" / "c.jsonl.gz").write_bytes(gzip.compress((STOP + STOP + WITNESS).encode()))
    (tmp_path / "notes.txt").write_text("no record", encoding="utf-8")
    return tmp_path


def test_a_line_says_where_what_and_why(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "data.ndjson"
    path.write_text(STOP + WITNESS, encoding="utf-8")
    column = WITNESS.index("1}") + 1
    answer = call("validate", path)
    assert answer.out == (
        f"{path}:2:{column} MM102 unknown-field /witness TransitStop has no field of this name\n"
        "2 records: 1 valid, 1 invalid; 1 finding\n"
    )
    assert answer.err == ""


def test_in_japanese_with_remedies(call: Call) -> None:
    answer = call("validate", "-", "--lang", "ja", "--remedy", stdin=WITNESS.encode())
    assert "MM102 unknown-field /witness TransitStopにこの名前の項目はありません" in answer.out
    assert "    → 取り除くか名前を直してください。" in answer.out
    assert answer.out.endswith("記録1件：適合0件、不適合1件。指摘1件\n")


def test_a_folder_is_all_its_files_of_records_in_order(folder: Path, call: Call) -> None:
    answer = call("validate", folder)
    places = [line.partition(" ")[0].removeprefix(f"{folder}/") for line in answer.out.splitlines()[:-1]]
    assert [p.rpartition(":")[0] for p in places] == ["b.ndjson:2", "inner/a.json:1", "inner/c.jsonl.gz:3"]
    assert answer.out.endswith("6 records: 3 valid, 3 invalid; 3 findings\n")


def test_a_folder_without_any_is_a_finding(tmp_path: Path, call: Call) -> None:
    answer = call("validate", tmp_path)
    assert answer.status == 1
    assert "MM009 empty" in answer.out


def test_several_paths_are_counted_together(folder: Path, call: Call) -> None:
    answer = call("validate", folder / "b.ndjson", "-", stdin=STOP.encode())
    assert answer.status == 1
    assert answer.out.endswith("3 records: 2 valid, 1 invalid; 1 finding\n")


@pytest.mark.full
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_json_report_is_one_object(folder: Path, jobs: int, call: Call) -> None:
    report = json.loads(call("validate", folder, "--format", "json", "--jobs", jobs).out)
    assert {k: v for k, v in report.items() if k != "issues"} == {
        "ok": False,
        "records": 6,
        "invalid": 3,
        "findings": 3,
    }
    assert report["issues"][0] == {
        "code": "MM102",
        "name": "unknown-field",
        "severity": "error",
        "source": f"{folder}/b.ndjson",
        "line": 2,
        "column": WITNESS.index("1}") + 1,
        "entity": "TransitStop",
        "path": "/witness",
        "message": "TransitStop has no field of this name",
        "remedy": "Remove or rename it; what nobody classified cannot be released.",
    }


def test_the_json_report_of_good_data_is_one_object_too(call: Call) -> None:
    report = json.loads(call("validate", "-", "--format", "json", stdin=STOP.encode()).out)
    assert report == {"issues": [], "ok": True, "records": 1, "invalid": 0, "findings": 0}


@pytest.mark.full
def test_a_class_may_be_asked_for(call: Call) -> None:
    assert call("validate", "-", "--as", "Place", stdin=b'{"latitude": 35.1, "longitude": 135.2}').status == 0
    assert "MM108" in call("validate", "-", "--as", "Trip", stdin=STOP.encode()).out


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_personal_value_is_shown_on_request_alone(form: str, call: Call) -> None:
    assert "735420" not in call("validate", "-", "--format", form, stdin=USE.encode()).out
    answer = call("validate", "-", "--format", form, "--show-values", stdin=USE.encode())
    assert "735420.5 is more than 100000 kW.h" in answer.out
    assert "keep this output where the data is" in answer.err


def test_the_shipped_sample_has_three_faults(call: Call) -> None:
    with as_file(files("machimori.samples") / "mixed.ndjson") as path:
        answer = call("validate", path)
    assert answer.status == 1
    assert answer.out.count("MM") == 3
    assert "value withheld (personal.energy_use)" in answer.out


def test_findings_that_say_the_same_are_counted_past_a_number(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "data.ndjson"
    path.write_text(WITNESS * 5, encoding="utf-8")
    answer = call("validate", path, "--max-findings", "2")
    lines = answer.out.splitlines()
    assert [line.split()[1] for line in lines[:2]] == ["MM102", "MM102"]
    assert lines[2:] == ["MM102 /witness 3 more like these", "5 records: 0 valid, 5 invalid; 5 findings"]


@pytest.mark.parametrize(("count", "last"), [(20, ""), (21, "MM102 /witness 21 like these")])
def test_findings_that_fill_the_screen_are_counted_though_all_are_shown(
    count: int, last: str, tmp_path: Path, call: Call
) -> None:
    path = tmp_path / "data.ndjson"
    path.write_text(WITNESS * count, encoding="utf-8")
    lines = call("validate", path).out.splitlines()
    assert lines[count:-1] == [last] * bool(last)


def test_the_first_error_ends_it(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "data.ndjson"
    path.write_text(STOP + WITNESS * 5, encoding="utf-8")
    answer = call("validate", path, path, "--fail-fast")
    assert answer.status == 1
    assert answer.out.count("MM102") == 1


def test_severities_of_ones_own(tmp_path: Path, call: Call) -> None:
    config, data = tmp_path / "machimori.toml", tmp_path / "data.ndjson"
    data.write_text(USE, encoding="utf-8")
    config.write_text('[severity]\nMM203 = "warning"\n', encoding="utf-8")
    assert call("validate", data).status == 1
    eased = call("validate", data, "--severity", config)
    assert (eased.status, eased.out.count("MM203")) == (0, 1)
    config.write_text('[severity]\nMM102 = "off"\n', encoding="utf-8")
    refused = call("validate", data, "--severity", config, "--lang", "ja")
    assert (refused.status, refused.out) == (2, "")
    assert "緩めることはできません" in refused.err


@pytest.mark.parametrize("form", ["junit", "sarif", "earl", "html"])
def test_a_report_goes_into_a_file(form: str, tmp_path: Path, call: Call) -> None:
    data, out = tmp_path / "data.ndjson", tmp_path / "report"
    data.write_text(STOP + WITNESS, encoding="utf-8")
    answer = call("validate", data, "--format", form, "-o", out)
    assert (answer.status, answer.out, answer.err) == (1, "", "")
    assert "MM102" in out.read_text(encoding="utf-8")
    assert call("validate", data, "--format", form, "-o", tmp_path / "none" / "report").status == 2
