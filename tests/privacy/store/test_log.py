"""The log: what it says, what it never says, and that whatever is acknowledged can be shown to be there."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from tests.privacy.store.conftest import CARE, CITY, CONSENT, KEYS, NEIGHBOUR, NOW, PERSON, REQUEST, Open

import machimori as mm
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.database.tables import log
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.signatures import signed
from machimori.privacy.log import merkle, tree_heads
from machimori.privacy.log.wording import sentence
from machimori.privacy.store.store import Store

Decide = Callable[..., Decision]
REQUESTS: dict[str, dict[str, Any]] = {
    "granted": {},
    "denied": {"subject": NEIGHBOUR},
    "the person": {"requester": {"id": PERSON, "kind": "person"}, "role": "data_subject", "purpose": "resident_access"},
    "a public body": {"requester": {"id": CITY, "kind": "municipality"}, "subject": None},
    "statistics": {"form": "statistics", "subject": None, "purpose": "research"},
    "nobody registered": {"requester": {"id": "urn:machimori:org:nobody", "kind": "company"}},
    "no kind": {"requester": {"id": NEIGHBOUR}},
    "unknown purpose": {"purpose": "curiosity_about_tanaka"},
    "unknown class": {"entity": "TanakaTaro"},
    "unknown field": {"fields": ["energy", "tanaka_taro"]},
    "all fields": {"fields": None},
}


@pytest.mark.parametrize("changes", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_every_entry_is_a_valid_record_that_names_no_person(
    changes: dict[str, Any], store: Store, decided: Decide
) -> None:
    store.add_signed(signed(CONSENT, KEYS["person"]))
    decision = decided(**changes)
    receipt = store.log.record(REQUEST | changes, decision)
    (entry,) = store.log.entries()
    report = mm.validate(entry, "LogEntry")
    assert report.ok, report.issues
    assert (entry["log_sequence"], entry["entry_digest"]) == (receipt.log_sequence, receipt.entry_digest)
    assert (entry["decided_form"], entry["rule"]) == (decision.form, decision.rule)
    text = json.dumps(entry)
    for named in (PERSON, NEIGHBOUR, "customer:", "nobody", "anaka"):
        assert named not in text
    assert store.log.verify() == []


def test_entry_says_all_that_was_decided(store: Store, decided: Decide) -> None:
    store.add_signed(signed(CONSENT, KEYS["person"]))
    store.log.record(REQUEST, decided(), records_released=48)
    (entry,) = store.log.entries()
    assert entry["requester"] == {"id": CARE, "kind": "company", "country": "JP"}
    assert entry["granted"] == [{"field": "energy", "transform": "as_is", "rule": "consent"}]
    assert entry["request"] == REQUEST["id"]
    assert entry["records_released"] == 48
    assert entry["subject"].startswith("urn:machimori:subject-digest:")
    assert entry["documents"][0].startswith("urn:machimori:document-digest:")
    assert "no_third_party" in entry["obligations"]


def test_a_person_finds_the_own_entries_alone(store: Store, decided: Decide) -> None:
    for subject in (PERSON, NEIGHBOUR, PERSON, None):
        store.log.record(REQUEST | {"subject": subject}, decided(subject=subject))
    assert [e["log_sequence"] for e in store.log.entries(PERSON)] == [0, 2]
    assert [e["log_sequence"] for e in store.log.entries(NEIGHBOUR)] == [1]
    assert list(store.log.entries("urn:machimori:customer:99")) == []
    assert len(list(store.log.entries())) == 4


def test_digests_of_two_holders_do_not_join(opened: Open, decided: Decide) -> None:
    own = opened().log.entry(REQUEST, decided())["subject"]
    assert own == opened().log.entry(REQUEST, decided())["subject"]
    assert own[-64:] != opened().log.key.digest("document", PERSON)


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": PERSON},
        {"requester": {"id": NEIGHBOUR, "kind": "person"}},
        {"documents": [CONSENT["id"]]},
        {"requester": None},
        {"type": "Decision"},
        {"note": PERSON},
        {"purpose": "about Tanaka"},
        {"subject": "urn:machimori:subject-digest:" + PERSON},
    ],
)
def test_an_entry_that_names_a_person_is_refused(changes: dict[str, Any], store: Store, decided: Decide) -> None:
    with pytest.raises(RefusedError) as refused:
        store.log.append(store.log.entry(REQUEST, decided()) | changes)
    assert PERSON not in str(refused.value)
    assert store.log.size() == 0


@pytest.mark.full
def test_proofs_hold_for_whoever_kept_a_receipt_or_a_checkpoint(store: Store, decided: Decide) -> None:
    receipts, points = [], []
    for _ in range(11):
        receipts.append(store.log.record(REQUEST, decided()))
        points.append(store.log.checkpoint())
    public = store.log.key.public
    stated = [tree_heads.stated(p, public, store.log.origin) for p in points]
    assert "d" not in public
    size, root = stated[-1] or (0, "")
    for receipt in receipts:
        proof = store.log.inclusion_proof(receipt.log_sequence, size)
        leaf = bytes.fromhex(receipt.entry_digest)
        assert merkle.verify_inclusion(leaf, receipt.log_sequence, size, proof, bytes.fromhex(root))
    for (old, old_root), (new, new_root) in pairwise(s for s in stated if s):
        proof = store.log.consistency_proof(old, new)
        assert merkle.verify_consistency(old, new, bytes.fromhex(old_root), bytes.fromhex(new_root), proof)
    for wrong in ((11, 11), (-1, 3), (0, 12)):
        with pytest.raises(RefusedError):
            store.log.inclusion_proof(*wrong)
    with pytest.raises(RefusedError):
        store.log.consistency_proof(5, 4)


@pytest.mark.full
def test_gates_that_write_at_once_write_one_log(opened: Open, decided: Decide) -> None:
    gates = [opened() for _ in range(4)]
    entry = gates[0].log.entry(REQUEST, decided())
    with ThreadPoolExecutor(12) as pool:
        receipts = list(pool.map(lambda n: gates[n % 4].log.append(entry), range(60)))
    assert sorted(r.log_sequence for r in receipts) == list(range(60))
    assert gates[0].log.verify() == []
    held = {e["log_sequence"]: e["entry_digest"] for e in gates[1].log.entries()}
    assert held == {r.log_sequence: r.entry_digest for r in receipts}


@pytest.mark.full
def test_entries_of_waiting_threads_share_a_transaction(
    store: Store, decided: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = store.log.entry(REQUEST, decided())
    sizes = []
    commit = store.log._commit
    monkeypatch.setattr(store.log, "_commit", lambda together: (sizes.append(len(together)), commit(together)))
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: store.log.append(entry), range(80)))
    assert sum(sizes) == 80
    assert max(sizes) > 1


def test_one_failure_reaches_everyone_who_waits_and_leaves_the_log_whole(
    store: Store, decided: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = store.log.entry(REQUEST, decided())
    store.log.append(entry)
    with monkeypatch.context() as broken:
        broken.setattr(merkle, "extended", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.log.append(entry)
    assert store.log.append(entry).log_sequence == 1
    assert store.log.verify() == []


def test_that_a_person_was_told_stands_in_the_log(store: Store, decided: Decide) -> None:
    store.log.record(REQUEST, decided())
    store.log.notified(0, NOW + 60)
    told = list(store.log.entries(PERSON))[-1]
    assert told["notified_at"] == "2026-04-01T08:34:20+09:00"
    assert mm.validate(told, "NoticeEntry").ok
    assert "本人に通知しました" in sentence(told, "ja")
    with pytest.raises(RefusedError):
        store.log.notified(7, NOW)


def test_entries_in_words(store: Store, decided: Decide) -> None:
    store.log.record(REQUEST, decided())
    store.add_signed(signed(CONSENT, KEYS["person"]))
    store.log.record(REQUEST, decided())
    own = REQUESTS["the person"]
    store.log.record(REQUEST | own, decided(**own))
    denied, given, mine = store.log.entries()
    assert sentence(denied).startswith("2026-04-01 08:33 (+0900): urn:machimori:org:mimamori-care (company) asked for ")
    assert "They got nothing. Rule: no-consent" in sentence(denied)
    assert "They got: electric energy. Rule: consent" in sentence(given)
    assert ": you yourself asked for" in sentence(mine)
    assert sentence(given, "ja").startswith(
        "2026年04月01日08時33分、urn:machimori:org:mimamori-care（民間事業者）が「見守り」の目的で"
    )
    assert "何も渡していません。適用した規則：no-consent" in sentence(denied, "ja")
    assert "ご本人が" in sentence(mine, "ja")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("changes", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_entry_can_be_said(language: str, changes: dict[str, Any], store: Store, decided: Decide) -> None:
    said = sentence(store.log.entry(REQUEST | changes, decided(**changes)), language)
    assert "{" not in said
    assert "digest" not in said
    assert "None" not in said


def test_nothing_in_the_log_tables_names_a_person(store: Store, decided: Decide) -> None:
    store.log.record(REQUEST, decided())
    with store.database.reading() as connection:
        held = str(connection.execute(select(log)).all())
    assert PERSON not in held
