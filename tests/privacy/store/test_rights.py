"""What was taken back stays so in a store: whichever key is gone since, whoever opened it first, and after everything was deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import select
from tests.privacy.gate.evil import twins
from tests.privacy.gate.world import BOUNDS
from tests.privacy.store.conftest import AGREEMENT, CONSENT, HOLDING, NOW, PERSON, PREFECTURE, REQUEST, Open
from tests.privacy.store.older import set_back

from machimori.errors import MachimoriError
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.database.tables import taken_back
from machimori.privacy.decision.holding import Holding, read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.store.store import Store

GUARDIAN = "urn:machimori:customer:40"
OWNERS = {"person": PERSON, "guardian": GUARDIAN}
KEYS = {name: OKPKey.generate_key("Ed25519") for name in (*OWNERS, "new person", "new guardian", "prefecture")}
GIVEN = CONSENT | {"guardian": GUARDIAN}
WITHDRAWN = GIVEN | {"withdrawn_at": "2026-03-02T10:00:00+09:00"}
LESS: dict[str, dict[str, Any]] = {
    "ended": {"expires_at": "2026-03-20T10:00:00+09:00"},
    "other purposes": {"purposes": ["billing"]},
    "other fields": {"fields": ["ElectricityUse.interval_start"]},
}
LATER = NOW + 4 * 365 * 86400.0
OPENED_ONCE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def known(*names: str) -> Holding:
    """The holding with these keys alone."""
    keys: list[dict[str, Any]] = []
    for name in names:
        key = {k: v for k, v in KEYS[name].as_dict(private=False).items() if k in ("kty", "crv", "x")}
        if name == "prefecture":
            keys.append({"key": key, "party": PREFECTURE, "signs": ["EmergencyOrder", "LawfulDemand"]})
        else:
            keys.append({"key": key, "party": OWNERS[name.split()[-1]], "signs": ["ConsentRecord"], "for": [PERSON]})
    return read_holding(
        {**HOLDING, "trusted_keys": keys} if keys else {k: v for k, v in HOLDING.items() if k != "trusted_keys"}
    )


EVERY = known(*KEYS)
SUBSETS = [names for n in range(len(KEYS) + 1) for names in combinations(KEYS, n)]


def rule(store: Store, holding: Holding, request: Mapping[str, Any] = REQUEST, now: float = NOW) -> str:
    return Gate(holding, register=store.register, clock=lambda: now).decide(request).rule


def token(document: Mapping[str, Any], name: str, **claims: Any) -> str:
    return signed(document, KEYS[name], **claims)


@pytest.mark.full
@OPENED_ONCE
@pytest.mark.parametrize(("gives", "takes"), [*product(OWNERS, repeat=2)])
def test_whichever_keys_are_gone(opened: Open, gives: str, takes: str) -> None:
    """Every subset of the keys, another gate beside, the consent brought again by whoever still can, and after deletion."""
    first = opened(holding=EVERY)
    first.add_signed(token(GIVEN, gives))
    assert rule(first, EVERY) == "consent"
    first.add_signed(token(WITHDRAWN, takes, exp=1, aud="urn:machimori:org:elsewhere"))
    assert rule(first, EVERY) == "consent-withdrawn"
    for names in SUBSETS:
        holding = known(*names)
        store = opened(holding=holding)
        assert rule(store, holding) == "consent-withdrawn", names
        for name in OWNERS:
            if f"new {name}" in names:
                store.add_signed(
                    token(
                        GIVEN | {"id": str(GIVEN["id"]).upper().replace("URN:UUID:", "urn:uuid:")}, f"new {name}", iat=1
                    )
                )
                store.add_signed(token(GIVEN, f"new {name}", iat=2))
        assert rule(store, holding) == "consent-withdrawn", names
        assert rule(first, EVERY) == "consent-withdrawn"
        store.close()
    first.expire(LATER, "P1D")
    assert first.consents() == []
    for names in SUBSETS:
        holding = known(*names)
        store = opened(holding=holding)
        for name in names:
            if name != "prefecture":
                store.add_signed(token(GIVEN, name))
        assert rule(store, holding) in ("consent-withdrawn", "no-consent")
        assert rule(store, holding) == "consent-withdrawn" or not store.consents()
        store.close()


def test_taken_back_at_the_desk_it_stays_so_after_deletion(opened: Open) -> None:
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "person"))
    store.withdraw(str(GIVEN["id"]), NOW - 1)
    assert store.expire(LATER, "P1D")["withdrawals"] == 1
    store.add_signed(token(GIVEN, "person"))
    assert rule(store, EVERY) == "consent-withdrawn"
    assert rule(store, EVERY, now=NOW - 2) == "consent"


@OPENED_ONCE
def test_a_withdrawal_before_its_consent(opened: Open) -> None:
    opened(holding=EVERY).add_signed(token(WITHDRAWN, "guardian"))
    store = opened(holding=known("person"))
    store.add_signed(token(GIVEN, "person"))
    assert rule(store, known("person")) == "consent-withdrawn"


@pytest.mark.full
@OPENED_ONCE
@pytest.mark.parametrize("less", LESS)
def test_a_consent_issued_again_with_less(opened: Open, less: str) -> None:
    """By a key that is gone since; the first one shown again; after deletion, at whatever moment."""
    first = opened(holding=EVERY)
    first.add_signed(token(GIVEN, "guardian"))
    first.add_signed(token(GIVEN | LESS[less], "person"))
    for names in SUBSETS:
        holding = known(*names)
        store = opened(holding=holding)
        assert rule(store, holding) != "consent", names
        store.close()
    first.expire(LATER, "P1D")
    first.add_signed(token(GIVEN, "guardian"))
    after = NOW if less == "ended" else LATER
    assert rule(first, EVERY, now=after) != "consent"


@OPENED_ONCE
def test_one_spelling_is_not_deleted_before_the_other(opened: Open) -> None:
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "guardian"))
    other = str(GIVEN["id"]).replace("b", "B").replace("c", "C")
    assert other != GIVEN["id"]
    store.add_signed(token(GIVEN | LESS["ended"] | {"id": other}, "person"))
    assert not any(store.expire(NOW, "P1D").values())
    assert rule(store, EVERY) == "consent-expired"


@OPENED_ONCE
def test_a_signature_that_was_to_lapse_lapses_without_its_key(opened: Open) -> None:
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "guardian"))
    store.add_signed(token(GIVEN, "person", exp=int(NOW) + 5))
    for names in (("guardian",), ("person", "guardian")):
        gone = opened(holding=known(*names))
        assert [rule(gone, known(*names), now=NOW + n) for n in (4, 5)] == ["consent", "consent-expired"]


@OPENED_ONCE
def test_an_order_issued_again_with_less(opened: Open) -> None:
    order = {
        "type": "EmergencyOrder", "id": "urn:uuid:00000000-0000-4000-8000-0000000000e1", "legal_basis": "Act 24",
        "authority": {"id": PREFECTURE, "kind": "prefecture"}, "area": ["281000"], "purposes": ["public_health"],
        "fields": ["ElectricityUse.energy"], "published_at": "https://www.example.jp/orders/1",
    } | BOUNDS  # fmt: skip
    asked = REQUEST | {
        "requester": {"id": PREFECTURE, "kind": "prefecture"}, "purpose": "public_health", "form": "statistics",
    }  # fmt: skip
    del asked["subject"]
    store = opened(holding=EVERY)
    gate = Gate(EVERY, register=store.register, clock=lambda: NOW)
    store.add_signed(token(order, "prefecture"))
    assert not gate.decide(asked, k=50).denied
    store.add_signed(token(order | {"ends_at": "2026-04-01T08:00:00+09:00"}, "prefecture"))
    assert gate.decide(asked, k=50).rule == "order-not-in-force"
    store.expire(LATER, "P1D")
    assert store.orders() == []
    store.add_signed(token(order, "prefecture"))
    assert gate.decide(asked, k=50).rule == "order-not-in-force"


def test_an_agreement_ends_early_and_stays_so(opened: Open) -> None:
    store = opened(holding=EVERY)
    asked = {k: v for k, v in REQUEST.items() if k != "subject"} | {"role": "processor", "purpose": "billing"}
    store.add_agreement(AGREEMENT)
    assert rule(store, EVERY, asked) == "own-service"
    ended = AGREEMENT | {"ends_at": "2026-03-31T00:00:00+09:00"}
    assert store.add_agreement(ended) == store.add_agreement(ended) == AGREEMENT["id"]
    assert store.agreements() == [ended]
    assert rule(store, EVERY, asked) == "no-agreement"
    for wider in (AGREEMENT, ended | {"purposes": ["billing", "marketing"]}, ended | {"kind": "supply"}):
        with pytest.raises(RefusedError):
            store.add_agreement(wider)
    assert store.expire(NOW, "PT1H")["agreements"] == 1
    store.add_agreement(AGREEMENT)
    assert rule(store, EVERY, asked) == "no-agreement"


@pytest.mark.full
@OPENED_ONCE
def test_what_the_store_refuses_changes_nothing(opened: Open) -> None:
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "person"))
    for document in (GIVEN, WITHDRAWN):
        for kind, bad in twins(document, "no key of this store"):
            with pytest.raises(MachimoriError) as refused:
                store.add_signed(bad)
            assert PERSON not in str(refused.value), kind
    assert rule(store, EVERY) == "consent"
    assert len(store.consents()) == 1


def test_an_older_store_is_brought_up_to_date(opened: Open) -> None:
    """With a withdrawal in it whose key is gone: it was verified when it was taken."""
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "guardian"))
    store.add_signed(token(WITHDRAWN, "person"))
    with store.database.writing() as connection:
        kept = connection.execute(select(taken_back)).all()
        set_back(connection, 1)
    store.close()
    newer = opened(holding=known("guardian"))
    assert rule(newer, known("guardian")) == "consent-withdrawn"
    with newer.database.reading() as connection:
        assert connection.execute(select(taken_back)).all() == kept
        assert len(kept) == 1
    newer.expire(LATER, "P1D")
    newer.add_signed(token(GIVEN, "guardian"))
    assert rule(newer, known("guardian")) == "consent-withdrawn"


@OPENED_ONCE
def test_a_mark_names_nobody(opened: Open, tmp_path: Path) -> None:
    store = opened(holding=EVERY)
    store.add_signed(token(GIVEN, "person"))
    store.add_signed(token(WITHDRAWN, "person"))
    store.expire(LATER, "P1D")
    with store.database.reading() as connection:
        ((name, _),) = connection.execute(select(taken_back)).all()
    assert len(name) == 64
    assert set(name) <= set("0123456789abcdef")
    assert not any(value in json.dumps(name) for value in (PERSON, GUARDIAN, str(GIVEN["id"])))
