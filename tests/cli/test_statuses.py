"""The exit status tells bad data from a bad call and from a fault of the program; no call ends in a traceback."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Call

from machimori.validation import stream

STOP = '{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町"}'

WRONG_CALLS = {
    "no command": ([], "Usage: machimori"),
    "unknown command": (["valid"], "No such command"),
    "unknown option": (["list", "--prvacy", "personal"], "No such option"),
    "no file": (["validate"], "PATH"),
    "unknown class": (["validate", "x.json", "--as", "Tripp"], "did you mean Trip"),
    "unknown format of a report": (["validate", "x.json", "--format", "pdf"], "'pdf'"),
    "no process": (["validate", "x.json", "--jobs", "0"], "--jobs"),
    "unknown language": (["list", "--lang", "de"], "'de'"),
    "class to describe": (["describe", "Tripp"], "did you mean Trip"),
    "field to describe": (["describe", "Trip.orign"], "did you mean origin"),
    "field in a field without any": (["describe", "Trip.mode.x"], "Trip.mode.x"),
    "unknown profile": (["list", "--privacy", "persnal"], "did you mean personal"),
    "class of a schema": (["schema", "Tripp", "--as", "owl"], "did you mean Trip"),
    "schema language": (["schema", "Trip", "--as", "xsd"], "'xsd'"),
    "schema of an abstract class": (["schema", "DemandResponseSignal", "--as", "json-schema"], "PriceSignal"),
    "class of a sample": (["sample", "Tripp"], "did you mean Trip"),
    "scenario of a sample": (["sample", "--scenario", "weak"], "did you mean week"),
    "unknown code": (["sample", "Trip", "--code", "MM999"], "MM999"),
    "code beyond the class": (["sample", "Trip", "--code", "MM302"], "possible: MM101"),
    "format to read": (["convert", "x", "--from", "excel", "--to", "machimori"], "municipal"),
    "format to write": (["convert", "x", "--from", "municipal", "--to", "excel"], "machimori"),
    "default without value": (
        ["convert", "x", "--from", "municipal", "--to", "machimori", "--default", "code"],
        "FIELD=VALUE",
    ),
    "default of no field": (
        ["convert", "x", "--from", "municipal", "--to", "machimori", "--default", "capacity=1"],
        "local_government_code",
    ),
    "unknown scenario": (["demo", "tuor"], "tour or convert or validate or privacy"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_call_is_2_and_says_why(arguments: list[str], said: str, call: Call) -> None:
    answer = call(*arguments)
    assert answer.status == 2
    assert answer.out == ""
    assert said in answer.err


@pytest.mark.parametrize(("arguments", "said"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_call_is_refused_in_japanese_too(
    arguments: list[str], said: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHIMORI_LANG", "ja")
    answer = call(*arguments)
    assert answer.status == 2
    assert "エラー: " in answer.err or "使い方" in answer.err
    assert any("ぁ" <= c <= "ん" for c in answer.err)


def test_good_data_is_0_and_bad_data_is_1(call: Call) -> None:
    assert call("validate", "-", stdin=STOP.encode()).status == 0
    assert call("validate", "-", stdin=b"{}").status == 1


def test_a_fault_of_ours_is_3_in_one_line_without_values(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("090-1234-5678")

    monkeypatch.setattr(stream, "validate_stream", broken)
    answer = call("validate", "-", stdin=STOP.encode())
    assert answer.status == 3
    assert answer.err == "internal error (KeyError); MACHIMORI_DEBUG=1 shows where\n"
    monkeypatch.setenv("MACHIMORI_DEBUG", "1")
    assert "Traceback" in call("validate", "-", stdin=STOP.encode()).err


def test_an_interrupt_is_130_and_silent(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stream, "validate_stream", interrupted)
    assert call("validate", "-", stdin=STOP.encode()) == (130, "", "")


@pytest.mark.full
def test_help_and_version_are_0(call: Call) -> None:
    assert call("--version").out.startswith("machimori ")
    assert call("--version").status == call("--help").status == call("validate", "-h").status == 0


ESCAPE = "\x1b[2J\x1b]0;owned\x07"
HOSTILE: dict[str, list[str]] = {
    "a command": [ESCAPE],
    "an option": ["list", f"--{ESCAPE}"],
    "a value": ["list", "--lang", ESCAPE],
    "a number": ["sample", "Trip", "--count", ESCAPE],
    "an argument too many": ["list", ESCAPE],
    "a class": ["describe", ESCAPE],
    "a field": ["describe", f"Trip.{ESCAPE}"],
    "a class to check as": ["validate", "-", "--as", ESCAPE],
    "a file": ["validate", ESCAPE],
    "a format": ["convert", "-", "--from", ESCAPE, "--to", "machimori"],
    "a default": ["convert", "-", "--from", "municipal", "--to", "machimori", "--default", ESCAPE],
    "a time": ["consent", "withdraw", "x", "--store", "s", "--holder", "h", "--at", ESCAPE],
    "a scenario": ["sample", "--scenario", ESCAPE],
    "a profile": ["list", "--privacy", ESCAPE],
    "a code": ["sample", "Trip", "--code", ESCAPE],
    "a demonstration": ["demo", ESCAPE],
    "a language": ["--lang", ESCAPE, "list"],
}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("arguments", HOSTILE.values(), ids=HOSTILE)
def test_no_refusal_acts_on_a_terminal(
    arguments: list[str], language: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHIMORI_LANG", language)
    answer = call(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert not [c for c in answer.err if not c.isprintable() and c not in "\n\t"]
