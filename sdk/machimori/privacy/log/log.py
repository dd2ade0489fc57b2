"""The holder's log: what was decided, in a Merkle tree whose root is signed with every entry.

Whoever changes, drops, moves or inserts an entry without the log's key is found out by ``verify``; whoever puts back an older
state as a whole, by a checkpoint that was published.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, exists, insert, literal, or_, select, update

from machimori.privacy.database.database import Database
from machimori.privacy.database.errors import LogDamagedError, RefusedError
from machimori.privacy.database.search import searched_by
from machimori.privacy.database.tables import checkpoints, log, log_state
from machimori.privacy.decision.decision import Decision, Receipt
from machimori.privacy.decision.holding import Holding
from machimori.privacy.decision.request import RequestLike, read_request
from machimori.privacy.log import entries as said
from machimori.privacy.log import merkle, notices, tree_heads
from machimori.privacy.log.keys import LogKey
from machimori.privacy.log.verification import Finding, findings
from machimori.standards.time import moment, written

STATE = "tree"
"""The one row of ``log_state``."""
PAGE = 1000
"""Entries read at once."""
ENTRY = literal(said.ENTRY_ID.format(sequence=""))
"""What comes before the number of an entry in its IRI."""


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
        self._database, self._holding, self.clock = database, holding, clock
        self._queue, self._turn = threading.Lock(), threading.Lock()
        self._pending: list[_Waiting] = []
        self._later: deque[Mapping[str, Any]] = deque()
        self._trusted: tuple[str, tuple[int, str] | None] = ("", None)
        """The last head that this process signed or verified, and what it states."""

    # -- writing --------------------------------------------------------------------------------------------------------

    def entry(
        self,
        request: RequestLike,
        decision: Decision,
        *,
        records_released: int | None = None,
        released_by_counsel: bool | None = None,
        release_begun: bool = False,
    ) -> dict[str, Any]:
        """What the log says of a decision: everything but values about a person, who stands there as a keyed digest."""
        return said.entry(
            read_request(request),
            decision,
            self._holding(),
            self.key.digest,
            records_released=records_released,
            released_by_counsel=released_by_counsel,
            release_begun=release_begun,
        )

    def record(self, request: RequestLike, decision: Decision, *, records_released: int | None = None) -> Receipt:
        """Add the entry of a decision."""
        return self.append(self.entry(request, decision, records_released=records_released))

    def append(self, entry: Mapping[str, Any]) -> Receipt:
        """Add an entry; it is on the disk when this returns. Entries of several threads share one transaction.

        Raises ``RefusedError`` where the entry names a person other than by digest, ``LogDamagedError`` where the log was
        changed without its key, ``UnansweredError`` where the store does not answer.
        """
        waiting = _Waiting(self.checked(entry))
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

    def checked(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """The entry as it may stand in the log. Raises ``RefusedError`` where it may not."""
        return said.checked(entry, self._holding())

    def add_later(self, entry: Mapping[str, Any]) -> None:
        """Keep an entry for whoever writes next, without waiting for anything."""
        self._later.append(self.checked(entry))

    def settle(self) -> None:
        """Add what was kept for later."""
        if self._later:
            with self._turn:
                self._extended([])

    def notified(self, sequence: int, at: float) -> Receipt:
        """Add that the person concerned was told of the decision in entry ``sequence``, once.

        Raises ``RefusedError`` where there is no such decision, where the person was told of it already, or where ``at`` is
        before it was made.
        """
        told = self._numbered(sequence)
        if told is None:
            raise RefusedError("proof")
        if told["type"] != said.DECISION or "notified_at" in told:
            raise RefusedError("no-decision")
        if at < (moment(told["at"]) or 0):
            raise RefusedError("told-before")
        adding = said.notice(told, written(self.clock(), told["at"]), written(at, told["at"]))
        with self._database.writing() as connection:
            self._state(connection)  # held from here, so that two desks do not both enter it
            before = select(log.c.sequence).where(log.c.about_entry == told["id"], log.c.notified_at.is_not(None))
            if connection.execute(before.limit(1)).first() is not None:
                raise RefusedError("told")
            return self.extend(connection, [self.checked(adding)])[0]

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
        head = tree_heads.head(self.key, self.origin, size, merkle.root(frontier), self.clock())
        connection.execute(insert(log), rows)
        state = {"size": size, "frontier": tree_heads.edge_text(frontier), "head": head}
        connection.execute(update(log_state).where(log_state.c.name == STATE).values(state))
        self._trusted = (head, (size, merkle.root(frontier).hex()))
        return receipts

    def begin(self, connection: Connection) -> None:
        """Sign the empty log, within the transaction that makes it."""
        head = tree_heads.head(self.key, self.origin, 0, merkle.EMPTY, self.clock())
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
            receipts = self._extended([w.entry for w in together])
        except Exception as error:  # noqa: BLE001  each of those who wait is told
            for waiting in together:
                waiting.error = error
            return
        for waiting, receipt in zip(together, receipts, strict=True):
            waiting.receipt = receipt

    def _extended(self, entries: Sequence[Mapping[str, Any]]) -> list[Receipt]:
        """Add entries after those that were kept for later; if that fails, these are kept on."""
        kept = [self._later.popleft() for _ in range(len(self._later))]
        if not kept and not entries:
            return []
        try:
            with self._database.writing() as connection:
                return self.extend(connection, [*kept, *entries])[len(kept) :]
        except BaseException:
            self._later.extendleft(reversed(kept))
            raise

    def _state(self, connection: Connection) -> tuple[int, tuple[bytes, ...], str | None]:
        """Size, right edge and last digest, held until the transaction ends: what was changed is never signed again."""
        row = (
            connection.execute(select(log_state).where(log_state.c.name == STATE).with_for_update()).mappings().first()
        )
        if row is None:
            raise LogDamagedError("damaged")
        line, known = self._trusted
        if row["head"] != line:
            known = tree_heads.stated(row["head"], self.key.signing, self.origin)
            self._trusted = (row["head"], known)
        size, frontier = row["size"], tree_heads.edge(row["frontier"])
        if not tree_heads.holds(known, size, frontier):
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

    def notices(self) -> list[notices.Notice]:
        """Whom the holder has still to tell of a decision, the most urgent first."""
        return notices.outstanding(self._read(0, or_(log.c.notify_after.is_not(None), log.c.notified_at.is_not(None))))

    def unfinished(self, begins: float = -math.inf, ends: float = math.inf) -> list[dict[str, Any]]:
        """Decisions (from one moment until before another) under which records began to go out, and no end is told.

        They go on still, or were cut off; how many came out is not known.
        """
        end = log.alias()
        told = exists().where(end.c.release_ended, end.c.about_entry == ENTRY + cast(log.c.sequence, Text))
        return list(self._read(0, log.c.release_begun, ~told, log.c.at >= begins, log.c.at < ends))

    def _numbered(self, sequence: int) -> dict[str, Any] | None:
        return next(self._read(sequence, log.c.sequence == sequence), None)

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
