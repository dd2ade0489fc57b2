"""Any history of appending, checkpoints and tampering: the log verifies as long as nobody tampered, and never after."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import delete, update
from tests.privacy.store.conftest import HOLDING, NOW, REQUEST

from machimori.privacy.database.tables import log
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.gate import Gate
from machimori.privacy.log import merkle, tree_heads
from machimori.privacy.store import open_store

pytestmark = pytest.mark.full

MEMORY = Path("/dev/shm")  # a history is about what is written, not about the disk
HOLDER = read_holding(HOLDING)
DECISION = Gate(HOLDER, clock=lambda: NOW).decide(REQUEST)


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.gates = [self.opened()]
        self.digests: list[str] = []
        self.published: list[str] = []
        self.tampered = False

    def opened(self) -> Any:
        return open_store(Path(self.folder.name) / "gate.db", HOLDER)

    @precondition(lambda self: not self.tampered)
    @rule(data=st.data(), person=st.sampled_from(["urn:machimori:customer:1", None]))
    def append(self, data: st.DataObject, person: str | None) -> None:
        gate = data.draw(st.sampled_from(self.gates))
        receipt = gate.log.record(REQUEST | {"subject": person}, DECISION)
        assert receipt.log_sequence == len(self.digests)
        self.digests.append(receipt.entry_digest)

    @precondition(lambda self: len(self.gates) < 3)
    @rule()
    def open_another_gate(self) -> None:
        self.gates.append(self.opened())

    @precondition(lambda self: not self.tampered)
    @rule()
    def checkpoint(self) -> None:
        self.published.append(self.gates[-1].log.checkpoint())

    @precondition(lambda self: self.digests and not self.tampered)
    @rule(data=st.data(), drop=st.booleans())
    def tamper(self, data: st.DataObject, drop: bool) -> None:
        sequence = data.draw(st.integers(0, len(self.digests) - 1))
        change = delete(log) if drop else update(log).values(content=log.c.content + " ")
        with self.gates[0].database.writing() as connection:
            connection.execute(change.where(log.c.sequence == sequence))
        self.tampered = True

    @rule()
    def look_with_a_new_gate(self) -> None:
        gate = self.opened()
        assert bool(gate.log.verify(self.published)) == self.tampered
        gate.close()

    @invariant()
    def it_verifies_unless_tampered(self) -> None:
        assert bool(self.gates[-1].log.verify(self.published)) == self.tampered

    @invariant()
    def every_acknowledged_entry_is_in_the_newest_checkpoint(self) -> None:
        if self.tampered or not self.published:
            return
        gate = self.gates[0].log
        size, root = tree_heads.stated(self.published[-1], gate.key.public, gate.origin) or (0, "")
        for sequence, digest in list(enumerate(self.digests[:size]))[-2:]:
            proof = gate.inclusion_proof(sequence, size)
            assert merkle.verify_inclusion(bytes.fromhex(digest), sequence, size, proof, bytes.fromhex(root))

    def teardown(self) -> None:
        for gate in self.gates:
            gate.close()
        self.folder.cleanup()


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=6, stateful_step_count=10, deadline=None)
