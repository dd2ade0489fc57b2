"""The life of consents: given, withdrawn, expired, beside an order that is published and ends; a simple model says the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.privacy.gate.world import AT, NEIGHBOUR, PERSON, consent, emergency, holding, request, tokens

from machimori.privacy.gate import Gate
from machimori.privacy.holding import read_holding
from machimori.privacy.moments import written
from machimori.privacy.signatures import documents
from machimori.privacy.standing import Register

DAY = 86400.0
FIELDS = ("energy", "interval_start")
PURPOSES = ("welfare_watch", "energy_saving")
NAMES = [f"ElectricityUse.{f}" for f in FIELDS]


class Life(RuleBasedStateMachine):
    """The holder's register grows by documents alone; the model keeps for each consent from when to when it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.lines, self.desk = AT, [], {}  # type: ignore[var-annotated]
        self.consents: dict[str, dict[str, Any]] = {}
        self.orders: list[tuple[float, float]] = []
        self.holding = read_holding(json.dumps(holding()))

    @initialize()
    def _gate(self) -> None:
        self.gate = Gate(self.holding, register=self._register, clock=lambda: self.now)

    def _register(self) -> Register:
        return Register(tuple(documents(self.lines, self.holding)), (), dict(self.desk))

    @rule(
        subject=st.sampled_from([PERSON, NEIGHBOUR]),
        fields=st.sets(st.sampled_from(FIELDS), min_size=1),
        purposes=st.sets(st.sampled_from(PURPOSES), min_size=1),
        after=st.integers(0, 3),
        length=st.integers(1, 5),
        forged=st.booleans(),
    )
    def give(self, subject: str, fields: set[str], purposes: set[str], after: int, length: int, forged: bool) -> None:
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
        signer = {PERSON: NEIGHBOUR, NEIGHBOUR: PERSON}[subject] if forged else subject
        self.lines += tokens(document, [signer])
        self.consents[name] = {
            "document": document,
            "valid": not forged,
            "subject": subject,
            "fields": fields,
            "purposes": purposes,
            "begins": begins,
            "ends": begins + length * DAY,
        }

    @rule(number=st.integers(0, 30), at_the_desk=st.booleans())
    def withdraw(self, number: int, at_the_desk: bool) -> None:
        if not self.consents:
            return
        name = sorted(self.consents)[number % len(self.consents)]
        held = self.consents[name]
        if at_the_desk:
            self.desk[name] = min(self.now, self.desk.get(name, self.now))
        else:
            begins = moment_of(held["document"]["given_at"])
            document = {**held["document"], "withdrawn_at": written(max(self.now, begins))}
            self.lines += tokens(document, [held["subject"]])
        when = self.now if at_the_desk else max(self.now, held["begins"])
        held["ends"] = min(held["ends"], when)

    @rule(days=st.floats(0, 4))
    def wait(self, days: float) -> None:
        self.now += round(days * DAY)

    @rule(length=st.integers(1, 20), forged=st.booleans())
    def publish(self, length: int, forged: bool) -> None:
        document = emergency(
            NAMES,
            id=f"urn:uuid:00000000-0000-4000-9000-{len(self.lines):012d}",
            starts_at=written(self.now),
            ends_at=written(self.now + length * DAY),
        )
        self.lines += tokens(document, ["court" if forged else "hyogo"])
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

    @rule(
        subject=st.sampled_from([PERSON, NEIGHBOUR]), field=st.sampled_from(FIELDS), purpose=st.sampled_from(PURPOSES)
    )
    def ask(self, subject: str, field: str, purpose: str) -> None:
        decision = self.gate.decide(request("care", "ElectricityUse", purpose, fields=[field], subject=subject))
        assert decision.denied is not self._expected(subject, field, purpose)

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
            assert self.gate.decide(asked, k=50).denied


def moment_of(text: str) -> float:
    from machimori.privacy.moments import moment

    at = moment(text)
    assert at is not None
    return at


Life.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
