"""Tokens whose signature does not hold, made of a good document in every way that was thought of: none may change anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.privacy.gate.world import NEIGHBOUR, PERSON, key, org, public

OUTSIDER = "nobody"
"""Whose key no holder knows."""
CLAIMS: dict[str, dict[str, Any]] = {
    "exp that is text": {"exp": "x"},
    "exp that is null": {"exp": None},
    "exp that is a truth": {"exp": True},
    "exp without end": {"exp": 1e999},
    "exp past": {"exp": 1},
    "nbf that is a list": {"nbf": [1]},
    "nbf to come": {"nbf": 4_000_000_000},
    "iat that is text": {"iat": "x"},
    "iat to come": {"iat": 4_000_000_000},
    "aud elsewhere": {"aud": "urn:machimori:org:elsewhere"},
    "aud that is null": {"aud": None},
}
FIELDS: dict[str, dict[str, Any]] = {
    "purposes that are a number": {"purposes": 5},
    "fields that are an object": {"fields": {}},
    "fields that are numbers": {"fields": [1, None]},
    "countries that are a number": {"countries": 7},
    "area that is a number": {"area": 5},
    "area of lists": {"area": [["2"]]},
    "authority that is text": {"authority": "x"},
    "authority that is empty": {"authority": {}},
    "authority that is a list": {"authority": [[1], {"id": []}]},
    "issued by an object": {"issued_by": {"id": {}}},
    "recipient that is a list": {"recipient": [[]]},
    "countersigned by a number": {"countersigned_by": 5},
    "countersigned by lists": {"countersigned_by": [[], {}, {"id": 5}]},
    "subject that is a list": {"subject": [PERSON]},
    "subject that is an object": {"subject": {"id": PERSON}},
    "guardian that is a list": {"guardian": [[PERSON], PERSON]},
    "id that is a number": {"id": 7},
    "id that is a list": {"id": []},
    "id in capitals": {"id": "URN:UUID:00000000-0000-4000-8000-0000000000C1"},
    "no such field": {"山田太郎": "090-0000-0000"},
    "times that are numbers": {"given_at": 1, "expires_at": 2, "starts_at": 1, "ends_at": 2, "withdrawn_at": 3},
    "withdrawn long ago": {"withdrawn_at": "2020-01-01T00:00:00+09:00"},
    "withdrawn who knows when": {"withdrawn_at": "yesterday"},
    "ended": {"expires_at": "2026-03-02T00:00:00+09:00", "ends_at": "2026-03-31T00:00:01+09:00"},
    "for less": {"purposes": ["resident_access"], "fields": ["Trip.id"]},
    "for more": {"purposes": ["welfare_watch", "billing", "public_health"], "recipient": org("partner")},
    "for everybody": {"countries": ["JP", "US"], "joined_as_personal_data": True},
}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def made(header: Any, payload: bytes, owner: str) -> str:
    """A token with header and payload as they are, honestly signed by ``owner``."""
    head = header if isinstance(header, str) else json.dumps(header)
    private = key(owner).private_key
    assert isinstance(private, Ed25519PrivateKey)
    signing = f"{b64(head.encode())}.{b64(payload)}"
    return f"{signing}.{b64(private.sign(signing.encode()))}"


def twins(document: dict[str, Any], owner: str) -> Iterator[tuple[str, str]]:
    """Each kind by its name; ``owner`` is who really signs such a document."""
    plain = json.dumps(document, ensure_ascii=False).encode()
    good = {"alg": "Ed25519"}
    for name, more in (CLAIMS | FIELDS).items():
        yield name, made(good, json.dumps({**document, **more}).encode(), OUTSIDER)
    for name, more in CLAIMS.items():
        yield f"{name}, in the header", made({**good, **more}, plain, OUTSIDER)
    for name in document:
        if name != "type":
            less = {k: v for k, v in document.items() if k != name}
            yield f"without {name}", made(good, json.dumps(less).encode(), OUTSIDER)
    yield "as it is", made(good, plain, OUTSIDER)
    yield "keys turned round", made(good, json.dumps(dict(reversed(document.items()))).encode(), OUTSIDER)
    yield "escaped", made(good, "".join(f"\\u{ord(c):04x}" if c.isalpha() and q else c for c, q in _quoted(plain.decode())).encode(), OUTSIDER)  # fmt: skip
    yield "spaced", made(good, json.dumps(document, indent=3).encode(), OUTSIDER)
    for other in (NEIGHBOUR if owner != NEIGHBOUR else PERSON, "court" if owner != "court" else "hyogo"):
        yield f"signed by {other}", made(good, plain, other)
        yield f"signed by {other}, ended", made(good, json.dumps({**document, "exp": 1}).encode(), other)
    for alg in ("none", "EdDSA", "HS256", "ES256", "", None, 5, ["Ed25519"]):
        yield f"alg {alg}", made({"alg": alg, "exp": 1}, plain, owner)
    head = b64(json.dumps({"alg": "HS256"}).encode())
    mac = hmac.digest(
        base64.urlsafe_b64decode(public(owner)["x"] + "="), f"{head}.{b64(plain)}".encode(), hashlib.sha256
    )
    yield "the public key as a secret", f"{head}.{b64(plain)}.{b64(mac)}"
    yield "crit", made({**good, "crit": ["exp"], "exp": 1}, plain, owner)
    yield "b64", made({**good, "b64": False, "crit": ["b64"]}, plain, owner)
    yield "key in the header", made({**good, "jwk": public(OUTSIDER)}, plain, OUTSIDER)
    yield "another's key id", made({**good, "kid": "another", "exp": 1}, plain, OUTSIDER)
    real = made(good, plain, owner)
    yield "no signature", real.rpartition(".")[0] + "."
    yield "a signature cut off", real[:-7]
    yield (
        "a payload put in",
        ".".join((real.split(".")[0], b64(json.dumps({**document, "exp": "x"}).encode()), real.split(".")[2])),
    )
    yield "a key twice", made(good, plain[:-1] + b', "exp": 1, "exp": 2}', owner)
    yield "too deep", made(good, plain[:-1] + b', "x": ' + b"[" * 900 + b"]" * 900 + b"}", OUTSIDER)
    yield "far too deep", made(good, plain[:-1] + b', "x": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", owner)
    yield "half a pair", made(good, plain[:-1] + b', "x": "\\ud83d"}', OUTSIDER)
    yield "not a number", made(good, plain[:-1] + b', "x": NaN}', owner)
    yield "a list", made(good, b"[" + plain + b"]", owner)
    for header in ("[]", "5", "null", '"b64"', "{}", '["alg", "crit", "b64"]', "{"):
        yield f"header {header}", made(header, plain, owner)


def _quoted(text: str) -> Iterator[tuple[str, bool]]:
    inside = False
    for letter in text:
        if letter == '"':
            inside = not inside
        yield letter, inside
