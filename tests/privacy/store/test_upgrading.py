"""A store of an older version is brought to the tables of today at its first opening, and gives every answer that it gave."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, insert, inspect, select, text
from tests.privacy.store.conftest import CARE, CONSENT, HOLDING, KEYS, NOW, PERSON, REQUEST, Open
from tests.privacy.store.older import set_back
from tests.privacy.store.test_notices import ENDS, RESCUE, RESCUERS, RESCUING, SIGNERS

from machimori.privacy.database import database, upgrading
from machimori.privacy.database.errors import RefusedError, UnansweredError
from machimori.privacy.database.tables import REVISION, TABLES, charges, ledger
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.request import read_request
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log.release_account import begin
from machimori.privacy.log.wording import sentence
from machimori.privacy.statistics.ledger import EVERYONE
from machimori.privacy.store import open_store
from machimori.privacy.store.store import Store
from machimori.samples.sampling import sample
from machimori.standards.time import written

BOTH = read_holding(HOLDING | {name: [*HOLDING[name], *RESCUERS[name]] for name in ("parties", "trusted_keys")})
USES = [{**r, "customer": PERSON} for r in sample("ElectricityUse", 3)]


def answers(store: Store) -> dict[str, Any]:
    """What a store says to those who ask it."""
    return {
        "entries": list(store.log.entries()),
        "the person's": [sentence(e) for e in store.log.entries(PERSON)],
        "the year's": list(store.log.between(NOW - 1, NOW + 1)),
        "notices": store.log.notices(),
        "unfinished": store.log.unfinished(),
        "unfinished of the year": store.log.unfinished(NOW - 1, NOW + 1),
        "unfinished before": store.log.unfinished(ends=NOW),
        "report": store.report(),
        "verify": store.log.verify(),
        "checkpoints": store.log.checkpoints(),
    }


@pytest.fixture
def old(opened: Open) -> dict[str, Any]:
    """A store from before revisions: notices owed and given in both ways, a release that ended and one that did not; its answers."""
    store = opened(holding=BOTH)
    store.add_signed(signed(CONSENT, KEYS["person"]))
    for name in SIGNERS:
        store.add_signed(signed(RESCUE, KEYS[name]))
    gate = Gate(BOTH, store=store, clock=lambda: NOW)
    for later in range(3):
        decision = Gate(BOTH, store=store, clock=lambda at=NOW + later: at).decide(RESCUING)
        assert decision.rule == "rescue-order"
    store.log.notified(0, ENDS)
    told = list(store.log.entries())[1]
    store.log.append({**told, "notified_at": written(ENDS, told["at"])})
    assert len(list(gate.disclose(USES, REQUEST))) == 3
    begin(store.log, read_request(REQUEST), gate.decide(REQUEST))
    store.log.checkpoint()
    before = answers(store)
    with store.database.writing() as connection:
        set_back(connection, 2)
    store.close()
    assert [n.entry["log_sequence"] for n in before["notices"]] == [2]
    assert [e["log_sequence"] for e in before["unfinished"]] == [8]
    assert before["unfinished before"] == []
    assert (before["report"]["persons_notified"], before["report"]["releases_unfinished"]) == (1, 1)
    return before


def test_every_answer_stays(old: dict[str, Any], opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(upgrading, "PAGE", 2)
    store = opened(holding=BOTH)
    assert answers(store) == old
    store.log.notified(2, ENDS)
    assert store.log.notices() == []
    with pytest.raises(RefusedError) as refused:
        store.log.notified(0, ENDS)
    assert refused.value.reason == "told"
    assert store.log.verify() == []
    assert opened(holding=BOTH).log.size() == 10


def test_it_has_the_tables_of_a_new_store(old: dict[str, Any], opened: Open, tmp_path: Path) -> None:
    def tables(store: Store) -> dict[str, Any]:
        with store.database.reading() as connection:
            seen = inspect(connection)
            names = seen.get_table_names()
            return {n: ([str(c) for c in seen.get_columns(n)], sorted(map(str, seen.get_indexes(n)))) for n in names}

    new = open_store(tmp_path / "new.db", BOTH)
    upgraded = tables(opened(holding=BOTH))
    assert set(upgraded) == set(tables(new))
    if opened().database.file is not None:
        assert upgraded == tables(new)
    new.close()


def test_a_gate_of_the_older_version_adds_nothing_that_would_not_be_found(old: dict[str, Any], opened: Open) -> None:
    store = opened(holding=BOTH)
    row = {"sequence": 9, "at": NOW, "content": "{}", "digest": "0" * 64}
    adding = text(f"INSERT INTO log ({', '.join(row)}) VALUES (:{', :'.join(row)})")
    with pytest.raises(UnansweredError), store.database.writing() as connection:
        connection.execute(adding, row)
    assert store.log.verify() == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "content", ["", "[]", "{", "[" * 100_000, "null", '{"at":[],"release_begun":"yes","about_entry":7}']
)
def test_what_was_changed_before_is_found_after(
    content: str, old: dict[str, Any], opened: Open, tmp_path: Path
) -> None:
    """And does not keep the store from being opened, or whoever looks for it could not."""
    with sqlite3.connect(tmp_path / "gate.db") as connection:
        connection.execute("UPDATE log SET content = ? WHERE sequence = 3", [content])
    assert ("changed", 3) in {(f.kind, f.sequence) for f in opened(holding=BOTH).log.verify()}


# -- revisions ----------------------------------------------------------------------------------------------------------


def revisions() -> ScriptDirectory:
    return ScriptDirectory(str(upgrading.REVISIONS), version_locations=[str(upgrading.REVISIONS)])


def test_revisions_are_one_line_and_named_by_their_place_in_it() -> None:
    line = list(reversed(list(revisions().walk_revisions())))
    assert [one.revision for one in line] == [f"{n:04}" for n in range(1, len(line) + 1)]
    assert [one.down_revision for one in line] == [None, *(one.revision for one in line[:-1])]
    assert REVISION in {one.revision for one in line}
    assert all(Path(one.path).name.startswith(f"r{one.revision}_") for one in line)
    assert all(one.doc for one in line)


@pytest.mark.parametrize("version", [1, 2, 3, None], ids=str)
def test_revisions_make_the_tables_that_the_program_speaks_of(version: int | None, opened: Open) -> None:
    """As Alembic compares them; ``None`` is a store that was made as it is today."""
    store = opened()
    if version is not None:
        with store.database.writing() as connection:
            set_back(connection, version)
        store.close()
    with opened().database.writing() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        assert found.get_current_revision() == REVISION
        assert compare_metadata(found, TABLES) == []


def test_a_store_of_today_is_opened_without_alembic(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes long to import."""
    opened()
    for name in [n for n in sys.modules if n.partition(".")[0] == "alembic"]:
        monkeypatch.delitem(sys.modules, name)
    opened()
    assert "alembic" not in sys.modules


@pytest.mark.parametrize("moment", ["create table kept", "update meta", "insert into alembic_version"])
def test_an_upgrade_that_is_cut_off_leaves_the_store_as_it_was(
    moment: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    store.kept.secret()
    with store.database.writing() as connection:
        set_back(connection, 2)
        before = inspect(connection).get_table_names()
    store.close()

    def cut(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if " ".join(sql.lower().split()).startswith(moment):
            raise RuntimeError("the lights went out")

    def dark(*arguments: Any, **options: Any) -> Any:
        engine = database_engine(*arguments, **options)
        event.listen(engine, "before_cursor_execute", cut)
        return engine

    database_engine = database.create_engine
    monkeypatch.setattr(database, "create_engine", dark)
    with pytest.raises(RuntimeError):
        opened()
    monkeypatch.setattr(database, "create_engine", database_engine)
    monkeypatch.setattr(database, "upgrade", lambda connection: None)
    with opened().database.reading() as connection:
        assert sorted(inspect(connection).get_table_names()) == sorted(before)
    monkeypatch.undo()
    assert opened().log.verify() == []


OPENER = """
import sys
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.statistics.ledger import EVERYONE
from machimori.privacy.store import open_store

url, key, holding = sys.argv[1:]
import alembic.autogenerate
print("ready", flush=True)
sys.stdin.readline()
store = open_store(url, read_holding(holding), key=key)
print(store.log.size(), store.log.verify())
store.close()
"""


@pytest.mark.full
def test_of_several_that_open_an_older_store_at_once_one_upgrades_it(
    url: str, old: dict[str, Any], opened: Open, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", OPENER, url, str(tmp_path / "log.key"), json.dumps(HOLDING)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    openers = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for one in openers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in openers:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate()[0] for one in openers] == ["9 []\n"] * 3
    assert answers(opened(holding=BOTH)) == old


def test_the_accounts_of_recipients_become_one_and_nothing_spent_is_forgotten(opened: Open) -> None:
    store = opened()
    before = [
        (CARE, "Trip", 1_000_000),
        ("public", "Trip", 200_000),
        ("public", "WaterUse", 300),
        (EVERYONE, "Trip", 5000),
    ]
    with store.database.writing() as connection:
        for n, (account, entity, cost) in enumerate(before):
            connection.execute(
                insert(charges).values(account=account, entity=entity, cost=cost, decision=f"d{n}", at=NOW)
            )
        set_back(connection, 3)
    store.close()
    store = opened()
    with store.database.reading() as connection:
        spent = {r.entity: (r.account, r.spent) for r in connection.execute(select(ledger))}
        assert spent == {"Trip": (EVERYONE, 525_000), "WaterUse": (EVERYONE, 1)}
        assert connection.execute(select(charges.c.decision)).scalars().all() == ["d3"]
        assert not inspect(connection).has_table("queries")
    assert store.ledger.remaining("Trip") == 0.5
