"""What is accepted at parse speed is valid; texts that belong together are judged as each alone."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.test_examples import CASES, EXAMPLES
from tests.names import names

from machimori.catalogue import catalogue
from machimori.validation.fast_path import LEARNED_FROM, Acceptor
from machimori.validation.fast_strings import REMEMBERED, Forms
from machimori.validation.record import validate

pytestmark = pytest.mark.full


@cache
def every() -> list[tuple[str, bytes]]:
    """Every example with its class."""
    return [(c, (EXAMPLES / c / f).read_bytes()) for c, f in CASES]


@cache
def typed() -> list[bytes]:
    """Those that say of which class they are."""
    return [text for c, text in every() if "type" in catalogue.class_data(c)["fields"]]


def accepted(text: bytes, entity: str | None) -> bool:
    return not Acceptor(entity).doubtful([text])


@pytest.mark.parametrize("entity", sorted({c for c, _ in CASES}))
def test_valid_examples_are_accepted_and_invalid_ones_are_not(entity: str) -> None:
    texts = [text for c, text in every() if c == entity]
    valid = [validate(t, entity).ok for t in texts]
    assert [accepted(t, entity) for t in texts] == valid
    doubtful = Acceptor(entity).doubtful(texts)
    assert doubtful == [n for n, ok in enumerate(valid) if not ok]


@settings(max_examples=60, deadline=None)
@given(order=st.deferred(lambda: st.permutations(range(len(typed())))), size=st.integers(1, 400))
def test_records_of_mixed_classes_are_judged_as_each_alone(order: list[int], size: int) -> None:
    texts = [typed()[n] for n in order[:size]]
    found = Acceptor(None).doubtful(texts)
    assert found == [n for n, t in enumerate(texts) if not validate(t).ok]


def without(record: dict[str, Any], keys: set[str], nulls: set[str]) -> bytes:
    """The record without some of its optional fields, or with null for them."""
    fields = catalogue.class_data("Trip")["fields"]
    kept = {k: None if k in nulls else v for k, v in record.items() if fields[k]["required"] or k not in keys}
    return json.dumps(kept, ensure_ascii=False).encode()


@cache
def trip() -> dict[str, Any]:
    """A valid one with a traveller."""
    text = next(t for c, t in every() if c == "Trip" and validate(t).ok and b"traveller" in t)
    return dict(json.loads(text))


KEYS = st.deferred(lambda: st.sets(st.sampled_from(sorted(trip()))))


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(st.lists(st.tuples(KEYS, KEYS), min_size=1, max_size=20), min_size=1, max_size=6))
def test_what_was_usual_before_changes_no_verdict(batches: list[list[tuple[set[str], set[str]]]]) -> None:
    acceptor = Acceptor(None)
    usual = [without(trip(), set(), set())] * LEARNED_FROM
    assert acceptor.doubtful(usual) == []
    for batch in batches:
        texts = [without(trip(), keys, nulls) for keys, nulls in batch]
        wanted = [n for n, t in enumerate(texts) if not validate(t).ok]
        assert acceptor.doubtful(texts) == wanted
        assert acceptor.doubtful(usual) == []


def twice(text: bytes, within: str | None) -> bytes:
    """The record with its first key, or that of an object in it, given twice."""
    inner = json.loads(text)
    held = inner[within] if within else inner
    first = next(iter(held))
    doubled = json.dumps(held)[:-1] + f", {json.dumps(first)}: {json.dumps(held[first])}}}"
    if within:
        return json.dumps(inner).replace(json.dumps(held), doubled).encode()
    return doubled.encode()


@pytest.mark.parametrize("within", [None, "origin"])
def test_a_key_that_stands_twice_is_left_to_be_explained(within: str | None) -> None:
    once = next(t for c, t in every() if c == "Trip" and validate(t).ok)
    assert accepted(once, "Trip")
    text = twice(once, within)
    assert json.loads(text) == json.loads(once)
    assert not accepted(text, "Trip")
    assert Acceptor("Trip").doubtful([once] * 50 + [text] + [once] * 50) == [50]


def test_two_keys_for_the_price_of_one_do_not_pass_together() -> None:
    """A string with an escaped quotation mark must not hide the strings of a doubled key elsewhere."""
    record = {"id": "urn:machimori:stop:1", "type": "TransitStop", "name": 'a "quoted" name \\'}
    good = json.dumps(record).encode()
    bad = good[:-1] + b', "name": "b"}'
    escaped = good.replace(b'\\"quoted\\"', b"\\u0022\\u0022")
    assert Acceptor(None).doubtful([good, bad, escaped, good]) == [1]


ODD = st.sampled_from(
    ["\n", "\r", " ", "\x00", "+", "-", "Z", "z", "T", "t", ".", ":", "0", "9", '"', "é", "٢", "#", "[", "^", "~"]
)


def pattern(type_name: str) -> str:
    found: str = catalogue.catalogue()["types"][type_name]["pattern"]
    return found.replace("$", r"\Z")


@settings(max_examples=100, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", names()["patterned_types"])
def test_a_form_holds_no_text_that_its_pattern_refuses(name: str, data: st.DataObject) -> None:
    right = st.from_regex(pattern(name))
    values = data.draw(st.lists(right, min_size=1, max_size=6))
    where = data.draw(st.integers(0, len(values) - 1))
    at = data.draw(st.integers(0, len(values[where])))
    broken = values[where][:at] + data.draw(ODD) + values[where][at + data.draw(st.integers(0, 1)) :]
    values[where] = data.draw(st.sampled_from([values[where], broken]))
    forms = Forms()
    try:
        forms[name].hold(values)
    except ValueError:
        return
    assert all(_valid(name, v) for v in values)


def _valid(name: str, value: str) -> bool:
    if name in ("DateTime", "Date"):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
    return re.search(pattern(name), value) is not None


def test_times_of_different_zones_are_compared_as_moments() -> None:
    forms = Forms()
    early, late = "2026-04-01T23:00:00+09:00", "2026-04-01T15:00:00Z"
    forms["DateTime"].hold([early, late])
    forms["DateTime"].ordered([early], [late])
    with pytest.raises(ValueError, match=r"^$"):
        forms["DateTime"].ordered([late], [early])


def test_a_form_forgets_and_goes_on() -> None:
    forms = Forms()
    for n in range(0, 40 * REMEMBERED, 1000):
        forms.trim()
        forms["Iri"].hold([f"urn:machimori:x:{n + k}" for k in range(1000)])
        with pytest.raises(ValueError, match=r"^$"):
            forms["Iri"].hold([f"urn:machimori:x:{n}", "urn:machimori:"])
        assert len(forms["Iri"]) <= REMEMBERED + 1000
