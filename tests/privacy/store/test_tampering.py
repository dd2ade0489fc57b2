"""Whoever changes the tables behind the log's back is found out, however well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update
from tests.privacy.store.conftest import NEIGHBOUR, PERSON, REQUEST, Open

from machimori.privacy.database.errors import CannotOpenError, LogDamagedError
from machimori.privacy.database.tables import checkpoints, log, log_state, meta
from machimori.privacy.decision.decision import Decision
from machimori.privacy.log import merkle, tree_heads
from machimori.privacy.log.entries import canonical
from machimori.privacy.log.keys import log_key
from machimori.privacy.store.store import Store

Tamper = Callable[[Connection], None]
ENTRIES = 9


def change(connection: Connection, sequence: int, **values: Any) -> None:
    connection.execute(update(log).where(log.c.sequence == sequence).values(values))


def content(connection: Connection, sequence: int) -> dict[str, Any]:
    return json.loads(connection.execute(select(log.c.content).where(log.c.sequence == sequence)).scalar_one())


def rewrite(connection: Connection, sequence: int, **changes: Any) -> None:
    """Change an entry, and every hash after it, as the log itself would have written them."""
    edge: tuple[bytes, ...] = ()
    previous = None
    for row in connection.execute(select(log).order_by(log.c.sequence)).mappings().all():
        said = json.loads(row["content"]) | (changes if row["sequence"] == sequence else {})
        said = {**said, "previous_digest": previous} if previous else said
        text = canonical(said)
        leaf = merkle.leaf(text.encode())
        edge, previous = merkle.extended(edge, row["sequence"], leaf), leaf.hex()
        change(connection, row["sequence"], content=text, digest=previous, subject=said.get("subject"))
    connection.execute(update(log_state).values(frontier=tree_heads.edge_text(edge)))


def swap(connection: Connection) -> None:
    rows = {n: connection.execute(select(log.c.content, log.c.digest).where(log.c.sequence == n)).one() for n in (3, 4)}
    for here, there in ((3, 4), (4, 3)):
        change(connection, here, content=rows[there][0], digest=rows[there][1])


def drop(connection: Connection, *sequences: int) -> None:
    connection.execute(delete(log).where(log.c.sequence.in_(sequences)))


def close_the_gap(connection: Connection) -> None:
    drop(connection, 3)
    for n in range(4, ENTRIES):
        connection.execute(update(log).where(log.c.sequence == n).values(sequence=n - 1))


def insert_after_the_end(connection: Connection) -> None:
    row = connection.execute(select(log).where(log.c.sequence == 3)).mappings().one()
    connection.execute(insert(log).values({**row, "sequence": ENTRIES}))


def cut_and_state(connection: Connection) -> None:
    """Drop the last entry and say that it never was, with the edge that goes with it."""
    drop(connection, ENTRIES - 1)
    edge: tuple[bytes, ...] = ()
    for size, digest in enumerate(connection.execute(select(log.c.digest).order_by(log.c.sequence)).scalars()):
        edge = merkle.extended(edge, size, bytes.fromhex(digest))
    connection.execute(update(log_state).values(size=ENTRIES - 1, frontier=tree_heads.edge_text(edge)))


TAMPERS: dict[str, tuple[Tamper, set[str]]] = {
    "text of an entry": (
        lambda c: change(c, 3, content=canonical(content(c, 3) | {"purpose": "billing"})),
        {"changed"},
    ),
    "text and its hash": (
        lambda c: change(
            c, 3, content=(t := canonical(content(c, 3) | {"purpose": "billing"})), digest=merkle.leaf(t.encode()).hex()
        ),
        {"unchained", "tree"},
    ),
    "no text at all": (lambda c: change(c, 3, content="[]"), {"changed"}),
    "last entry and its hash": (
        lambda c: change(
            c, 8, content=(t := canonical(content(c, 8) | {"rule": "consent"})), digest=merkle.leaf(t.encode()).hex()
        ),
        {"tree"},
    ),
    "every hash after it": (lambda c: rewrite(c, 3, purpose="billing"), {"tree"}),
    "the person it is about": (lambda c: change(c, 3, subject=None), {"changed"}),
    "when it was": (lambda c: change(c, 3, at=0.0), {"changed"}),
    **{
        f"column {name}": (lambda c, n=name, v=value: change(c, 3, **{n: v}), {"changed"})
        for name, value in {
            "about_entry": "urn:machimori:log:0",
            "notify_after": 1.0,
            "notified_at": 1.0,
            "release_begun": True,
            "release_ended": True,
        }.items()
    },
    "hash alone": (lambda c: change(c, 3, digest="0" * 64), {"changed"}),
    "first entry dropped": (lambda c: drop(c, 0), {"missing"}),
    "entry dropped": (lambda c: drop(c, 3), {"missing"}),
    "entry dropped and the gap closed": (close_the_gap, {"moved", "missing"}),
    "last entries dropped": (lambda c: drop(c, 7, 8), {"missing"}),
    "last entry dropped and unsaid": (cut_and_state, {"tree"}),
    "all entries dropped": (lambda c: drop(c, *range(ENTRIES)), {"missing"}),
    "entries swapped": (swap, {"moved"}),
    "entry inserted": (insert_after_the_end, {"inserted"}),
    "edge of the tree": (lambda c: c.execute(update(log_state).values(frontier="00" * 64)) and None, {"tree"}),
    "size": (lambda c: c.execute(update(log_state).values(size=3)) and None, {"tree"}),
    "head": (lambda c: c.execute(update(log_state).values(head="e30.e30.AA")) and None, {"head"}),
    "state dropped": (lambda c: c.execute(delete(log_state)) and None, {"head"}),
    "checkpoint": (lambda c: c.execute(update(checkpoints).values(line="e30.e30.AA")) and None, {"foreign"}),
}


@pytest.fixture
def written(store: Store, decided: Callable[..., Decision]) -> Store:
    for n in range(ENTRIES):
        person = PERSON if n % 2 else NEIGHBOUR
        store.log.record(REQUEST | {"subject": person}, decided(subject=person))
        if n == 4:
            store.log.checkpoint()
    assert store.log.verify() == []
    return store


def tampered(store: Store, tamper: Tamper) -> None:
    with store.database.writing() as connection:
        tamper(connection)


@pytest.mark.parametrize(("tamper", "kinds"), TAMPERS.values(), ids=TAMPERS)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_it_is_found(tamper: Tamper, kinds: set[str], written: Store) -> None:
    tampered(written, tamper)
    found = written.log.verify()
    assert kinds <= {f.kind for f in found}
    for finding in found:
        assert finding.text("en") != finding.text("ja")


def test_it_is_found_on_a_server_too(written: Store) -> None:
    tampered(written, lambda c: rewrite(c, 3, purpose="billing"))
    assert {f.kind for f in written.log.verify()} == {"tree", "checkpoint"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name",
    ["every hash after it", "last entry dropped and unsaid", "edge of the tree", "size", "head", "state dropped"],
)
def test_the_log_never_signs_what_was_changed(
    name: str, written: Store, opened: Open, decided: Callable[..., Decision]
) -> None:
    tampered(written, TAMPERS[name][0])
    for gate in (written, opened()):
        with pytest.raises(LogDamagedError):
            gate.log.record(REQUEST, decided())
        with pytest.raises(LogDamagedError):
            gate.log.checkpoint()
    assert written.log.verify() != []


@pytest.mark.full
def test_an_older_state_put_back_is_found_by_a_published_checkpoint(
    written: Store, opened: Open, decided: Callable[..., Decision]
) -> None:
    with written.database.reading() as connection:
        old = dict(connection.execute(select(log_state)).mappings().one())
    written.log.record(REQUEST, decided())
    published = written.log.checkpoint()

    def put_back(connection: Connection) -> None:
        drop(connection, ENTRIES)
        connection.execute(delete(checkpoints).where(checkpoints.c.size > ENTRIES))
        connection.execute(update(log_state).values(old))

    tampered(written, put_back)
    gate = opened()
    assert gate.log.verify() == []
    assert [(f.kind, f.sequence) for f in gate.log.verify([published])] == [("checkpoint", ENTRIES + 1)]
    gate.log.record(REQUEST | {"subject": None}, decided(subject=None))
    assert [(f.kind, f.sequence) for f in gate.log.verify([published])] == [("checkpoint", ENTRIES + 1)]


def test_a_checkpoint_of_another_log_is_none_of_this(written: Store, tmp_path: Any) -> None:
    other = log_key(tmp_path / "other.key", make=True)
    size, root = tree_heads.stated(written.log.checkpoint(), written.log.key.public, written.log.origin) or (0, "")
    forged = tree_heads.head(other, written.log.origin, size, bytes.fromhex(root), 0)
    elsewhere = tree_heads.head(written.log.key, "urn:machimori:org:other", size, bytes.fromhex(root), 0)
    for line in (forged, elsewhere, "", "x.y.z", "日本"):
        assert [f.kind for f in written.log.verify([line])] == ["foreign"]


def test_another_key_does_not_open_the_log(written: Store, opened: Open, tmp_path: Any) -> None:
    log_key(tmp_path / "other.key", make=True)
    with pytest.raises(CannotOpenError) as refused:
        _ = opened(key=tmp_path / "other.key").log
    assert refused.value.reason == "key-other"
    with pytest.raises(CannotOpenError) as refused:
        _ = opened(key=tmp_path / "absent.key").log
    assert refused.value.reason == "key-absent"
    assert not (tmp_path / "absent.key").exists()
    tampered(written, lambda c: c.execute(delete(meta).where(meta.c.name == "log_key")) and None)
    with pytest.raises(LogDamagedError):
        opened(key=tmp_path / "other.key").log.checkpoint()
