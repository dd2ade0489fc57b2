"""``machimori sample``, ``convert``, ``build`` and ``demo``."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.lazily import Lazily

from machimori.build import javascript
from machimori.cli import build_
from machimori.samples import week

run = Lazily("machimori.build.run")

pytestmark = pytest.mark.full

CSV = (files("machimori.samples") / "evacuation_sites.csv").read_bytes()
CHECKOUT = Path(__file__).parents[2]


def test_samples_are_ndjson_that_complies(call: Call) -> None:
    out = call("sample", "Trip", "--count", 20, "--seed", 3).out
    assert len(out.splitlines()) == 20
    assert out == call("sample", "Trip", "--count", 20, "--seed", 3).out
    assert call("validate", "-", stdin=out.encode()).status == 0


def test_broken_samples_say_on_standard_error_what_they_break(call: Call) -> None:
    answer = call("sample", "Trip", "--count", 12, "--invalid")
    told = [line.split(": ")[1].partition(" (")[0] for line in answer.err.splitlines()]
    found = call("validate", "-", "--as", "Trip", stdin=answer.out.encode()).out.splitlines()[:-1]
    assert told == [" ".join(line.split()[1:3]) for line in found]
    assert len(told) == 12


def test_a_code_alone_means_broken(call: Call) -> None:
    answer = call("sample", "Place", "--code", "MM203", "--lang", "ja")
    assert answer.err == "1行目：MM203 above-maximum（上限超過）\n"


def test_a_scenario_is_written_whole(tmp_path: Path, call: Call) -> None:
    out = tmp_path / "week.ndjson"
    assert call("sample", "--scenario", "week", "-o", out) == (0, "", "")
    assert [json.loads(line) for line in out.read_bytes().splitlines()] == list(week.records())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["Trip", "--scenario", "week"],
        ["--scenario", "week", "--count", "3"],
        ["--scenario", "week", "--seed", "0"],
        ["--scenario", "week", "--invalid"],
    ],
    ids=["neither", "both", "count", "seed", "invalid"],
)
def test_it_is_a_class_or_a_scenario(arguments: list[str], call: Call) -> None:
    answer = call("sample", *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert "either a CLASS" in answer.err
    assert "いずれかを指定" in call("sample", *arguments, "--lang", "ja").err


def test_samples_go_into_a_file_too(tmp_path: Path, call: Call) -> None:
    out = tmp_path / "trips.ndjson"
    assert call("sample", "Trip", "--count", 3, "--out", out).out == ""
    assert out.read_text(encoding="utf-8") == call("sample", "Trip", "--count", 3).out


def test_a_municipal_file_becomes_records_and_says_what_was_lost(tmp_path: Path, call: Call) -> None:
    source, out, report = tmp_path / "sites.csv", tmp_path / "sites.ndjson", tmp_path / "losses.json"
    source.write_bytes(CSV)
    answer = call(
        "convert",
        source,
        "--from",
        "municipal",
        "--to",
        "machimori",
        "-o",
        out,
        "--loss-report",
        report,
        "--lang",
        "ja",
    )
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "10件を書き出し、2件は変換していません\n"
    assert call("validate", out).status == 0
    losses = json.loads(report.read_text(encoding="utf-8"))
    assert (losses["rows"], losses["records"], losses["rows_lost"]) == (12, 10, 2)


def test_conversion_goes_through_pipes(call: Call) -> None:
    ndjson = call("convert", "-", "--from", "municipal", "--to", "machimori", stdin=CSV).out
    answer = call("convert", "-", "--from", "machimori", "--to", "geojson", stdin=ndjson.encode())
    assert answer.status == 0
    assert json.loads(answer.out)["type"] == "FeatureCollection"


def test_the_loss_report_is_text_where_its_name_says_so(tmp_path: Path, call: Call) -> None:
    report = tmp_path / "losses.txt"
    call("convert", "-", "--from", "municipal", "--to", "machimori", "--loss-report", report, stdin=CSV)
    assert "rows not converted: 2" in report.read_text(encoding="utf-8")


def test_records_that_do_not_comply_are_told_and_left_out(call: Call) -> None:
    good = call("sample", "EvacuationSite", "--count", 3).out
    answer = call("convert", "-", "--from", "machimori", "--to", "machimori", stdin=(good + "{}\n[1]\n").encode())
    assert answer.status == 0
    assert [json.loads(line) for line in answer.out.splitlines()] == [json.loads(line) for line in good.splitlines()]
    assert "<stdin>:4:1 MM105" in answer.err
    assert "<stdin>:5:1 MM008" in answer.err
    assert answer.err.endswith("3 records written, 2 not converted\n")


def test_nothing_converted_is_1(call: Call) -> None:
    assert call("convert", "-", "--from", "machimori", "--to", "machimori", stdin=b"{}").status == 1


def test_a_target_that_cannot_be_written_is_2(tmp_path: Path, call: Call) -> None:
    answer = call("convert", "-", "--from", "municipal", "--to", "machimori", "-o", tmp_path, stdin=CSV)
    assert answer.status == 2
    assert f"cannot write {tmp_path}" in answer.err


def test_the_demo_shows_the_three_parts(call: Call) -> None:
    answer = call("demo")
    assert answer.status == 0
    assert "10 evacuation sites made" in answer.out
    assert "10 records: 7 valid, 3 invalid; 3 findings" in answer.out
    assert "value withheld (personal.energy_use)" in answer.out
    assert "Statistics only, groups of 10 or more" in answer.out
    assert "0.42" not in answer.out


@pytest.mark.parametrize("scenario", ["tour", "convert", "validate", "privacy"])
def test_every_scenario_speaks_japanese(scenario: str, call: Call) -> None:
    answer = call("demo", scenario, "--lang", "ja")
    assert answer.status == 0
    assert "続きは：" in answer.out


@pytest.fixture
def model(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "model", tmp_path / "model")
    return tmp_path / "model"


def test_a_fault_of_the_model_is_told_with_its_line_and_remedy(model: Path, tmp_path: Path, call: Call) -> None:
    path = model / "core.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if "mm:privacy: open" in line)
    del lines[at]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = call("build", "--model", model, "--out", tmp_path / "out")
    assert answer.status == 1
    assert answer.out.startswith("core.yaml:")
    assert "MM901 unclassified-field" in answer.out
    assert "    → Add mm:privacy" in answer.out
    assert not (tmp_path / "out").exists()
    assert (
        "区分（mm:privacy）がありません"
        in call("build", "--model", model, "--out", tmp_path / "out", "--lang", "ja").out
    )


def test_yaml_that_cannot_be_read_is_a_fault_with_its_line(model: Path, tmp_path: Path, call: Call) -> None:
    (model / "validation" / "codes.yaml").write_text("codes:\n  MM001: [\n", encoding="utf-8")
    answer = call("build", "--model", model, "--out", tmp_path / "out")
    assert answer.status == 1
    assert answer.out.startswith("validation/codes.yaml:3: MM913 unreadable-model")


@pytest.mark.parametrize(("language", "told"), [("en", "of other JSON Schemas"), ("ja", "作り直してください")])
@pytest.mark.parametrize(
    ("outcome", "status", "ours"),
    [
        (run.Outcome(written=3, outdated_validators=True), 0, None),
        (run.Outcome(stale=["catalogue.json", javascript.VALIDATORS], outdated_validators=True), 1, 1),
        (run.Outcome(stale=[javascript.VALIDATORS], outdated_validators=True), 1, None),
        (run.Outcome(stale=["catalogue.json"]), 1, 1),
        (run.Outcome(unchanged=True), 0, None),
    ],
    ids=["built", "both stale", "validators stale", "ours stale", "unchanged"],
)
def test_what_npm_makes_is_told_with_its_command_and_what_the_build_makes_with_the_build(
    outcome: run.Outcome,
    status: int,
    ours: int | None,
    language: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Call,
) -> None:
    monkeypatch.setattr("machimori.build.run.build", lambda *_, **__: outcome)
    (tmp_path / "model").mkdir()
    answer = call("build", "--model", tmp_path / "model", "--out", tmp_path / "out", "--lang", language)
    assert answer.status == status
    command = javascript.making(tmp_path / "out")
    assert ((told in answer.err) and (command in answer.err)) == outcome.outdated_validators
    assert ("npm" in answer.err) == outcome.outdated_validators
    counted = {"en": f"{ours} artefacts", "ja": f"{ours}件の成果物"}[language]
    assert (counted in answer.err) == ("machimori build" in answer.err) == (ours is not None)


def test_folders_are_found_in_a_checkout_and_asked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert "--model and --out" in call("build").err
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "machimori.yaml").touch()
    (tmp_path / "pyproject.toml").touch()
    assert build_._places(None, None) == (tmp_path / "model", tmp_path / "generated")
    assert build_._places("a", None) == (Path("a"), tmp_path / "generated")


def test_without_the_extra_the_build_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    for name in [m for m in sys.modules if m.startswith("machimori.build.") and "reference" not in m]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "model").mkdir()
    answer = call("build", "--model", tmp_path / "model", "--out", tmp_path / "out")
    assert answer.status == 2
    assert "pip install 'machimori[build]'" in answer.err
