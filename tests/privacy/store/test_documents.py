"""Consents, orders and agreements: only what verifies is kept, and every gate decides by what is there now."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.privacy.store.conftest import (
    AGREEMENT,
    CARE,
    CONSENT,
    DEMAND,
    HOLDING,
    KEYS,
    NEIGHBOUR,
    NOW,
    PERSON,
    REQUEST,
    Open,
    public,
)

from machimori.errors import InvalidDocumentError, MachimoriError
from machimori.privacy.database import tables
from machimori.privacy.database.errors import RefusedError, UnansweredError
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.documents import Register, RegisterUnreachableError
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents, signed
from machimori.privacy.gate import Gate
from machimori.privacy.store.store import Store

MOST_CALLS = 20
"""Of functions, in an answer that the register is as it was: thirteen, one of them to the database."""
Decide = Callable[..., Decision]
DAY, YEAR = 86400.0, 365 * 86400.0


NEIGHBOURS: list[Any] = [
    *HOLDING["trusted_keys"],
    {"key": public("stranger"), "party": NEIGHBOUR, "signs": ["ConsentRecord"], "for": [NEIGHBOUR]},
]


def consent(**changes: Any) -> str:
    return signed(CONSENT | changes, KEYS["person"])


def test_a_consent_counts_as_soon_as_it_is_kept_until_it_is_withdrawn(
    store: Store, opened: Open, decided: Decide
) -> None:
    assert decided().rule == "no-consent"
    other_gate = opened()
    assert other_gate.add_signed(consent()) == CONSENT["id"]
    assert decided().rule == "consent"
    assert other_gate.withdraw(str(CONSENT["id"]), NOW - 1)
    assert decided().rule == "consent-withdrawn"


def test_twice_the_same_is_once(store: Store) -> None:
    line = consent()
    for again in (line, f" {line}\n", line.encode()):
        store.add_signed(again)
    store.add_agreement(AGREEMENT)
    store.add_agreement(dict(reversed(AGREEMENT.items())))
    assert len(store.consents()) == 1
    assert len(store.agreements()) == 1


REFUSED: dict[str, tuple[str, type[MachimoriError]]] = {
    "nothing": ("", RefusedError),
    "no JWS": ("e30.e30", RefusedError),
    "not ASCII": ("同意", RefusedError),
    "no document": (signed({"type": "Trip"}, KEYS["person"]), RefusedError),
    "a stranger's key": (signed(CONSENT, KEYS["stranger"]), RefusedError),
    "a key for another class": (signed(CONSENT, KEYS["prefecture"]), RefusedError),
    "for another person": (consent(subject=NEIGHBOUR), RefusedError),
    "a changed text": (consent().replace(".", ".e", 1), RefusedError),
    "no end": (consent(expires_at=None), InvalidDocumentError),
    "no purpose of the model": (consent(purposes=["curiosity"]), InvalidDocumentError),
}


@pytest.mark.parametrize(("line", "error"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_does_not_verify_is_refused_by_name_and_without_values(
    line: str, error: type[MachimoriError], store: Store
) -> None:
    with pytest.raises(error) as refused:
        store.add_signed(line)
    for value in (PERSON, NEIGHBOUR, "curiosity", CARE):
        assert value not in str(refused.value)
    assert store.consents() == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_agreements_are_checked_and_never_replaced(store: Store) -> None:
    with pytest.raises(InvalidDocumentError):
        store.add_agreement(AGREEMENT | {"kind": "friendship"})
    store.add_agreement(AGREEMENT)
    with pytest.raises(RefusedError) as refused:
        store.add_agreement(AGREEMENT | {"purposes": ["marketing"]})
    assert refused.value.reason == "conflict"
    assert store.agreements() == [AGREEMENT]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_signatures_of_one_document_stay_one_document(opened: Open) -> None:
    signers = ("urn:machimori:org:fire", "urn:machimori:org:a", "urn:machimori:org:b")
    names = ("person", "prefecture", "stranger")
    keys = [{"key": public(n), "party": p, "signs": ["RescueOrder"]} for n, p in zip(names, signers, strict=True)]
    store = opened(holding=read_holding(HOLDING | {"trusted_keys": keys}))
    order = {
        "type": "RescueOrder", "id": "urn:uuid:0a6d8c55-3f0e-4f53-8a5b-6d1d1f6a2b11", "subject": PERSON,
        "authority": {"id": signers[0], "kind": "emergency_service"}, "fields": ["LastKnownLocation.place"],
        "starts_at": "2026-04-01T00:00:00+09:00", "ends_at": "2026-04-01T12:00:00+09:00", "countersigned_by": list(signers[1:]),
    }  # fmt: skip
    for count, name in enumerate(names, 1):
        store.add_signed(signed(order, KEYS[name]))
        (found,) = store.orders()
        assert len(found.signers) == count


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_withdrawal_counts_from_its_earliest_moment_and_before_its_consent_comes(
    store: Store, decided: Decide
) -> None:
    assert not store.withdraw(str(CONSENT["id"]), NOW + DAY)
    assert not store.withdraw(str(CONSENT["id"]), NOW - DAY)
    assert not store.withdraw(str(CONSENT["id"]), NOW + 2 * DAY)
    store.add_signed(consent())
    assert decided().rule == "consent-withdrawn"


def test_nobody_takes_back_the_consent_of_another(opened: Open) -> None:
    """Not even under its id: neither does another's withdrawal count, nor is it kept, nor another's consent under that id."""
    holder = read_holding(HOLDING | {"trusted_keys": NEIGHBOURS})
    store = opened(holding=holder)
    gate = Gate(holder, register=store.register, clock=lambda: NOW)
    store.add_signed(consent())
    taken_back = {"withdrawn_at": "2026-03-02T10:00:00+09:00"}
    for changes, signer, reason in (
        (taken_back | {"subject": NEIGHBOUR}, "stranger", "not-own-consent"),
        (taken_back, "stranger", "unsigned"),
        ({"subject": NEIGHBOUR}, "stranger", "conflict"),
    ):
        with pytest.raises(RefusedError) as refused:
            store.add_signed(signed(CONSENT | changes, KEYS[signer]))
        assert refused.value.reason == reason
        assert PERSON not in str(refused.value)
        assert gate.decide(REQUEST).rule == "consent"
    assert len(store.consents()) == 1
    store.add_signed(consent(**taken_back))
    assert gate.decide(REQUEST).rule == "consent-withdrawn"


def test_a_withdrawal_that_came_before_binds_its_own_person_alone(opened: Open) -> None:
    holder = read_holding(HOLDING | {"trusted_keys": NEIGHBOURS})
    lines = [
        signed(CONSENT | {"subject": NEIGHBOUR, "withdrawn_at": "2026-03-02T10:00:00+09:00"}, KEYS["stranger"]),
        consent(),
    ]
    register = Register(tuple(documents(lines, holder)))
    assert Gate(holder, register=register, clock=lambda: NOW).decide(REQUEST).rule == "consent"
    at_the_desk = Register(register.signed, (), {str(CONSENT["id"]): NOW})
    assert Gate(holder, register=at_the_desk, clock=lambda: NOW).decide(REQUEST).rule == "consent-withdrawn"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_consents_of_one_person(store: Store) -> None:
    store.add_signed(consent())
    store.add_signed(consent(id="urn:uuid:00000000-0000-4000-8000-000000000001"))
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    assert len(store.consents(PERSON)) == 2
    assert store.consents(NEIGHBOUR) == []
    assert [d.class_name for d in store.orders()] == ["LawfulDemand"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_register_is_read_again_only_after_a_change(store: Store) -> None:
    store.add_signed(consent())
    first = store.register()
    assert store.register() is first
    store.log.checkpoint()
    store.ledger.spend("Trip", 0.1, "d")
    assert store.register() is first
    store.add_agreement(AGREEMENT)
    second = store.register()
    assert second is not first
    assert second.signed[0] is first.signed[0], "a signature is verified once"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_asking_whether_it_changed_costs_a_decision_little(store: Store) -> None:
    store.add_signed(consent())

    store.register()
    called: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _argument: called.update([event]))
    try:
        store.register()
    finally:
        sys.setprofile(None)
    assert 0 < called["call"] + called["c_call"] <= MOST_CALLS, called


def test_a_store_that_does_not_answer_denies(store: Store, decided: Decide, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add_signed(consent())
    assert decided().rule == "consent"

    def lost(*_: object) -> None:
        raise OSError(PERSON)

    monkeypatch.setattr(store._registering._watch, "_asked", lost)
    assert decided().rule == "consent-store-unreachable"
    with pytest.raises(RegisterUnreachableError) as unreachable:
        store.register()
    assert isinstance(unreachable.value, MachimoriError)
    assert (unreachable.value.text("en"), unreachable.value.text("ja")) == (
        "the store of consents and orders does not answer",
        "同意及び命令等の保存先が応答しません。",
    )
    with pytest.raises(MachimoriError) as refused:
        store.consents()
    assert PERSON not in str(refused.value)
    monkeypatch.undo()
    assert decided().rule == "consent"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_file_moved_away_denies_and_takes_nothing(
    store: Store, opened: Open, decided: Decide, tmp_path: Path
) -> None:
    store.add_signed(consent())
    assert decided().rule == "consent"
    entry = store.log.entry(REQUEST, decided())
    (tmp_path / "gate.db").rename(tmp_path / "gone.db")
    assert decided().rule == "consent-store-unreachable"
    other = opened()
    assert decided().rule == "consent-store-unreachable", "a store in its place is another store"
    with pytest.raises(UnansweredError):
        store.log.append(entry)
    assert other.log.size() == 0


def test_a_server_that_was_started_again_answers(store: Store, decided: Decide) -> None:
    store.add_signed(consent())
    assert decided().rule == "consent"
    store._registering._watch._connection.close()
    assert decided().rule == "consent"


def test_what_is_past_its_retention_is_deleted(store: Store) -> None:
    short = consent(id="urn:uuid:00000000-0000-4000-8000-000000000002", expires_at="2026-03-02T10:00:00+09:00")
    store.add_signed(consent())
    store.add_signed(short)
    store.withdraw("urn:uuid:00000000-0000-4000-8000-000000000002", NOW)
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    store.add_agreement(AGREEMENT)
    assert not any(store.expire(NOW).values())
    assert not any(store.expire(NOW + 3 * YEAR - 31 * DAY).values())
    assert store.expire(NOW + 3 * YEAR) == {"consents": 1, "orders": 0, "withdrawals": 1, "agreements": 0, "demands": 0}
    assert [c.id for c in store.consents()] == [CONSENT["id"]]
    assert store.expire(NOW + 3 * YEAR) == dict.fromkeys(
        ("consents", "orders", "withdrawals", "agreements", "demands"), 0
    )
    gone = store.expire(NOW + 2 * YEAR, "P1D")
    assert gone == {"consents": 1, "orders": 1, "withdrawals": 0, "agreements": 1, "demands": 0}
    assert not store.register()


def test_a_withdrawn_consent_never_comes_to_life_by_expiry(store: Store, decided: Decide) -> None:
    store.add_signed(consent())
    store.add_signed(consent(withdrawn_at="2026-03-02T10:00:00+09:00", expires_at="2026-03-03T10:00:00+09:00"))
    assert decided().rule == "consent-withdrawn"
    store.expire(NOW, "P1D")
    assert decided().rule == "consent-withdrawn"


def test_the_store_keeps_persons_only_where_they_must_be(store: Store, decided: Decide) -> None:
    """In the documents and in counsel's queue; not in ledger, log, checkpoints."""
    store.add_signed(consent())
    store.log.record(REQUEST, decided())
    store.log.checkpoint()
    store.ledger.spend("Trip", 0.1, "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04")
    with store.database.reading() as connection:
        for table in tables.TABLES.sorted_tables:
            held = str(connection.execute(select(table)).all())
            assert PERSON not in held, f"{table.name} (a signed line holds it in base64)"
