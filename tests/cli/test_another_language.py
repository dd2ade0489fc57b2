"""A language more is one catalogue: in one that is made up, no help and no refusal of any command shows a word of ours.

What remains is what has one spelling in every language: names of commands, options, files, classes and codes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from tests import raw
from tests.cli.conftest import Answer
from tests.cli.test_files import APART, CALLS, INPUTS, folder, prepared, words
from tests.cli.test_help import COMMANDS_EN, NAMES
from tests.cli.test_statuses import WRONG_CALLS
from tests.messages import pseudo
from tests.messages.pseudo import LANGUAGE, readable

from machimori import messages
from machimori.catalogue import catalogue
from machimori.cli.command import ENVIRONMENT, Argument, Group
from machimori.demo import SCENARIOS

__all__ = ["folder", "prepared"]
BEGUN = "⟦"
"""How every sentence of the language begins."""
OFFERED = (
    *("origin", "personal", "capacity", "local_government_code", "municipal", "geojson", "week", *SCENARIOS),
    *catalogue.codes(),
    *raw.catalogue()["profiles"],
)
"""Names of the model, of formats and of scenarios that a refusal offers."""
WORD = re.compile(r"[A-Za-z]+")
SAME = {
    *("machimori", "OPTIONS", "COMMAND", "ARGS", "FORM", "FIELD", "VALUE", "x", "h", "o"),
    *raw.catalogue()["classes"],
    *(word for command in COMMANDS_EN for word in command.split()),
    *(word for name in ENVIRONMENT for word in WORD.findall(name)),
}
"""Words of one spelling in every language."""


@pytest.fixture(scope="module")
def catalogue_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.made(tmp_path_factory.mktemp("locale"))


@pytest.fixture
def said(
    catalogue_folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Answer]]:
    """A call in the language, by a command line that finds it as it would in a new process."""
    monkeypatch.setattr(messages, "FOLDER", catalogue_folder)
    monkeypatch.delenv("MACHIMORI_DEBUG", raising=False)
    monkeypatch.setenv("MACHIMORI_LANG", LANGUAGE)
    monkeypatch.setenv("COLUMNS", "80")
    before = {name: module for name, module in sys.modules.items() if name.startswith("machimori.cli")}
    for name in before:
        del sys.modules[name]
    from machimori.cli.run import main

    def called(*arguments: object) -> Answer:
        status = main([str(a) for a in arguments])
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Answer(status, out, err)

    yield called
    for name in [n for n in sys.modules if n.startswith("machimori.cli")]:
        del sys.modules[name]
    sys.modules.update(before)


def left(text: str, *known: object) -> list[str]:
    """The words that are neither known nor the same in every language."""
    for name in sorted(filter(None, map(str, known)), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", " ", text)
    return [word for word in readable(text) if word not in SAME]


def names(command: str) -> Iterator[str]:
    """What the parameters of a command are called, and may be."""
    for parameter in COMMANDS_EN[command].params:
        yield from (*parameter.opts, *parameter.secondary_opts)
        yield from (WORD.findall(parameter.metavar or "") if not isinstance(parameter, Argument) else ())
        yield parameter.metavar or ""
        if isinstance(parameter.type, click.Choice):
            yield from parameter.type.choices
        if isinstance(parameter.default, str):
            yield parameter.default


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_has_no_word_of_ours(name: str, said: Callable[..., Answer]) -> None:
    answer = said(*name.split(), "--help")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.count(BEGUN) > 10
    held = (
        [*names(name), *COMMANDS_EN[name].examples] if name else ["--version", "--lang", "--help", "data.ndjson", "en"]
    )
    assert left(answer.out, *held, f"en|{LANGUAGE}", LANGUAGE) == []


@pytest.mark.parametrize("name", [n for n in NAMES if not isinstance(COMMANDS_EN[n], Group)])
def test_a_wrong_option_is_refused_without_a_word_of_ours(name: str, said: Callable[..., Answer]) -> None:
    answer = said(*name.split(), "--zzz")
    assert (answer.status, answer.out) == (2, "")
    assert BEGUN in answer.err
    assert left(answer.err, "--zzz", *names(name)) == []


@pytest.mark.parametrize(("arguments", "_"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_call_is_refused_without_a_word_of_ours(
    arguments: list[str], _: str, said: Callable[..., Answer]
) -> None:
    answer = said(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert BEGUN in answer.err
    command = arguments[0] if arguments and arguments[0] in NAMES else ""
    known = [*names(command)] if command else ["--version", "--lang", "--help", "data.ndjson", "en"]
    assert left(answer.err, *arguments, *known, LANGUAGE, *OFFERED) == []


@pytest.mark.parametrize(("command", "parameter"), INPUTS, ids=map(" ".join, INPUTS))
def test_a_missing_file_is_refused_without_a_word_of_ours(
    command: str, parameter: str, folder: Callable[[], Path], said: Callable[..., Answer]
) -> None:
    here = folder()
    answer = said(*words(command, here, **{parameter: str(here / "none")}))
    assert (answer.status, answer.out) == (2, "")
    assert BEGUN in answer.err
    assert left(answer.err, here / "none") == []


def test_every_command_with_an_input_is_refused_here() -> None:
    """``build`` and ``serve`` are refused above; ``keys rotate`` makes the file that is not there."""
    assert {command for command, _ in INPUTS} >= {c for c, usual in CALLS.items() if usual.files} - {
        "build",
        "serve",
        "keys rotate",
    }


NAMES_OF_THE_MODEL = {
    *raw.catalogue()["classes"],
    *(field for class_ in raw.catalogue()["classes"].values() for field in class_["fields"]),
    *(value for enum in raw.catalogue()["enums"].values() for value in enum["values"]),
}
QUOTED = {"describe": "the titles in both languages of the model", "schema": "an artefact", "demo": "codes and tables"}
"""Commands whose results quote what is English or Japanese in every language."""
FACT = re.compile(r"[!-~]*[-:/_.()][!-~]*")
"""A name, a place, a moment or a rule: characters of ASCII with a mark among them."""


@pytest.mark.parametrize("command", [c for c in CALLS if c not in {*QUOTED, *APART, "log report"}])
def test_a_result_has_no_word_of_ours(
    command: str, folder: Callable[[], Path], said: Callable[..., Answer], prepared: Path
) -> None:
    called = [word for word in words(command, folder()) if word != "--json"]
    answer = said(*called)
    assert answer.status in (0, 1)
    told = re.sub(
        r"^\{.*\}$|[0-9a-f]{12}…", "", answer.out + answer.err, flags=re.MULTILINE
    )  # records and digests are data
    told = " ".join(word for word in re.split(r"[\s⟦⟧;]+", told) if not FACT.fullmatch(word))
    assert [word for word in left(told) if word not in {*NAMES_OF_THE_MODEL, "APPI", "Art"}] == []
