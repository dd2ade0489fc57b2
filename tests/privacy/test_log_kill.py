"""Two hundred times a gate is killed while eight write: nothing that was acknowledged is lost, and the log verifies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from tests.privacy import log_writers
from tests.privacy.postgresql import Server, postgresql
from tests.programs import POSIX

from machimori.privacy.decision.holding import read_holding
from machimori.privacy.store import open_store

__all__ = ["postgresql"]

WRITERS, KILLS = 8, 200
RECEIPTS_BETWEEN = (1, 12)
"""How many more entries are acknowledged before the next writer is killed: no clock says when."""
pytestmark = [pytest.mark.slow, POSIX]


def killed(url: str, key: Path, folder: Path) -> None:
    """Keep eight writers at work, and kill one after the other without warning."""
    command = [sys.executable, log_writers.__file__, url, str(key)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        asked, answered = nursery.stdin, nursery.stdout
        assert asked is not None
        assert answered is not None
        numbers = count()

        def start() -> tuple[int, Path]:
            file = folder / f"{next(numbers)}.receipts"
            print(file, file=asked, flush=True)
            return int(answered.readline()), file

        chance = random.Random(17)
        alive = [start() for _ in range(WRITERS)]
        for _ in range(KILLS):
            wanted = receipts(folder) + chance.randint(*RECEIPTS_BETWEEN)
            while receipts(folder) < wanted or not (at_work := [w for w in alive if w[1].exists()]):
                time.sleep(0.001)
            victim = chance.choice(at_work)
            os.kill(victim[0], signal.SIGKILL)
            alive.remove(victim)
            alive.append(start())
        for process, _ in alive:
            os.kill(process, signal.SIGKILL)
        nursery.stdin.close()


def receipts(folder: Path) -> int:
    """How many entries were acknowledged by now."""
    return sum(file.read_bytes().count(b"\n") for file in folder.glob("*.receipts"))


def whole(line: str) -> bool:
    return line.endswith("\n")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    server: Server | None = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    url = server.new_database() if server else f"sqlite:///{tmp_path}/gate.db"
    key = tmp_path / "log.key"
    store = open_store(url, read_holding(log_writers.HOLDING), key=key)
    store.log.checkpoint()
    begins = time.monotonic()
    killed(url, key, tmp_path)
    seconds = time.monotonic() - begins

    assert [f.read_text() for f in tmp_path.glob("*.error")] == []
    files = list(tmp_path.glob("*.receipts"))
    acknowledged = [line.split() for f in files for line in f.read_text().splitlines(keepends=True) if whole(line)]
    entries = {e["log_sequence"]: e["entry_digest"] for e in store.log.entries()}
    assert len({sequence for sequence, _ in acknowledged}) == len(acknowledged)
    assert [s for s, digest in acknowledged if entries.get(int(s)) != digest] == []
    assert store.log.verify() == []
    assert len(files) >= KILLS
    # A writer can die between its entry and its receipt: at most one entry each, and one that was rehearsed.
    assert 0 <= len(entries) - len(acknowledged) <= KILLS + WRITERS + 1
    for name, value in (("acknowledged", len(acknowledged)), ("entries", len(entries)), ("seconds", round(seconds, 1))):
        record_property(name, value)
    print(f"\n{kind}: {KILLS} kills in {seconds:.0f} s, {len(acknowledged)} acknowledged, {len(entries)} entries")
    store.close()
