"""The life of consents: given, withdrawn, expired, beside an order that is published and ends; a simple model says the same.

The same life is led over lists of documents, and over the holder's store on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.privacy.gate.world import AT, NEIGHBOUR, PERSON, consent, emergency, holding, request, tokens
from tests.privacy.postgresql import Server, postgresql

from machimori.privacy.database.errors import RefusedError
from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents
from machimori.privacy.gate import Gate
from machimori.privacy.store import open_store
from machimori.standards.time import written

pytestmark = pytest.mark.full

__all__ = ["postgresql"]

DAY = 86400.0
FIELDS = ("energy", "interval_start")
PURPOSES = ("welfare_watch", "energy_saving")
NAMES = [f"ElectricityUse.{f}" for f in FIELDS]
OTHER = {PERSON: NEIGHBOUR, NEIGHBOUR: PERSON}
KEPT, UNSIGNED, NOT_OWN, EITHER = None, "unsigned", "not-own-consent", "either"
"""What a register does with a document that is brought to it."""
MEMORY = Path("/dev/shm")  # a life is about what is decided, not about the disk


class Life(RuleBasedStateMachine):
    """The holder's register grows by documents alone; the model keeps for each consent from when to when it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = AT
        self.lines: list[Any] = []
        self.desk: dict[Any, Any] = {}
        self.consents: dict[str, dict[str, Any]] = {}
        self.orders: list[tuple[float, float]] = []
        self.published = 0
        self.register: Register | None = None
        self.holding = read_holding(json.dumps(holding()))

    # -- the register: lists, which take everything -----------------------------------------------------------------------

    def made(self) -> Gate:
        return Gate(self.holding, register=self._register, clock=lambda: self.now)

    def _register(self) -> Register:
        if self.register is None:
            self.register = Register(tuple(documents(self.lines, self.holding)), (), dict(self.desk))
        return self.register

    def bring(self, lines: list[str], expected: str | None) -> None:
        self.lines += lines
        self.register = None

    def bring_to_the_desk(self, name: str) -> None:
        self.desk[name] = min(self.now, self.desk.get(name, self.now))
        self.register = None

    def delete_what_ended(self) -> None:
        """Lists keep everything."""

    # -- what happens -----------------------------------------------------------------------------------------------------

    @initialize()
    def _gate(self) -> None:
        self.gate = self.made()
        self.unlogged = Gate(self.holding, register=self.gate._register, clock=lambda: self.now)
        for subject in (PERSON, NEIGHBOUR):  # a life is worth following where there is something to lose
            self._given(subject, set(FIELDS), set(PURPOSES), 0, 5, forged=False)

    @rule(
        subject=st.sampled_from([PERSON, NEIGHBOUR]),
        fields=st.sets(st.sampled_from(FIELDS), min_size=1),
        purposes=st.sets(st.sampled_from(PURPOSES), min_size=1),
        after=st.sampled_from([0, 0, 0, 1, 3]),
        length=st.integers(1, 5),
        forged=st.sampled_from([False, False, False, True]),
    )
    def give(self, subject: str, fields: set[str], purposes: set[str], after: int, length: int, forged: bool) -> None:
        self._given(subject, fields, purposes, after, length, forged)

    def _given(self, subject: str, fields: set[str], purposes: set[str], after: int, length: int, forged: bool) -> None:
        name = f"urn:uuid:00000000-0000-4000-8000-{len(self.consents):012d}"
        begins = self.now + after * DAY
        document = consent(
            [f"ElectricityUse.{f}" for f in sorted(fields)],
            id=name,
            subject=subject,
            purposes=sorted(purposes),
            given_at=written(begins),
            expires_at=written(begins + length * DAY),
        )
        self.bring(tokens(document, [OTHER[subject] if forged else subject]), UNSIGNED if forged else KEPT)
        self.consents[name] = {
            "document": document,
            "valid": not forged,
            "kept": not forged,
            "subject": subject,
            "fields": fields,
            "purposes": purposes,
            "begins": begins,
            "ends": begins + length * DAY,
            "expires": begins + length * DAY,
        }

    def _one(self, number: int) -> tuple[str, dict[str, Any]]:
        return sorted(self.consents.items())[number % len(self.consents)]

    @rule(number=st.integers(0, 30), at_the_desk=st.booleans())
    def withdraw(self, number: int, at_the_desk: bool) -> None:
        name, held = self._one(number)
        when = self.now if at_the_desk else max(self.now, held["begins"])
        if at_the_desk:
            self.bring_to_the_desk(name)
        else:
            document = {**held["document"], "withdrawn_at": written(when)}
            self.bring(tokens(document, [held["subject"]]), KEPT if held["kept"] else EITHER)
        held["ends"] = min(held["ends"], when)

    @rule(number=st.integers(0, 30), in_whose_name=st.sampled_from(["own", "the other's"]))
    def withdraw_another_persons(self, number: int, in_whose_name: str) -> None:
        """Somebody signs a withdrawal under the id of another's consent: it changes nothing."""
        _, held = self._one(number)
        thief = OTHER[held["subject"]]
        named = thief if in_whose_name == "own" else held["subject"]
        document = {**held["document"], "subject": named, "withdrawn_at": written(max(self.now, held["begins"]))}
        refusal = UNSIGNED if named != thief else NOT_OWN if held["kept"] else EITHER
        self.bring(tokens(document, [thief]), refusal)

    @rule(number=st.integers(0, 30))
    def give_the_same_again(self, number: int) -> None:
        """A consent that was taken back does not come to life by being brought a second time."""
        _, held = self._one(number)
        signer = held["subject"] if held["valid"] else OTHER[held["subject"]]
        refusal = KEPT if held["kept"] else EITHER if held["valid"] else UNSIGNED
        self.bring(tokens(held["document"], [signer]), refusal)

    @rule(days=st.floats(0, 4))
    def wait(self, days: float) -> None:
        self.now += round(days * DAY)

    @rule()
    def expire(self) -> None:
        self.delete_what_ended()
        for held in self.consents.values():
            held["kept"] = held["kept"] and held["expires"] >= self.now - DAY

    @rule(length=st.integers(1, 20), forged=st.booleans())
    def publish(self, length: int, forged: bool) -> None:
        document = emergency(
            NAMES,
            id=f"urn:uuid:00000000-0000-4000-9000-{self.published:012d}",
            starts_at=written(self.now),
            ends_at=written(self.now + length * DAY),
        )
        self.published += 1
        self.bring(tokens(document, ["court" if forged else "hyogo"]), UNSIGNED if forged else KEPT)
        if not forged and length <= 14:
            self.orders.append((self.now, self.now + length * DAY))

    def _expected(self, subject: str, field: str, purpose: str) -> bool:
        return any(
            c["valid"]
            and c["subject"] == subject
            and field in c["fields"]
            and purpose in c["purposes"]
            and c["begins"] <= self.now < c["ends"]
            for c in self.consents.values()
        )

    def _agrees(self, gate: Gate, subject: str, field: str, purpose: str) -> None:
        decision = gate.decide(request("care", "ElectricityUse", purpose, fields=[field], subject=subject))
        assert decision.rule not in ("error", "consent-store-unreachable")
        assert decision.denied is not self._expected(subject, field, purpose)

    @rule(asked=st.tuples(st.sampled_from([PERSON, NEIGHBOUR]), st.sampled_from(FIELDS), st.sampled_from(PURPOSES)))
    def ask(self, asked: tuple[str, str, str]) -> None:
        self._agrees(self.gate, *asked)

    @invariant()
    def every_answer_is_that_of_the_model(self) -> None:
        if hasattr(self, "gate"):
            for asked in product((PERSON, NEIGHBOUR), FIELDS, PURPOSES):
                self._agrees(self.unlogged, *asked)

    @rule(k=st.sampled_from([4, 10, 50]))
    def ask_for_statistics(self, k: int) -> None:
        asked = request("city", "ElectricityUse", "public_health", "statistics", fields=["energy"])
        decision = self.gate.decide(asked, k=k)
        in_force = any(begins <= self.now < ends for begins, ends in self.orders)
        assert decision.denied is not (in_force and k >= 10)

    @invariant()
    def no_order_opens_records(self) -> None:
        if hasattr(self, "gate"):
            asked = request("city", "ElectricityUse", "public_health", fields=["energy"], subject=PERSON)
            assert self.unlogged.decide(asked, k=50).denied


class StoredLife(Life):
    """The same life, its register in the holder's store, whose log tells every decision and every deletion."""

    def __init__(self, address: Callable[[str], str]) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        key = Path(self.folder.name) / "log.key"
        self.store = open_store(address(self.folder.name), self.holding, key=key, clock=lambda: self.now)

    def made(self) -> Gate:
        return Gate(self.holding, store=self.store, clock=lambda: self.now)

    def bring(self, lines: list[str], expected: str | None) -> None:
        for line in lines:
            refusal = None
            try:
                self.store.add_signed(line)
            except RefusedError as refused:
                refusal = refused.reason
            assert expected in (refusal, EITHER)

    def bring_to_the_desk(self, name: str) -> None:
        self.store.withdraw(name, self.now)

    def delete_what_ended(self) -> None:
        self.store.expire(self.now, "P1D")

    def teardown(self) -> None:
        try:
            assert self.store.log.verify() == []
        finally:
            self.store.close()
            self.folder.cleanup()


OVER_LISTS = settings(max_examples=100, stateful_step_count=25, deadline=None)
OVER_STORES = settings(OVER_LISTS, max_examples=30)

Life.TestCase.settings = OVER_LISTS
TestLife = Life.TestCase


def test_life_over_a_store_on_sqlite() -> None:
    run_state_machine_as_test(lambda: StoredLife(lambda folder: f"sqlite:///{folder}/gate.db"), settings=OVER_STORES)  # type: ignore[no-untyped-call]  # Hypothesis does not type it


def test_life_over_a_store_on_postgresql(postgresql: Server) -> None:
    run_state_machine_as_test(lambda: StoredLife(lambda _: postgresql.new_database()), settings=OVER_STORES)  # type: ignore[no-untyped-call]  # Hypothesis does not type it
