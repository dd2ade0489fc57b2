"""A right taken away stays taken: a token that does not hold changes nothing, and a withdrawal that was accepted holds for good.

Order, number and place of tokens never matter, and neither does anything that a bad token says.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.gate.evil import twins
from tests.privacy.gate.world import (
    AT,
    CHILD,
    NEIGHBOUR,
    NOTICE,
    PARENT,
    PERSON,
    agreement,
    consent,
    demand,
    emergency,
    gate,
    holding,
    key,
    org,
    request,
    rescue,
    tokens,
    warrant,
)

from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.revocation import folded, mark
from machimori.privacy.decision.signatures import documents, signed
from machimori.privacy.gate import Gate

ENERGY = ["ElectricityUse.energy", "ElectricityUse.interval_start"]
PLACE, STOP = ["LastKnownLocation.place"], ["FareTransaction.entry_stop"]
CONSENT = consent(ENERGY)
WITHDRAWN = CONSENT | {"withdrawn_at": "2026-03-31T00:00:00+09:00"}
IN_CAPITALS = str(CONSENT["id"]).replace("c1", "C1")
OTHER_ID = "urn:uuid:00000000-0000-4000-8000-0000000000c9"

Outcome = tuple[Any, ...]

REQUESTS: list[tuple[str, dict[str, Any], int]] = [
    ("power", request("care", "ElectricityUse", "welfare_watch", fields=["energy", "interval_start"], subject=PERSON), 0),
    ("power", request("care", "ElectricityUse", "welfare_watch", fields=["energy", "customer"], subject=PERSON), 0),
    ("power", request("care", "ElectricityUse", "billing", fields=["energy"], subject=PERSON), 0),
    ("power", request("partner", "ElectricityUse", "welfare_watch", fields=["energy"], subject=PERSON), 0),
    ("power", request("care", "ElectricityUse", "welfare_watch", fields=["energy"], subject=NEIGHBOUR), 0),
    ("power", request("care", "ElectricityUse", "welfare_watch", fields=["energy"]), 0),
    ("power", request("city", "ElectricityUse", "public_health", "statistics", fields=["energy"]), 50),
    ("power", request("meti", "ElectricityUse", "disaster_response", fields=["energy"], subject=PERSON), 0),
    ("railway", request("police", "FareTransaction", "law_enforcement", fields=["entry_stop"], subject=PERSON), 0),
    ("telecom", request("fire", "LastKnownLocation", "rescue", fields=["place"], subject=PERSON), 0),
    ("power", request(PERSON, "ElectricityUse", "resident_access", fields=["energy"], subject=PERSON), 0),
]  # fmt: skip
GOOD: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "a consent": (CONSENT, PERSON, tokens(CONSENT)),
    "a withdrawal": (WITHDRAWN, PERSON, tokens(CONSENT) + tokens(WITHDRAWN)),
    "an emergency order": (emergency(ENERGY), "hyogo", tokens(emergency(ENERGY))),
    "a rescue order": (rescue(PLACE), "fire", tokens(rescue(PLACE))),
    "a warrant": (warrant(STOP), "court", tokens(warrant(STOP))),
    "a demand": (demand(ENERGY), "meti", tokens(demand(ENERGY))),
}


def outcome(decision: Decision) -> Outcome:
    """All that a decision says, but why a denial is one where nobody has signed anything."""
    assert decision.rule != "error"
    mute = {"consent-unverifiable": "no-consent", "order-unsigned": "no-order"}
    withheld = sorted((w.field, mute.get(w.rule, w.rule)) for w in decision.withheld)
    return (
        decision.form, mute.get(decision.rule, decision.rule), sorted(map(str, decision.granted)), withheld,
        decision.obligations, decision.delete_by, decision.area, decision.documents,
    )  # fmt: skip


def outcomes(lines: list[str], order: str | None = None) -> list[Outcome]:
    gates = {who: gate(who, lines=lines) for who in {who for who, _, _ in REQUESTS}}
    return [outcome(gates[who].decide(r | ({"order": order} if order else {}), k=k)) for who, r, k in REQUESTS]


# -- a token that does not hold ------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize("name", GOOD)
def test_a_token_that_does_not_hold_changes_nothing(name: str) -> None:
    """Every kind of it before and behind the good ones, and all kinds in every place: grants and denials alike, no error."""
    document, owner, good = GOOD[name]
    expected = outcomes(good)
    every = dict(twins(document, owner))
    for kind, bad in every.items():
        assert outcomes([bad, *good, bad]) == expected, kind
    for n in range(len(good) + 1):
        assert outcomes([*good[:n], *every.values(), *good[n:]]) == expected


def test_the_good_ones_do_change_something() -> None:
    """Without which the sweep could not fail."""
    nothing = outcomes([])
    assert all(outcomes(good) != nothing for _, _, good in GOOD.values())


@pytest.mark.full
def test_a_token_that_does_not_hold_makes_no_order_known() -> None:
    """A request may name its order; an id that only an unsigned twin bears is one that nobody knows."""
    good = tokens(emergency(ENERGY))
    granted = [o[2] for o in outcomes(good, OTHER_ID)]
    for kind, bad in twins(rescue(ENERGY, id=OTHER_ID), "fire"):
        assert [o[2] for o in outcomes([*good, bad], OTHER_ID)] == granted, kind
    named = [*good, *tokens(rescue(ENERGY, id=OTHER_ID))]
    expected = outcomes(named, OTHER_ID)
    for kind, bad in twins(emergency(ENERGY, id=OTHER_ID), "hyogo"):
        assert outcomes([*named, bad], OTHER_ID) == expected, kind


# -- withdrawals ---------------------------------------------------------------------------------------------------------------

WEAKER: dict[str, dict[str, Any]] = {
    "plain": {},
    "lapsed": {"exp": 1},
    "not begun": {"nbf": 4_000_000_000},
    "issued to come": {"iat": 4_000_000_000},
    "for another": {"aud": org("elsewhere")},
    "a claim that is no time": {"exp": "x"},
    "ended": {"expires_at": "2026-03-02T00:00:00+09:00"},
    "of other fields": {"fields": ["Trip.id"], "purposes": ["billing"]},
    "to another recipient": {"recipient": org("partner")},
    "badly written": {"purposes": 5, "countries": None},
    "at no time": {"withdrawn_at": "yesterday"},
    "a truth": {"withdrawn_at": True},
    "in capitals": {"id": IN_CAPITALS},
    "escaped": {"id": str(CONSENT["id"]).replace("c1", "%631")},
    "with a fragment": {"id": f"{CONSENT['id']}#1"},
}
"""Withdrawals that the person did sign, whatever else they say."""
TAKES_BACK = {name: signed(WITHDRAWN | more, key(PERSON)) for name, more in WEAKER.items()}
GIVES = {
    "": signed(CONSENT, key(PERSON)),
    "issued again": signed(CONSENT, key(PERSON), iat=1_774_000_000),
    "with another mark": signed(CONSENT, key(PERSON), jti="2"),
    "in capitals": signed(CONSENT | {"id": IN_CAPITALS}, key(PERSON)),
    "spelled again": signed(dict(reversed(CONSENT.items())), key(PERSON)),
}
EVIL = [bad for document in (CONSENT, WITHDRAWN) for _, bad in twins(document, PERSON)]
ASKED = REQUESTS[0][1]


@pytest.mark.full
@pytest.mark.parametrize("taken", TAKES_BACK)
def test_a_withdrawal_holds_whatever_else_it_says(taken: str) -> None:
    for gives, again in product(GIVES.values(), GIVES.values()):
        for lines in ([gives, TAKES_BACK[taken]], [TAKES_BACK[taken], gives], [gives, TAKES_BACK[taken], again]):
            assert gate(lines=lines).decide(ASKED).rule == "consent-withdrawn"


@pytest.mark.full
@given(st.lists(st.sampled_from([*GIVES.values(), *TAKES_BACK.values(), *EVIL]), max_size=12))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_order_and_number_of_tokens(lines: list[str]) -> None:
    rule = gate(lines=lines).decide(ASKED).rule
    if not set(lines) & set(GIVES.values()):
        assert rule in ("no-consent", "consent-unverifiable", "consent-withdrawn", "consent-scope")
    else:
        assert rule == ("consent-withdrawn" if set(lines) & set(TAKES_BACK.values()) else "consent")


@pytest.mark.parametrize(("at", "rule"), [("2026-04-01T09:00:01+09:00", "consent"), ("2026-04-01T09:00:00+09:00", "consent-withdrawn")])  # fmt: skip
def test_a_withdrawal_counts_from_its_moment_and_the_earliest_one_counts(at: str, rule: str) -> None:
    later = signed(CONSENT | {"withdrawn_at": "2026-09-01T00:00:00+09:00"}, key(PERSON))
    lines = [later, signed(CONSENT | {"withdrawn_at": at}, key(PERSON)), *tokens(CONSENT), later]
    assert gate(lines=lines).decide(ASKED).rule == rule


def test_nobody_takes_back_anothers() -> None:
    theirs = signed(WITHDRAWN | {"subject": NEIGHBOUR}, key(NEIGHBOUR))
    assert gate(lines=[theirs, *tokens(CONSENT), theirs]).decide(ASKED).rule == "consent"


@pytest.mark.parametrize("subject", [None, "", 7, [PERSON], {"id": PERSON}, f"{PERSON}#", NEIGHBOUR, CHILD])
def test_a_withdrawal_is_of_the_person_whom_its_key_is_for(subject: Any) -> None:
    """A guardian's key takes back the child's consents alone, also where the record says badly whose it is, or not at all."""
    theirs = WITHDRAWN | {"subject": subject, "guardian": PARENT}
    for document in (theirs, {k: v for k, v in theirs.items() if v is not None}):
        for lines in (
            [signed(document, key(PARENT)), *tokens(CONSENT)],
            [*tokens(CONSENT), signed(document, key(PARENT))],
        ):
            assert gate(lines=lines).decide(ASKED).rule == "consent"


def test_a_guardian_and_the_person_take_back_what_the_other_gave() -> None:
    child = consent(ENERGY, subject=CHILD, guardian=PARENT)
    asked = ASKED | {"subject": CHILD}
    for gives, takes in product((CHILD, PARENT), repeat=2):
        back = signed(child | {"withdrawn_at": WITHDRAWN["withdrawn_at"]}, key(takes))
        assert gate(lines=[signed(child, key(gives))]).decide(asked).rule == "consent"
        assert gate(lines=[signed(child, key(gives)), back]).decide(asked).rule == "consent-withdrawn"


# -- issued again with less ----------------------------------------------------------------------------------------------------

LESS: dict[str, dict[str, Any]] = {
    "ended": {"expires_at": "2026-03-31T00:00:00+09:00", "ends_at": "2026-04-01T08:30:00+09:00"},
    "begun later": {"given_at": "2026-04-02T00:00:00+09:00", "starts_at": "2026-04-01T20:00:00+09:00"},
    "other purposes": {"purposes": ["resident_access"]},
    "other fields": {"fields": ["Trip.id"]},
}
ISSUED = {"a consent": 0, "an emergency order": 6, "a demand": 7, "a warrant": 8, "a rescue order": 9}
"""Which of the requests each opens."""


def _opens(name: str, lines: list[str]) -> Decision:
    who, asked, k = REQUESTS[ISSUED[name]]
    return gate(who, lines=lines).decide(asked, k=k)


@pytest.mark.full
@pytest.mark.parametrize("less", LESS)
@pytest.mark.parametrize("name", ISSUED)
def test_what_was_issued_again_with_less_gives_no_more(name: str, less: str) -> None:
    """In either order, since the first one may be shown again; by its author alone, for a bad twin does not count."""
    document, author, _ = GOOD[name]
    first, none = _opens(name, tokens(document)), _opens(name, [])
    narrower = document | {k: v for k, v in LESS[less].items() if k in document}
    if narrower == document or (name, less) == ("a demand", "other purposes"):
        return  # counsel answers a demand whatever its purpose
    assert first.rule != none.rule, "it opens something, or the rest would say nothing"
    for again in (tokens(narrower, [author]), tokens(narrower), tokens(narrower, [author], exp=1)):
        for lines in (tokens(document) + again, again + tokens(document)):
            assert _opens(name, lines).rule not in (first.rule, "error")
    for bad in (*(b for _, b in twins(narrower, author)), *tokens(narrower, ["doctor", NEIGHBOUR])):
        assert outcome(_opens(name, [bad, *tokens(document)])) == outcome(first)


def test_an_area_issued_again_is_the_smaller_one() -> None:
    lines = tokens(emergency(ENERGY, area=["281000", "131000"])) + tokens(emergency(ENERGY, area=["281000", "142000"]))
    for either in (lines, lines[::-1]):
        assert _opens("an emergency order", either).area == ("281000",)


def test_fields_issued_again_may_be_finer() -> None:
    lines = tokens(consent(["ElectricityUse.energy"])) + tokens(consent(ENERGY))
    for either in (lines, lines[::-1]):
        assert [g.field for g in gate(lines=either).decide(ASKED).granted] == ["energy"]


def test_another_id_is_another_document() -> None:
    ended = tokens(CONSENT | {"id": OTHER_ID, "expires_at": "2026-03-31T00:00:00+09:00"})
    assert gate(lines=[*ended, *tokens(CONSENT), *ended]).decide(ASKED).rule == "consent"


@pytest.mark.parametrize("less", [*LESS, "both"])
def test_an_agreement_that_ended_early_has_ended(less: str) -> None:
    more = {k: v for which in (LESS if less == "both" else [less]) for k, v in LESS[which].items()}
    held = agreement("processing", [org("power"), org("care")], ["welfare_watch"], ENERGY)
    ended = held | {k: v for k, v in more.items() if k in held}
    asked = ASKED | {"role": "processor"}
    del asked["subject"]
    assert not gate(agreements=[held]).decide(asked).denied
    for both in ([held, ended], [ended, held]):
        assert gate(agreements=both).decide(asked).denied
    joint = agreement("joint_use", [org("power"), org("care")], ["billing"], ENERGY, joint_use=NOTICE)
    assert not gate(agreements=[held, joint]).decide(asked).denied, "another kind under the id is another agreement"


# -- facts ---------------------------------------------------------------------------------------------------------------------


def test_a_mark_takes_back_without_any_document() -> None:
    known = read_holding(json.dumps(holding()))
    held = tuple(documents(tokens(CONSENT), known))
    for name, taken in ((PERSON, True), ("", True), (NEIGHBOUR, False)):
        register = Register(held, (), {}, {mark("ConsentRecord", name, str(CONSENT["id"])): AT})
        assert Gate(known, register=register, clock=lambda: AT).decide(ASKED).denied is taken
        assert not Gate(known, register=register, clock=lambda: AT - 1).decide(ASKED).denied


@pytest.mark.parametrize(
    "spelled", ["urn:x:a", "URN:X:A", "urn:x:%61", "urn:x:a#1", "urn:x:a/", "urn:x:a//", "urn:x:%41"]
)
def test_every_spelling_of_an_id_is_one(spelled: str) -> None:
    assert folded(spelled) == "urn:x:a"


@given(st.text(max_size=20))
@settings(derandomize=True)
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text) or "%" in folded(text) or "#" in folded(text)
    assert folded(text.upper()) == folded(text.upper().lower()) or not text.isascii()
