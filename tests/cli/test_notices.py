"""``machimori log notices`` and ``notified``: the desk sees whom to tell by when, and no person unless it asks."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.cli.test_desk import DEMAND_NOW, DEMANDED, Desk
from tests.privacy.store.conftest import HOLDING, KEYS, PERSON

from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.standards.time import written

NOW = time.time()
DAY = 86400.0


@pytest.fixture
def desk(call: Call, tmp_path: Path) -> Desk:
    """A desk with a demand before counsel, of which the person is to be told (entry 0), and one refused (entry 1)."""
    made = Desk(call, tmp_path)
    made("order", "publish", made.file(signed(DEMAND_NOW, KEYS["prefecture"])))
    gate = Gate(HOLDING, store=made.store)
    gate.decide(DEMANDED)
    gate.decide(DEMANDED | {"purpose": "marketing", "subject": None})
    assert gate.store is not None
    gate.store.close()
    return made


def read(desk: Desk, *words: object) -> str:
    """The list without the holding, as a clerk may read it."""
    return desk.call("log", "notices", "--store", desk.store, *words).out


@pytest.mark.full
def test_what_is_due_is_listed_with_its_limit_and_without_the_person(desk: Desk) -> None:
    listed = read(desk)
    assert " due " in listed
    assert "refer-to-counsel" in listed
    assert PERSON not in listed
    assert "要通知" in read(desk, "--lang", "ja")
    records = [json.loads(line) for line in read(desk, "--json").splitlines()]
    assert [r["entry"] for r in records] == [0, 1]
    assert records[0]["subject"].startswith("urn:machimori:subject-digest:")
    assert "subject" not in records[1]
    assert "no one person" in listed
    assert read(desk, "--overdue") == ""
    later = written(NOW + 31 * DAY)
    assert "overdue" in read(desk, "--at", later)
    assert "期限超過" in read(desk, "--at", later, "--overdue", "--lang", "ja")


def test_the_desk_of_the_holder_may_see_who_it_is(desk: Desk) -> None:
    assert PERSON in desk("log", "notices", "--show-values").out
    assert json.loads(desk("log", "notices", "--show-values", "--json").out.splitlines()[0])["subject"] == PERSON
    without = desk.call("log", "notices", "--store", desk.store, "--show-values")
    assert (without.status, without.out) == (2, "")
    assert "--holder" in without.err


@pytest.mark.full
def test_what_was_told_is_entered_and_leaves_the_list(desk: Desk) -> None:
    answer = desk("log", "notified", 0, 1)
    assert answer.out == (
        "entered: notice of entry 0, as entry 2 of the log\nentered: notice of entry 1, as entry 3 of the log\n"
    )
    assert desk.call("log", "notices", "--store", desk.store) == (0, "", "nobody has to be told\n")
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON, "--lang", "ja").out
    assert "記載0（urn:machimori:org:hyogo（都道府県）による請求）について本人に通知しました。" in own
    again = desk("log", "notified", 0, "--lang", "ja")
    assert again.status == 1
    assert again.err.endswith("本人に通知したことが既に記載されています。\n")


@pytest.mark.parametrize("words", [[], ["x"], ["-1"], [0, "--at", "2199-01-01T00:00:00+09:00"], [0, "--at", "today"]])
def test_a_wrong_call_is_2(words: list[object], desk: Desk) -> None:
    assert desk("log", "notified", *words).status == 2
    assert desk.call("log", "verify", "--store", desk.store).out.endswith(": 2 entries\n")


def test_telling_needs_the_holding(desk: Desk) -> None:
    assert desk.call("log", "notified", 0, "--store", desk.store).status == 2
