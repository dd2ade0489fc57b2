"""Figures that were settled: the same for everyone who asks, for ever, whatever becomes of the records (privacy.md, section 5)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import ClassVar, Protocol

from machimori.errors import WRONG_CALL, ReasonedError
from machimori.messages import msgid

SECRET_BYTES = 32
"""The length of a statistics secret: that of what HMAC-SHA-256 gives."""


class KeptLostError(ReasonedError):
    """The secret or the kept answers of a holder are not those that it gave answers from; nothing settled is answered again.

    A figure that was drawn anew, under another secret or from other records, would tell by its difference what neither tells.
    """

    REASONS: ClassVar[Mapping[str, str]] = {
        "secret-absent": msgid(
            "the file of the log's key lacks the statistics secret with which this store was begun: {file}."
            " Put back the file that had it; until then no statistics are answered"
        ),
        "secret-other": msgid(
            "the statistics secret is another than that with which this store was begun: {file}."
            " Put back the file that had it; until then no statistics are answered"
        ),
        "secret-unwritable": msgid("the statistics secret cannot be added to the file of the log's key: {file}"),
        "answers-lost": msgid(
            "the store is older than the statistics that were already given from it, or some of them are missing."
            " Put back its newest copy; until then no statistics are answered"
        ),
        "answers-changed": msgid(
            "kept statistics are not as they were kept: they were changed without the statistics secret."
            " Put back the store's newest copy; until then no statistics are answered"
        ),
    }
    exit_status = WRONG_CALL


class Kept(Protocol):
    """The kept figures of one holder, and the secret that they were drawn under.

    A step is named by its start, in microseconds since 1970; a content is whatever the engine made of the figures of one step
    of one table, hidden cells included. Every method raises ``KeptLostError`` where secret or answers were lost.
    """

    def secret(self) -> bytes:
        """The statistics secret, 32 bytes: the same as long as the holder gives statistics."""
        ...

    def found(self, entity: str, table: str, steps: Sequence[int]) -> Mapping[int, bytes]:
        """What is kept of these steps of a table; a step that is not settled is not there."""
        ...

    def keep(self, entity: str, figures: Mapping[tuple[str, int], bytes], at: float) -> None:
        """Keep the contents of steps, by table and step, all of them or none. What is there stays: the first wins, for ever.

        Whoever keeps asks ``found`` again afterwards and answers from that, since another gate may have been first.
        """
        ...


class MemoryKept:
    """Kept figures that last as long as their process; a gate without a store has them."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secrets.token_bytes(SECRET_BYTES) if secret is None else secret
        self._figures: dict[tuple[str, str, int], bytes] = {}
        self._lock = Lock()

    def secret(self) -> bytes:
        """The secret handed over, or one made by chance."""
        return self._secret

    def found(self, entity: str, table: str, steps: Sequence[int]) -> Mapping[int, bytes]:
        """What is kept of these steps."""
        with self._lock:
            return {s: self._figures[entity, table, s] for s in steps if (entity, table, s) in self._figures}

    def keep(self, entity: str, figures: Mapping[tuple[str, int], bytes], at: float) -> None:
        """Keep what is not there yet."""
        del at
        with self._lock:
            for (table, step), content in figures.items():
                self._figures.setdefault((entity, table, step), content)
