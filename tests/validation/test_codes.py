"""Every code of a payload has a counterexample that shows it and no other, and each check of a text is needed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from tests.agreement.test_examples import CASES, EXAMPLES

from machimori import catalogue, validate, validate_stream
from machimori.validation import loading, rules
from machimori.validation.counterexamples import counterexample

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


def test_a_file_that_is_not_there_shows_its_code_alone(tmp_path: Any) -> None:
    assert [i.code for i in validate_stream(tmp_path / "none.json").issues] == [NO_FILE]


def _never(*_: object) -> bool:
    return False


CHECKS_OF_TEXTS: dict[str, tuple[str, Any]] = {
    "MM003": ("BOM", b"\x00no text begins so"),
    "MM004": ("Positions.doubled", lambda _: ()),
    "MM006": ("_deeper_than", _never),
    "MM007": ("MAXIMUM_BYTES", 1 << 40),
}
"""What to put in place of the check for the code in ``validation.loading``; NaN (MM005) is refused by the classes too."""


@pytest.mark.parametrize("code", CHECKS_OF_TEXTS)
def test_without_its_check_the_counterexample_of_a_text_is_missed(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, instead = CHECKS_OF_TEXTS[code]
    monkeypatch.setattr(f"{loading.__name__}.{name}", instead)
    raw = counterexample(code)
    assert raw is not None
    assert [i.code for i in validate(raw).issues] != [code]


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
