"""The desk's commands: what goes in by one comes out by another, and no person is shown unless that is asked for."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.cli.conftest import Answer, Call
from tests.privacy.store.conftest import AGREEMENT, CARE, CONSENT, DEMAND, HOLDING, KEYS, PERSON, PREFECTURE, REQUEST

import machimori as mm
from machimori.privacy.database.tables import log
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.store import open_store
from machimori.samples.sampling import sample
from machimori.standards.time import written

NOW = time.time()
DAY = 86400.0
CONSENT_NOW = CONSENT | {"given_at": written(NOW - DAY), "expires_at": written(NOW + 30 * DAY)}
DEMAND_NOW = DEMAND | {"starts_at": written(NOW - DAY), "ends_at": written(NOW + 5 * DAY)}
DEMANDED = REQUEST | {
    "requester": {"id": PREFECTURE, "kind": "prefecture", "country": "JP"},
    "purpose": "disaster_response",
}


class Desk:
    def __init__(self, call: Call, folder: Path) -> None:
        self.call, self.folder = call, folder
        self.store, self.holder = folder / "gate.db", folder / "holder.json"
        self.holder.write_text(json.dumps(HOLDING))

    def __call__(self, *words: object) -> Answer:
        return self.call(*words, "--store", self.store, "--holder", self.holder)

    def file(self, *lines: Any) -> Path:
        path = self.folder / "documents"
        path.write_text("\n".join(lines) + "\n\n")
        return path

    def decide(self, request: dict[str, Any]) -> None:
        """``machimori decide`` with the store."""
        asked = self.folder / "asked"
        asked.write_text(json.dumps(request))
        assert self("decide", asked).status in (0, 1)


@pytest.fixture
def desk(call: Call, tmp_path: Path) -> Desk:
    return Desk(call, tmp_path)


@pytest.mark.full
def test_consents_are_given_listed_and_withdrawn(desk: Desk) -> None:
    answer = desk("consent", "give", desk.file(signed(CONSENT_NOW, KEYS["person"])))
    assert answer == (0, "1 kept\n", "")
    listed = desk("consent", "list").out
    assert "in force" in listed
    assert CARE in listed
    assert PERSON not in listed
    assert PERSON in desk("consent", "list", "--show-values").out
    assert desk("consent", "list", "--subject", "urn:machimori:customer:99").out == ""
    record = json.loads(desk("consent", "list", "--json").out)
    assert record["subject"] == "value withheld (personal.disclosure_record)"
    assert json.loads(desk("consent", "list", "--json", "--show-values").out) == CONSENT_NOW
    assert desk("consent", "withdraw", CONSENT["id"]).out == f"withdrawn: {CONSENT['id']}\n"
    assert "withdrawn" in desk("consent", "list").out
    assert "撤回" in desk("--lang", "ja", "consent", "list").out


def test_a_withdrawal_of_nothing_known_is_kept_and_said(desk: Desk) -> None:
    answer = desk("consent", "withdraw", "urn:uuid:unknown", "--at", "2026-04-01T09:00:00+09:00")
    assert answer.status == 0
    assert "no consent of that id" in answer.err
    assert desk("consent", "withdraw", "urn:uuid:unknown", "--at", "yesterday").status == 2


def test_a_refused_line_is_named_and_the_others_are_kept(desk: Desk) -> None:
    lines = (
        signed(CONSENT_NOW, KEYS["stranger"]),
        signed(CONSENT_NOW, KEYS["person"]),
        "nothing",
        signed(DEMAND_NOW, KEYS["prefecture"]),
        signed(CONSENT_NOW | {"expires_at": None}, KEYS["person"]),
    )
    answer = desk("consent", "give", desk.file(*lines))
    assert answer.status == 1
    assert answer.out == "1 kept\n"
    assert [line.partition(":")[0] for line in answer.err.splitlines()] == ["line 1", "line 3", "line 4", "line 5"]
    assert "bears no signature" in answer.err
    assert "another command" in answer.err
    assert PERSON not in answer.err
    assert "署名がありません" in desk("consent", "give", desk.file(lines[0]), "--lang", "ja").err


def test_orders_and_agreements(desk: Desk) -> None:
    assert desk("order", "publish", desk.file(signed(DEMAND_NOW, KEYS["prefecture"]))).out == "1 kept\n"
    assert desk("order", "publish", desk.file(signed(CONSENT_NOW, KEYS["person"]))).status == 1
    listed = desk("order", "list").out
    assert "LawfulDemand" in listed
    assert "in force" in listed
    assert json.loads(desk("order", "list", "--json").out) == DEMAND_NOW
    assert desk("agreement", "register", desk.file(json.dumps([AGREEMENT]))).out == "1 kept\n"
    assert desk("agreement", "register", desk.file(json.dumps(AGREEMENT | {"statute": "x"}))).status == 1
    assert desk("agreement", "register", desk.file("[1]")).status == 1
    assert desk("agreement", "register", desk.file("{")).status == 1
    assert "processing" in desk("agreement", "list").out


@pytest.mark.full
def test_the_person_reads_who_asked(desk: Desk) -> None:
    desk("consent", "give", desk.file(signed(CONSENT_NOW, KEYS["person"])))
    desk.decide(REQUEST)
    desk.decide(REQUEST | {"subject": "urn:machimori:customer:18"})
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON)
    assert own.status == 0
    assert own.out.count("\n") == 1
    assert "They got: electric energy. Rule: consent" in own.out
    assert "見守り" in desk.call("log", "list", "--store", desk.store, "--subject", PERSON, "--lang", "ja").out
    entries = [json.loads(line) for line in desk.call("log", "list", "--store", desk.store, "--json").out.splitlines()]
    assert len(entries) == 2
    assert all(mm.validate(e, "LogEntry").ok for e in entries)
    nobody = desk.call("log", "list", "--store", desk.store, "--subject", "urn:machimori:customer:99")
    assert (nobody.status, nobody.out, nobody.err) == (0, "", "no entries\n")


@pytest.mark.full
def test_the_person_reads_how_many_records_went_out_and_where_that_is_not_known(desk: Desk) -> None:
    desk("consent", "give", desk.file(signed(CONSENT_NOW, KEYS["person"])))
    use = {**next(sample("ElectricityUse", 1)), "customer": PERSON}
    store = open_store(desk.store, read_holding(HOLDING))
    gate = Gate(HOLDING, store=store)
    list(gate.disclose([use, use], REQUEST))
    cut_off = gate.disclose([use], REQUEST)
    store.close()
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON)
    assert "under entry 0, 2 records went out to urn:machimori:org:mimamori-care (company) (complete).\n" in own.out
    assert own.err.startswith("entry 2: the records began to go out")
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON, "--lang", "ja")
    assert "2件の記録を渡しました（完了）。\n" in own.out
    assert own.err.startswith("記載2：")
    assert (
        desk.call("log", "list", "--store", desk.store, "--subject", "urn:machimori:customer:18").err == "no entries\n"
    )
    report = json.loads(desk.call("log", "report", "--store", desk.store).out)
    assert (report["records_released"], report["releases_unfinished"]) == (2, 1)
    assert cut_off.released == 0


def test_verify_tells_good_from_changed(desk: Desk) -> None:
    desk.decide(REQUEST)
    point = desk.call("log", "checkpoint", "--store", desk.store)
    desk.decide(REQUEST)
    published = desk.folder / "published.txt"
    published.write_text(point.out)
    good = desk.call("log", "verify", "--store", desk.store, "--checkpoint", published)
    assert good == (0, "the log is as it was written: 2 entries\n", "")
    store = open_store(desk.store)
    with store.database.writing() as connection:
        connection.execute(update(log).where(log.c.sequence == 0).values(content=log.c.content + " "))
    store.close()
    bad = desk.call("log", "verify", "--store", desk.store)
    assert bad.status == 1
    assert "entry 0 was changed\n" in bad.out
    assert "記載0が変更されています。" in desk.call("log", "verify", "--store", desk.store, "--lang", "ja").out


def test_the_report_is_a_valid_record(desk: Desk) -> None:
    desk.decide(REQUEST)
    answer = desk.call("log", "report", "--store", desk.store)
    assert mm.validate(answer.out, "TransparencyReport").ok
    assert json.loads(answer.out)["disclosure_counts"][0]["requests_received"] == 1
    assert (
        json.loads(desk.call("log", "report", "--store", desk.store, "--year", "2001").out)["disclosure_counts"] == []
    )


@pytest.mark.full
def test_counsel_answers(desk: Desk) -> None:
    desk("order", "publish", desk.file(signed(DEMAND_NOW, KEYS["prefecture"])))
    desk.decide(DEMANDED)
    listed = desk("counsel", "list")
    assert "open" in listed.out
    assert PERSON not in listed.out
    assert PERSON in desk("counsel", "list", "--show-values").out
    record = json.loads(desk("counsel", "list", "--json").out)
    assert record["request"]["subject"].startswith("value withheld")
    assert record["decision"]["rule"] == "refer-to-counsel"
    answered = desk("counsel", "answer", REQUEST["id"], "--refuse", "--by", "Ito", "--reason", "no")
    assert answered.out == f"refused: {REQUEST['id']}, entry 1 of the log\n"
    assert desk("counsel", "answer", REQUEST["id"], "--release", "--by", "Ito", "--reason", "yes").status == 1
    assert desk("counsel", "list").out == ""
    assert json.loads(desk("counsel", "list", "--all", "--json").out)["answer"]["by"] == "Ito"
    assert desk("counsel", "answer", REQUEST["id"], "--by", "Ito", "--reason", "yes").status == 2


@pytest.mark.full
def test_expire_says_what_it_deleted(desk: Desk) -> None:
    desk("consent", "give", desk.file(signed(CONSENT | {"expires_at": "2026-03-02T00:00:00+09:00"}, KEYS["person"])))
    assert desk("expire").out.startswith("deleted: 0 consents")
    assert desk("expire", "--retention", "P1D").out.startswith("deleted: 1 consents, 0 orders, 0 agreements")
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON)
    assert own.out.endswith("its time of retention (P1D) being over: consent (1).\n")
    own = desk.call("log", "list", "--store", desk.store, "--subject", PERSON, "--lang", "ja")
    assert own.out.endswith("保存期間（P1D）を過ぎた本人に係る文書を消去しました：同意1件。\n")
    report = json.loads(desk.call("log", "report", "--store", desk.store).out)
    assert report["deletion_counts"] == [{"deleted_kind": "consent", "deleted_count": 1}]
    assert desk.call("log", "verify", "--store", desk.store).out == "the log is as it was written: 1 entries\n"
    assert desk("expire", "--retention", "P1D", "--log-key", desk.folder / "other.key").status == 2
    assert desk("expire", "--retention", "three years").status == 2
    assert desk("expire", "--retention", "P").status == 2


@pytest.mark.parametrize(
    "words",
    [
        ["log", "verify", "--store", "no-such.db"],
        ["log", "verify", "--store", "mysql://x"],
        ["log", "list"],
        ["log", "verfy", "--store", "x.db"],
        ["consent", "list", "--store", "x.db"],
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_wrong_call_is_2(
    words: list[str], language: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("--lang", language, *words)
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err
    assert list(tmp_path.iterdir()) == []
