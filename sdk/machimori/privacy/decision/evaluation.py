"""From facts to a verdict: the rules of the model tried in order. Pure: the same facts, the same verdict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from machimori.privacy.decision.facts import Facts
from machimori.privacy.decision.policy import DEFAULT, Policy, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """What rules say of one field: the rule that grants it, or the reason why none does and the rule that gave it."""

    granted: Rule | None
    reason: str
    denied_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules say of a whole request: its form (``deny`` or the one asked), and a verdict a field."""

    form: str
    rule: str
    verdicts: tuple[Verdict, ...]


def decide(policy: Policy, form: str, facts: tuple[Facts, ...], strictness: tuple[int, ...]) -> Outcome:
    """Judge a request: ``facts`` and ``strictness`` of each field asked, in the order of the request.

    The strictest field speaks for all, of equally strict ones the first.
    """
    of_fields = [_of_field(policy, f) for f in facts]
    granting = frozenset(
        r.name for f, v in zip(facts, of_fields, strict=True) if v.granted for r in _granting(policy, f)
    )
    known = tuple(f.granting(granting) for f in facts)
    for rule in policy.of_request:
        if any(rule.failure(f) is None for f in known):
            return _denial([_renamed(policy, f, rule.name, rule.key) for f in known], strictness)
    verdicts = [_confined(policy, f, v) for f, v in zip(facts, of_fields, strict=True)]
    verdicts = [
        v if v.granted else _renamed(policy, f, v.reason, v.denied_by) for f, v in zip(facts, verdicts, strict=True)
    ]
    granted = {i: v.granted for i, v in enumerate(verdicts) if v.granted}
    withheld = [i for i, v in enumerate(verdicts) if not v.granted]
    only_open = all(strictness[i] == 0 for i in granted) and any(strictness[i] > 0 for i in withheld)
    if not granted or only_open:
        return _denial(verdicts, strictness)
    strictest = max(granted, key=lambda i: (strictness[i], -i))
    return Outcome(form, granted[strictest].name, tuple(verdicts))


def _denial(verdicts: list[Verdict], strictness: tuple[int, ...]) -> Outcome:
    withheld = [i for i, v in enumerate(verdicts) if not v.granted]
    strictest = max(withheld, key=lambda i: (strictness[i], -i))
    speaks = verdicts[strictest]
    return Outcome(
        "deny",
        speaks.reason,
        tuple(Verdict(None, speaks.reason, speaks.denied_by) if v.granted else v for v in verdicts),
    )


@lru_cache(maxsize=65536)
def _of_field(policy: Policy, facts: Facts) -> Verdict:
    """The first rule that grants the field, or the reason of the last one that applies to it."""
    reason, denied_by = DEFAULT, DEFAULT
    for rule in policy.of_field:
        if rule.applies(facts):
            failed = rule.failure(facts)
            if failed is None:
                return Verdict(rule, "", "")
            reason, denied_by = failed.reason(facts), rule.key
    return Verdict(None, reason, denied_by)


@lru_cache(maxsize=65536)
def _granting(policy: Policy, facts: Facts) -> tuple[Rule, ...]:
    """Every rule that would grant the field, the first of which does."""
    return tuple(r for r in policy.of_field if r.applies(facts) and r.failure(facts) is None)


def _confined(policy: Policy, facts: Facts, verdict: Verdict) -> Verdict:
    """Where rules spare the request for the sake of others, a field is granted by one of these or withheld."""
    if verdict.granted is None:
        return verdict
    granting = _granting(policy, facts)
    for rule in policy.of_request:
        spared = rule.spares
        if spared and all(c.holds(facts) for c in rule.conditions if not c.exempts):
            granting = tuple(r for r in granting if r.name in spared)
            if not granting:
                return Verdict(None, rule.name, rule.key)
    return Verdict(granting[0], "", "")


@lru_cache(maxsize=65536)
def _renamed(policy: Policy, facts: Facts, reason: str, denied_by: str) -> Verdict:
    """The denial under the name that the model gives it in this case."""
    for rule in policy.renaming:
        if rule.failure(facts.denied(reason, denied_by)) is None:
            reason = rule.name
    return Verdict(None, reason, denied_by)
