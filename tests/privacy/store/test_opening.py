"""Opening a store: made on first use, refused by name where it is not the one that is meant."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.privacy.store.conftest import HOLDING, Open
from tests.programs import POSIX

from machimori import messages
from machimori.errors import MachimoriError, MissingExtraError
from machimori.privacy.database import database
from machimori.privacy.database.errors import REASONS, CannotOpenError
from machimori.privacy.database.tables import meta, versions
from machimori.privacy.decision.holding import Holding, read_holding
from machimori.privacy.log.keys import log_key
from machimori.privacy.store import open_store

REFUSED = {
    "mysql://x/y": "scheme",
    "sqlite://": "memory",
    "sqlite:///:memory:": "memory",
    "://": "scheme",
    "sqlite:////no/such/folder/gate.db": "unopened",
    "postgresql+psycopg://nobody@/none?host=/no/such/folder": "unopened",
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.items())
def test_what_cannot_be_opened_is_a_named_error(url: str, reason: str, holding: Holding) -> None:
    with pytest.raises(CannotOpenError) as refused:
        open_store(url, holding)
    assert refused.value.reason == reason
    assert "nobody" not in str(refused.value)


def test_a_path_is_an_sqlite_file_and_is_its_owners_alone(tmp_path: Path, holding: Holding) -> None:
    store = open_store(tmp_path / "gate.db", holding)
    store.log.checkpoint()
    store.close()
    for file in ("gate.db", "gate.db.key"):
        assert (tmp_path / file).stat().st_mode & 0o777 == 0o600


def test_without_a_holder_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(CannotOpenError) as refused:
        open_store(tmp_path / "gate.db")
    assert refused.value.reason == "absent"
    assert not (tmp_path / "gate.db").exists()


def test_the_log_can_be_read_without_the_holding_and_documents_cannot(opened: Open) -> None:
    opened().log.checkpoint()
    store = opened(holding=None)
    assert store.holder.id == HOLDING["holder"]["id"]
    assert store.log.verify() == []
    with pytest.raises(CannotOpenError) as refused:
        store.add_signed("e30.e30.AA")
    assert refused.value.reason == "no-holder"


@pytest.mark.parametrize("found", ["9999", "of another branch", ""])
def test_a_newer_revision_is_refused(found: str, opened: Open) -> None:
    with opened().database.writing() as connection:
        connection.execute(update(versions).values(version_num=found))
    with pytest.raises(CannotOpenError) as refused:
        opened()
    assert refused.value.reason == "newer"
    with pytest.raises(CannotOpenError, match="revision"):
        opened()


def test_a_number_from_before_revisions_that_nobody_gave_is_refused(opened: Open) -> None:
    with opened().database.writing() as connection:
        connection.execute(update(meta).where(meta.c.name == "schema").values(number=99))
        versions.drop(connection)
    with pytest.raises(CannotOpenError) as refused:
        opened()
    assert refused.value.reason == "newer"


def test_another_holders_store_is_refused(opened: Open) -> None:
    opened()
    other = {"id": "urn:machimori:org:other", "kind": "company"}
    with pytest.raises(CannotOpenError) as refused:
        opened(holding=read_holding({**HOLDING, "holder": other, "collector": other}))
    assert refused.value.reason == "other-holder"


def test_a_file_that_is_no_store_is_refused(tmp_path: Path, holding: Holding) -> None:
    (tmp_path / "text").write_text("not a database, and long enough to be seen as none" * 40)
    with pytest.raises(CannotOpenError):
        open_store(tmp_path / "text", holding)
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE trips (id)")
    connection.close()
    with pytest.raises(CannotOpenError) as refused:
        open_store(tmp_path / "other.db")
    assert refused.value.reason == "foreign"


@pytest.mark.full
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_needs_a_named_key(opened: Open) -> None:
    with pytest.raises(CannotOpenError) as refused:
        _ = opened(key=None).log
    assert refused.value.reason == "key-unnamed"


@POSIX
def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    log_key(file, make=True)
    file.chmod(0o640)
    with pytest.raises(CannotOpenError) as refused:
        log_key(file, make=False)
    assert refused.value.reason == "key-shared"
    file.write_text("{}")
    file.chmod(0o600)
    with pytest.raises(CannotOpenError) as refused:
        log_key(file, make=True)
    assert refused.value.reason == "key-unreadable"


def test_a_key_is_made_once(tmp_path: Path) -> None:
    made = log_key(tmp_path / "log.key", make=True)
    again = log_key(tmp_path / "log.key", make=True)
    assert again.fingerprint == made.fingerprint
    assert again.digest("subject", "x") == made.digest("subject", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["log.key"]


def test_what_is_committed_is_on_the_disk(opened: Open, url: str) -> None:
    durable = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA busy_timeout": 30_000}
    if url.startswith("postgresql"):
        durable = {"SHOW synchronous_commit": "on", "SHOW lock_timeout": "30s"}
    with opened().database.writing() as connection:
        assert {asked: connection.exec_driver_sql(asked).scalar() for asked in durable} == durable


def test_the_driver_of_postgresql_is_an_extra(monkeypatch: pytest.MonkeyPatch, holding: Holding) -> None:
    """Be it absent, or broken."""

    def broken(*_: object, **__: object) -> None:
        raise ImportError("no pq wrapper available")

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError) as refused:
        open_store("postgresql://host/db", holding)
    assert refused.value.extra == "postgresql"
    monkeypatch.undo()
    monkeypatch.setattr(database, "create_engine", broken)
    with pytest.raises(MissingExtraError) as refused:
        open_store("postgresql://host/db", holding)
    assert refused.value.extra == "postgresql"


def test_a_file_of_a_name_like_an_address_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holding: Holding
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.chdir(tmp_path)
    open_store("postgres.db", holding).close()
    assert (tmp_path / "postgres.db").is_file()


def test_every_reason_is_said_in_both_languages() -> None:
    facts = dict.fromkeys(("kind", "found", "known", "file", "class_name", "count", "sequence"), "x")
    for english in REASONS.values():
        japanese = messages.text("ja", english, **facts)
        assert english != japanese
        assert any("ぁ" <= c <= "ん" for c in japanese)
    assert issubclass(CannotOpenError, MachimoriError)


@pytest.mark.full
def test_sqlalchemy_is_imported_only_when_a_store_is_opened() -> None:
    program = "import sys, machimori.privacy.store, machimori.privacy.gate, machimori.cli.run; print('sqlalchemy' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
