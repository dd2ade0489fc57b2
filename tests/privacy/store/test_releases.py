"""How many records went out stands in the log, whether all were taken, some, none, or the process died amid them."""

from __future__ import annotations

import gc
import itertools
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.store.conftest import CONSENT, HOLDING, KEYS, NEIGHBOUR, NOW, PERSON, REQUEST, Open
from tests.programs import POSIX

import machimori as mm
from machimori.errors import MachimoriError
from machimori.privacy.database.errors import LogDamagedError, UnaccountedError
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import signed
from machimori.privacy.gate import Gate
from machimori.privacy.log.log import Log
from machimori.privacy.log.wording import sentence, unfinished
from machimori.privacy.store import open_store
from machimori.privacy.store.store import Store
from machimori.samples.sampling import sample

HOLDER = read_holding(HOLDING)
MEMORY = Path("/dev/shm")
USES = [{**r, "customer": PERSON} for r in sample("ElectricityUse", 5)]
OTHERS = [{**r, "customer": NEIGHBOUR} for r in sample("ElectricityUse", 3)]


@pytest.fixture
def gate(store: Store) -> Gate:
    store.add_signed(signed(CONSENT, KEYS["person"]))
    return Gate(HOLDER, store=store, clock=lambda: NOW)


def ends(store: Store) -> list[tuple[str, int, str]]:
    entries = store.log.entries()
    return [(e["about_entry"], e["records_released"], e["release_end"]) for e in entries if e["type"] == "ReleaseEntry"]


def test_the_log_says_how_many_came_out(gate: Gate, store: Store) -> None:
    given = gate.disclose([*USES, *OTHERS], REQUEST)
    assert given.decision.receipt is not None
    assert len(list(given)) == 5
    decided, ended = store.log.entries(PERSON)
    assert (decided["release_begun"], decided["log_sequence"]) == (True, given.decision.receipt.log_sequence)
    assert "records_released" not in decided
    assert (ended["about_entry"], ended["records_released"], ended["release_end"]) == (decided["id"], 5, "complete")
    assert (ended["requester"], ended["subject"]) == (decided["requester"], decided["subject"])
    assert mm.validate(decided, "LogEntry").ok
    assert mm.validate(ended, "ReleaseEntry").ok
    assert PERSON not in json.dumps(ended)
    assert store.log.verify() == []


def test_it_is_said_in_words_and_counted(gate: Gate, store: Store) -> None:
    list(gate.disclose(USES, REQUEST))
    gate.disclose(USES, REQUEST).close()
    kept = gate.disclose(USES, REQUEST)
    first, *_ = (e for e in store.log.entries() if e["type"] == "ReleaseEntry")
    assert "under entry 0, 5 records went out to urn:machimori:org:mimamori-care (company) (complete)." in sentence(
        first
    )
    assert "記載0により、urn:machimori:org:mimamori-care（民間事業者）に5件の記録を渡しました（完了）。" in sentence(
        first, "ja"
    )
    (open_,) = store.log.unfinished()
    assert "entry 4: " in unfinished(open_)
    assert "渡した件数は不明です" in unfinished(open_, "ja")
    report = store.report(2026)
    assert mm.validate(report, "TransparencyReport").ok
    assert (report["records_released"], report["releases_unfinished"]) == (5, 1)
    (count,) = report["disclosure_counts"]
    assert count["requests_received"] == 3
    assert store.report(2025)["releases_unfinished"] == 0
    kept.close()
    assert store.report(2026)["releases_unfinished"] == 0


@pytest.mark.parametrize("taken", [0, 1, 3, 5])
def test_whoever_stops_got_what_was_taken(taken: int, gate: Gate, store: Store) -> None:
    with gate.disclose(USES, REQUEST) as given:
        assert len(list(itertools.islice(given, taken))) == taken
    assert ends(store) == [("urn:machimori:log:0", taken, "abandoned")]
    assert store.log.unfinished() == []


@pytest.mark.full
def test_what_is_dropped_is_entered_with_the_next_entry_or_at_the_end(gate: Gate, store: Store, opened: Open) -> None:
    for _ in gate.disclose(USES, REQUEST):
        break
    gc.collect()
    assert len(opened().log.unfinished()) == 1
    gate.decide(REQUEST | {"subject": NEIGHBOUR})
    assert ends(store) == [("urn:machimori:log:0", 1, "abandoned")]
    assert [e["type"] for e in store.log.entries()] == ["LogEntry", "ReleaseEntry", "LogEntry"]
    gate.disclose(USES, REQUEST)
    gc.collect()
    store.close()
    assert ends(opened())[1:] == [("urn:machimori:log:3", 0, "abandoned")]
    assert opened().log.verify() == []


def test_an_error_in_the_records_ends_it(gate: Gate, store: Store) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from USES[:2]
        raise OSError(PERSON)

    with pytest.raises(OSError, match=PERSON):
        list(gate.disclose(broken(), REQUEST))
    assert ends(store) == [("urn:machimori:log:0", 2, "failed")]


def test_a_denial_gives_nothing_and_has_no_end(gate: Gate, store: Store) -> None:
    assert list(gate.disclose(USES, REQUEST | {"purpose": "marketing"})) == []
    (entry,) = store.log.entries()
    assert entry["records_released"] == 0
    assert "release_begun" not in entry


def damaged(*_: object) -> None:
    raise LogDamagedError("damaged")


def test_what_the_log_cannot_be_told_is_said(gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    given = gate.disclose(USES, REQUEST)
    monkeypatch.setattr(store.log, "_state", damaged)
    with pytest.raises(UnaccountedError) as told:
        list(given)
    assert isinstance(told.value, MachimoriError)
    assert str(told.value) == "5 records went out under entry 0, and the log could not be told so (LogDamagedError)"
    assert "5件" in told.value.text("ja")
    assert gate.disclose(USES, REQUEST).decision.rule == "error"
    monkeypatch.undo()
    assert [e["log_sequence"] for e in store.log.unfinished()] == [0]


def test_what_was_left_is_not_forgotten_while_the_log_cannot_be_told(
    gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = gate.disclose(USES, REQUEST)
    next(given)
    monkeypatch.setattr(store.log, "_state", damaged)
    with pytest.raises(UnaccountedError):
        given.close()
    assert gate.decide(REQUEST).rule == "error", "nothing is decided before the log knows what came out"
    monkeypatch.undo()
    store.log.settle()
    assert ends(store) == [("urn:machimori:log:0", 1, "abandoned")]


def test_the_collector_may_end_it_amid_an_entry(gate: Gate, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks are held then: waiting for one would be waiting for oneself."""
    held: list[Any] = [gate.disclose(USES, REQUEST)]
    next(held[0])
    extend = Log.extend

    def collecting(*arguments: Any) -> Any:
        held.clear()
        return extend(*arguments)

    monkeypatch.setattr(Log, "extend", collecting)
    deciding = threading.Thread(target=gate.decide, args=[REQUEST], daemon=True)
    deciding.start()
    deciding.join(20)
    assert not deciding.is_alive()
    monkeypatch.undo()
    store.log.settle()
    assert ends(store) == [("urn:machimori:log:0", 1, "abandoned")]


KILLED = """
import itertools, json, os, signal, sys
from pathlib import Path
from machimori.privacy.gate import Gate
gate = Gate(Path(sys.argv[2]), store=sys.argv[1], clock=lambda: float(sys.argv[4]))
given = gate.disclose(Path(sys.argv[3]), json.loads(sys.argv[5]))
for view in itertools.islice(given, 3):
    print(view.decode(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.full
@POSIX
def test_a_process_that_dies_amid_a_release_leaves_one_without_an_end(tmp_path: Path) -> None:
    file, holder, records = tmp_path / "gate.db", tmp_path / "holder.json", tmp_path / "records.ndjson"
    holder.write_text(json.dumps(HOLDING))
    records.write_text("\n".join(map(json.dumps, USES)))
    store = open_store(file, HOLDER)
    store.add_signed(signed(CONSENT, KEYS["person"]))
    store.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, file, holder, records, str(NOW), json.dumps(REQUEST)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.count("\n")) == (-signal.SIGKILL, 3)
    store = open_store(file, HOLDER, clock=lambda: NOW)
    (begun,) = store.log.unfinished()
    assert begun["release_begun"]
    assert ends(store) == []
    assert (store.report()["records_released"], store.report()["releases_unfinished"]) == (0, 1)
    assert store.log.verify() == []
    store.close()


@pytest.mark.full
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_the_log_counts_what_recipients_got(takes: list[tuple[int, bool, bool]]) -> None:
    """Any releases at once, taken in part or in whole, anonymously or by name: the sum is what was in hand."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        store = open_store(Path(folder) / "gate.db", HOLDER, clock=lambda: NOW)
        store.add_signed(signed(CONSENT, KEYS["person"]))
        gate = Gate(HOLDER, store=store, clock=lambda: NOW)
        crowd = [
            {**r, "customer": f"urn:machimori:customer:{n}"} for r in sample("ElectricityUse", 1) for n in range(12)
        ]
        research = REQUEST | {"form": "anonymised", "purpose": "research", "subject": None}
        streams = [gate.disclose(crowd if many else USES, research if many else REQUEST) for _, many, _ in takes]
        got = 0
        for (count, _, whole), stream in zip(takes, streams, strict=True):
            got += len(list(stream if whole else itertools.islice(stream, count)))
        for stream in streams:
            stream.close()
        assert sum(n for _, n, _ in ends(store)) == got == store.report()["records_released"]
        assert store.log.unfinished() == []
        assert store.log.verify() == []
        store.close()
