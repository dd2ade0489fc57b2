"""``machimori statistics`` and ``machimori disclose``: from files to a table, JSON, NDJSON and an exit status."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Call
from tests.privacy.gate import world
from tests.privacy.statistics.city import CANARY, DAY, HOUR, asking, flows, households, load, query, trip, trips
from tests.programs import POSIX

import machimori as mm

EVEN = {"52350162": 60, "52350173": 80}
"""Trips of so many people from each square, all to one: no draw takes either flow below the group, or the smaller above the other."""
LATER = "2026-03-03T11:15:00+09:00"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    found = {
        "records": tmp_path / "trips.ndjson",
        "request": tmp_path / "request.json",
        "holder": tmp_path / "holder.json",
        "query": tmp_path / "query.json",
        "store": tmp_path / "gate.db",
    }
    found["records"].write_text("\n".join(map(json.dumps, [*trips(EVEN), trip(9999, CANARY, started_at=LATER)])))
    found["request"].write_text(json.dumps(asking()))
    found["holder"].write_text(json.dumps(world.holding("railway")))
    found["query"].write_text(json.dumps(flows()))
    return found


def counted(call: Call, files: dict[str, Any], *more: object) -> Any:
    named = [f"--{n}={files[n]}" for n in ("request", "holder", "query", "store")]
    return call("statistics", files["records"], *named, f"--now={world.NOW}", *more)


def test_a_table_with_bars_says_how_it_was_made(call: Call, files: dict[str, Any]) -> None:
    answer = counted(call, files)
    assert answer.status == 0
    assert "█" * 24 in answer.out
    made = json.loads(counted(call, files, "--json").out)
    looks, out = made["looks"], " ".join(answer.out.split())
    for said in (
        "table flows: ",
        f"shown from {10 + looks} persons or households on (10, and {looks} looks)",
        f"noise: Cell key method, of variance {made['noise_variance']:g}",
        f"settled {made['settled_at']}: the same for everyone, for ever",
    ):
        assert said in out
    assert "suppressed" not in out  # of squares without an area nobody can list those that are hidden
    assert "counted 141" in answer.err
    assert CANARY not in answer.out + answer.err


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("{hidden} of {whole} groups suppressed", "at most {share} may be expected to be empty")),
        ("ja", ("{whole}集団のうち{hidden}を秘匿", "表示した集団のうち空と見込まれるもの：多くとも{share}")),
    ],
)
def test_where_all_groups_are_known_each_is_listed(
    language: str, said: tuple[str, str], call: Call, files: dict[str, Any]
) -> None:
    files["query"].write_text(json.dumps(query("Trip", "modes", DAY)))
    made = json.loads(counted(call, files, "--json").out)
    hidden, whole = made["suppressed_cells"], len(made["cells"])
    assert 0 < hidden < whole
    answer = counted(call, files, "--lang", language)
    assert answer.status == 0
    out = " ".join(answer.out.split())
    share = f"{made['expected_empty_share']:.1%}"
    assert all(part.format(hidden=hidden, whole=whole, share=share) in out for part in said)
    assert answer.out.count({"en": "suppressed", "ja": "秘匿"}[language]) == hidden + 1


def test_the_table_in_japanese(call: Call, files: dict[str, Any]) -> None:
    answer = counted(call, files, "--lang", "ja")
    assert "確定。誰が求めても" in answer.out
    assert "ノイズ：セルキー法" in answer.out
    assert "集計 141" in answer.err


def test_a_quantile_is_shown_as_its_band(call: Call, files: dict[str, Any]) -> None:
    files["records"].write_text("\n".join(map(json.dumps, households(60, range(2)))))
    files["request"].write_text(json.dumps(asking(entity="ElectricityUse")))
    files["holder"].write_text(json.dumps(world.holding("power")))
    files["query"].write_text(json.dumps(load({**DAY, "ends_at": "2026-03-03T01:00:00+09:00"})))
    cells = json.loads(counted(call, files, "--json").out)["cells"]
    out = counted(call, files).out
    bands = [v for c in cells for v in c["cell_values"] if v["aggregate_function"] == "quantile"]
    assert len(bands) == 6
    for band in bands:
        assert f"{band['released_value']:g}–{band['released_upper']:g}" in out
    assert all(f"energy {p}" in " ".join(out.split()) or str(p) in out for p in (0.25, 0.5, 0.9))


def test_the_other_choice_says_its_noise_and_no_table(call: Call, files: dict[str, Any]) -> None:
    files["records"].write_text("\n".join(map(json.dumps, trips({"52350162": 2000}))))
    count = [{"aggregate_function": "count"}]
    files["query"].write_text(json.dumps(query("Trip", "modes", DAY, measures=count, epsilon=1.0)))
    answer = counted(call, files)
    assert answer.status == 0
    assert "groups under 10 persons or households are suppressed; noise: " in " ".join(answer.out.split())
    assert "settled" not in answer.out
    assert (
        "10人（世帯）未満の集団を秘匿" in counted(call, {**files, "store": f"{files['store']}.2"}, "--lang", "ja").out
    )


@pytest.mark.full
def test_json_is_a_release(call: Call, files: dict[str, Any], tmp_path: Path) -> None:
    answer = counted(call, files, "--json")
    assert mm.validate(answer.out.encode()).ok
    out, files["store"] = tmp_path / "release.json", tmp_path / "other.db"
    assert counted(call, files, "-o", out).status == 0
    assert mm.validate(out.read_bytes()).ok


def test_statistics_of_a_store_that_lost_them_are_status_2(call: Call, files: dict[str, Any], tmp_path: Path) -> None:
    assert counted(call, files).status == 0
    with closing(sqlite3.connect(tmp_path / "gate.db")) as connection, connection:
        connection.execute("DELETE FROM kept")
    for language, said in (("en", "some of them are missing"), ("ja", "統計の一部が失われています")):
        answer = counted(call, files, "--json", "--lang", language)
        assert (answer.status, answer.out) == (2, "")
        assert said in answer.err


def test_the_same_question_has_the_same_answer_whatever_has_come_in_since(call: Call, files: dict[str, Any]) -> None:
    first = json.loads(counted(call, files, "--json").out)["cells"]
    files["records"].write_text("\n".join(map(json.dumps, trips({"52350162": 200}, start=500))))
    assert json.loads(counted(call, files, "--json").out)["cells"] == first


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the nearest table is modes; machimori statistics --tables Trip lists all"),
        ("ja", "最も近い統計表はmodes。全ての統計表は machimori statistics --tables Trip"),
    ],
)
def test_a_query_that_no_table_answers_is_told_the_nearest(
    language: str, said: str, call: Call, files: dict[str, Any]
) -> None:
    files["query"].write_text(json.dumps({**flows(), "group_by": [{"field": "mode"}]}))
    answer = counted(call, files, "--lang", language)
    assert answer.status == 1
    assert "off-grid" in answer.out
    assert said in answer.err
    answer = counted(call, files, "--json")
    assert json.loads(answer.out)["rule"] == "off-grid"
    assert "the nearest table is modes" in answer.err


def test_what_is_listed_is_answered(call: Call, files: dict[str, Any]) -> None:
    told = json.loads(call("statistics", "--tables", "Trip", "--json").out)
    asked = next(t["query"] for t in told["tables"] if t["name"] == "flows")
    files["query"].write_text(json.dumps({**asked, "period": HOUR}))
    answer = counted(call, files, "--json")
    assert (answer.status, json.loads(answer.out)["table"]) == (0, "flows")


def test_a_step_whose_records_may_still_come_in_is_not_answered(call: Call, files: dict[str, Any]) -> None:
    late = {"starts_at": "2026-04-01T07:00:00+09:00", "ends_at": "2026-04-01T08:00:00+09:00"}
    files["query"].write_text(json.dumps(flows(late)))
    answer = counted(call, files, "--json")
    assert (answer.status, json.loads(answer.out)["rule"]) == (1, "not-settled")
    assert "nearest" not in answer.err


def test_a_denial_is_status_1_and_shows_no_number(call: Call, files: dict[str, Any]) -> None:
    files["request"].write_text(json.dumps(asking(purpose="marketing")))
    answer = counted(call, files, "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["rule"] == "purpose-not-allowed"
    files["request"].write_text(json.dumps(asking(epsilon=0.5)))
    assert json.loads(counted(call, files, "--budget", "0.4", "--json").out)["rule"] == "budget-spent"


def test_a_query_that_cannot_be_asked_is_status_2(call: Call, files: dict[str, Any]) -> None:
    files["query"].write_text(json.dumps(load()))
    answer = counted(call, files)
    assert (answer.status, answer.out) == (2, "")
    assert "class" in answer.err
    assert "クラス" in counted(call, files, "--lang", "ja").err
    files["query"].write_text("{}")
    assert counted(call, files).status == 2


def disclosed(call: Call, files: dict[str, Any], *more: object, **request: Any) -> Any:
    files["request"].write_text(json.dumps(world.request(**{"entity": "Trip", "form": "identified", **request})))
    return call(
        "disclose",
        files["records"],
        f"--request={files['request']}",
        f"--holder={files['holder']}",
        f"--store={files['store']}",
        f"--now={world.NOW}",
        *more,
    )


MINE = {"who": CANARY, "purpose": "resident_access", "role": "data_subject", "subject": CANARY}


def test_one_gets_what_is_ones_own(call: Call, files: dict[str, Any]) -> None:
    answer = disclosed(call, files, **MINE)
    assert answer.status == 0
    (line,) = answer.out.splitlines()
    assert json.loads(line)["traveller"] == CANARY
    assert "released 1; left out: other-person 140" in answer.err
    assert "own-data" in answer.err


@pytest.mark.parametrize("form", ["with a mark", "indented", "an array", "lines"])
def test_the_command_releases_what_the_gate_does(form: str, call: Call, files: dict[str, Any]) -> None:
    mine = [trip(n, CANARY) for n in range(3)]
    files["records"].write_text(
        {
            "with a mark": "\ufeff" + "\n".join(map(json.dumps, mine)),
            "indented": "\n".join(json.dumps(m, indent=2) for m in mine),
            "an array": json.dumps(mine),
            "lines": "\n".join(map(json.dumps, mine)),
        }[form],
        encoding="utf-8",
    )
    answer = disclosed(call, files, **MINE)
    gate = mm.Gate(json.loads(files["holder"].read_text()), clock=lambda: world.AT)
    given = list(gate.disclose(files["records"], files["request"].read_text()))
    assert answer.out.encode().splitlines() == given
    assert len(given) == 3


def test_a_refused_disclosure_gives_nothing(call: Call, files: dict[str, Any]) -> None:
    answer = disclosed(call, files, who="city", purpose="city_planning")
    assert (answer.status, answer.out) == (1, "")
    assert "no-bulk-trace" in answer.err


LAB = {
    "who": "railway",
    "purpose": "research",
    "role": "own_service",
    "form": "pseudonymised",
    "fields": ["traveller", "mode"],
}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    secrets = {"2026-03": b"a" * 32, "2026-04": b"b" * 32}
    path.write_text(
        json.dumps(
            {
                "keys": [
                    {"id": i, "secret": base64.urlsafe_b64encode(s).decode().rstrip("=")} for i, s in secrets.items()
                ]
            }
        )
    )
    path.chmod(0o600)
    return path


def test_pseudonyms_need_the_holders_key(call: Call, files: dict[str, Any], keys: Path) -> None:
    files["holder"].write_text(json.dumps(world.holding("railway")))
    assert disclosed(call, files, **LAB).status == 1
    answer = disclosed(call, files, f"--keys={keys}", **LAB)
    assert answer.status == 0
    assert "urn:machimori:pseudonym:" in answer.out
    assert CANARY not in answer.out


@POSIX
def test_keys_that_others_can_read_are_no_keys(call: Call, files: dict[str, Any], keys: Path) -> None:
    keys.chmod(0o644)
    answer = disclosed(call, files, f"--keys={keys}", **LAB)
    assert (answer.status, answer.out) == (2, "")
    assert "chmod 600" in answer.err


@pytest.mark.parametrize("text", ["", "[]", '{"keys": []}', '{"keys": [{"id": "1", "secret": "c2hvcnQ"}]}'])
def test_a_file_that_holds_no_key_is_refused(text: str, call: Call, files: dict[str, Any], keys: Path) -> None:
    keys.write_text(text)
    assert disclosed(call, files, f"--keys={keys}", **LAB).status == 2


def test_a_file_that_is_not_there_is_refused(call: Call, files: dict[str, Any], tmp_path: Path) -> None:
    files["records"] = tmp_path / "none.ndjson"
    assert counted(call, files).status == 2
    assert disclosed(call, files, **MINE).status == 2
