"""What is past its retention is deleted, and the log says so: how many of each kind, about whom, in the same step."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from tests.privacy.store.conftest import (
    AGREEMENT,
    CONSENT,
    DEMAND,
    HOLDING,
    KEYS,
    NEIGHBOUR,
    NOW,
    PERSON,
    REQUEST,
    Open,
)
from tests.programs import POSIX

import machimori as mm
from machimori.privacy.database.errors import LogDamagedError
from machimori.privacy.database.tables import log
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log.entries import canonical
from machimori.privacy.log.wording import sentence
from machimori.privacy.store import open_store
from machimori.privacy.store.store import Store

YEAR = 365 * 86400.0
LATER = NOW + 2 * YEAR
HOLDER = read_holding(HOLDING)
MEMORY = Path("/dev/shm")


def consent(number: int = 1, **changes: Any) -> str:
    return signed(CONSENT | {"id": f"urn:uuid:00000000-0000-4000-8000-{number:012d}"} | changes, KEYS["person"])


def mandate(number: int, subject: str | None) -> dict[str, Any]:
    return AGREEMENT | {"id": f"urn:machimori:agreement:{number}", "kind": "mandate", "subject": subject}


def deletions(store: Store) -> list[dict[str, Any]]:
    return [e for e in store.log.entries() if e["type"] == "DeletionEntry"]


def counts(entry: dict[str, Any]) -> dict[str, int]:
    return {c["deleted_kind"]: c["deleted_count"] for c in entry["deletion_counts"]}


@pytest.fixture
def filled(store: Store) -> Store:
    """Two consents of one person, one of them withdrawn twice over; a mandate of another; an order and an agreement of nobody."""
    store.add_signed(consent(1))
    store.add_signed(consent(2))
    store.add_signed(consent(2, withdrawn_at="2026-03-05T10:00:00+09:00"))
    store.withdraw("urn:uuid:00000000-0000-4000-8000-000000000002", NOW)
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    store.add_agreement(AGREEMENT)
    store.add_agreement(mandate(2, NEIGHBOUR))
    return store


@pytest.mark.full
def test_each_person_finds_what_was_deleted_about_them(filled: Store) -> None:
    gone = filled.expire(LATER, "P1D")
    assert gone == {"consents": 2, "orders": 1, "withdrawals": 1, "agreements": 2, "demands": 0}
    (own,), (other,) = filled.log.entries(PERSON), filled.log.entries(NEIGHBOUR)
    assert counts(own) == {"consent": 2, "withdrawal": 1}
    assert counts(other) == {"agreement": 1}
    (nobody,) = (e for e in deletions(filled) if "subject" not in e)
    assert counts(nobody) == {"agreement": 1, "order": 1}
    for entry in (own, other, nobody):
        assert mm.validate(entry, "DeletionEntry").ok
        assert (entry["retention"], entry["at"][:10]) == ("P1D", "2028-03-30")
        for value in (PERSON, NEIGHBOUR, "customer", "urn:uuid", "welfare", "agreement:"):
            assert value not in json.dumps(entry)
    assert filled.log.verify() == []


def test_it_is_said_in_words(filled: Store) -> None:
    filled.expire(LATER, "P3M")
    (own,) = filled.log.entries(PERSON)
    assert sentence(own).endswith(
        "the holder deleted what it had kept about the person concerned, its time of retention (P3M) being over:"
        " consent (2), withdrawal (1)."
    )
    assert sentence(own, "ja").endswith("保存期間（P3M）を過ぎた本人に係る文書を消去しました：同意2件、同意の撤回1件。")
    (nobody,) = (e for e in deletions(filled) if "subject" not in e)
    assert "特定の個人に係らない文書" in sentence(nobody, "ja")


def test_where_nothing_is_deleted_nothing_is_said(filled: Store) -> None:
    filled.expire(NOW)
    assert filled.log.size() == 0


def test_answered_demands_are_about_the_person_asked_for(store: Store) -> None:
    asked = REQUEST | {
        "requester": {"id": "urn:machimori:org:hyogo", "kind": "prefecture"},
        "purpose": "disaster_response",
    }
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    Gate(HOLDER, store=store, clock=lambda: NOW).decide(asked)
    store.counsel.answer(str(asked["id"]), "Ito", "no", release=False, at=NOW)
    store.expire(LATER, "P1D")
    assert [counts(e) for e in store.log.entries(PERSON) if e["type"] == "DeletionEntry"] == [{"answered_demand": 1}]


@pytest.mark.full
def test_the_report_counts_deletions_of_its_year(filled: Store, opened: Open) -> None:
    filled.expire(LATER, "P1D")
    report = filled.report(2027)
    assert mm.validate(report, "TransparencyReport").ok
    assert counts(report) == {"consent": 2, "withdrawal": 1, "order": 1, "agreement": 2}
    assert report["disclosure_counts"] == []
    assert filled.report(2026)["deletion_counts"] == []


def test_a_changed_or_dropped_entry_is_found(filled: Store) -> None:
    filled.expire(LATER, "P1D")
    entry = {k: v for k, v in next(filled.log.entries(PERSON)).items() if k != "entry_digest"}
    row = log.c.sequence == entry["log_sequence"]
    fewer = canonical(entry | {"deletion_counts": [{"deleted_kind": "consent", "deleted_count": 1}]})
    with filled.database.writing() as connection:
        connection.execute(update(log).where(row).values(content=fewer))
    assert [f.kind for f in filled.log.verify()] == ["changed", "tree"]
    with filled.database.writing() as connection:
        connection.execute(delete(log).where(row))
    assert "missing" in {f.kind for f in filled.log.verify()}


def test_what_the_log_cannot_be_told_is_not_deleted(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise LogDamagedError("damaged")

    monkeypatch.setattr(filled.log, "_state", damaged)
    with pytest.raises(LogDamagedError):
        filled.expire(LATER, "P1D")
    monkeypatch.undo()
    assert len(filled.consents()) == 3
    assert filled.expire(LATER, "P1D")["consents"] == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store
from machimori.privacy.log.log import Log
store = open_store(sys.argv[1], read_holding(Path(sys.argv[2])))
extend = Log.extend
def killed(*arguments):
    extend(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
Log.extend = killed
store.expire(float(sys.argv[3]), "P1D")
"""


@pytest.mark.full
@POSIX
def test_killed_in_the_middle_it_has_done_nothing(tmp_path: Path) -> None:
    file, holder = tmp_path / "gate.db", tmp_path / "holder.json"
    holder.write_text(json.dumps(HOLDING))
    store = open_store(file, HOLDER)
    store.add_signed(consent())
    store.log.checkpoint()
    store.close()
    done = subprocess.run([sys.executable, "-c", KILLED, file, holder, str(LATER)], check=False)
    assert done.returncode == -signal.SIGKILL
    store = open_store(file, HOLDER)
    assert len(store.consents()) == 1
    assert store.log.size() == 0
    assert store.expire(LATER, "P1D")["consents"] == 1
    assert store.log.verify() == []
    store.close()


@pytest.mark.full
@settings(max_examples=25, deadline=None)
@given(
    consents=st.lists(st.integers(1, 40), max_size=4),
    mandates=st.lists(st.sampled_from([PERSON, NEIGHBOUR, None]), max_size=4),
    days=st.integers(0, 60),
)
def test_the_log_counts_what_is_there_no_more(consents: list[int], mandates: list[str | None], days: int) -> None:
    """Independent count: documents before less documents after, by person."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        store = open_store(Path(folder) / "gate.db", HOLDER, clock=lambda: NOW)
        for number, ends in enumerate(consents):
            store.add_signed(consent(number, expires_at=f"2026-04-{1 + ends % 28:02d}T00:00:00+09:00"))
        for number, subject in enumerate(mandates):
            store.add_agreement(mandate(number, subject) | {"ends_at": f"2026-04-{1 + 7 * number:02d}T00:00:00+09:00"})

        def kept() -> Counter[str | None]:
            return Counter(
                [*(d.data["subject"] for d in store.consents()), *(a.get("subject") for a in store.agreements())]
            )

        before = kept()
        store.expire(NOW + days * 86400, "P7D")
        gone = before - kept()
        said = {
            subject: sum(sum(counts(e).values()) for e in deletions(store) if e.get("subject") == digest)
            for subject in (PERSON, NEIGHBOUR, None)
            for digest in [subject and "urn:machimori:subject-digest:" + store.log.key.digest("subject", subject)]
        }
        assert {s: n for s, n in said.items() if n} == dict(gone)
        assert store.log.verify() == []
        store.close()
