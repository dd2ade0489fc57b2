"""Demands with legal force wait for people, and what people answer stands in the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.privacy.store.conftest import DEMAND, KEYS, NOW, PERSON, PREFECTURE, REQUEST, Open

import machimori as mm
from machimori.privacy.database.errors import LogDamagedError, RefusedError
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.signatures import signed
from machimori.privacy.log.wording import sentence
from machimori.privacy.store.store import Store

DEMANDED = {"requester": {"id": PREFECTURE, "kind": "prefecture", "country": "JP"}, "purpose": "disaster_response"}


@pytest.fixture
def referred(store: Store, decided: Callable[..., Decision]) -> Store:
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    decision = decided(**DEMANDED)
    assert decision.rule == "refer-to-counsel"
    store.log.record(REQUEST | DEMANDED, decision)
    assert store.counsel.refer(decision, REQUEST | DEMANDED) == REQUEST["id"]
    return store


def test_it_waits_once_with_all_that_people_need(referred: Store, decided: Callable[..., Decision]) -> None:
    referred.counsel.refer(decided(**DEMANDED), REQUEST | DEMANDED)
    (item,) = referred.counsel.waiting()
    assert (item.id, item.status, item.referred) == (REQUEST["id"], "open", NOW)
    assert item.request.subject == PERSON
    assert item.decision.rule == "refer-to-counsel"


@pytest.mark.parametrize(("release", "status", "form"), [(True, "released", "identified"), (False, "refused", "deny")])
def test_the_answer_is_logged(release: bool, status: str, form: str, referred: Store) -> None:
    receipt = referred.counsel.answer(str(REQUEST["id"]), "M. Ito", f"about {PERSON}", release, NOW + 60)
    assert referred.counsel.waiting() == []
    (item,) = referred.counsel.items(status)
    assert (item.answered, item.answered_by) == (NOW + 60, "M. Ito")
    entry = list(referred.log.entries(PERSON))[-1]
    assert entry["entry_digest"] == receipt.entry_digest
    assert (entry["decided_form"], entry["rule"], entry["released_by_counsel"]) == (form, "refer-to-counsel", release)
    assert [g["field"] for g in entry["granted"]] == (["energy"] if release else [])
    assert mm.validate(entry, "LogEntry").ok
    assert "Ito" not in str(entry)
    assert PERSON not in str(entry)
    assert ("Counsel released it by hand: electric energy." if release else "Counsel refused it.") in sentence(entry)
    assert referred.log.verify() == []


def test_it_is_answered_once(referred: Store) -> None:
    referred.counsel.answer(str(REQUEST["id"]), "Ito", "no", False)
    for item, reason in ((str(REQUEST["id"]), "answered"), ("urn:uuid:none", "no-item")):
        with pytest.raises(RefusedError) as refused:
            referred.counsel.answer(item, "Ito", "yes", True)
        assert refused.value.reason == reason
    assert referred.log.size() == 2


def test_without_the_entry_there_is_no_release(referred: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise LogDamagedError("damaged")

    monkeypatch.setattr(referred.log, "_state", damaged)
    with pytest.raises(LogDamagedError):
        referred.counsel.answer(str(REQUEST["id"]), "Ito", "yes", True)
    assert len(referred.counsel.waiting()) == 1


def test_answers_expire_and_open_demands_do_not(referred: Store, opened: Open) -> None:
    ten_years = 10 * 365 * 86400.0
    assert referred.expire(NOW + ten_years)["demands"] == 0
    referred.counsel.answer(str(REQUEST["id"]), "Ito", "no", False, NOW)
    assert referred.expire(NOW + ten_years)["demands"] == 1
    assert referred.counsel.items() == []


def test_the_transparency_report_counts_everything_once(referred: Store, decided: Callable[..., Decision]) -> None:
    referred.counsel.answer(str(REQUEST["id"]), "Ito", "yes", True, NOW + 60)
    referred.log.notified(1, NOW + 90)
    referred.log.record(REQUEST, decided())
    referred.log.record(REQUEST | {"form": "statistics", "subject": None}, decided(form="statistics", subject=None))
    report = referred.report(2026)
    assert mm.validate(report, "TransparencyReport").ok
    assert PERSON not in str(report)
    counts = {
        c["rule"]: (c["requests_received"], c["requests_granted"], c["requests_denied"])
        for c in report["disclosure_counts"]
    }
    assert counts == {"refer-to-counsel": (1, 0, 1), "no-consent": (1, 0, 1), "below-minimum-group": (1, 0, 1)}
    assert report["lawful_demands_received"] == 1
    assert report["counsel_releases"] == 1
    assert report["persons_notified"] == 1
    assert report["period"] == {"starts_at": "2026-04-01T00:00:00+09:00", "ends_at": "2027-04-01T00:00:00+09:00"}
    assert referred.report()["id"] == report["id"]
    assert referred.report(2025)["disclosure_counts"] == []
