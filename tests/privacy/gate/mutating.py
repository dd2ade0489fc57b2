"""Whether a changed rule would be noticed: by a decided case, by the sweep of the space, or by a proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.privacy.gate import golden, space
from tests.privacy.gate.proving import World, counterexample
from tests.privacy.gate.test_proofs import CLAIMS
from tests.privacy.gate.test_sweep import INVARIANTS
from tests.privacy.gate.test_sweep import Case as Swept
from tests.privacy.gate.test_worked_cases import CASES as WORKED
from tests.privacy.gate.vectors import Slice
from tests.privacy.gate.world import gate

from machimori.privacy.decision import decider, evaluation
from machimori.privacy.decision.evaluation import Outcome
from machimori.privacy.decision.facts import Facts
from machimori.privacy.decision.policy import Policy, shipped


@dataclass(frozen=True)
class Decided:
    """What the evaluator was asked for a case, and what it said."""

    name: str
    form: str
    facts: tuple[Facts, ...]
    strictness: tuple[int, ...]
    outcome: Outcome

    def differs(self, policy: Policy) -> bool:
        changed = evaluation.decide(policy, self.form, self.facts, self.strictness)
        return _told(changed) != _told(self.outcome)


def _told(outcome: Outcome) -> Any:
    return outcome.form, outcome.rule, [(v.granted and v.granted.name, v.reason) for v in outcome.verdicts]


@cache
def decided() -> tuple[Decided, ...]:
    """Every worked and golden case as facts: a rule is changed, and the facts stay."""
    return tuple(_decided())


def _decided() -> Iterator[Decided]:
    asked: list[Any] = []
    original = evaluation.decide

    def watched(policy: Policy, form: str, facts: Any, strictness: Any) -> Outcome:
        outcome = original(policy, form, facts, strictness)
        asked.append((form, facts, strictness, outcome))
        return outcome

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "decide", watched)
        patch.setattr(decider, "_judged", decider._judged.__wrapped__)
        worked = ((name, gate(**world), asked, counted) for name, asked, world, counted, _, _ in WORKED)
        argued = ((c.name, c.gate(), c.request, c.counted) for c in golden.cases())
        for name, holder, request, counted in (*worked, *argued):
            asked.clear()
            holder.decide(request, **counted)
            yield from (Decided(name, *one) for one in asked if one[0] == request["form"])


def case_that_notices(policy: Policy) -> str | None:
    """The first case that is decided otherwise."""
    return next((case.name for case in decided() if case.differs(policy)), None)


@cache
def _slices() -> list[tuple[Any, Any]]:
    """Some slices of the space: every kind of requester, holder and not."""
    return [(common, axes) for common, axes, _ in list(space.slices())[::7]]


def invariant_that_breaks(policy: Policy) -> str | None:
    """The first invariant of the sweep that does not hold."""
    for common, axes in _slices():
        case = Swept(part := Slice(common, axes), part.granting(policy))
        for invariant in INVARIANTS:
            if np.any(invariant(case)):
                return invariant.__name__.strip("_")
    return None


def claim_that_fails(policy: Policy) -> str | None:
    """The first claim that Z3 refutes."""
    world = World(policy)
    return next((c.__name__.strip("_") for c in CLAIMS if counterexample(world, c(world)) is not None), None)


def differs_somewhere(policy: Policy) -> Any:
    """A case of the space that is decided otherwise; ``None`` where there is none."""
    for common, axes in _slices()[::4]:
        part = Slice(common, axes)
        before, after = part.granting(shipped()), Slice(common, axes).granting(policy)
        if len(found := np.argwhere(before != after)):
            return {k: v for axis, i in zip(axes, found[0], strict=True) for k, v in axis[i].items()} | common
    return None
