"""The documents of a store as the register that decisions read, kept until one of them changes."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable

from sqlalchemy import Connection, select, update

from machimori.privacy.database.database import Database
from machimori.privacy.database.tables import agreements, meta, signed, taken_back, withdrawals
from machimori.privacy.decision.documents import Register, RegisterUnreachableError
from machimori.privacy.decision.holding import Holding
from machimori.privacy.decision.signatures import Document, documents

LOG = logging.getLogger("machimori.privacy")
VERSION = "register"


class Registering:
    """Reads the register again only after it changed, and verifies again only the documents that changed."""

    def __init__(self, database: Database, holding: Callable[[], Holding]) -> None:
        self._database, self._holding = database, holding
        self._watch = database.watch(VERSION)
        self._lock = threading.Lock()
        self._version = -1
        self._register = Register()
        self._verified: dict[tuple[str, ...], list[Document]] = {}

    def register(self) -> Register:
        """Every document of the store. Raises ``RegisterUnreachableError`` where the store does not answer."""
        try:
            version = self._watch.number()
            if version == self._version:
                return self._register
            with self._lock:
                self._register, self._version = self._read()
                return self._register
        except Exception as error:  # noqa: BLE001  whatever it is, a decision must not go by what was known before
            self._version = -1
            LOG.error("the register cannot be read: %s", type(error).__name__)
            raise RegisterUnreachableError from None

    def close(self) -> None:
        """Let go of the store."""
        self._watch.close()

    def _read(self) -> tuple[Register, int]:
        with self._database.reading() as connection:
            version = connection.execute(select(meta.c.number).where(meta.c.name == VERSION)).scalar_one()
            lines = connection.execute(
                select(signed.c.class_name, signed.c.document, signed.c.digest, signed.c.line).order_by(
                    signed.c.added, signed.c.digest
                )
            ).all()
            agreed = connection.execute(select(agreements.c.record).order_by(agreements.c.id)).scalars().all()
            withdrawn = {row.consent: row.at for row in connection.execute(select(withdrawals))}
            marks = {row.mark: row.at for row in connection.execute(select(taken_back))}
        groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for class_name, document, digest, line in lines:
            groups.setdefault((class_name, document), []).append((digest, line))
        verified = {}
        for group in groups.values():
            name = tuple(digest for digest, _ in group)
            known = self._verified.get(name)
            if known is None:
                known = documents((line for _, line in group), self._holding(), accepted=True)
            verified[name] = known
        self._verified = verified
        found = tuple(d for group in verified.values() for d in group)
        return Register(found, tuple(json.loads(a) for a in agreed), withdrawn, marks), version


def take_back(database: Database, connection: Connection, name: str, at: float) -> None:
    """Keep for good that something was taken back (``revocation.mark``); the earliest moment counts."""
    if not database.insert_new(connection, taken_back, mark=name, at=at):
        earlier = update(taken_back).where(taken_back.c.mark == name, taken_back.c.at > at)
        connection.execute(earlier.values(at=at))


def changed(connection: Connection) -> None:
    """Say, in the transaction that changes a document, that the register changed: by a number that it never had.

    A count would come to the same number again where an older state is put back.
    """
    connection.execute(update(meta).where(meta.c.name == VERSION).values(number=secrets.randbits(62)))
