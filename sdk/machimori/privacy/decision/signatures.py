"""Signed documents: one compact JWS (RFC 7515, alg ``Ed25519`` of RFC 9864) a line, its payload the JSON of a class.

A signature counts when its key is entitled to sign that class, for that person, and its owner is who must sign the document
(privacy.md, section 9). Each token is verified before anything of it is merged: one whose signature does not hold is a document
without that signature, and changes nothing of another. What gives a right needs a signature that holds now, claims included;
what takes one away (``revocation``) needs only that it was accepted once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any, NamedTuple

from machimori.extras import need
from machimori.privacy.decision.holding import Holding, TrustedKey
from machimori.standards.time import moment
from machimori.validation.record import validate

ALGORITHM = "Ed25519"
CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")
"""Registered claims (RFC 7519 section 4.1) that may stand beside the fields of the class."""

LIMITING = ("exp", "nbf")
"""Claims that shorten what a document gives, for good."""

SIGNERS: Mapping[str, tuple[str, ...]] = {
    "ConsentRecord": ("subject", "guardian"),
    "EmergencyOrder": ("authority",),
    "RescueOrder": ("authority", "countersigned_by"),
    "Warrant": ("issued_by",),
    "LawfulDemand": ("issued_by",),
}
"""The fields of each class that name who may sign it."""


class Token(NamedTuple):
    """What stands in a token, verified or not."""

    class_name: str
    data: dict[str, Any]
    claims: dict[str, Any]
    digest: bytes
    """Of the content, however it was spelled: tokens that say the same are one document."""


@dataclass(slots=True, repr=False)
class Document:
    """One document as the holder has it: what it says, who signed it, and the claims of its signatures."""

    class_name: str
    data: Mapping[str, Any]
    signers: set[str] = field(default_factory=set)
    claims: list[Mapping[str, Any]] = field(default_factory=list)
    well_formed: bool = True
    """Whether it complies with its class."""
    accepted: bool = False
    """Whether a signature held, now or when the store took it, whatever its claims say: enough to take a right away."""

    @property
    def id(self) -> str:
        """The identifier that the document gives itself."""
        return str(self.data.get("id"))

    def time(self, name: str) -> float | None:
        """A moment of the document in seconds since 1970."""
        return moment(self.data.get(name))

    def withdrawn_at(self) -> float | None:
        """Since when it says that it is withdrawn; always, where it says so and not when."""
        if self.data.get("withdrawn_at") is None:
            return None
        at = self.time("withdrawn_at")
        return -inf if at is None else at

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


def documents(lines: Iterable[str | bytes], holding: Holding, *, accepted: bool = False) -> list[Document]:
    """The documents in ``lines``; those that say the same under several signatures are one document.

    ``accepted`` says that each line was verified when it was taken: its key may be gone since. Raises ``MissingExtraError``
    where there is a document to read and the extra ``gate`` is not installed.
    """
    found: dict[tuple[str, bytes], Document] = {}
    for line in lines:
        text = (line.encode("ascii", "replace") if isinstance(line, str) else line).strip()
        token = _read(text) if text else None
        if token is None:
            continue
        known = found.get((token.class_name, token.digest))
        if known is None:
            complies = validate(dict(token.data), token.class_name).ok
            known = Document(token.class_name, token.data, well_formed=complies)
            found[token.class_name, token.digest] = known
        signer = _signer(text, token.class_name, token.data, holding)
        timed = all(_is_time(token.claims[c]) for c in ("exp", "nbf", "iat") if c in token.claims)
        known.accepted = known.accepted or accepted or signer is not None
        if signer is not None and timed and known.well_formed:
            known.signers.add(signer)
            known.claims.append(token.claims)
        elif accepted and timed:
            known.claims.append({c: token.claims[c] for c in LIMITING if c in token.claims})
    return list(found.values())


def signed(data: Mapping[str, Any], key: Any, **claims: Any) -> str:
    """A document as compact JWS; ``key`` is a private key of ``joserfc.jwk``."""
    need("signatures")
    from joserfc import jws

    payload = json.dumps({**data, **claims}, ensure_ascii=False, separators=(",", ":"))
    return str(jws.serialize_compact({"alg": ALGORITHM}, payload.encode(), key, algorithms=[ALGORITHM]))


def content(line: str) -> Mapping[str, Any]:
    """What a signed document says, whoever signed it; nothing where it is none."""
    token = _read(line.encode("ascii", "replace").strip())
    return token.data if token else {}


def _read(text: bytes) -> Token | None:
    """What stands in a token, verified or not; ``None`` where there is no document in it."""
    need("signatures")
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        parts = jws.extract_compact(text)
        payload = json.loads(parts.payload, object_pairs_hook=_once, parse_constant=_no_number)
        if not isinstance(payload, dict) or not isinstance(payload.get("type"), str) or payload["type"] not in SIGNERS:
            return None
        header = parts.headers()
        claims = {k: payload[k] for k in CLAIMS if k in payload}
        claims |= {k: header[k] for k in CLAIMS if k in header and k not in claims}
        data = {k: v for k, v in payload.items() if k not in CLAIMS}
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).digest()
    except (
        JoseError,
        ValueError,
        RecursionError,
        TypeError,
        AttributeError,
    ):  # the last two: a header that is no object
        return None
    return Token(payload["type"], data, claims, digest)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key stands twice: two readers of a signed text must not read two documents."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> float:
    """``NaN`` and ``Infinity``, which JSON does not have; a comparison with them says nothing."""
    raise ValueError(text)


def _is_time(value: Any) -> bool:
    """Whether a claim is a number that can be compared with the clock."""
    return type(value) is int or (isinstance(value, float) and isfinite(value))


def _signer(token: bytes, class_name: str, data: Mapping[str, Any], holding: Holding) -> str | None:
    """The party whose entitled key made the signature."""
    from joserfc import jws
    from joserfc.errors import JoseError

    wanted = set(parties(class_name, data))
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


def parties(class_name: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Who may sign a document, whose fields nobody has checked yet; the first is its author, but for a consent's guardian."""
    for name in SIGNERS[class_name]:
        value = data.get(name)
        for one in value if isinstance(value, list) else [value]:
            party = one.get("id") if isinstance(one, Mapping) else one
            if isinstance(party, str):
                yield party


def _entitled(class_name: str, data: Mapping[str, Any], holding: Holding) -> Iterator[TrustedKey]:
    """The keys that may sign this class for this person. Without ``for``, a consent is the owner's own alone."""
    subject = data.get("subject")
    if not isinstance(subject, str) and (subject is not None or class_name == "ConsentRecord"):
        return
    for key in holding.trusted_keys:
        if class_name not in key.signs:
            continue
        if key.persons is None:
            if class_name == "ConsentRecord" and key.party != subject:
                continue
        elif subject is not None and subject not in key.persons:
            continue
        yield key
