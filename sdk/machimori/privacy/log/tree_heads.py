"""What the key of a log signs: how many entries there are, and the root of their tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from machimori.privacy.log import merkle
from machimori.privacy.log.keys import LogKey, verified
from machimori.standards.time import written

HASH = 64
"""Hexadecimal digits of a hash."""


def head(key: LogKey, origin: str, size: int, root: bytes, at: float) -> str:
    """The signed statement: compact JWS of ``{"origin", "size", "root", "at"}``; ``origin`` is the holder."""
    return key.signed({"origin": origin, "size": size, "root": root.hex(), "at": written(at)})


def stated(line: str, public: Any, origin: str) -> tuple[int, str] | None:
    """Size and root that a head states of this log; ``None`` where the key did not sign it, or for another log."""
    said: Mapping[str, Any] | None = verified(line, public)
    if said is None or said.get("origin") != origin:
        return None
    size, root = said.get("size"), said.get("root")
    return (size, root) if type(size) is int and isinstance(root, str) else None


def edge_text(frontier: tuple[bytes, ...]) -> str:
    """A right edge as the store keeps it."""
    return "".join(h.hex() for h in frontier)


def edge(text: str) -> tuple[bytes, ...]:
    """A right edge as it was kept; ``ValueError`` where it is none."""
    return tuple(bytes.fromhex(text[i : i + HASH]) for i in range(0, len(text), HASH))


def holds(said: tuple[int, str] | None, size: int, frontier: tuple[bytes, ...]) -> bool:
    """Whether a head states this size and the root of this edge."""
    return said == (size, merkle.root(frontier).hex())
