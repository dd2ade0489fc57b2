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
from tests.privacy.statistics.city import CANARY, DAY, SECRET, asking, query, trip, trips
from tests.programs import POSIX

import machimori as mm
from machimori.privacy.log.keys import log_key

QUERY = query("Trip", "modes", DAY)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    found = {
        "records": tmp_path / "trips.ndjson",
        "request": tmp_path / "request.json",
        "holder": tmp_path / "holder.json",
        "query": tmp_path / "query.json",
        "store": tmp_path / "gate.db",
    }
    found["records"].write_text("\n".join(map(json.dumps, [*trips({"52350162": 60}), trip(9999, CANARY, mode="bus")])))
    found["request"].write_text(json.dumps(asking()))
    found["holder"].write_text(json.dumps(world.holding("railway")))
    found["query"].write_text(json.dumps(QUERY))
    log_key(tmp_path / "gate.db.key", make=True)
    keys = json.loads((tmp_path / "gate.db.key").read_text())["keys"]
    own = [k | {"k": base64.urlsafe_b64encode(SECRET).decode().rstrip("=")} if k.get("kid") else k for k in keys]
    (tmp_path / "gate.db.key").write_text(json.dumps({"keys": own}))
    return found


def counted(call: Call, files: dict[str, Any], *more: object) -> Any:
    named = [f"--{n}={files[n]}" for n in ("request", "holder", "query", "store")]
    return call("statistics", files["records"], *named, f"--now={world.NOW}", *more)


@pytest.mark.full
def test_a_table_with_bars(call: Call, files: dict[str, Any]) -> None:
    answer = counted(call, files)
    assert answer.status == 0
    assert "█" * 24 in answer.out
    assert "suppressed" in answer.out
    assert "13 suppressed; noise: Cell key method" in answer.out
    assert "counted 61" in answer.err
    assert CANARY not in answer.out + answer.err


def test_the_table_in_japanese(call: Call, files: dict[str, Any]) -> None:
    answer = counted(call, files, "--lang", "ja")
    assert "10人（世帯）未満の集団及びそれを明らかにする集団を秘匿：13件" in answer.out
    assert "集計 61" in answer.err


@pytest.mark.full
def test_json_is_a_release_and_asked_again_it_is_the_same(call: Call, files: dict[str, Any], tmp_path: Path) -> None:
    """From the store, whatever the records have become."""
    answer = counted(call, files, "--json")
    assert mm.validate(answer.out.encode()).ok
    files["records"].write_text(json.dumps(trip(1, CANARY)))
    out = tmp_path / "release.json"
    assert counted(call, files, "-o", out).status == 0
    assert mm.validate(out.read_bytes()).ok
    assert json.loads(out.read_bytes())["cells"] == json.loads(answer.out)["cells"]


def test_statistics_of_a_store_that_lost_them_are_status_2(call: Call, files: dict[str, Any], tmp_path: Path) -> None:
    assert counted(call, files).status == 0
    with closing(sqlite3.connect(tmp_path / "gate.db")) as connection, connection:
        connection.execute("DELETE FROM kept")
    for language, said in (("en", "some of them are missing"), ("ja", "統計の一部が失われています")):
        answer = counted(call, files, "--json", "--lang", language)
        assert (answer.status, answer.out) == (2, "")
        assert said in answer.err


def test_a_denial_is_status_1_and_shows_no_number(call: Call, files: dict[str, Any]) -> None:
    files["request"].write_text(json.dumps(asking(purpose="marketing")))
    answer = counted(call, files, "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["rule"] == "purpose-not-allowed"
    files["request"].write_text(json.dumps(asking(epsilon=0.5)))
    assert json.loads(counted(call, files, "--budget", "0.4", "--json").out)["rule"] == "budget-spent"


def test_a_query_that_no_table_answers_is_a_denial_and_none_is_status_2(call: Call, files: dict[str, Any]) -> None:
    files["query"].write_text(
        json.dumps({**QUERY, "group_by": [{"field": "origin", "granularity": {"space_step": 8}}]})
    )
    assert json.loads(counted(call, files, "--json").out)["rule"] == "off-grid"
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
    assert "released 1; left out: other-person 60" in answer.err
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
