"""The key of a log: one secret that turns persons into digests, one key that signs what the log contains.

The file is a JWK set (RFC 7517) that only its owner may read. Whoever has it can recognise a person in the log, so it stays
with the holder; several gates of one holder share it. The statistics secret lies in it too, under a ``kid`` of its own: it
is as old and as precious as the log, and whoever runs queries has no business with either.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from machimori.extras import need
from machimori.privacy.database.errors import CannotOpenError
from machimori.privacy.decision.signatures import ALGORITHM
from machimori.privacy.disclosure.secret_files import SharedFileError, read_secret, write_secret
from machimori.privacy.statistics.kept import SECRET_BYTES

STATISTICS = "statistics"
"""The ``kid`` of the statistics secret."""


@dataclass(frozen=True)
class LogKey:
    """The key of one log."""

    secret: bytes = field(repr=False)
    signing: Any = field(repr=False)
    """An Ed25519 key of ``joserfc.jwk``."""
    statistics: bytes | None = field(default=None, repr=False)
    """The statistics secret; a file of an older version has none until the store is first asked for statistics."""

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


def add_statistics_secret(file: Path) -> bytes:
    """Put a new statistics secret into the file of a key that has none. Raises ``OSError`` where it cannot be written.

    The file is replaced whole. Of several processes only one may do so: the caller holds the store.
    """
    made = secrets.token_bytes(SECRET_BYTES)
    held = json.loads(read_secret(file))
    write_secret(file, json.dumps({**held, "keys": [*held["keys"], _statistics(made)]}), replace=True)
    return made


def _read(held: bytes, file: Path) -> LogKey:
    from joserfc.errors import JoseError
    from joserfc.jwk import OctKey, OKPKey

    try:
        keys = {(k["kty"], k.get("kid") == STATISTICS): k for k in json.loads(held)["keys"]}
        own = keys.get(("oct", True))
        statistics = None if own is None else OctKey.import_key(own).raw_value
        if statistics is not None and len(statistics) != SECRET_BYTES:
            raise ValueError
        digests = OctKey.import_key(keys["oct", False]).raw_value
        return LogKey(digests, OKPKey.import_key(keys["OKP", False]), statistics)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise CannotOpenError("key-unreadable", file=file.name) from None


def _write(file: Path) -> None:
    """A new key."""
    from joserfc.jwk import OctKey, OKPKey

    made: list[Any] = [OctKey.import_key(secrets.token_bytes(32)), OKPKey.generate_key("Ed25519")]
    keys = [*(k.as_dict(private=True) for k in made), _statistics(secrets.token_bytes(SECRET_BYTES))]
    write_secret(file, json.dumps({"keys": keys}), replace=False)


def _statistics(secret: bytes) -> dict[str, Any]:
    from joserfc.jwk import OctKey

    return {**OctKey.import_key(secret).as_dict(private=True), "kid": STATISTICS, "alg": "HS256"}
