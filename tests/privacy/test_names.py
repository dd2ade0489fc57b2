"""No code knows a rule or a profile by its name: what it must know of one stands on the rule or the profile."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import raw

from machimori.catalogue.catalogue import artefact
from machimori.privacy.decision.facts import DOCUMENT_REASONS, TERMS
from machimori.privacy.decision.policy import OWN_REASONS

SDK = Path(__file__).parents[2] / "sdk" / "machimori"
POLICY: dict[str, Any] = json.loads(artefact("policy/policy.json"))
RULES = {key for r in POLICY["rules"] for key in (r["rule"], r["id"].rpartition("/")[2])}
OTHER_WORDS = {*TERMS, *(v for enum in raw.catalogue()["enums"].values() for v in enum["values"])}
"""Names of rules and profiles that are names of something else, too: a form, a term, a data class, a severity."""
NAMES = (RULES | set(POLICY["profiles"])) - OTHER_WORDS - {"inherited", "error"}
REASONS = DOCUMENT_REASONS | OWN_REASONS

EXCEPTIONS: dict[str, set[str]] = {
    "privacy/decision/facts.py": set(
        DOCUMENT_REASONS
    ),  # the states of documents, which are reasons: a type of their own
    "privacy/decision/documents.py": set(DOCUMENT_REASONS),  # which gives these answers, and mypy holds it to the type
    "privacy/decision/policy.py": set(
        OWN_REASONS
    ),  # what the gate itself finds wanting; held against the rules when read
    "privacy/disclosure/disclosure.py": {"other-person"},  # why a record is left out, which no rule says
    "cli/gate_files.py": {"other-person"},  # the same, as a sentence
}
"""Who may name what, and why."""


def named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names in string literals of code; docstrings are words."""
    words = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in NAMES and id(node) not in words:
            yield node.lineno, node.value


def modules() -> list[str]:
    found = (p.relative_to(SDK) for p in SDK.rglob("*.py"))
    return sorted(p.as_posix() for p in found if not {"templates", "ajv", "node_modules"} & set(p.parts))


def test_no_code_knows_a_rule_or_a_profile_by_name() -> None:
    found = {
        f"{module}:{line}: {name}"
        for module in modules()
        for line, name in named(ast.parse((SDK / module).read_text(encoding="utf-8")))
        if name not in EXCEPTIONS.get(module, ())
    }
    assert found == set()


def test_every_exception_is_needed() -> None:
    for module in EXCEPTIONS:
        assert list(named(ast.parse((SDK / module).read_text(encoding="utf-8")))), module


@pytest.mark.parametrize("name", ["refer-to-counsel", "personal.vehicle_plate", "emergency-statistics"])
def test_a_name_would_be_found(name: str) -> None:
    tree = ast.parse(f'"""{name}"""\nRULES = {{"{name}": 1}}\n')
    assert list(named(tree)) == [(2, name)]


def test_the_names_that_are_looked_for_are_most_of_them() -> None:
    """What cannot be told from other words is little: ``consent`` is a rule and a term, ``statistics`` a rule and a form."""
    assert (RULES | set(POLICY["profiles"])) - NAMES == {
        *("anonymised", "consent", "error", "inherited", "open", "statistics", "warrant"),
    }


def test_what_a_rule_says_of_documents_and_reports_is_there() -> None:
    """The transparency report has the fields that rules are counted under, and rules rest on documents that they ask for."""
    report = raw.class_data("TransparencyReport")["fields"]
    for rule in POLICY["rules"]:
        assert rule.get("reported_as", "warrants_served") in report
        asked = {
            t["condition_term"]
            for c in (*(rule.get("applicability") or ()), *(rule.get("conditions") or ()))
            for t in c["alternatives"]
        }
        assert {rule[a] for a in ("rests_on", "ends_with", "bounded_by_area_of") if a in rule} <= asked
