"""The database of a store: SQLite in one file, or PostgreSQL for several gates, spoken to in the same words.

What is committed is on the disk: SQLite in WAL mode with ``synchronous=FULL``, PostgreSQL with ``synchronous_commit=on``.
SQLite before 3.51.3 (but for 3.44.6 and 3.50.7) can, very rarely, lose what several processes wrote at once, by a race while
the WAL is reset (https://sqlite.org/wal.html#walresetbug): ``machimori log verify`` finds it, and several gates are for
PostgreSQL.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from machimori.extras import missing
from machimori.privacy.database.errors import CannotOpenError, UnansweredError
from machimori.privacy.database.tables import REVISION, SCHEMA, TABLES, meta, versions
from machimori.privacy.database.upgrading import revision_of, upgrade

PATIENCE = 30
"""Seconds that a writer waits for the ones before it."""
POSTGRESQL = "postgresql+psycopg"


class Database:
    """A database whose tables are there. Raises ``CannotOpenError``."""

    def __init__(self, url: str, *, make: bool) -> None:
        address = _address(url)
        self.file = Path(str(address.database)).absolute() if address.drivername == "sqlite" else None
        self._engine = _engine(address)
        try:
            if self.file is not None:
                _touch(self.file, make)
            self._prepare(make)
        except (SQLAlchemyError, OSError) as error:
            self.close()
            raise CannotOpenError("unopened", kind=type(error).__name__) from None
        except BaseException:
            self.close()
            raise
        self._place = None if self.file is None else _place(self.file)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store."""
        self._there()
        with _telling(), self._engine.connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when it ends; on SQLite the only one that writes."""
        self._there()
        with _telling(), self._engine.connect() as connection:
            connection.execution_options(machimori_writes=True)
            with connection.begin():
                yield connection

    def insert_new(self, connection: Connection, table: Table, **values: Any) -> bool:
        """Insert a row unless its key is there; whether it was inserted."""
        dialect = sqlite if self.file is not None else postgresql
        added = dialect.insert(table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
        return connection.execute(added).first() is not None

    def watch(self, name: str) -> Watch:
        """What looks up one number of ``meta`` again and again."""
        return Watch(self._engine, name, self._there)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _there(self) -> None:
        """A file that was moved away, or another in its place, is no longer the store, though it is open still."""
        try:
            moved = self.file is not None and _place(self.file) != self._place
        except OSError:
            moved = True
        if moved:
            raise UnansweredError("silent", kind="file moved")

    def _prepare(self, make: bool) -> None:
        with self._engine.connect() as connection, connection.begin():
            there = connection.dialect.has_table(connection, meta.name)
        if not there:
            if not make:
                raise CannotOpenError("foreign" if self.file else "absent")
            self._make()
        with self._engine.connect() as connection, connection.begin():
            found = revision_of(connection)
        if found != REVISION:
            with self._alone() as connection:
                upgrade(connection)

    def _make(self) -> None:
        """Make the tables."""
        with self._alone() as connection:
            if not connection.dialect.has_table(connection, meta.name):
                TABLES.create_all(connection)
                connection.execute(insert(versions).values(version_num=REVISION))
                connection.execute(insert(meta).values(name="schema", number=SCHEMA, text=""))
                connection.execute(insert(meta).values(name="register", number=0, text=""))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A transaction that changes the tables; several processes may want to at once."""
        with self._engine.connect() as connection:
            connection.execution_options(machimori_writes=True)
            with connection.begin():
                if self.file is None:
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('machimori'))")
                yield connection


class Watch:
    """One number of ``meta``, by the driver alone: it is asked at every decision, and SQLAlchemy takes ten times as long."""

    def __init__(self, engine: Engine, name: str, there: Callable[[], None]) -> None:
        self._engine, self._there = engine, there
        question = select(meta.c.number).where(meta.c.name == name)
        self._question = str(question.compile(engine, compile_kwargs={"literal_binds": True}))
        self._lock = threading.Lock()
        self._connection: Any = None

    def number(self) -> int:
        """The number as it is now; whatever goes wrong is raised."""
        with self._lock:
            self._there()
            if self._connection is not None:
                try:
                    return self._asked()
                except Exception:  # noqa: BLE001  a server may have been started again: asked once more, anew
                    self._let_go()
            self._connection = self._connected()
            return self._asked()

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        held, self._connection = self._connection, None
        if held is not None:
            held.close()

    def _asked(self) -> int:
        (row,) = self._connection.execute(self._question).fetchall()  # all of them, or a read lock stays behind
        return int(row[0])

    def _connected(self) -> Any:
        held = self._engine.raw_connection()
        connection: Any = held.driver_connection
        held.detach()  # from the pool, which would give it to others
        if self._engine.dialect.name != "sqlite":
            connection.autocommit = True
        return connection


def _place(file: Path) -> tuple[int, int]:
    found = os.stat(file)  # noqa: PTH116  a third faster, at every decision
    return found.st_dev, found.st_ino


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """What a database says may hold values; what is raised of it does not."""
    try:
        yield
    except SQLAlchemyError as error:
        raise UnansweredError("silent", kind=type(error).__name__) from None


def _address(url: str) -> URL:
    try:
        address = make_url(url if "://" in url else f"sqlite:///{url}")
    except (ArgumentError, ValueError):
        raise CannotOpenError("scheme") from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername=POSTGRESQL)
    if address.drivername not in ("sqlite", POSTGRESQL):
        raise CannotOpenError("scheme")
    if address.drivername == "sqlite" and address.database in (None, "", ":memory:"):
        raise CannotOpenError("memory")
    return address


def _engine(address: URL) -> Engine:
    options: Mapping[str, Any] = {"hide_parameters": True}
    if address.drivername == "sqlite":
        engine = create_engine(address, connect_args={"timeout": PATIENCE, "check_same_thread": False}, **options)
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begun)
        return engine
    try:
        engine = create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE}, **options)
    except ImportError:  # psycopg is there, and what it calls is not
        raise missing("postgresql") from None
    event.listen(engine, "connect", _postgresql_connected)
    return engine


def _sqlite_connected(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, and as we say
    for attempt in range(PATIENCE * 10):
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            break
        except sqlite3.OperationalError:  # two that set it at once do not wait for each other
            if attempt == PATIENCE * 10 - 1:
                raise
            time.sleep(0.1)
    connection.execute("PRAGMA synchronous=FULL")


def _sqlite_begun(connection: Connection) -> None:
    writes = connection.get_execution_options().get("machimori_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_connected(connection: Any, _: object) -> None:
    connection.execute(f"SET synchronous_commit = on; SET lock_timeout = '{PATIENCE}s'")
    connection.commit()


def _touch(file: Path, make: bool) -> None:
    """The file, readable to its owner alone: it holds documents that name persons."""
    if not file.exists() and not make:
        raise CannotOpenError("absent")
    if make:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
