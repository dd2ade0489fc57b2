"""A holder with a store of each kind, the keys of those who sign, and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from tests.privacy.postgresql import postgresql

from machimori.privacy.decision.decision import Decision
from machimori.privacy.decision.holding import Holding, read_holding
from machimori.privacy.gate import Gate
from machimori.privacy.store import open_store
from machimori.privacy.store.store import Store

__all__ = ["postgresql"]

POWER, CITY, PREFECTURE, CARE = (
    f"urn:machimori:org:{n}" for n in ("minato-power", "minato-city", "hyogo", "mimamori-care")
)
PERSON, NEIGHBOUR = "urn:machimori:customer:17", "urn:machimori:customer:18"
KEYS = {name: OKPKey.generate_key("Ed25519") for name in ("person", "prefecture", "stranger")}
NOW = 1_775_000_000.0  # 2026-04-01T08:33:20+09:00


def public(name: str) -> dict[str, Any]:
    return {k: v for k, v in KEYS[name].as_dict(private=False).items() if k in ("kty", "crv", "x")}


HOLDING: dict[str, Any] = {
    "type": "Holding",
    "id": "urn:machimori:holding:1",
    "holder": {"id": POWER, "kind": "company", "country": "JP"},
    "collector": {"id": POWER, "kind": "company", "country": "JP"},
    "parties": [
        {"id": CITY, "kind": "municipality", "country": "JP"},
        {"id": PREFECTURE, "kind": "prefecture", "country": "JP"},
        {"id": CARE, "kind": "company", "country": "JP"},
    ],
    "trusted_keys": [
        {"key": public("person"), "party": PERSON, "signs": ["ConsentRecord"], "for": [PERSON]},
        {"key": public("prefecture"), "party": PREFECTURE, "signs": ["EmergencyOrder", "LawfulDemand"]},
    ],
}
CONSENT = {
    "type": "ConsentRecord",
    "id": "urn:uuid:b7a4b2f2-2a0e-4a39-9c1f-6a4a2f6f1c01",
    "subject": PERSON,
    "controller": POWER,
    "recipient": CARE,
    "purposes": ["welfare_watch"],
    "fields": ["ElectricityUse.energy"],
    "given_at": "2026-03-01T10:00:00+09:00",
    "expires_at": "2027-03-01T10:00:00+09:00",
    "countries": ["JP"],
    "joined_as_personal_data": False,
}
DEMAND = {
    "type": "LawfulDemand",
    "id": "urn:uuid:0a6d8c55-3f0e-4f53-8a5b-6d1d1f6a2b10",
    "statute": "Electricity Business Act 34(1)",
    "issued_by": PREFECTURE,
    "recipient": {"id": PREFECTURE, "kind": "prefecture"},
    "area": ["281000"],
    "purposes": ["disaster_response"],
    "fields": ["ElectricityUse.energy"],
    "starts_at": "2026-03-31T00:00:00+09:00",
    "ends_at": "2026-04-10T00:00:00+09:00",
    "published_at": "https://example.jp/demand",
}
AGREEMENT = {
    "type": "Agreement",
    "id": "urn:machimori:agreement:1",
    "kind": "processing",
    "parties": [POWER, CARE],
    "purposes": ["billing"],
    "fields": ["ElectricityUse.energy"],
    "starts_at": "2026-01-01T00:00:00+09:00",
    "ends_at": "2027-01-01T00:00:00+09:00",
}
REQUEST = {
    "type": "DisclosureRequest",
    "id": "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04",
    "at": "2026-04-01T09:00:00+09:00",
    "requester": {"id": CARE, "kind": "company", "country": "JP"},
    "role": "third_party",
    "purpose": "welfare_watch",
    "form": "identified",
    "entity": "ElectricityUse",
    "fields": ["energy"],
    "subject": PERSON,
}

Open = Callable[..., Store]


@pytest.fixture(scope="session")
def holding() -> Holding:
    return read_holding(HOLDING)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gate.db"
    address: str = request.getfixturevalue("postgresql").new_database()
    return address


@pytest.fixture
def opened(url: str, tmp_path: Path, holding: Holding) -> Iterator[Open]:
    """Opens the same store as often as it is called: each time as another gate would."""
    stores: list[Store] = []

    def again(**options: Any) -> Store:
        options = {"key": tmp_path / "log.key", "clock": lambda: NOW, **options}
        stores.append(open_store(url, options.pop("holding", holding), **options))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> Store:
    return opened()


@pytest.fixture
def decided(holding: Holding, store: Store) -> Callable[..., Decision]:
    """The decision on a request, with what the store has."""
    gate = Gate(holding, register=store.register, clock=lambda: NOW)

    def decide(**changes: Any) -> Decision:
        return gate.decide(REQUEST | changes)

    return decide
