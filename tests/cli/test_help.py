"""Help teaches: a purpose, examples that parse, the exit statuses; in every language; and none of it loads what it explains."""

from __future__ import annotations

import ast
import contextlib
import inspect
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.cli.conftest import Call

from machimori import messages
from machimori.cli import app, click_words, command
from machimori.cli.command import Command, Explained, Group

CLI = Path(app.__file__).parent
ENGLISH = click.Context(app.machimori, obj="en")


def below(group: Group, name: str = "") -> Iterator[tuple[str, Explained]]:
    """Every command with its whole name: ``log`` and ``log verify``."""
    for own in group.list_commands(ENGLISH):
        inner = group.get_command(ENGLISH, own)
        assert isinstance(inner, Explained)
        yield f"{name} {own}".strip(), inner
        if isinstance(inner, Group):
            yield from below(inner, f"{name} {own}")


COMMANDS_EN = dict(below(app.machimori))
NAMES = list(COMMANDS_EN)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_purpose_example_and_statuses(name: str, call: Call) -> None:
    answer = call(*name.split(), "--help")
    assert answer.status == 0
    assert COMMANDS_EN[name].summary in answer.out
    assert len(COMMANDS_EN[name].summary) <= 60
    assert "Examples:" in answer.out
    assert "Exit status:" in answer.out
    assert f"machimori {name}" in answer.out


@pytest.mark.parametrize("name", NAMES)
def test_every_example_parses(name: str) -> None:
    found = [line for line in COMMANDS_EN[name].examples if line.startswith("machimori ") or " machimori " in line]
    assert found
    for line in found:
        for part in line.split("|"):
            words = shlex.split(part.partition(">")[0])
            if words[0] == "machimori":
                with contextlib.suppress(click.exceptions.Exit):  # of an option that takes the place of all else
                    parsed(words[1:])


def parsed(words: list[str]) -> click.Context:
    """Parse a call, and do nothing."""
    context = app.machimori.make_context("machimori", words, obj="en")
    inner: click.Command = app.machimori
    left = words
    while isinstance(inner, Group):
        name, found, left = inner.resolve_command(context, left)
        assert found is not None
        inner = found
        context = inner.make_context(name, list(left), parent=context)
    return context


@pytest.mark.parametrize("name", NAMES)
def test_the_help_is_all_japanese_too(name: str, call: Call) -> None:
    out = call("--lang", "ja", *name.split(), "--help").out
    assert messages.text("ja", COMMANDS_EN[name].summary) in out
    for english in ("Usage:", "Options:", "Examples:", "Exit status:", "Show this message", "[default", "[required"):
        assert english not in out


def test_the_list_of_commands_is_short(call: Call) -> None:
    assert "..." not in call("--help").out.replace("[ARGS]...", "")


@pytest.mark.full
def test_the_language_may_stand_before_the_command(call: Call) -> None:
    assert "クラス、" in call("--lang", "ja", "list").out
    assert "使い方" in call("--help", "--lang", "ja").out


def test_the_language_of_a_command_is_its_own_or_that_of_the_call(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "クラス、" not in call("--lang", "ja", "list", "--lang", "en").out
    monkeypatch.setenv("MACHIMORI_LANG", "ja")
    assert "クラス、" in call("list").out
    assert "クラス、" not in call("--lang", "en", "list").out
    monkeypatch.setenv("MACHIMORI_LANG", "xx")
    answer = call("list")
    assert (answer.status, answer.out) == (2, "")
    assert "'xx' is not one of 'en', 'ja'" in answer.err


# -- one file a command, one declaration an option ---------------------------------------------------------------------


def test_each_command_is_in_the_file_of_its_name() -> None:
    for name, found in COMMANDS_EN.items():
        first = name.partition(" ")[0]
        module = sys.modules[f"machimori.cli.{first}_" if first in app.TAKEN else f"machimori.cli.{first}"]
        assert Path(str(module.__file__)).stem.removesuffix("_") == first
        if isinstance(found, Command):
            assert found.callback is not None
            assert inspect.unwrap(found.callback).__module__ == module.__name__


def test_no_option_is_declared_twice() -> None:
    """Two options of one name and one meaning are one declaration, which the commands share."""
    declared = Counter(
        (words(node.args), said(node))
        for file in CLI.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("option", "argument")
    )
    assert len(declared) > 50
    assert [key for key, times in declared.items() if times > 1 and key != (("file",), "FILE")] == []


def words(nodes: list[ast.expr]) -> tuple[str, ...]:
    """The names of a declaration."""
    return tuple(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def said(node: ast.Call) -> str:
    """What its help says, or the name of what it says."""
    (told,) = [k.value for k in node.keywords if k.arg == "help"]
    if isinstance(told, ast.Name):
        return told.id
    assert isinstance(told, ast.Call)
    (text,) = words(told.args)
    return text


@pytest.mark.full
def test_the_help_of_the_whole_loads_no_command(tmp_path: Path) -> None:
    for arguments in (["--help"], ["--version"], ["--nonsense"], ["nonsense"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "machimori", *arguments], capture_output=True, cwd=tmp_path
        )
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
        assert "machimori.cli.app" in loaded
        ours = {name for name in loaded if name.startswith("machimori.cli.")}
        known = {"app", "click_words", "command", "exit_status", "paths", "run", "standard"}
        assert ours == {f"machimori.cli.{name}" for name in known}
        heavy = (
            "rich",
            "msgspec",
            "pydantic",
            "typer",
            "machimori.records",
            "machimori.privacy",
            "machimori.validation",
        )
        assert not [name for name in loaded for h in heavy if name == h or name.startswith(f"{h}.")]


@pytest.mark.full
@pytest.mark.parametrize("name", ["validate", "decide", "disclose", "statistics", "serve", "build", "log", "demo"])
def test_the_help_of_a_command_loads_little(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "machimori", name, "--help"], capture_output=True, cwd=tmp_path
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    others = {f"machimori.cli.{other}" for other in app.COMMANDS if other not in (name, "decide")} & loaded
    assert not others
    heavy = (
        "rich.console",
        "pydantic",
        "sqlalchemy",
        "duckdb",
        "machimori.privacy.gate",
        "machimori.validation.stream",
    )
    assert not [m for m in loaded for h in heavy if m == h or m.startswith(f"{h}.")]


# -- what click says itself --------------------------------------------------------------------------------------------


def test_what_click_says_is_in_the_catalogue() -> None:
    """Each of the words stands in this version of click as it stands here, so that gettext finds it."""
    sources = "".join(f.read_text(encoding="utf-8") for f in Path(click.__file__).parent.glob("*.py"))
    constants = {
        node.value
        for node in ast.walk(ast.parse(sources.replace("from __future__ import annotations", "")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for word in click_words.WORDS:
        for sentence in word.split("\x00"):
            assert sentence in constants, sentence


def test_the_language_of_the_process_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    import gettext
    import os

    for before in ("de", None):
        monkeypatch.delenv("LANGUAGE", raising=False)
        if before:
            monkeypatch.setenv("LANGUAGE", before)
        domain = gettext.textdomain()
        with click_words.speaking("ja"):
            assert gettext.gettext("Usage:") == "使い方："
        with click_words.speaking("en"):
            assert gettext.gettext("Usage:") == "Usage:"
        assert (os.environ.get("LANGUAGE"), gettext.textdomain()) == (before, domain)


# -- completion --------------------------------------------------------------------------------------------------------


def completed(line: str, monkeypatch: pytest.MonkeyPatch, call: Call, language: str = "en") -> list[str]:
    monkeypatch.setenv("_MACHIMORI_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    answer = call("--lang", language)
    assert answer.status == 0
    return answer.out.splitlines()


def test_the_shell_completes_commands_options_values_and_files(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"describe", "decide", "demo"} <= {*completed("machimori de", monkeypatch, call)}
    assert "--loss-report" in completed("machimori convert --lo", monkeypatch, call)
    assert "sarif" in completed("machimori validate --format s", monkeypatch, call)
    assert completed("machimori validate trips", monkeypatch, call)[:2] == ["file", "trips"]
    assert "checkpoint" in completed("machimori log ch", monkeypatch, call)
    assert messages.text("ja", app.COMMANDS["demo"]) in completed("machimori dem", monkeypatch, call, "ja")


@pytest.mark.full
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MACHIMORI_COMPLETE", f"{shell}_source")
    answer = call()
    assert answer.status == 0
    assert "_MACHIMORI_COMPLETE" in answer.out


def test_the_module_of_commands_declares_no_command() -> None:
    assert not [held for held in vars(command).values() if isinstance(held, click.Command)]
