"""A small world for decisions: holders, whom they know, their keys, and documents signed with these."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from joserfc.jwk import OKPKey

from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents, signed
from machimori.privacy.gate import Gate

NOW = "2026-04-01T09:00:00+09:00"
AT = datetime.fromisoformat(NOW).timestamp()

PARTIES = {
    "power": ("company", "JP"),
    "care": ("company", "JP"),
    "railway": ("company", "JP"),
    "telecom": ("company", "JP"),
    "partner": ("company", "US"),
    "university": ("research_institution", "JP"),
    "city": ("municipality", "JP"),
    "hyogo": ("prefecture", "JP"),
    "meti": ("national_government", "JP"),
    "fire": ("emergency_service", "JP"),
    "police": ("law_enforcement", "JP"),
    "embassy": ("foreign_government", "US"),
    "court": ("national_government", "JP"),
}
SIGNS = {
    "hyogo": ["EmergencyOrder", "LawfulDemand"],
    "city": ["EmergencyOrder", "RescueOrder"],
    "meti": ["LawfulDemand"],
    "fire": ["RescueOrder"],
    "court": ["Warrant"],
    "doctor": ["RescueOrder"],
    "coastguard": ["RescueOrder"],
}
PERSON, NEIGHBOUR, CHILD, PARENT = (f"urn:machimori:person:{n}" for n in (17, 18, 19, 20))


def org(name: str) -> str:
    return f"urn:machimori:org:{name}"


def party(name: str) -> dict[str, str]:
    kind, country = PARTIES[name]
    return {"id": org(name), "kind": kind, "country": country}


@cache
def key(owner: str) -> OKPKey:
    """One key pair an owner, an organisation's name or a person's id."""
    return OKPKey.generate_key("Ed25519")


def public(owner: str) -> dict[str, str]:
    jwk = key(owner).as_dict(private=False)
    return {name: jwk[name] for name in ("kty", "crv", "x")}


def holding(holder: str = "power", collector: str | None = None) -> dict[str, Any]:
    persons = [(p, p) for p in (PERSON, NEIGHBOUR, CHILD)] + [(PARENT, CHILD)]
    return {
        "type": "Holding",
        "id": f"urn:machimori:holding:{holder}",
        "holder": party(holder),
        "collector": party(collector or holder),
        "parties": [party(p) for p in PARTIES if p != holder],
        "trusted_keys": [
            *({"key": public(o), "party": org(o), "signs": s} for o, s in SIGNS.items()),
            *({"key": public(o), "party": o, "signs": ["ConsentRecord"], "for": [person]} for o, person in persons),
        ],
    }


def request(who: str, entity: str, purpose: str, form: str = "identified", **more: Any) -> dict[str, Any]:
    asking = (
        party(who) if who in PARTIES else {"id": who, "kind": "public" if who == "urn:machimori:anyone" else "person"}
    )
    return {
        "type": "DisclosureRequest",
        "id": "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a01",
        "at": NOW,
        "requester": asking,
        "role": "third_party",
        "purpose": purpose,
        "form": form,
        "entity": entity,
        **more,
    }


BOUNDS = {"starts_at": "2026-03-31T00:00:00+09:00", "ends_at": "2026-04-07T00:00:00+09:00"}


def consent(fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "ConsentRecord",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000c1",
        "subject": PERSON,
        "controller": org("power"),
        "recipient": org("care"),
        "purposes": ["welfare_watch"],
        "fields": fields,
        "given_at": "2026-03-01T00:00:00+09:00",
        "expires_at": "2027-03-01T00:00:00+09:00",
        "countries": ["JP"],
        "joined_as_personal_data": False,
    } | more


def emergency(fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "EmergencyOrder",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000e1",
        "authority": {"id": org("hyogo"), "kind": "prefecture"},
        "legal_basis": "Act on Special Measures for Pandemic Influenza Art. 24",
        "area": ["281000"],
        "purposes": ["public_health"],
        "fields": fields,
        "published_at": "https://www.example.jp/orders/1",
    } | BOUNDS | more  # fmt: skip


def rescue(fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "RescueOrder",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000a1",
        "subject": PERSON,
        "authority": {"id": org("fire"), "kind": "emergency_service"},
        "fields": fields,
        "starts_at": "2026-04-01T08:00:00+09:00",
        "ends_at": "2026-04-02T08:00:00+09:00",
        "countersigned_by": [org("doctor"), org("coastguard")],
    } | more


def warrant(fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "Warrant",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000b1",
        "issued_by": org("court"),
        "subject": PERSON,
        "fields": fields,
    } | BOUNDS | more  # fmt: skip


def demand(fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "LawfulDemand",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000d1",
        "statute": "Electricity Business Act 34(1)",
        "issued_by": org("meti"),
        "recipient": {"id": org("meti"), "kind": "national_government"},
        "area": ["281000"],
        "purposes": ["disaster_response"],
        "fields": fields,
        "published_at": "https://www.example.jp/demands/1",
    } | BOUNDS | more  # fmt: skip


def agreement(kind: str, parties: list[str], purposes: list[str], fields: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "Agreement",
        "id": "urn:uuid:00000000-0000-4000-8000-0000000000f1",
        "kind": kind,
        "parties": parties,
        "purposes": purposes,
        "fields": fields,
        "starts_at": "2026-01-01T00:00:00+09:00",
        "ends_at": "2027-01-01T00:00:00+09:00",
    } | more


NOTICE = {
    "stated": True,
    "items": "energy use",
    "users": "Minato Power and Mimamori Care",
    "purpose": "energy saving",
    "responsible_party": "Minato Power",
    "responsible_address": "1-1 Minato, Kobe",
    "responsible_representative": "President",
}

OWNERS = {
    "EmergencyOrder": ["hyogo"],
    "RescueOrder": ["fire", "doctor", "coastguard"],
    "Warrant": ["court"],
    "LawfulDemand": ["meti"],
}


def tokens(document: dict[str, Any], signers: Iterable[str] | None = None, **claims: Any) -> list[str]:
    """The document as one JWS a signer: by default those who must sign it."""
    owners = signers if signers is not None else OWNERS.get(document["type"], [document.get("subject", "")])
    return [signed(document, key(o), **claims) for o in owners]


def gate(
    holder: str = "power",
    collector: str | None = None,
    *,
    lines: Iterable[str] = (),
    agreements: Iterable[dict[str, Any]] = (),
    now: float = AT,
) -> Gate:
    known = read_holding(json.dumps(holding(holder, collector)))
    register = Register(tuple(documents(lines, known)), tuple(agreements))
    return Gate(known, register=register, clock=lambda: now)
