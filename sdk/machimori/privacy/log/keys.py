"""The key of a log: one secret that turns persons into digests, one key that signs what the log contains.

The file is a JWK set (RFC 7517) that only its owner may read. Whoever has it can recognise a person in the log, so it stays
with the holder; several gates of one holder share it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from machimori.extras import need
from machimori.privacy.database.errors import CannotOpenError
from machimori.privacy.decision.signatures import ALGORITHM
from machimori.privacy.disclosure.secret_files import SharedFileError, read_secret, write_secret


@dataclass(frozen=True)
class LogKey:
    """The key of one log."""

    secret: bytes
    signing: Any
    """An Ed25519 key of ``joserfc.jwk``."""

    def digest(self, kind: str, identifier: str) -> str:
        """What stands for an identifier in the log: HMAC-SHA-256, apart for each kind of thing."""
        return hmac.new(self.secret, f"{kind}\0{identifier}".encode(), sha256).hexdigest()

    @property
    def public(self) -> dict[str, Any]:
        """The key that verifies signatures, as JWK."""
        return dict(self.signing.as_dict(private=False))

    @property
    def fingerprint(self) -> str:
        """What tells this key from another, and tells nothing of it."""
        return sha256(f"{self.signing.thumbprint()}\0{self.digest('log-key', '')}".encode()).hexdigest()

    def signed(self, statement: Mapping[str, Any]) -> str:
        """A statement as compact JWS."""
        from joserfc import jws

        payload = json.dumps(statement, separators=(",", ":")).encode()
        return str(jws.serialize_compact({"alg": ALGORITHM}, payload, self.signing, algorithms=[ALGORITHM]))


def verified(line: str, public: Any) -> dict[str, Any] | None:
    """What a signed statement says; ``None`` where the key did not sign it. ``public`` is a JWK or a key of ``joserfc``."""
    need("signatures")
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        key = OKPKey.import_key(dict(public)) if isinstance(public, Mapping) else public
        said = json.loads(jws.deserialize_compact(line.strip(), key, algorithms=[ALGORITHM]).payload)
    except (JoseError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def log_key(file: Path, *, make: bool) -> LogKey:
    """The key in ``file``; where it is not there, a new one if ``make`` says so. Raises ``CannotOpenError``."""
    try:
        if make and not file.exists():
            _write(file)
        held = read_secret(file)
    except SharedFileError:
        raise CannotOpenError("key-shared", file=file.name) from None
    except FileNotFoundError:
        raise CannotOpenError("key-absent", file=file.name) from None
    except OSError:
        raise CannotOpenError("key-unreadable", file=file.name) from None
    return _read(held, file)


def _read(held: bytes, file: Path) -> LogKey:
    from joserfc.errors import JoseError
    from joserfc.jwk import OctKey, OKPKey

    try:
        keys = {k["kty"]: k for k in json.loads(held)["keys"]}
        return LogKey(OctKey.import_key(keys["oct"]).raw_value, OKPKey.import_key(keys["OKP"]))
    except (JoseError, ValueError, KeyError, TypeError):
        raise CannotOpenError("key-unreadable", file=file.name) from None


def _write(file: Path) -> None:
    """A new key."""
    from joserfc.jwk import OctKey, OKPKey

    made: list[Any] = [OctKey.import_key(secrets.token_bytes(32)), OKPKey.generate_key("Ed25519")]
    write_secret(file, json.dumps({"keys": [k.as_dict(private=True) for k in made]}), replace=False)
