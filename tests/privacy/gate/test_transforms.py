"""What is done to a value before it leaves: pseudonyms and coarsening."""

from __future__ import annotations

import json
from itertools import pairwise

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.privacy.gate.test_disclose import CLASSES, gate, own, use
from tests.privacy.gate.world import AT, PERSON, consent, holding, org, request, tokens

from machimori.catalogue import catalogue
from machimori.privacy.decision import fields
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.disclosure import coarsening
from machimori.privacy.gate import Gate
from machimori.samples.sampling import sample
from machimori.standards.mesh import mesh_code


def _pseudonym(recipient: str, purpose: str, now: float) -> str:
    lines = tokens(consent(["ElectricityUse.customer"], recipient=org(recipient), purposes=[purpose], countries=["US", "JP"], expires_at="2028-01-01T00:00:00+09:00"))  # fmt: skip
    asked = request(recipient, "ElectricityUse", purpose, "pseudonymised", fields=["customer"], subject=PERSON)
    (view,) = gate(lines=lines, now=now).disclose([use(1)], asked)
    return str(view["customer"])


def test_a_pseudonym_is_of_one_recipient_purpose_and_period() -> None:
    month = 31 * 86400.0
    base = _pseudonym("care", "welfare_watch", AT)
    assert base == _pseudonym("care", "welfare_watch", AT + 3600)
    others = {
        _pseudonym("care", "energy_saving", AT),
        _pseudonym("partner", "welfare_watch", AT),
        _pseudonym("care", "welfare_watch", AT + month),
    }
    assert len(others | {base}) == 4
    assert not any(PERSON[-3:] == p[-3:] and PERSON in p for p in others)


def test_no_key_no_pseudonyms() -> None:
    known = read_holding(json.dumps(holding()))
    disclosure = Gate(known, clock=lambda: AT).disclose([use(1)], own("ElectricityUse", "pseudonymised"))
    assert disclosure.decision.rule == "error"
    assert list(disclosure) == []


COARSENED = sorted(
    (name, path)
    for name in CLASSES
    for path, field in catalogue.class_data(name)["fields"].items()
    if fields.asked(name, path).facts[0] and not field["inlined"]
)


@pytest.mark.parametrize("entity", sorted({e for e, _ in COARSENED}))
def test_coarsening_is_idempotent_and_stays_in_the_schema(entity: str) -> None:
    schema = json.loads(catalogue.artefact(f"jsonschema/{entity}.json"))
    for path in (p for e, p in COARSENED if e == entity):
        change = coarsening.coarsening(entity, path)
        validator = jsonschema_rs.validator_for({**schema["properties"][path], "$defs": schema.get("$defs", {})})
        values = [r[path] for r in sample(entity, 30, 3) if r.get(path) is not None]
        if catalogue.field_data(entity, path)["multivalued"]:
            values = [one for value in values for one in value]
            validator = None
        for value in values:
            once = change(value)
            assert once is None or change(once) == once, (path, value)
            assert once is None or validator is None or validator.is_valid(once), (path, value, once)


@pytest.mark.full
def test_coarsening_never_makes_finer() -> None:
    """Two values that are alike after a coarsening stay alike, and there are no more values after it than before."""
    for entity, path in COARSENED:
        values = [r[path] for r in sample(entity, 40, 5) if isinstance(r.get(path), str | int | float)]
        made = {repr(coarsening.coarsening(entity, path)(v)) for v in values}
        assert len(made) <= len(set(map(repr, values))) or not values


@given(st.floats(20, 45.99), st.floats(122, 153.99))
def test_a_smaller_square_lies_in_the_larger(latitude: float, longitude: float) -> None:
    codes = [mesh_code(latitude, longitude, n) for n in (4, 6, 8, 9, 10, 11)]
    assert all(b.startswith(a) for a, b in pairwise(codes))
