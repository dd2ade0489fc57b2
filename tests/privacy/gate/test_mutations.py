"""Every condition of every rule matters: without it a decided case, the sweep or a proof says so.

``python -m tests.privacy.gate.test_mutations`` prints the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from tests.privacy.gate import mutating
from tests.privacy.gate.mutants import mutants

from machimori.privacy.decision.policy import Policy, compiled

pytestmark = pytest.mark.full

EQUIVALENT: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "equivalent_mutants.yaml").read_text(encoding="utf-8")
)
PARTS = 12
CASE, SWEEP, PROOF, SURVIVES = "case", "sweep", "proof", "survives"


def verdicts(part: int, parts: int = PARTS) -> Iterator[tuple[str, str, str]]:
    """The mutants of one part, each with what noticed it: the kind and the name."""
    for number, (name, data) in enumerate(mutants()):
        if number % parts == part:
            yield (name, *_noticed(name, compiled(data)))


def _noticed(name: str, policy: Policy) -> tuple[str, str]:
    if found := mutating.case_that_notices(policy):
        return CASE, found
    if name not in EQUIVALENT:
        if found := mutating.invariant_that_breaks(policy):
            return SWEEP, found
        if found := mutating.claim_that_fails(policy):
            return PROOF, found
    return SURVIVES, EQUIVALENT.get(name, "NOT LISTED")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_survives(part: int, record_property: Callable[[str, object], None]) -> None:
    found = list(verdicts(part))
    survivors = [name for name, kind, _ in found if kind == SURVIVES]
    for kind, count in Counter(kind for _, kind, _ in found).items():
        record_property(f"mutants: {kind}", count)
    assert [name for name in survivors if name not in EQUIVALENT] == []


def test_the_list_of_equivalent_mutants_is_true() -> None:
    """Each is a mutant there is, has its reason, and grants what the rules grant, over slices of the whole space."""
    named = dict(mutants())
    assert EQUIVALENT.keys() <= named.keys()
    assert all(len(reason) > 40 for reason in EQUIVALENT.values())
    for name in EQUIVALENT:
        assert mutating.differs_somewhere(compiled(named[name])) is None, name


def main() -> None:
    """Print every mutant with what noticed it, and the counts."""
    found = list(verdicts(0, 1))
    for name, kind, by in found:
        print(f"{kind:9} {name:110} {by}")
    counts = Counter(kind for _, kind, _ in found)
    print(f"{len(found)} mutants, {len(mutating.decided())} cases: {dict(counts)}")


if __name__ == "__main__":
    main()
