"""Whom the holder has to tell, from when and until when; and that telling is entered once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.privacy.store.conftest import CARE, DEMAND, HOLDING, KEYS, NOW, PERSON, PREFECTURE, REQUEST, Open, public

import machimori as mm
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log import notices
from machimori.privacy.log.wording import sentence
from machimori.privacy.store.store import Store
from machimori.standards.time import written

DAY = 86400.0
FIRE, DOCTOR, GUARD = (f"urn:machimori:org:{n}" for n in ("fire", "doctor", "coastguard"))
SIGNERS = dict(zip(("person", "prefecture", "stranger"), (FIRE, DOCTOR, GUARD), strict=True))
RESCUE = {
    "type": "RescueOrder",
    "id": "urn:uuid:0a6d8c55-3f0e-4f53-8a5b-6d1d1f6a2b11",
    "subject": PERSON,
    "authority": {"id": FIRE, "kind": "emergency_service"},
    "fields": ["LastKnownLocation.place"],
    "starts_at": "2026-04-01T00:00:00+09:00",
    "ends_at": "2026-04-01T12:00:00+09:00",
    "countersigned_by": [DOCTOR, GUARD],
}
ENDS = datetime.fromisoformat(str(RESCUE["ends_at"])).timestamp()
RESCUERS = HOLDING | {
    "parties": [{"id": FIRE, "kind": "emergency_service", "country": "JP"}],
    "trusted_keys": [{"key": public(k), "party": p, "signs": ["RescueOrder"]} for k, p in SIGNERS.items()],
}
RESCUING = REQUEST | {
    "requester": {"id": FIRE, "kind": "emergency_service", "country": "JP"},
    "purpose": "rescue",
    "entity": "LastKnownLocation",
    "fields": ["place"],
}
DEMANDED = {"requester": {"id": PREFECTURE, "kind": "prefecture", "country": "JP"}, "purpose": "disaster_response"}


@pytest.fixture
def rescued(opened: Open) -> Store:
    """A store whose entry 0 is a rescue, and entry 1 a denial of which nobody is told."""
    holder = read_holding(RESCUERS)
    store = opened(holding=holder)
    for name in SIGNERS:
        store.add_signed(signed(RESCUE, KEYS[name]))
    gate = Gate(holder, store=store, clock=lambda: NOW)
    assert gate.decide(RESCUING).rule == "rescue-order"
    assert gate.decide(RESCUING | {"purpose": "research"}).denied
    return store


def test_a_rescue_is_told_when_the_order_has_ended_and_within_thirty_days(rescued: Store) -> None:
    (notice,) = rescued.log.notices()
    assert notice.entry["log_sequence"] == 0
    assert (notice.after, notice.by) == (ENDS, ENDS + timedelta(days=30).total_seconds())
    states = {ENDS - 1: "not_yet", ENDS: "due", ENDS + 30 * DAY: "due", ENDS + 30 * DAY + 1: "overdue"}
    assert {at: notice.state(at) for at in states} == states


def test_a_notice_names_nobody_and_the_desk_finds_who_it_is(rescued: Store) -> None:
    (notice,) = rescued.log.notices()
    assert PERSON not in json.dumps(notice.entry)
    assert rescued.persons()[notice.entry["subject"]] == PERSON


def test_what_was_told_is_told_no_more(rescued: Store) -> None:
    receipt = rescued.log.notified(0, ENDS + DAY)
    entry = list(rescued.log.entries(PERSON))[-1]
    assert (entry["entry_digest"], entry["about_entry"]) == (receipt.entry_digest, "urn:machimori:log:0")
    assert datetime.fromisoformat(entry["notified_at"]).timestamp() == ENDS + DAY
    assert mm.validate(entry, "NoticeEntry").ok
    assert sentence(entry).endswith(
        "the person concerned was told of entry 0, the request of urn:machimori:org:fire (emergency service)."
    )
    assert rescued.log.notices() == []
    assert rescued.report(2026)["persons_notified"] == 1
    assert rescued.log.verify() == []


@pytest.mark.parametrize(
    ("sequence", "at", "reason"),
    [(0, NOW, "told"), (7, NOW, "proof"), (2, NOW, "no-decision"), (1, NOW - 3600, "told-before")],
)
def test_what_cannot_have_been_told_is_refused(sequence: int, at: float, reason: str, rescued: Store) -> None:
    rescued.log.notified(0, NOW)
    with pytest.raises(RefusedError) as refused:
        rescued.log.notified(sequence, at)
    assert refused.value.reason == reason
    assert rescued.log.size() == 3


def test_two_desks_enter_it_once(rescued: Store, opened: Open) -> None:
    desks = [rescued, *(opened(holding=read_holding(RESCUERS)) for _ in range(3))]

    def tell(desk: Store) -> str:
        try:
            desk.log.notified(0, NOW)
        except RefusedError as refused:
            return refused.reason
        return "entered"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(tell, desks)) == ["entered", "told", "told", "told"]
    assert rescued.log.size() == 3


def test_the_person_is_told_of_a_demand_though_it_is_denied_and_of_the_answer(
    store: Store, decided: Callable[..., Decision]
) -> None:
    store.add_signed(signed(DEMAND, KEYS["prefecture"]))
    Gate(HOLDING, store=store, clock=lambda: NOW).decide(REQUEST | DEMANDED)
    assert [(n.entry["log_sequence"], n.after) for n in store.log.notices()] == [(0, NOW)]
    store.counsel.answer(str(REQUEST["id"]), "Ito", "yes", release=True, at=NOW + 60)
    assert [n.entry["log_sequence"] for n in store.log.notices()] == [0, 1]
    assert list(store.persons().values()) == [PERSON]


def test_a_notice_entered_in_the_old_way_counts(rescued: Store) -> None:
    told = next(rescued.log.entries())
    rescued.log.append({**told, "notified_at": written(ENDS, told["at"])})
    assert rescued.log.notices() == []
    assert "you were told of the disclosure" in sentence(list(rescued.log.entries())[-1])


def _entry(number: int, kind: str, of: int, minutes: int) -> dict[str, Any]:
    place = {"id": f"urn:machimori:log:{number}", "log_sequence": number, "requester": {"id": CARE, "kind": "company"}}
    if kind == "notice":
        return place | {"type": "NoticeEntry", "about_entry": f"urn:machimori:log:{of}"}
    after = (datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=minutes)).isoformat()
    return place | {"type": "LogEntry", **({"notify_after": after} if kind == "owed" else {})}


@pytest.mark.full
@given(
    st.lists(st.tuples(st.sampled_from(["owed", "free", "notice"]), st.integers(0, 12), st.integers(0, 3)), max_size=12)
)
def test_what_is_owed_and_was_not_told_is_outstanding_the_earliest_first(said: list[tuple[str, int, int]]) -> None:
    entries = [_entry(n, *said[n]) for n in range(len(said))]
    told = {(n, of) for n, (kind, of, _) in enumerate(said) if kind == "notice"}
    owed = [n for n, (kind, *_) in enumerate(said) if kind == "owed" and not any(of == n < at for at, of in told)]
    found = [n.entry["log_sequence"] for n in notices.outstanding(entries)]
    assert found == sorted(owed, key=lambda n: (said[n][2], n))
