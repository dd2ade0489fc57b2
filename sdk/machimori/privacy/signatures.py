"""Signed documents: one compact JWS (RFC 7515, alg ``Ed25519`` of RFC 9864) a line, its payload the JSON of a class.

A signature counts when its key is entitled to sign that class, for that person, and its owner is who must sign the document
(privacy.md, section 9). Whatever else comes along is a document without that signature, and says nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from machimori.privacy.holding import Holding, TrustedKey
from machimori.privacy.moments import moment
from machimori.validation.record import validate

ALGORITHM = "Ed25519"
CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")
"""Registered claims (RFC 7519 section 4.1) that may stand beside the fields of the class."""

SIGNERS: Mapping[str, tuple[str, ...]] = {
    "ConsentRecord": ("subject", "guardian"),
    "EmergencyOrder": ("authority",),
    "RescueOrder": ("authority", "countersigned_by"),
    "Warrant": ("issued_by",),
    "LawfulDemand": ("issued_by",),
}
"""The fields of each class that name who may sign it."""


@dataclass(slots=True, repr=False)
class Document:
    """One document as the holder has it: what it says, who signed it, and the claims of its signatures."""

    class_name: str
    data: Mapping[str, Any]
    signers: set[str] = field(default_factory=set)
    claims: list[Mapping[str, Any]] = field(default_factory=list)
    well_formed: bool = True

    @property
    def id(self) -> str:
        return str(self.data.get("id"))

    def time(self, name: str) -> float | None:
        """A moment of the document in seconds since 1970."""
        return moment(self.data.get(name))

    def begun(self, now: float) -> bool:
        """Whether no claim says ``not before`` a later time."""
        return all(now >= c["nbf"] for c in self.claims if "nbf" in c)

    def lapsed(self, now: float) -> bool:
        """Whether a claim says that it has expired."""
        return any(now >= c["exp"] for c in self.claims if "exp" in c)

    def meant_for(self, holder: str, now: float) -> bool:
        """Whether every audience names the holder, and nothing was issued in the future."""
        return all(
            ("aud" not in c or holder in (c["aud"] if isinstance(c["aud"], list) else [c["aud"]]))
            and ("iat" not in c or c["iat"] <= now)
            for c in self.claims
        )


def documents(lines: Iterable[str | bytes], holding: Holding) -> list[Document]:
    """The documents in ``lines``; those that say the same under several signatures are one document."""
    found: dict[tuple[str, bytes], Document] = {}
    for line in lines:
        token = line.encode("ascii", "replace") if isinstance(line, str) else line
        token = token.strip()
        if not token:
            continue
        read = _read(token)
        if read is None:
            continue
        class_name, data, claims = read
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).digest()
        known = found.setdefault((class_name, digest), Document(class_name, data))
        known.well_formed = known.well_formed and _well_formed(data, class_name, claims)
        signer = _signer(token, class_name, data, holding) if known.well_formed else None
        if signer is not None:
            known.signers.add(signer)
            known.claims.append(claims)
    return list(found.values())


def signed(data: Mapping[str, Any], key: Any, **claims: Any) -> str:
    """A document as compact JWS; ``key`` is a private key of ``joserfc.jwk``."""
    from joserfc import jws

    payload = json.dumps({**data, **claims}, ensure_ascii=False, separators=(",", ":"))
    return str(jws.serialize_compact({"alg": ALGORITHM}, payload.encode(), key, algorithms=[ALGORITHM]))


def content(line: str) -> Mapping[str, Any]:
    """What a signed document says, whoever signed it; nothing where it is none."""
    read = _read(line.encode("ascii", "replace").strip())
    return read[1] if read else {}


def _read(token: bytes) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """Class, content and claims as they stand in a token, verified or not; ``None`` where there is no document in it."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        parts = jws.extract_compact(token)
        payload = json.loads(parts.payload, object_pairs_hook=_once, parse_constant=_no_number)
    except (JoseError, ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str) or payload["type"] not in SIGNERS:
        return None
    claims = {k: payload[k] for k in CLAIMS if k in payload}
    header = parts.headers()
    claims |= {k: header[k] for k in CLAIMS if k in header and k not in claims}
    data = {k: v for k, v in payload.items() if k not in CLAIMS}
    return str(payload["type"]), data, claims


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: two readers of a signed text must not read two documents."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> float:
    """``NaN`` and ``Infinity``, which JSON does not have; a comparison with them says nothing."""
    raise ValueError(text)


def _well_formed(data: Mapping[str, Any], class_name: str, claims: Mapping[str, Any]) -> bool:
    timed = all(_is_time(claims[c]) for c in ("exp", "nbf", "iat") if c in claims)
    return timed and validate(dict(data), class_name).ok


def _is_time(value: Any) -> bool:
    """Whether a claim is a number that can be compared with the clock."""
    return type(value) is int or (isinstance(value, float) and isfinite(value))


def _signer(token: bytes, class_name: str, data: Mapping[str, Any], holding: Holding) -> str | None:
    """The party whose entitled key made the signature."""
    from joserfc import jws
    from joserfc.errors import JoseError

    wanted = set(_parties(class_name, data))
    header = jws.extract_compact(token).headers()
    if header.get("alg") != ALGORITHM or "crit" in header or "b64" in header:
        return None
    for trusted in _entitled(class_name, data, holding):
        if trusted.party not in wanted or ("kid" in header and trusted.kid not in (None, header["kid"])):
            continue
        try:
            jws.deserialize_compact(token, trusted.public(), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            continue
        return trusted.party
    return None


def _parties(class_name: str, data: Mapping[str, Any]) -> Iterator[str]:
    for name in SIGNERS[class_name]:
        value = data.get(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield one["id"] if isinstance(one, Mapping) else one


def _entitled(class_name: str, data: Mapping[str, Any], holding: Holding) -> Iterator[TrustedKey]:
    """The keys that may sign this class for this person. Without ``for``, a consent is the owner's own alone."""
    subject = data.get("subject")
    for key in holding.trusted_keys:
        if class_name not in key.signs:
            continue
        if key.persons is None:
            if class_name == "ConsentRecord" and key.party != subject:
                continue
        elif subject is not None and subject not in key.persons:
            continue
        yield key
