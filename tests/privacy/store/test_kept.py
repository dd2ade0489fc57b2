"""Settled figures: the first that was kept is the answer for ever, and a store that lost any of them answers nothing again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, update
from tests.privacy.store.conftest import CONSENT, HOLDING, KEYS, NOW, Open
from tests.programs import POSIX

from machimori import messages
from machimori.privacy.database.tables import kept, meta
from machimori.privacy.decision.holding import Holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log.keys import log_key
from machimori.privacy.statistics.kept import Kept, KeptLostError, MemoryKept
from machimori.privacy.store import kept as module
from machimori.privacy.store import open_store
from machimori.privacy.store.store import Store

FIGURES = {("flows", 0): b"first", ("flows", 3_600_000_000): b"second", ("stays", 0): b"\x00\xff third"}
STEPS = (0, 3_600_000_000, 7_200_000_000)
YEARS = 10 * 365 * 86400.0


@pytest.fixture(params=["store", "memory"])
def either(request: pytest.FixtureRequest, opened: Open) -> Kept:
    return opened().kept if request.param == "store" else MemoryKept()


def lost(asked: Callable[[], object]) -> str:
    with pytest.raises(KeptLostError) as refused:
        asked()
    return refused.value.reason


# -- the first wins -----------------------------------------------------------------------------------------------------


def test_what_was_kept_is_found_and_nothing_else(either: Kept) -> None:
    assert either.found("Trip", "flows", STEPS) == {}
    either.keep("Trip", FIGURES, NOW)
    assert either.found("Trip", "flows", STEPS) == {0: b"first", 3_600_000_000: b"second"}
    assert either.found("Trip", "stays", STEPS) == {0: b"\x00\xff third"}
    assert either.found("Trip", "other", STEPS) == either.found("WaterUse", "flows", STEPS) == {}
    assert either.found("Trip", "flows", []) == {}
    assert len(either.secret()) == 32


def test_the_first_wins_and_what_is_new_beside_it_is_kept(either: Kept) -> None:
    either.keep("Trip", FIGURES, NOW)
    either.keep("Trip", {("flows", 0): b"later", ("flows", -5): b"new"}, NOW + 1)
    assert either.found("Trip", "flows", [0, -5]) == {0: b"first", -5: b"new"}
    either.keep("Trip", {}, NOW)


STEPPED = st.dictionaries(st.tuples(st.sampled_from("ab"), st.integers(-(2**50), 2**50)), st.binary(max_size=20))


@pytest.mark.full
@given(calls=st.lists(st.tuples(st.sampled_from(["X", "Y"]), STEPPED), max_size=6))
@settings(
    derandomize=True,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_store_keeps_what_a_dictionary_that_is_only_added_to_keeps(
    calls: list[tuple[str, dict[tuple[str, int], bytes]]], tmp_path: Path, holding: Holding
) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    store, plain = open_store(tmp_path / "x.db", holding, clock=lambda: NOW), MemoryKept()
    with contextlib.closing(store):
        for entity, figures in calls:
            store.kept.keep(entity, figures, NOW)
            plain.keep(entity, figures, NOW)
            for table in "ab":
                steps = [step for name, step in figures if name == table]
                assert store.kept.found(entity, table, steps) == plain.found(entity, table, steps)


def test_more_steps_than_a_statement_holds(store: Store) -> None:
    steps = range(0, 40_000, 10)
    store.kept.keep("Trip", {("flows", step): str(step).encode() for step in steps}, NOW)
    assert store.kept.found("Trip", "flows", steps) == {step: str(step).encode() for step in steps}


def test_a_gate_keeps_in_its_store_and_without_one_in_memory(holding: Holding, store: Store) -> None:
    assert Gate(holding, store=store).kept is store.kept
    alone = Gate(holding)
    assert alone.kept is alone.kept
    assert isinstance(alone.kept, MemoryKept)
    assert alone.kept.secret() != Gate(holding).kept.secret()
    given = MemoryKept(bytes(32))
    assert Gate(holding, store=store, kept=given).kept is given


# -- for ever -----------------------------------------------------------------------------------------------------------


def test_nothing_that_happens_to_a_store_changes_a_kept_figure(opened: Open) -> None:
    """Later records, an erasure of all that may be erased, a withdrawal, another opening."""
    store = opened()
    said: list[str] = []
    event.listen(store.database._engine, "before_cursor_execute", lambda c, cursor, sql, *_: said.append(sql.lower()))
    store.add_signed(signed(CONSENT, KEYS["person"]))
    store.kept.keep("Trip", FIGURES, NOW)
    store.kept.keep("Trip", dict.fromkeys(FIGURES, b"late"), NOW + 1)
    store.add_signed(signed({**CONSENT, "withdrawn_at": "2026-03-20T00:00:00+09:00"}, KEYS["person"]))
    store.withdraw(CONSENT["id"], NOW)
    assert any(store.expire(NOW + YEARS, "P1D").values())
    for gate in (store, opened()):
        assert gate.kept.found("Trip", "flows", STEPS) == {0: b"first", 3_600_000_000: b"second"}
    changing = [sql for sql in said if "kept" in sql and sql.startswith(("update kept", "delete", "drop", "insert or"))]
    assert changing == []
    assert any(sql.startswith("insert into kept") for sql in said)


@pytest.mark.parametrize("moment", ["insert into kept", "update meta"])
def test_a_call_that_is_cut_off_keeps_nothing(moment: str, opened: Open) -> None:
    store = opened()
    store.kept.secret()

    def cut(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if sql.lower().startswith(moment):
            raise RuntimeError("the lights went out")

    event.listen(store.database._engine, "before_cursor_execute", cut)
    with pytest.raises(RuntimeError):
        store.kept.keep("Trip", FIGURES, NOW)
    again = opened()
    assert again.kept.found("Trip", "flows", STEPS) == {}
    again.kept.keep("Trip", {("flows", 0): b"whole"}, NOW)
    assert again.kept.found("Trip", "flows", STEPS) == {0: b"whole"}


# -- a race -------------------------------------------------------------------------------------------------------------


def test_of_many_threads_and_gates_one_is_first_and_all_answer_as_it_did(opened: Open) -> None:
    gates = [opened() for _ in range(3)]
    gates[0].kept.secret()
    start = Barrier(6)

    def settle(n: int) -> dict[str, Any]:
        own = gates[n % 3].kept
        start.wait()
        own.keep("Trip", {(table, step): f"{n}".encode() for table in "abc" for step in range(20)}, NOW + n)
        return {table: own.found("Trip", table, range(20)) for table in "abc"}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(settle, range(6)))
    assert all(answer == answers[0] for answer in answers)
    (content,) = {content for found in answers[0].values() for content in found.values()}
    assert content in {f"{n}".encode() for n in range(6)}


SETTLER = """
import sys
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store

url, key, holding, name = sys.argv[1:]
store = open_store(url, read_holding(holding), key=key)
print("ready", flush=True)
sys.stdin.readline()
tables = "ab" if name == "one" else "ba"
store.kept.keep("Trip", {(t, s): name.encode() for t in tables for s in range(200)}, 1.0)
found = {t: store.kept.found("Trip", t, range(200)) for t in "ab"}
print(store.kept.secret().hex(), sorted((t, s, c.decode()) for t in found for s, c in found[t].items()))
store.close()
"""


@pytest.mark.full
@pytest.mark.parametrize("begun", [True, False], ids=["begun", "an older key file"])
def test_of_two_processes_one_is_first(begun: bool, url: str, opened: Open, tmp_path: Path) -> None:
    """The secret too is made by one of them, where the key is older than it."""
    store = opened()
    store.log.checkpoint()
    if begun:
        store.kept.secret()
    else:
        without_secret(tmp_path / "log.key")
    key = str(tmp_path / "log.key")
    command = [sys.executable, "-c", SETTLER, url, key, json.dumps(HOLDING)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    gates = [subprocess.Popen([*command, name], **pipes) for name in ("one", "two")]
    for gate in gates:
        assert gate.stdout is not None
        assert gate.stdout.readline() == "ready\n"
    answers = {gate.communicate("\n")[0] for gate in gates}
    assert len(answers) == 1
    (answer,) = answers
    assert ("one" in answer) != ("two" in answer)
    assert answer.count("'a'") == answer.count("'b'") == 200
    again = opened()
    assert again.kept.secret().hex() in answer


# -- the secret ---------------------------------------------------------------------------------------------------------


def without_secret(file: Path) -> bytes:
    """The file of a key as it was before statistics had a secret."""
    held = json.loads(file.read_text())
    file.write_text(json.dumps({"keys": [k for k in held["keys"] if k.get("kid") != "statistics"]}))
    return file.read_bytes()


def test_the_secret_lies_beside_the_logs_key_and_stays(opened: Open, tmp_path: Path) -> None:
    store = opened()
    secret = store.kept.secret()
    assert opened().kept.secret() == secret
    key = log_key(tmp_path / "log.key", make=False)
    assert key.statistics == secret
    assert secret not in (key.secret, bytes(32))
    with store.database.reading() as connection:
        noted = " ".join(connection.execute(select(meta.c.text)).scalars())
    assert secret.hex() not in noted
    kinds = {(k["kty"], k.get("kid")) for k in json.loads((tmp_path / "log.key").read_text())["keys"]}
    assert kinds == {("oct", None), ("OKP", None), ("oct", "statistics")}


def test_an_older_key_file_gets_the_secret_when_statistics_begin(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    before = opened().log.key
    old = without_secret(file)
    store = opened()
    store.log.checkpoint()
    assert file.read_bytes() == old
    secret = store.kept.secret()
    assert log_key(file, make=False).statistics == secret
    assert log_key(file, make=False).fingerprint == before.fingerprint
    assert opened().kept.secret() == secret
    assert {p.name for p in tmp_path.iterdir() if p.name.startswith(".")} == set()


@POSIX
def test_no_file_beside_the_store_is_anybody_elses(opened: Open, tmp_path: Path) -> None:
    without_secret(_begun(opened, tmp_path))
    opened().kept.keep("Trip", FIGURES, NOW)
    for name in ("log.key", "log.key.kept"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def _begun(opened: Open, folder: Path) -> Path:
    opened().log.checkpoint()
    return folder / "log.key"


@pytest.mark.parametrize("kind", ["other", "none", "short"])
def test_with_another_secret_nothing_is_answered(kind: str, opened: Open, tmp_path: Path) -> None:
    store, file = opened(), tmp_path / "log.key"
    store.kept.keep("Trip", FIGURES, NOW)
    held = json.loads(file.read_text())
    own = next(k for k in held["keys"] if k.get("kid") == "statistics")
    without_secret(file)
    if kind == "other":
        own["k"] = ("A" if own["k"][0] != "A" else "B") + own["k"][1:]
    if kind == "short":
        own["k"] = own["k"][:22]
    if kind != "none":
        file.write_text(json.dumps({"keys": [*json.loads(file.read_text())["keys"], own]}))
    begun = file.read_bytes()
    if kind == "short":
        with pytest.raises(Exception, match="cannot be read"):
            opened().kept.secret()
        return
    reason = {"other": "secret-other", "none": "secret-absent"}[kind]
    assert lost(lambda: opened().kept.secret()) == reason
    assert lost(lambda: opened().kept.found("Trip", "flows", STEPS)) == reason
    assert lost(lambda: opened().kept.keep("Trip", {("flows", 1): b"anew"}, NOW)) == reason
    assert file.read_bytes() == begun
    assert opened().log.verify() == []


def test_a_key_file_that_cannot_be_written_is_said(opened: Open, tmp_path: Path, monkeypatch: Any) -> None:
    file = _begun(opened, tmp_path)
    without_secret(file)

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("machimori.privacy.log.keys.write_secret", full)
    assert lost(lambda: opened().kept.secret()) == "secret-unwritable"
    monkeypatch.undo()
    assert len(opened().kept.secret()) == 32


# -- what was lost ------------------------------------------------------------------------------------------------------


def _change(connection: Any, number: int, **values: Any) -> None:
    connection.execute(update(kept).where(kept.c.number == number).values(values))


def _drop(connection: Any, *numbers: int) -> None:
    connection.execute(delete(kept).where(kept.c.number.in_(numbers)))


def _swap(connection: Any) -> None:
    rows = {row.number: row.content for row in connection.execute(select(kept))}
    _change(connection, 1, content=rows[2])
    _change(connection, 2, content=rows[1])


def _forged(connection: Any) -> None:
    row = {"entity": "Trip", "table_name": "flows", "step": 7_200_000_000, "content": b"made up", "settled_at": NOW}
    connection.execute(insert(kept).values(**row, number=4, seal="0" * 64))


def _meta(connection: Any, name: str, **values: Any) -> None:
    connection.execute(update(meta).where(meta.c.name == name).values(values))


def _emptied(connection: Any) -> None:
    _drop(connection, 1, 2, 3)
    connection.execute(delete(meta).where(meta.c.name.in_(["kept", "statistics_secret"])))


TAMPERED: dict[str, Callable[[Any], None]] = {
    "a content": lambda c: _change(c, 1, content=b"other"),
    "a step": lambda c: _change(c, 1, step=7_200_000_000),
    "a table": lambda c: _change(c, 3, table_name="flows", step=7_200_000_000),
    "a class": lambda c: _change(c, 1, entity="WaterUse"),
    "a moment": lambda c: _change(c, 1, settled_at=0.0),
    "a seal": lambda c: _change(c, 1, seal="0" * 64),
    "two that change places": _swap,
    "one made up": _forged,
    "the first gone": lambda c: _drop(c, 1),
    "one within gone": lambda c: _drop(c, 2),
    "the last gone": lambda c: _drop(c, 3),
    "all gone": lambda c: _drop(c, 1, 2, 3),
    "the number": lambda c: _meta(c, "kept", number=2),
    "the number and the last": lambda c: (_drop(c, 3), _meta(c, "kept", number=2)),  # type: ignore[func-returns-value]  # two changes in one step, of which neither gives anything
    "no number": lambda c: c.execute(delete(meta).where(meta.c.name == "kept")),
    "no fingerprint": lambda c: c.execute(delete(meta).where(meta.c.name == "statistics_secret")),
    "all as if it never was": _emptied,
}


@pytest.mark.parametrize("kind", TAMPERED)
@pytest.mark.parametrize("running", [True, False], ids=["running gate", "new gate"])
def test_what_was_changed_without_the_secret_is_answered_by_nobody(kind: str, running: bool, opened: Open) -> None:
    store = opened()
    store.kept.keep("Trip", FIGURES, NOW)
    with store.database.writing() as connection:
        TAMPERED[kind](connection)
    gate = store if running else opened()

    def everything() -> None:
        for entity in ("Trip", "WaterUse"):
            for table in ("flows", "stays"):
                gate.kept.found(entity, table, STEPS)

    assert lost(everything) in ("answers-lost", "answers-changed")
    if kind not in ("a content", "a step", "a table", "a class", "a moment", "a seal", "two that change places"):
        assert lost(lambda: gate.kept.keep("Trip", {("flows", 1): b"anew"}, NOW)) in ("answers-lost", "answers-changed")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("running", [True, False], ids=["running gate", "new gate"])
@pytest.mark.parametrize("since", ["settled", "begun"])
def test_a_store_that_was_put_back_settles_nothing_anew(
    running: bool, since: str, opened: Open, tmp_path: Path, url: str
) -> None:
    """Yesterday's copy in the same file, under a gate that runs and under one that is started afterwards."""
    store = opened()
    store.log.checkpoint()
    if since == "settled":
        store.kept.keep("Trip", {("flows", 0): b"first"}, NOW)
    yesterday = _copied(store)
    store.kept.keep("Trip", FIGURES, NOW)
    _put_back(store, yesterday)
    gate = store if running else opened()
    assert lost(lambda: gate.kept.found("Trip", "flows", STEPS)) == "answers-lost"
    assert lost(lambda: gate.kept.keep("Trip", {("flows", 3_600_000_000): b"anew"}, NOW)) == "answers-lost"


def _copied(store: Store) -> dict[str, list[dict[str, Any]]]:
    with store.database.reading() as connection:
        return {t.name: [dict(r) for r in connection.execute(select(t)).mappings()] for t in (kept, meta)}


def _put_back(store: Store, copy: dict[str, list[dict[str, Any]]]) -> None:
    with store.database.writing() as connection:
        for table in (kept, meta):
            connection.execute(delete(table))
            if copy[table.name]:
                connection.execute(insert(table), copy[table.name])


def test_a_store_that_was_put_back_and_went_on_is_another(opened: Open) -> None:
    """As many figures as before, and others: a gate that has seen the first ones answers none of these."""
    store, other = opened(), opened()
    store.kept.keep("Trip", {("flows", 0): b"first"}, NOW)
    before = _copied(store)
    store.kept.keep("Trip", {("flows", 1): b"one"}, NOW)
    assert other.kept.found("Trip", "flows", [1]) == {1: b"one"}
    _put_back(store, before)
    fresh = module.StoreKept(store.database, lambda: store.log.key, store._key_file)
    fresh._noted = lambda: module.Head(0, "")  # type: ignore[method-assign]  # a gate on a machine that had not seen it
    fresh.keep("Trip", {("flows", 1): b"another"}, NOW)
    assert lost(lambda: other.kept.found("Trip", "flows", [0])) == "answers-lost"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"number": "x", "seal": 1}', b"\xff"])
def test_a_mark_that_cannot_be_read_is_no_reason_to_trust(content: bytes, opened: Open, tmp_path: Path) -> None:
    opened().kept.keep("Trip", FIGURES, NOW)
    (tmp_path / "log.key.kept").write_bytes(content)
    assert lost(lambda: opened().kept.found("Trip", "flows", STEPS)) == "answers-lost"


def test_where_the_mark_cannot_be_written_the_figures_are_kept(opened: Open, monkeypatch: Any, caplog: Any) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("read-only")

    store = opened()
    store.kept.secret()
    monkeypatch.setattr(module, "write_secret", full)
    store.kept.keep("Trip", FIGURES, NOW)
    assert "beside the key" in caplog.text
    assert opened().kept.found("Trip", "stays", [0]) == {0: b"\x00\xff third"}


def test_every_reason_is_said_in_both_languages() -> None:
    for english in KeptLostError.REASONS.values():
        japanese = messages.text("ja", english, file="x")
        assert any("ぁ" <= c <= "ん" for c in japanese)
    assert KeptLostError("secret-absent", file="x").exit_status == 2


def test_no_secret_is_printed_with_its_key(opened: Open) -> None:
    store = opened()
    secret, key = store.kept.secret(), store.log.key
    for shown in (repr(key), str(key), repr(store.kept), f"{vars(KeptLostError('answers-lost'))}"):
        assert repr(secret)[2:-1] not in shown
        assert repr(key.secret)[2:-1] not in shown
        assert secret.hex() not in shown
