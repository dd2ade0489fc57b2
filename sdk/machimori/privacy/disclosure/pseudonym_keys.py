"""The keys that pseudonyms are made with: one file of the holder's, a key from each month in which it came into use.

A month's pseudonyms come from the key that was newest in that month, so that an old release can be made again for the same
recipient and purpose, and nobody can join pseudonyms across a rotation. A month before the first key has none: what needs
pseudonyms is denied then, rather than made with another key. Who takes a key out of the file ends what it could make again.

The file is JSON, ``{"keys": [{"id": "2026-04", "secret": "<base64url of 32 bytes>"}]}``; ``id`` is the month of use.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

from machimori import files
from machimori.errors import WRONG_CALL, CannotReadError, ReasonedError
from machimori.messages import msgid
from machimori.privacy.disclosure.secret_files import SharedFileError, read_secret, write_secret

BYTES = 32
"""Of a key (HMAC-SHA-256)."""
MONTH = re.compile(r"(20|21)[0-9]{2}-(0[1-9]|1[0-2])\Z")

REASONS = {
    "shared": msgid("{file} may be read by others; chmod 600 it"),
    "no-keys": msgid("{file} is no file of keys of 32 bytes, each with a month as its id"),
    "twice": msgid("{file} has a month or a key twice"),
    "not-later": msgid("a new key must come into use after {month}"),
    "no-month": msgid("{month} is no month (2026-04)"),
    "unwritable": msgid("{file} cannot be written"),
}  # fmt: skip


class PseudonymKeysError(ReasonedError):
    """A file of keys of pseudonyms cannot be used. ``reason`` is a key of ``REASONS``; nothing of a key is told."""

    REASONS = REASONS
    exit_status = WRONG_CALL


class PseudonymKeys:
    """Keys by the month in which each came into use (``"2026-04"``)."""

    def __init__(self, by_month: Mapping[str, bytes]) -> None:
        self._months = sorted(by_month)
        self._keys = [by_month[m] for m in self._months]

    def __repr__(self) -> str:
        return f"PseudonymKeys({', '.join(self._months)})"

    @property
    def months(self) -> list[str]:
        """When each key came into use, the oldest first."""
        return list(self._months)

    def of(self, month: str) -> bytes | None:
        """The key that pseudonyms of a month are made with; ``None`` before the first."""
        place = bisect_right(self._months, month)
        return self._keys[place - 1] if place else None


def read_keys(file: Path) -> PseudonymKeys:
    """The keys in a file that only its owner may read. Raises ``CannotReadError``, ``PseudonymKeysError``."""
    return PseudonymKeys(_entries(file))


def rotate(file: Path, month: str) -> PseudonymKeys:
    """Add a new key from ``month`` on; the file is made where it is not there. Raises ``PseudonymKeysError``."""
    if not MONTH.match(month):
        raise PseudonymKeysError("no-month", month=month)
    held = _entries(file) if file.exists() else {}
    if held and month <= max(held):
        raise PseudonymKeysError("not-later", month=max(held))
    held[month] = secrets.token_bytes(BYTES)
    _write(file, held)
    return PseudonymKeys(held)


def _entries(file: Path) -> dict[str, bytes]:
    try:
        text = read_secret(file)
    except SharedFileError:
        raise PseudonymKeysError("shared", file=file.name) from None
    except OSError as error:
        raise CannotReadError(files.name_of(file), files.reason(error)) from None
    try:
        entries = [(str(e["id"]), _key(e["secret"])) for e in json.loads(text)["keys"]]
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise PseudonymKeysError("no-keys", file=file.name) from None
    if not entries or not all(MONTH.match(m) and len(k) == BYTES for m, k in entries):
        raise PseudonymKeysError("no-keys", file=file.name)
    if len({m for m, _ in entries}) < len(entries) or len({k for _, k in entries}) < len(entries):
        raise PseudonymKeysError("twice", file=file.name)
    return dict(entries)


def _key(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _write(file: Path, held: Mapping[str, bytes]) -> None:
    entries = [{"id": m, "secret": base64.urlsafe_b64encode(held[m]).decode().rstrip("=")} for m in sorted(held)]
    try:
        write_secret(file, json.dumps({"keys": entries}, indent=1) + "\n", replace=True)
    except OSError:
        raise PseudonymKeysError("unwritable", file=file.name) from None
