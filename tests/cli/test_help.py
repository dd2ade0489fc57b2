"""Help teaches: a purpose, examples that parse, the exit statuses; in both languages."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from tests.cli.conftest import Call

from machimori.cli import app
from machimori.cli.japanese import COMMANDS, OPTIONS, SHARED

WHOLE = app.command("en")


def below(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name: ``log`` and ``log verify``."""
    for own, inner in getattr(command, "commands", {}).items():
        yield f"{name} {own}".strip(), inner
        yield from below(inner, f"{name} {own}")


COMMANDS_EN = dict(below(WHOLE))
NAMES = list(COMMANDS_EN)


def examples(epilog: str) -> list[str]:
    return [line.strip() for line in epilog.splitlines() if " machimori " in f" {line.strip()}"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_purpose_example_and_statuses(name: str, call: Call) -> None:
    answer = call(*name.split(), "--help")
    assert answer.status == 0
    assert COMMANDS_EN[name].help.splitlines()[0] in answer.out
    assert len(COMMANDS_EN[name].help.splitlines()[0]) <= 60
    assert "Examples:" in answer.out
    assert "Exit status:" in answer.out
    assert f"machimori {name}" in answer.out


@pytest.mark.parametrize("name", NAMES)
def test_every_example_parses(name: str) -> None:
    found = examples(COMMANDS_EN[name].epilog)
    assert found
    for line in found:
        for part in line.split("|"):
            words = shlex.split(part.partition(">")[0])
            if words[0] == "machimori":
                assert callable(app.command("en", words[1]).main(words[1:], standalone_mode=False))


@pytest.mark.parametrize("name", NAMES)
def test_the_help_is_all_japanese_too(name: str, call: Call) -> None:
    out = call("--lang", "ja", *name.split(), "--help").out
    assert COMMANDS[name].splitlines()[0] in out
    for english in ("Usage:", "Options:", "Examples:", "Exit status:", "Show this message", "[default", "[required"):
        assert english not in out


def test_no_japanese_text_is_left_over() -> None:
    known = {(n, p.name) for n, c in COMMANDS_EN.items() for p in c.params}
    known |= {("machimori", p.name) for p in WHOLE.params}
    own = {(n, p) for n, p in known if p not in SHARED}
    assert own <= {*OPTIONS} <= known
    assert {*SHARED} <= {p for _, p in known}
    assert {*COMMANDS} == {"machimori", *NAMES}


def test_the_list_of_commands_is_short(call: Call) -> None:
    assert "..." not in call("--help").out.replace("[ARGS]...", "")


@pytest.mark.full
def test_the_language_may_stand_before_the_command(call: Call) -> None:
    assert "クラス、" in call("--lang", "ja", "list").out
    assert "使い方" in call("--help", "--lang", "ja").out
