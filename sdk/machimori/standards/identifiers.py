"""Identifiers as one: every spelling of an IRI that somebody may take for the same comes to one text."""

from __future__ import annotations

import re
from unicodedata import normalize

UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Characters that mean the same whether they are percent-encoded or not (RFC 3986, 2.3); others do not."""
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+|%")


def folded(identifier: str) -> str:
    """What an id is compared and counted by; it is shown to nobody.

    The canonical form (case of scheme and host, percent-encoding of unreserved characters, NFC, no fragment, no trailing slash:
    RFC 3986, 6.2.2; RFC 3987, 5.3.2), and that in one case (Unicode, canonical caseless matching): two persons are never told
    apart by a spelling, so that nobody counts as two. It never fails and folds what it gave to the same again.
    """
    if identifier.isascii() and "%" not in identifier and "#" not in identifier:
        return identifier.lower().rstrip("/")
    plain = _ENCODED.sub(_decoded, normalize("NFC", identifier).partition("#")[0])
    return normalize("NFC", normalize("NFD", plain).casefold()).rstrip("/")


def _decoded(found: re.Match[str]) -> str:
    """A run of percent-encoded bytes: what is unreserved as itself, other bytes in capitals, a lone sign encoded."""
    if found[0] == "%":
        return "%25"
    decoded = bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "surrogateescape")
    return "".join(map(_written, decoded))


def _written(character: str) -> str:
    """A character of an IRI as it stands there: beyond ASCII all are unreserved, but for what is no character."""
    if character in UNRESERVED or (not character.isascii() and not "\udc80" <= character <= "\udcff"):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
