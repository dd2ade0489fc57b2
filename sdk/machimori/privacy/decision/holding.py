"""Whom the holder knows: its register of organisations, and the keys whose signatures count (class ``Holding``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from machimori.errors import InvalidDocumentError, UnreadableError
from machimori.files import content
from machimori.messages import Message
from machimori.privacy.decision.policy import shipped
from machimori.validation.record import validate

HOME = "JP"
PERSONS = ("person", "public")
"""Requesters that are no organisation: a person known by a login, and anybody."""


@dataclass(frozen=True, slots=True, repr=False)
class Party:
    """An organisation as the register has it."""

    id: str
    kind: str
    country: str | None


@dataclass(frozen=True, repr=False)
class TrustedKey:
    """A public key, its owner, the classes it may sign, and for whom; ``persons`` is ``None`` where nobody is named."""

    jwk: Mapping[str, Any]
    party: str
    signs: frozenset[str]
    persons: frozenset[str] | None

    @property
    def kid(self) -> str | None:
        """The key's own name, if it has one (RFC 7517, ``kid``)."""
        return self.jwk.get("kid")

    def public(self) -> Any:
        """The key for ``joserfc``, made once."""
        return self._public

    @cached_property
    def _public(self) -> Any:
        from joserfc.jwk import OKPKey

        return OKPKey.import_key(
            {k: v for k, v in self.jwk.items() if k in ("kty", "crv", "x", "kid") and v is not None}
        )


@dataclass(frozen=True, repr=False)
class Holding:
    """The holder, who collected the data, and the register."""

    id: str
    holder: Party
    collector: Party
    register: Mapping[str, Party | None]
    """Organisations by id; ``None`` where the register contradicts itself."""
    trusted_keys: tuple[TrustedKey, ...]

    @property
    def home(self) -> str:
        """The country whose law the holder is under, as ISO 3166-1 alpha-2."""
        return self.holder.country or HOME

    def kind(self, party: Party) -> str:
        """The kind that counts: a public body of another country is a foreign government."""
        public = party.kind in shipped().public_bodies
        return "foreign_government" if public and party.country not in (None, self.home) else party.kind

    def domestic_government(self, party_id: str, kind: str) -> bool:
        """Whether the register has this party as a municipality, a prefecture or the national government."""
        known = self.register.get(party_id)
        return (
            known is not None
            and known.kind == kind
            and self.kind(known) in ("municipality", "prefecture", "national_government")
        )

    def verified(self, party_id: str, kind: str, country: str | None) -> Party | None:
        """The requester as the register knows it; ``None`` where it says something else than the register."""
        known = self.register.get(party_id)
        if kind in PERSONS and party_id not in self.register:
            return None if party_id in self._official_signers else Party(party_id, kind, country)
        if known is None or known.kind != kind or (country is not None and country != known.country):
            return None
        return known

    @cached_property
    def _official_signers(self) -> frozenset[str]:
        return frozenset(k.party for k in self.trusted_keys if k.signs - {"ConsentRecord"})


def read_holding(source: Mapping[str, object] | str | bytes | Path) -> Holding:
    """A holding from its record, its JSON, or a file.

    Raises ``CannotReadError`` where there is no file, ``InvalidDocumentError`` with the findings where it does not comply with class ``Holding``.
    """
    data = _json(source)
    report = validate(data, "Holding")
    if not report.ok:
        raise InvalidDocumentError("Holding", report.issues)
    register: dict[str, Party | None] = {}
    holder, collector = _party(data["holder"]), _party(data["collector"])
    for party in (holder, *map(_party, data.get("parties") or ())):
        register[party.id] = party if register.get(party.id, party) == party else None
    register.setdefault(collector.id, collector)
    keys = tuple(
        TrustedKey(k["key"], k["party"], frozenset(k["signs"]), None if k.get("for") is None else frozenset(k["for"]))
        for k in data.get("trusted_keys") or ()
    )
    return Holding(data["id"], holder, collector, register, keys)


def _party(data: Mapping[str, Any]) -> Party:
    return Party(data["id"], data["kind"], data.get("country"))


def _json(source: Mapping[str, object] | str | bytes | Path) -> dict[str, Any]:
    if isinstance(source, Mapping):
        return dict(source)
    try:
        loaded = json.loads(content(source) if isinstance(source, Path) else source)
    except (ValueError, RecursionError):
        raise UnreadableError(Message("holding"), Message("not JSON")) from None
    if not isinstance(loaded, dict):
        raise UnreadableError(Message("holding"), Message("not an object"))
    return loaded
