"""Requests: whatever comes is either no request or gets a decision, and a decision on many fields is made of those on one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.gate import golden
from tests.privacy.gate.world import PERSON, consent, demand, emergency, gate, request, rescue, tokens

from machimori.catalogue import catalogue
from machimori.errors import InvalidDocumentError
from machimori.privacy.decision import fields as known_fields
from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.policy import shipped
from machimori.privacy.gate import Gate

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
GATE = gate(lines=tokens(consent(["ElectricityUse.energy"])))
NAMES = list(catalogue.class_data("DisclosureRequest")["fields"])
GOOD = request("care", "ElectricityUse", "welfare_watch", fields=["energy"], subject=PERSON)


def answered(source: Any) -> Decision | None:
    """The decision, or ``None`` where it is no request; anything else fails the test."""
    try:
        decision = GATE.decide(source)
    except InvalidDocumentError:
        return None
    assert decision.rule in shipped().by_name or decision.form != "deny"
    return decision


@pytest.mark.full
@given(JSON)
@settings(max_examples=300, deadline=None)
def test_any_value_is_answered(value: Any) -> None:
    answered(value)
    answered(json.dumps(value))
    answered(json.dumps(value).encode())


@pytest.mark.full
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6), st.sets(st.sampled_from(NAMES)))
@settings(max_examples=400, deadline=None)
def test_a_request_with_anything_in_it_is_answered(changes: dict[str, Any], missing: set[str]) -> None:
    value = {k: v for k, v in (GOOD | changes).items() if k not in missing}
    by_record, by_text = answered(value), answered(json.dumps(value))
    assert (by_record is None) == (by_text is None)
    if by_record is not None and by_text is not None:
        assert (by_record.form, by_record.rule) == (by_text.form, by_text.rule)


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(value: bytes) -> None:
    answered(value)


@given(st.text(max_size=60), st.sampled_from(["entity", "purpose", "kind"]))
def test_a_name_that_the_model_lacks_is_a_denial_with_its_rule(name: str, place: str) -> None:
    asked = {**GOOD, "requester": {**GOOD["requester"], "kind": name}} if place == "kind" else {**GOOD, place: name}
    decision = answered(asked)
    assert decision is not None
    if name not in catalogue.catalogue()["classes"] and name not in catalogue.catalogue()["enums"]["Purpose"]["values"]:
        assert decision.form == "deny"


HUGE: dict[str, Callable[[int], str]] = {
    "deep lists": lambda n: "[" * n + "]" * n,
    "deep objects": lambda n: '{"a":' * n + "1" + "}" * n,
    "deep in a field": lambda n: json.dumps(GOOD)[:-1] + ', "order": ' + "[" * n + "]" * n + "}",
    "a long text": lambda n: json.dumps({**GOOD, "purpose": "x" * 50 * n}),
    "many fields": lambda n: json.dumps({**GOOD, "fields": [f"field_{k}" for k in range(n)]}),
    "a deep path": lambda n: json.dumps({**GOOD, "fields": ["a" + ".a" * n]}),
    "a deep path that exists": lambda n: json.dumps({**GOOD, "entity": "Trip", "fields": ["origin" + ".latitude" * n]}),
    "one field many times": lambda n: json.dumps({**GOOD, "fields": ["energy"] * n}),
    "a huge number": lambda n: json.dumps(GOOD)[:-1] + ', "epsilon": ' + "9" * n + "}",
    "many consents": lambda n: json.dumps({**GOOD, "consents": [f"urn:uuid:{k}" for k in range(n)]}),
}


@pytest.mark.full
@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_absurd_requests_are_answered(text: Callable[[int], str]) -> None:
    answered(text(50_000))


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_the_work_grows_no_faster_than_the_request(text: Callable[[int], str]) -> None:
    answered(text(1_000))
    assert _calls(text(4_000)) < 2.2 * _calls(text(2_000))


def _calls(text: str) -> int:
    """How many functions are called to answer a request: unlike time, the same on every machine."""
    count = 0

    def called(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        answered(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("depth", [500, 5000])
def test_a_deep_record_in_memory_is_answered(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    answered({**GOOD, "order": value})
    answered(value)


# -- several fields ------------------------------------------------------------------------------------------------------------

PURPOSES = sorted(catalogue.catalogue()["enums"]["Purpose"]["values"])
CLASSES = ["ElectricityUse", "ElectricityMeter", "SupportNeed", "LastKnownLocation", "FareTransaction", "SharedVehicle", "ShelterStatus", "AED", "ConnectionRecord", "RescueRequest"]  # fmt: skip


@st.composite
def asked(draw: st.DrawFn) -> tuple[Gate, dict[str, Any]]:
    """A request for several fields of a class, with documents about some of them."""
    entity = draw(st.sampled_from(CLASSES))
    holder = draw(st.sampled_from(["power", "city", "telecom"]))
    names = draw(st.lists(st.sampled_from(list(catalogue.class_data(entity)["fields"])), min_size=1, max_size=5, unique=True))  # fmt: skip
    who = draw(st.sampled_from([holder, "care", "city", "fire", "police", "meti", "urn:machimori:anyone", PERSON]))
    purpose = draw(st.sampled_from(PURPOSES))
    ask = request(
        who,
        entity,
        purpose,
        draw(st.sampled_from(["statistics", "anonymised", "pseudonymised", "identified"])),
        role=draw(st.sampled_from(["third_party", "own_service", "processor", "joint_user", "data_subject"])),
        fields=names,
        live=draw(st.booleans()),
        subject=draw(st.sampled_from([None, PERSON])),
    )
    some = [f"{entity}.{n}" for n in names if draw(st.booleans())] or [f"{entity}.{names[0]}"]
    requester = ask["requester"]["id"]
    known = {
        "consent": consent(some, recipient=requester, purposes=[purpose], controller=f"urn:machimori:org:{holder}"),
        "rescue": rescue(some),
        "emergency": emergency(some, purposes=[purpose]),
        "demand": demand(some, recipient={"id": requester, "kind": ask["requester"]["kind"]}, purposes=[purpose]),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(known))))
    return gate(holder, lines=[t for c in sorted(chosen) for t in tokens(known[c])]), ask


def alone(holder: Gate, ask: dict[str, Any], name: str) -> Decision:
    return holder.decide({**ask, "fields": [name]}, k=50)


@pytest.mark.full
@given(asked())
@settings(max_examples=250, deadline=None)
def test_many_fields_are_decided_as_each_of_them(case: tuple[Gate, dict[str, Any]]) -> None:
    """What is granted among others is granted alone; what is granted alone is withheld among others only by the whole."""
    holder, ask = case
    together = holder.decide(ask, k=50)
    each = {name: alone(holder, ask, name) for name in ask["fields"]}
    whole = {r.name for r in shipped().of_request}
    spared = {"no-live-tracking", "no-bulk-trace"}
    for granted in together.granted:
        single = each[granted.field]
        assert single.form == together.form
        assert (single.granted[0].rule, single.granted[0].transform) == (granted.rule, granted.transform)
    strictest = max(known_fields.asked(ask["entity"], n).strictness for n in ask["fields"])
    for withheld in together.withheld:
        single = each[withheld.field]
        if single.form != "deny":
            only_open = together.form == "deny" and strictest > 0
            assert only_open or withheld.rule in whole | {"refer-to-counsel"}
        elif single.rule in whole and withheld.rule != "refer-to-counsel":
            assert withheld.rule in whole or single.rule in spared


@pytest.mark.full
@given(asked())
@settings(max_examples=250, deadline=None)
def test_the_strictest_field_speaks(case: tuple[Gate, dict[str, Any]]) -> None:
    holder, ask = case
    decision = holder.decide(ask, k=50)
    strict = {n: known_fields.asked(ask["entity"], n).strictness for n in ask["fields"]}
    told = decision.granted if decision.form != "deny" else decision.withheld
    strictest = max(told, key=lambda t: (strict[t.field], -ask["fields"].index(t.field)))
    if decision.form != "deny" or all(alone(holder, ask, w.field).form == "deny" for w in decision.withheld):
        assert decision.rule == strictest.rule


@pytest.mark.full
@given(asked(), st.randoms())
@settings(max_examples=250, deadline=None)
def test_order_matters_among_equally_strict_fields_alone(case: tuple[Gate, dict[str, Any]], chance: Any) -> None:
    holder, ask = case
    shuffled = list(ask["fields"])
    chance.shuffle(shuffled)
    one, other = holder.decide(ask, k=50), holder.decide({**ask, "fields": shuffled}, k=50)
    assert one.form == other.form
    assert {(g.field, g.rule) for g in one.granted} == {(g.field, g.rule) for g in other.granted}
    assert {w.field for w in one.withheld} == {w.field for w in other.withheld}
    strict = [known_fields.asked(ask["entity"], n).strictness for n in ask["fields"]]
    if strict.count(max(strict)) == 1:
        assert one.rule == other.rule


@pytest.mark.full
@given(st.deferred(lambda: st.sampled_from([*golden.named().values()])), st.data())
@settings(max_examples=150, deadline=None)
def test_a_field_added_never_raises_the_form_of_another(case: golden.Case, data: st.DataObject) -> None:
    """With one more field asked, no field is granted that was not granted before."""
    holder, ask = case.gate(), case.request
    if ask["entity"] not in catalogue.catalogue()["classes"] or not ask.get("fields"):
        return
    before = holder.decide(ask, **case.counted)
    more = data.draw(st.sampled_from(list(catalogue.class_data(ask["entity"])["fields"])))
    after = holder.decide({**ask, "fields": [*ask["fields"], more]}, **case.counted)
    new = {g.field for g in after.granted} - {g.field for g in before.granted} - {more}
    assert all(before.form == "deny" and g in ask["fields"] for g in new)
