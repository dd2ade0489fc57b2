"""Every code of a payload has a counterexample that shows it and no other, and each check of a text is needed."""

from __future__ import annotations

import ast
import inspect
import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.agreement.test_examples import CASES, EXAMPLES

from machimori import validate, validate_stream
from machimori.catalogue import catalogue
from machimori.errors import CannotReadError
from machimori.records import json_text
from machimori.samples.counterexamples import counterexample
from machimori.validation import record, rules, stream

ELSEWHERE = ("MM6", "MM9")
"""Codes of conversions (``tests/exchange``) and of models (``tests/build``)."""
NO_FILE = "MM010"
OF_PAYLOADS = [c for c in catalogue.codes() if not c.startswith(ELSEWHERE)]
OF_TEXTS = [c for c in OF_PAYLOADS if counterexample(c) is not None]


def _shown_by_a_file(code: str) -> bool:
    return any(file.startswith(f"invalid-{code}-") for _, file in CASES)


@pytest.mark.parametrize("code", OF_PAYLOADS)
def test_each_code_has_one_kind_of_counterexample(code: str) -> None:
    assert (code in OF_TEXTS) + _shown_by_a_file(code) + (code == NO_FILE) == 1


@pytest.mark.parametrize("code", OF_TEXTS)
def test_a_counterexample_shows_its_code_alone(code: str) -> None:
    raw = counterexample(code)
    assert raw is not None
    assert [i.code for i in validate(raw).issues] == [code]
    assert [i.code for i in validate_stream(io.BytesIO(raw)).issues] == [code]


def test_a_file_that_is_not_there_shows_its_code_alone(tmp_path: Path) -> None:
    assert [i.code for i in validate_stream(tmp_path / "none.json").issues] == [NO_FILE]


def _never(*_: object) -> bool:
    return False


CHECKS_OF_TEXTS: dict[str, tuple[str, Any]] = {
    "MM003": ("BOM", b"\x00no text begins so"),
    "MM004": ("Positions.doubled", lambda _: ()),
    "MM006": ("_deeper_than", _never),
    "MM007": ("MAXIMUM_BYTES", 1 << 40),
}
"""What to put in place of the check for the code in ``validation.loading``."""


@pytest.mark.full
@pytest.mark.parametrize("code", CHECKS_OF_TEXTS)
def test_without_its_check_the_counterexample_of_a_text_is_missed(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, instead = CHECKS_OF_TEXTS[code]
    monkeypatch.setattr(f"{json_text.__name__}.{name}", instead)
    raw = counterexample(code)
    assert raw is not None
    assert [i.code for i in validate(raw).issues] != [code]


STATEMENTS: dict[str, tuple[ModuleType, str]] = {
    "MM001": (json_text, "_malformed"),
    "MM002": (json_text, "not_utf8"),
    "MM005": (json_text, "MM005"),
    "MM008": (record, "MM008"),
    "MM009": (json_text, "MM009"),
    "MM010": (stream, "unreadable"),
    "MM011": (json_text, "kind"),
}
"""Codes whose check is a statement: where it stands, and the name or text that tells it by what it does."""


class Without(ast.NodeTransformer):
    """Takes out each ``if`` and each ``except`` that does what is named."""

    def __init__(self, named: str) -> None:
        self._named = named
        self.taken = 0

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        return node.orelse if self._taken(node.body) else node

    def visit_Try(self, node: ast.Try) -> Any:
        self.generic_visit(node)
        node.handlers = [h for h in node.handlers if not self._taken(h.body)]
        return node if node.handlers else [*node.body, *node.orelse]

    def _taken(self, body: list[ast.stmt]) -> bool:
        inner = [n for statement in body for n in ast.walk(statement)]
        found = any(
            (isinstance(n, ast.Name) and n.id == self._named)
            or (isinstance(n, ast.Constant) and n.value == self._named)
            for n in inner
        )
        self.taken += found
        return found


def outcome(judge: Callable[[Any], Any], given: Any) -> Any:
    try:
        return [i.code for i in judge(given).issues]
    except (AttributeError, CannotReadError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("code", STATEMENTS)
def test_without_its_statement_the_counterexample_of_a_text_is_missed(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module, named = STATEMENTS[code]
    tree, without = ast.parse(inspect.getsource(module)), Without(named)
    without.visit(tree)
    assert without.taken
    changed: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"), changed)
    judge = changed.get("validate_stream") or changed.get("validate") or validate
    given = tmp_path / "none.json" if code == NO_FILE else counterexample(code)
    usual = validate_stream if code == NO_FILE else validate
    assert outcome(usual, given) == [code]
    monkeypatch.setattr(record, "load", changed.get("load", record.load))
    assert outcome(judge, given) != [code]


def test_each_code_of_a_text_has_its_check_taken_out() -> None:
    assert {*OF_TEXTS, NO_FILE} == {*CHECKS_OF_TEXTS, *STATEMENTS}


@pytest.mark.parametrize("type_", rules.RULES)
def test_without_its_rule_the_counterexamples_of_a_type_comply(type_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _ = rules.RULES[type_]
    monkeypatch.setitem(rules.RULES, type_, (code, lambda _: True))
    _comply(code)


def test_without_the_rule_of_order_its_counterexamples_comply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_in_order", lambda *_: True)
    _comply("MM304")


def _comply(code: str) -> None:
    shown = [(class_name, file) for class_name, file in CASES if file.startswith(f"invalid-{code}-")]
    assert shown
    for class_name, file in shown:
        assert validate((EXAMPLES / class_name / file).read_text(encoding="utf-8"), class_name).ok, file
