"""A store of an older version is brought to the tables of today at its first opening, and gives every answer that it gave."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from tests.privacy.store.conftest import CONSENT, HOLDING, KEYS, NOW, PERSON, REQUEST, Open
from tests.privacy.store.older import set_back
from tests.privacy.store.test_notices import ENDS, RESCUE, RESCUERS, RESCUING, SIGNERS

from machimori.privacy.database import upgrading
from machimori.privacy.database.errors import RefusedError, UnansweredError
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.request import read_request
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log.release_account import begin
from machimori.privacy.log.wording import sentence
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


@pytest.fixture(params=[2, 3])
def old(request: pytest.FixtureRequest, opened: Open) -> dict[str, Any]:
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
        set_back(connection, request.param)
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
