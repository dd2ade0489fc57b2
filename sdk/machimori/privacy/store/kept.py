"""Settled figures in the store: kept once, sealed in a chain under the statistics secret, and never changed.

What can be noticed is noticed, and ends every answer: another secret; a row that is missing, changed, moved or made by someone
without the secret; and a store that was put back to an older state, by what this process has seen of it and by the file beside
the key that tells how far it had come. Where store, key and that file are put back together, nothing here can tell.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from machimori.privacy.database.database import Database
from machimori.privacy.database.tables import kept, meta
from machimori.privacy.disclosure.secret_files import read_secret, write_secret
from machimori.privacy.log.keys import LogKey, add_statistics_secret, log_key
from machimori.privacy.statistics.kept import KeptLostError

LOG = logging.getLogger("machimori.privacy")
SECRET, SIZE, HELD = "statistics_secret", "kept", "schema"
"""Rows of ``meta``: the fingerprint of the secret; how many figures are kept; and the one that whoever claims the store holds."""
PAGE = 500
"""Steps asked for at once: a statement has room for so many values, and more."""


class Head(NamedTuple):
    """How far the chain of kept figures has come: how many there are, and the seal of the last."""

    number: int
    seal: str


class StoreKept:
    """The kept figures of a store (``Kept``). Several threads and processes may ask and keep at once."""

    def __init__(self, database: Database, key: Callable[[], LogKey], file: Callable[[], Path]) -> None:
        self._database, self._key, self._file = database, key, file
        self._lock = Lock()
        self._secret: bytes | None = None
        self._seen = Head(0, "")
        """The furthest that is known of the chain; whatever does not go on from there is no later state of it."""

    def secret(self) -> bytes:
        """The secret beside the log's key, claimed for this store at its first use."""
        with self._lock:
            if self._secret is None:
                self._secret, self._seen = self._claimed()
            return self._secret

    def found(self, entity: str, table: str, steps: Sequence[int]) -> Mapping[int, bytes]:
        """What is kept of these steps, where its seals hold and none is missing that was there."""
        secret, found = self.secret(), {}
        with self._database.reading() as connection:
            head = self._head(connection, secret)
            for row in _rows(connection, entity, table, steps):
                if not hmac.compare_digest(row.seal, _sealed(secret, row.previous, row)):
                    raise KeptLostError("answers-changed")
                found[row.step] = bytes(row.content)
            if len(found) < len(set(steps)):
                _counted(connection, head)  # what is missing may have been there
        self._remember(head)
        return found

    def keep(self, entity: str, figures: Mapping[tuple[str, int], bytes], at: float) -> None:
        """Keep what is not there yet, in one transaction, each row sealed to the one before."""
        secret = self.secret()
        with self._database.writing() as connection:
            begun = head = self._head(connection, secret)
            _counted(connection, head)
            there = set(_there(connection, entity, figures))
            rows = []
            for (table, step), content in figures.items():
                if (table, step) in there:
                    continue
                row = Row(entity, table, step, content, float(at), head.number + 1)
                head = Head(row.number, _sealed(secret, head.seal, row))
                rows.append({**row._asdict(), "seal": head.seal})
            if head != begun:
                connection.execute(insert(kept), rows)
                noted = {"number": head.number, "text": _signed(secret, head)}
                connection.execute(update(meta).where(meta.c.name == SIZE).values(noted))
        self._remember(head)
        if head != begun:
            self._note()

    # -- the chain ------------------------------------------------------------------------------------------------------

    def _head(self, connection: Connection, secret: bytes) -> Head:
        """The end of the chain, held until the transaction ends where that one writes. Raises ``KeptLostError``."""
        noted = select(meta.c.name, meta.c.number, meta.c.text).where(meta.c.name.in_((SECRET, SIZE)))
        if connection.get_execution_options().get("machimori_writes"):
            noted = noted.order_by(meta.c.name).with_for_update()
        rows = {row.name: row for row in connection.execute(noted)}
        if len(rows) < 2 or (seal := _seal(connection, secret, rows[SIZE].number)) is None:
            raise KeptLostError("answers-lost")
        head = Head(rows[SIZE].number, seal)
        if (rows[SECRET].text, rows[SIZE].text) != (_fingerprint(secret), _signed(secret, head)):
            raise KeptLostError("answers-changed")
        seen = self._seen
        if seen.number and (seen.number > head.number or _seal(connection, secret, seen.number) != seen.seal):
            raise KeptLostError("answers-lost")
        return head

    def _remember(self, head: Head) -> None:
        with self._lock:
            if head.number > self._seen.number:
                self._seen = head

    # -- the secret -----------------------------------------------------------------------------------------------------

    def _claimed(self) -> tuple[bytes, Head]:
        """The secret with which the store was begun for statistics; one that was not is begun here, by one gate alone."""
        known, file = self._key(), self._file()
        seen = self._noted()
        with self._database.writing() as connection:
            connection.execute(select(meta.c.number).where(meta.c.name == HELD).with_for_update())
            begun = connection.execute(select(meta.c.text).where(meta.c.name == SECRET)).scalar()
            secret = known.statistics or log_key(file, make=False).statistics
            if begun is None:
                if seen.number or connection.execute(select(func.count()).select_from(kept)).scalar_one():
                    raise KeptLostError("answers-lost")
                secret = secret or _added(file)
                start = _signed(secret, Head(0, _first(secret)))
                self._database.insert_new(connection, meta, name=SECRET, number=0, text=_fingerprint(secret))
                self._database.insert_new(connection, meta, name=SIZE, number=0, text=start)
            elif secret is None:
                raise KeptLostError("secret-absent", file=file.name)
            elif not hmac.compare_digest(begun, _fingerprint(secret)):
                raise KeptLostError("secret-other", file=file.name)
        return secret, seen

    # -- the file that tells how far it had come --------------------------------------------------------------------------

    def _mark(self) -> Path:
        file = self._file()
        return file.with_name(f"{file.name}.kept")

    def _noted(self) -> Head:
        """What the file says; where it is not there, nothing. One that cannot be read is no reason to trust the store."""
        try:
            said = json.loads(read_secret(self._mark()))
            return Head(int(said["number"]), str(said["seal"]))
        except FileNotFoundError:
            return Head(0, "")
        except Exception as error:  # noqa: BLE001  whatever is wrong with it
            LOG.error("the file that tells how far statistics had come cannot be read: %s", type(error).__name__)
            raise KeptLostError("answers-lost") from None

    def _note(self) -> None:
        """After the store has it: a file that knew more than the store would end every answer after a loss of power."""
        try:
            with self._lock:
                write_secret(self._mark(), json.dumps(self._seen._asdict()), replace=True)
        except OSError as error:
            LOG.warning("how far statistics have come cannot be written beside the key: %s", type(error).__name__)


class Row(NamedTuple):
    """What is sealed of a kept figure."""

    entity: str
    table_name: str
    step: int
    content: bytes
    settled_at: float
    number: int


def _rows(connection: Connection, entity: str, table: str, steps: Iterable[int]) -> Iterator[Any]:
    """Kept steps, each with the seal before its own (``previous``), which is empty where there is none."""
    before = kept.alias()
    wanted = (
        select(kept, func.coalesce(before.c.seal, "").label("previous"))
        .outerjoin(before, before.c.number == kept.c.number - 1)
        .where(kept.c.entity == entity, kept.c.table_name == table)
    )
    for page in _pages(steps):
        yield from connection.execute(wanted.where(kept.c.step.in_(page)))


def _there(connection: Connection, entity: str, figures: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    by_table: dict[str, list[int]] = {}
    for table, step in figures:
        by_table.setdefault(table, []).append(step)
    for table, steps in by_table.items():
        own = select(kept.c.step).where(kept.c.entity == entity, kept.c.table_name == table)
        for page in _pages(steps):
            yield from ((table, step) for step in connection.execute(own.where(kept.c.step.in_(page))).scalars())


def _pages(steps: Iterable[int]) -> Iterator[list[int]]:
    left = iter(steps)
    while page := list(islice(left, PAGE)):
        yield page


def _counted(connection: Connection, head: Head) -> None:
    """Raises ``KeptLostError`` unless there are as many figures as were kept."""
    if connection.execute(select(func.count()).select_from(kept)).scalar_one() != head.number:
        raise KeptLostError("answers-lost")


def _seal(connection: Connection, secret: bytes, number: int) -> str | None:
    if number == 0:
        return _first(secret)
    found: str | None = connection.execute(select(kept.c.seal).where(kept.c.number == number)).scalar()
    return found


def _added(file: Path) -> bytes:
    try:
        return add_statistics_secret(file)
    except (OSError, ValueError):  # or what cannot be read twice
        raise KeptLostError("secret-unwritable", file=file.name) from None


def _sealed(secret: bytes, previous: str, row: Any) -> str:
    """What binds a kept figure to its place and to all before it."""
    place = (row.entity, row.table_name, row.step, float(row.settled_at), row.number)
    return _mac(secret, "kept", previous or _first(secret), *place, sha256(row.content).hexdigest())


def _signed(secret: bytes, head: Head) -> str:
    return _mac(secret, "kept-head", *head)


def _first(secret: bytes) -> str:
    return _mac(secret, "kept-first")


def _fingerprint(secret: bytes) -> str:
    """What tells this secret from another, and tells nothing of it."""
    return _mac(secret, "statistics-secret")


def _mac(secret: bytes, *said: str | float) -> str:
    """Of JSON: no draw of statistics is ever made from such a text, so none can be learned from what stands here."""
    return hmac.new(secret, json.dumps(said).encode(), sha256).hexdigest()
