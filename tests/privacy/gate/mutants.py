"""The rules with one thing taken out of them, for every thing that can be."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from machimori.catalogue import catalogue

Policy = dict[str, Any]


def mutants() -> Iterator[tuple[str, Policy]]:
    """Each rule removed, each of its conditions dropped, each alternative of a condition dropped; with its name."""
    data = json.loads(catalogue.artefact("policy/policy.json"))
    for place, rule in enumerate(data["rules"]):
        key = rule["id"].rpartition("/")[2]
        conditional = rule.get("conditions") or rule.get("applicability")
        if conditional:
            yield f"{key}: removed", _without_rule(data, place)
        for part in ("applicability", "conditions"):
            for number, condition in enumerate(rule.get(part) or ()):
                what = " or ".join(_words(t) for t in condition["alternatives"])
                yield f"{key}: {part} {number} dropped ({what})", _changed(data, place, part, number, None)
                if len(condition["alternatives"]) > 1:
                    for choice, test in enumerate(condition["alternatives"]):
                        yield (
                            f"{key}: {part} {number} without {_words(test)}",
                            _changed(data, place, part, number, choice),
                        )


def _words(test: dict[str, Any]) -> str:
    values = ",".join(map(str, test.get("condition_values") or ())) or "yes"
    return f"{'not ' if test.get('negated') else ''}{test['condition_term']}={values}"


def _without_rule(data: Policy, place: int) -> Policy:
    """A rule that decides nothing any more; as a reason it can still be named."""
    changed = copy.deepcopy(data)
    rule = changed["rules"][place]
    rule.update(rule_scope="reason", conditions=[], applicability=[])
    return changed


def _changed(data: Policy, place: int, part: str, number: int, choice: int | None) -> Policy:
    changed = copy.deepcopy(data)
    conditions = changed["rules"][place][part]
    if choice is None:
        del conditions[number]
    else:
        del conditions[number]["alternatives"][choice]
    return changed
