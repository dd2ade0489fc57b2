"""The holder's log: what was decided, in a Merkle tree whose root is signed with every entry.

Whoever changes, drops, moves or inserts an entry without the log's key is found out by ``verify``; whoever puts back an older
state as a whole, by a checkpoint that was published.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from machimori.privacy.decision import Decision, Receipt
from machimori.privacy.holding import Holding
from machimori.privacy.moments import written
from machimori.privacy.requesting import read_request
from machimori.privacy.store import entries as said
from machimori.privacy.store import heads, merkle
from machimori.privacy.store.database import Database
from machimori.privacy.store.errors import LogDamagedError, RefusedError
from machimori.privacy.store.keys import LogKey
from machimori.privacy.store.tables import checkpoints, log, log_state
from machimori.privacy.store.verifying import Finding, findings, searched_by

STATE = "tree"
"""The one row of ``log_state``."""
PAGE = 1000
"""Entries read at once."""


@dataclass
class _Waiting:
    """An entry on its way into the log, and what came of it."""

    entry: Mapping[str, Any]
    receipt: Receipt | None = None
    error: Exception | None = None


class Log:
    """The log of one holder. Several threads and processes may append at once."""

    def __init__(
        self,
        database: Database,
        key: LogKey,
        origin: str,
        holding: Callable[[], Holding],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key, self.origin = key, origin
        self._database, self._holding, self._clock = database, holding, clock
        self._queue, self._turn = threading.Lock(), threading.Lock()
        self._pending: list[_Waiting] = []
        self._trusted: tuple[str, tuple[int, str] | None] = ("", None)
        """The last head that this process signed or verified, and what it states."""

    # -- writing --------------------------------------------------------------------------------------------------------

    def entry(
        self, request: Any, decision: Decision, *, records_released: int = 0, released_by_counsel: bool | None = None
    ) -> dict[str, Any]:
        """What the log says of a decision: everything but values about a person, who stands there as a keyed digest."""
        return said.entry(
            read_request(request),
            decision,
            self._holding(),
            self.key.digest,
            records_released=records_released,
            released_by_counsel=released_by_counsel,
        )

    def record(self, request: Any, decision: Decision, *, records_released: int = 0) -> Receipt:
        """Add the entry of a decision."""
        return self.append(self.entry(request, decision, records_released=records_released))

    def append(self, entry: Mapping[str, Any]) -> Receipt:
        """Add an entry; it is on the disk when this returns. Entries of several threads share one transaction.

        Raises ``RefusedError`` where the entry names a person other than by digest, ``LogDamagedError`` where the log was
        changed without its key, ``UnansweredError`` where the store does not answer.
        """
        waiting = _Waiting(said.checked(entry, self._holding()))
        with self._queue:
            self._pending.append(waiting)
        with self._turn:
            if waiting.receipt is None and waiting.error is None:
                with self._queue:
                    together, self._pending = self._pending, []
                self._commit(together)
        if waiting.error is not None:
            raise waiting.error
        assert waiting.receipt is not None
        return waiting.receipt

    def notified(self, sequence: int, at: float) -> Receipt:
        """Add that the person concerned was told of the decision in entry ``sequence``."""
        told = next((e for e in self.entries(start=sequence) if e["log_sequence"] == sequence), None)
        if told is None:
            raise RefusedError("proof")
        return self.append({**told, "notified_at": written(at, told["at"])})

    def extend(self, connection: Connection, entries: Iterable[Mapping[str, Any]]) -> list[Receipt]:
        """Add entries within a transaction of the caller (``Database.writing``)."""
        size, frontier, previous = self._state(connection)
        rows, receipts = [], []
        for entry in entries:
            place = {"id": said.ENTRY_ID.format(sequence=size), "log_sequence": size}
            before = {"previous_digest": previous} if previous else {}
            content = said.canonical({**entry, **place, **before})
            hashed = merkle.leaf(content.encode())
            frontier, previous = merkle.extended(frontier, size, hashed), hashed.hex()
            rows.append({"sequence": size, "content": content, "digest": previous, **searched_by(entry)})
            receipts.append(Receipt(size, previous))
            size += 1
        head = heads.head(self.key, self.origin, size, merkle.root(frontier), self._clock())
        connection.execute(insert(log), rows)
        state = {"size": size, "frontier": heads.edge_text(frontier), "head": head}
        connection.execute(update(log_state).where(log_state.c.name == STATE).values(state))
        self._trusted = (head, (size, merkle.root(frontier).hex()))
        return receipts

    def begin(self, connection: Connection) -> None:
        """Sign the empty log, within the transaction that makes it."""
        head = heads.head(self.key, self.origin, 0, merkle.EMPTY, self._clock())
        self._database.insert_new(connection, log_state, name=STATE, size=0, frontier="", head=head)

    def checkpoint(self) -> str:
        """The signed size and root of the log as it is now, kept in the store and to be published (compact JWS)."""
        with self._database.writing() as connection:
            self._state(connection)
            size, line = connection.execute(select(log_state.c.size, log_state.c.head)).one()
            self._database.insert_new(connection, checkpoints, size=size, line=line)
        return str(line)

    def _commit(self, together: Sequence[_Waiting]) -> None:
        try:
            with self._database.writing() as connection:
                receipts = self.extend(connection, [w.entry for w in together])
        except Exception as error:  # noqa: BLE001  each of those who wait is told
            for waiting in together:
                waiting.error = error
            return
        for waiting, receipt in zip(together, receipts, strict=True):
            waiting.receipt = receipt

    def _state(self, connection: Connection) -> tuple[int, tuple[bytes, ...], str | None]:
        """Size, right edge and last digest, held until the transaction ends: what was changed is never signed again."""
        row = (
            connection.execute(select(log_state).where(log_state.c.name == STATE).with_for_update()).mappings().first()
        )
        if row is None:
            raise LogDamagedError("damaged")
        line, known = self._trusted
        if row["head"] != line:
            known = heads.stated(row["head"], self.key.signing, self.origin)
            self._trusted = (row["head"], known)
        size, frontier = row["size"], heads.edge(row["frontier"])
        if not heads.holds(known, size, frontier):
            raise LogDamagedError("damaged")
        previous = connection.execute(select(log.c.digest).where(log.c.sequence == size - 1)).scalar()
        return size, frontier, previous

    # -- reading --------------------------------------------------------------------------------------------------------

    def entries(self, subject: str | None = None, *, start: int = 0) -> Iterator[dict[str, Any]]:
        """Records of class ``LogEntry`` in order; those about one person where ``subject`` names one by the holder's id."""
        if subject is None:
            return self._read(start)
        return self._read(start, log.c.subject == said.named(said.SUBJECT, subject, self.key.digest))

    def between(self, begins: float, ends: float) -> Iterator[dict[str, Any]]:
        """Entries of decisions from one moment until before another, in seconds since 1970."""
        return self._read(0, log.c.at >= begins, log.c.at < ends)

    def _read(self, start: int, *which: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
        """Page by page, so that whoever reads slowly holds up nobody: what was read never changes."""
        columns = select(log.c.sequence, log.c.content, log.c.digest).where(*which).order_by(log.c.sequence).limit(PAGE)
        while True:
            with self._database.reading() as connection:
                page = connection.execute(columns.where(log.c.sequence >= start)).all()
            for row in page:
                yield {**json.loads(row.content), "entry_digest": row.digest}
            if len(page) < PAGE:
                return
            start = page[-1].sequence + 1

    def size(self) -> int:
        """How many entries there are."""
        with self._database.reading() as connection:
            return int(connection.execute(select(log_state.c.size)).scalar_one())

    def checkpoints(self) -> list[str]:
        """The checkpoints of the store, from the first."""
        with self._database.reading() as connection:
            return list(connection.execute(select(checkpoints.c.line).order_by(checkpoints.c.size)).scalars())

    def inclusion_proof(self, sequence: int, size: int) -> list[bytes]:
        """What shows that entry ``sequence`` is among the first ``size`` (``merkle.verify_inclusion``)."""
        if not 0 <= sequence < size:
            raise RefusedError("proof")
        return merkle.inclusion_proof(self._leaves(size), sequence)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """What shows that the first ``new`` entries begin with the first ``old`` (``merkle.verify_consistency``)."""
        if not 0 <= old <= new:
            raise RefusedError("proof")
        return merkle.consistency_proof(self._leaves(new), old)

    def verify(self, published: Iterable[str] = ()) -> list[Finding]:
        """What is not as it was written; ``published`` are checkpoints that others kept. Empty where all is well."""
        with self._database.reading() as connection:
            state = connection.execute(select(log_state).where(log_state.c.name == STATE)).mappings().first()
            kept = connection.execute(select(checkpoints.c.line).order_by(checkpoints.c.size)).scalars().all()
            rows = connection.execution_options(yield_per=1000).execute(select(log).order_by(log.c.sequence)).mappings()
            return list(findings(rows, state, [*kept, *published], self.key.signing, self.origin))

    def _leaves(self, size: int) -> list[bytes]:
        wanted = select(log.c.digest).where(log.c.sequence < size).order_by(log.c.sequence)
        with self._database.reading() as connection:
            leaves = [bytes.fromhex(d) for d in connection.execute(wanted).scalars()]
        if len(leaves) != size:
            raise RefusedError("proof")
        return leaves
