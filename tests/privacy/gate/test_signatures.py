"""Signed documents: nothing but a good signature of an entitled key makes a signer, whatever is done to a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey
from tests.privacy.gate.world import (
    AT,
    CHILD,
    NEIGHBOUR,
    PARENT,
    PERSON,
    consent,
    demand,
    emergency,
    holding,
    key,
    org,
    public,
    rescue,
    tokens,
    warrant,
)

from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents, signed

KNOWN = read_holding(json.dumps(holding()))
FIELDS = ["ElectricityUse.energy"]
GOOD = {
    "ConsentRecord": signed(consent(FIELDS), key(PERSON)),
    "EmergencyOrder": signed(emergency(FIELDS), key("hyogo")),
    "RescueOrder": signed(rescue(FIELDS), key("fire")),
    "Warrant": signed(warrant(FIELDS), key("court")),
    "LawfulDemand": signed(demand(FIELDS), key("meti")),
}
ANY = st.sampled_from(sorted(GOOD))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def plain(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signers(*lines: Any) -> set[str]:
    """Everybody who counts as a signer of any of these."""
    return {s for d in documents(lines, KNOWN) for s in d.signers}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_token_has_its_signer(name: str) -> None:
    (document,) = documents([GOOD[name]], KNOWN)
    assert document.class_name == name
    assert len(document.signers) == 1
    assert document.well_formed


# -- tampering -----------------------------------------------------------------------------------------------------------------


@pytest.mark.full
@given(ANY, st.data())
@settings(max_examples=300, deadline=None)
def test_one_character_changed_anywhere_unsigns(name: str, data: st.DataObject) -> None:
    token = GOOD[name]
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="))
    changed = token[:place] + letter + token[place + 1 :]
    assume(changed != token)
    assert signers(changed) == set()


@pytest.mark.full
@given(ANY, st.data())
@settings(max_examples=200, deadline=None)
def test_any_field_changed_unsigns(name: str, data: st.DataObject) -> None:
    head, body, signature = GOOD[name].split(".")
    payload = plain(body)
    field = data.draw(st.sampled_from(sorted(payload)))
    payload[field] = data.draw(st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text(), max_size=2)))
    assume(payload != plain(body))
    assert signers(f"{head}.{b64(json.dumps(payload).encode())}.{signature}") == set()


@pytest.mark.full
@given(ANY, st.one_of(st.text(), st.sampled_from(["none", "None", "HS256", "HS512", "EdDSA", "ES256", "ed25519", "Ed448", ""]), st.none(), st.integers()))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_other_algorithm_counts(name: str, alg: Any) -> None:
    """The public key as a secret, no signature at all, or the right signature under another name."""
    assume(alg != "Ed25519")
    _, body, signature = GOOD[name].split(".")
    head = b64(json.dumps({"alg": alg}).encode())
    secret = base64.urlsafe_b64decode(public("hyogo")["x"] + "=")
    mac = b64(hmac.digest(secret, f"{head}.{body}".encode(), hashlib.sha256))
    for last in ("", signature, mac):
        assert signers(f"{head}.{body}.{last}") == set()


def _again(header: dict[str, Any], payload: bytes, owner: str) -> str:
    """A token with a header of one's own, honestly signed."""
    head = b64(json.dumps(header).encode())
    private = key(owner).private_key
    assert isinstance(private, Ed25519PrivateKey)
    raw = private.sign(f"{head}.{b64(payload)}".encode())
    return f"{head}.{b64(payload)}.{b64(raw)}"


def test_the_hand_made_token_is_a_good_one() -> None:
    assert signers(_again({"alg": "Ed25519"}, json.dumps(consent(FIELDS)).encode(), PERSON)) == {PERSON}


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"], "exp": 4_000_000_000},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": True},
        {"kid": 17},
        {"kid": None},
        {"alg": "EdDSA"},
        {"jwk": public(NEIGHBOUR), "alg": "EdDSA"},
    ],
    ids=lambda h: ", ".join(map(str, h)),
)
def test_a_header_that_asks_for_more_unsigns_or_changes_nothing(header: dict[str, Any]) -> None:
    found = signers(_again({"alg": "Ed25519"} | header, json.dumps(consent(FIELDS)).encode(), PERSON))
    assert found == set() or set(header) == {"kid"}


def test_a_key_in_the_header_is_not_asked() -> None:
    made = _again({"alg": "Ed25519", "jwk": public(NEIGHBOUR)}, json.dumps(consent(FIELDS)).encode(), NEIGHBOUR)
    assert signers(made) == set()


def test_a_key_that_stands_twice_is_no_document() -> None:
    payload = json.dumps(consent(FIELDS))[:-1] + ', "recipient": "urn:machimori:org:partner"}'
    assert documents([_again({"alg": "Ed25519"}, payload.encode(), PERSON)], KNOWN) == []


def test_swapped_payloads_unsign_both() -> None:
    one, other = GOOD["ConsentRecord"].split("."), signed(consent(FIELDS, purposes=["billing"]), key(PERSON)).split(".")
    assert signers(f"{one[0]}.{other[1]}.{one[2]}", f"{other[0]}.{one[1]}.{other[2]}") == set()


def test_a_curve_that_nobody_asked_for() -> None:
    made = ECKey.generate_key("P-256")
    token = jws.serialize_compact({"alg": "ES256"}, json.dumps(consent(FIELDS)).encode(), made, algorithms=["ES256"])
    assert signers(token) == set()


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(line: bytes) -> None:
    assert signers(line) == set()


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100))
def test_no_text_breaks_the_reader(head: str, body: str, signature: str) -> None:
    assert signers(f"{head}.{body}.{signature}", head) == set()


# -- entitlement ---------------------------------------------------------------------------------------------------------------


def keyed(owner: str, kid: str | None = None, **more: Any) -> dict[str, Any]:
    return {"key": public(owner) | ({"kid": kid} if kid else {}), **more}


def signers_under(trusted: list[dict[str, Any]], *lines: str) -> set[str]:
    known = read_holding(json.dumps(holding() | {"trusted_keys": trusted}))
    return {s for d in documents(lines, known) for s in d.signers}


CLASSES = sorted(GOOD)


@pytest.mark.full
@given(st.lists(st.sampled_from(CLASSES), min_size=1, unique=True), ANY)
@settings(deadline=None)
def test_a_key_signs_its_classes_alone(signs: list[str], name: str) -> None:
    owner = {"ConsentRecord": PERSON, "EmergencyOrder": "hyogo", "RescueOrder": "fire", "Warrant": "court", "LawfulDemand": "meti"}[name]  # fmt: skip
    party = owner if owner == PERSON else org(owner)
    found = signers_under([keyed(owner, party=party, signs=signs)], GOOD[name])
    assert found == ({party} if name in signs else set())


@pytest.mark.full
@given(st.sampled_from([PERSON, NEIGHBOUR, CHILD, PARENT]), st.sampled_from([None, PERSON, CHILD, PARENT]), st.lists(st.sampled_from([PERSON, NEIGHBOUR, CHILD]), unique=True) | st.none(), st.sampled_from([PERSON, CHILD]))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_who_signs_a_consent(owner: str, guardian: str | None, persons: list[str] | None, subject: str) -> None:
    """The key's owner is the person or the guardian named, and the key is for this person: by ``for``, else its owner's own."""
    document = consent(FIELDS, subject=subject) | ({"guardian": guardian} if guardian else {})
    more: dict[str, Any] = {} if persons is None else {"for": persons}
    found = signers_under([keyed(owner, party=owner, signs=["ConsentRecord"], **more)], signed(document, key(owner)))
    for_this_person = owner == subject if persons is None else subject in persons
    assert found == ({owner} if owner in (subject, guardian) and for_this_person else set())


def test_a_key_id_picks_its_key_alone() -> None:
    payload = json.dumps(consent(FIELDS)).encode()
    trusted = [keyed(PERSON, "a", party=PERSON, signs=["ConsentRecord"])]
    assert signers_under(trusted, _again({"alg": "Ed25519", "kid": "a"}, payload, PERSON)) == {PERSON}
    assert signers_under(trusted, _again({"alg": "Ed25519", "kid": "b"}, payload, PERSON)) == set()
    assert signers_under(trusted, _again({"alg": "Ed25519"}, payload, PERSON)) == {PERSON}


def test_several_signers_make_one_document() -> None:
    (document,) = documents(tokens(rescue(FIELDS)), KNOWN)
    assert document.signers == {org("fire"), org("doctor"), org("coastguard")}


# -- claims --------------------------------------------------------------------------------------------------------------------

TIMES = st.one_of(st.text(), st.booleans(), st.none(), st.lists(st.integers(), max_size=1), st.dictionaries(st.text(), st.none(), max_size=1))  # fmt: skip


@pytest.mark.full
@given(st.sampled_from(["exp", "nbf", "iat"]), TIMES)
@settings(deadline=None)
def test_a_time_that_is_no_number_unsigns(claim: str, value: Any) -> None:
    assert signers(signed(consent(FIELDS), key(PERSON), **{claim: value})) == set()


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e999])
def test_a_time_that_is_not_finite_unsigns(claim: str, value: float) -> None:
    assert signers(signed(consent(FIELDS), key(PERSON), **{claim: value})) == set()


@pytest.mark.full
@given(st.sampled_from(["exp", "nbf", "iat"]), st.integers(-(10**30), 10**30))
@settings(deadline=None)
def test_a_time_is_compared_with_the_clock(claim: str, value: int) -> None:
    (document,) = documents([signed(consent(FIELDS), key(PERSON), **{claim: value})], KNOWN)
    assert document.lapsed(AT) is (claim == "exp" and value <= AT)
    assert document.begun(AT) is not (claim == "nbf" and value > AT)
    assert document.meant_for(org("power"), AT) is not (claim == "iat" and value > AT)


@pytest.mark.full
@given(st.one_of(st.none(), st.text(), st.integers(), st.lists(st.one_of(st.text(), st.integers(), st.none()), max_size=3), st.dictionaries(st.text(), st.text(), max_size=2)))  # fmt: skip
@settings(deadline=None)
def test_an_audience_names_the_holder(audience: Any) -> None:
    found = documents([signed(consent(FIELDS), key(PERSON), aud=audience)], KNOWN)
    assert not any(d.signers and d.meant_for(org("power"), AT) for d in found)
