"""The map for developers is that of the source as it is: rooms, imports, commands, and where a change goes."""

from __future__ import annotations

import argparse
import dis
import importlib.util
import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import click
import pytest
import yaml
from tests.docs.test_claims import LANGUAGES, listed, page, section, table
from tests.docs.test_examples import ROOT
from tests.loops import EVERYTHING, FAST, NOT_FAST

from machimori.build import javascript
from machimori.cli.validate import validate
from machimori.findings.reporters import FORMATS

SOURCE, GENERATED = ROOT / "sdk" / "machimori", ROOT / "generated"
RUN: dict[str, Any] = runpy.run_path(str(ROOT / "run.py"))["WHAT"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
PHONE = 358
"""Pixels that a phone of 390 leaves to the text of a page."""
SVG = "{http://www.w3.org/2000/svg}"


def drawing() -> ModuleType:
    """docs/house.py, anew"""
    spec = importlib.util.spec_from_file_location("docs_house", ROOT / "docs" / "house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


house = drawing()


# -- the graph, by the bytecode ---------------------------------------------------------------------------------------


def imported(code: CodeType) -> Iterator[str]:
    module, bare = "", False
    for step in dis.get_instructions(code):
        if step.opname == "IMPORT_NAME":
            if bare:
                yield module
            module, bare = step.argval, True
        elif step.opname == "IMPORT_FROM":
            yield f"{module}.{step.argval}"
            bare = False
        elif isinstance(step.argval, CodeType):
            yield from imported(step.argval)
    if bare:
        yield module


@cache
def known() -> dict[str, list[Path]]:
    """The files of each room."""
    held: dict[str, list[Path]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        held.setdefault(path.relative_to(SOURCE).parts[0].removesuffix(".py"), []).append(path)
    held["model"] = sorted((GENERATED / "python").rglob("*.py"))
    held["artefacts"] = sorted((GENERATED / "validators").rglob("*.py"))
    held["sources"] = sorted((ROOT / "model").rglob("*.py"))
    return held


@cache
def needed() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for room, files in known().items():
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"^\s*from \.\.", text, re.MULTILINE), f"{file}: leaves its folder by dots"
            names = {("reads", name) for name in re.findall(r'\bfiles\(\s*"(machimori\.\w+)', text)}
            names |= {("imports", name) for name in imported(SourceFileLoader("_", str(file)).get_code("_"))}
            for kind, name in sorted(names, reverse=True):
                package, *rest = name.split(".")
                other = rest[0] if rest and rest[0] in known() else "__init__"
                if package == "machimori" and other != room and found.get((room, other)) != "imports":
                    found[room, other] = kind
    return found


@pytest.mark.full
def test_the_graph_is_that_of_the_source() -> None:
    assert house.rooms().keys() == known().keys()
    assert house.edges() == needed()


# -- the picture ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request: pytest.FixtureRequest) -> ElementTree.Element:
    text = house.picture(request.param)
    assert "\n\n" not in text, "a blank line ends HTML within Markdown"
    return ElementTree.fromstring(text)


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.attrib[name])


def steps(drawn: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """The middle of each room's step."""
    return {
        r.attrib["data-room"]: (number(r, "x") + number(r, "width") / 2, number(r, "y") + number(r, "height") / 2)
        for r in drawn.iter(f"{SVG}rect")
    }


@pytest.mark.full
def test_every_import_is_a_dot_and_no_other_is(drawn: ElementTree.Element) -> None:
    dots = [(c.attrib["data-from"], c.attrib["data-to"], c.attrib["data-kind"]) for c in drawn.iter(f"{SVG}circle")]
    assert sorted(dots) == sorted((*edge, kind) for edge, kind in needed().items())
    assert steps(drawn).keys() == known().keys()


def test_a_dot_stands_in_the_row_of_one_and_above_the_step_of_the_other(drawn: ElementTree.Element) -> None:
    at = steps(drawn)
    for dot in drawn.iter(f"{SVG}circle"):
        user, other = at[dot.attrib["data-from"]], at[dot.attrib["data-to"]]
        assert (number(dot, "cx"), number(dot, "cy")) == pytest.approx((other[0], user[1]))
        assert user[1] < other[1], f"{dot.attrib}: a room imports one above it"


def test_names_can_be_read_on_a_phone_and_stand_beside_their_steps(drawn: ElementTree.Element) -> None:
    width, height = (float(n) for n in drawn.attrib["viewBox"].split()[2:])
    at = steps(drawn)
    for text in drawn.iter(f"{SVG}text"):
        size, right = number(text, "font-size"), number(text, "x")
        x, y = at[text.text or ""]
        assert size * PHONE / width >= 11
        assert right - 0.6 * size * len(text.text or "") >= 0
        assert right < x <= width
        assert abs(number(text, "y") - size / 3 - y) < 1
        assert 0 < y < height


def test_the_colour_is_that_of_the_page(drawn: ElementTree.Element) -> None:
    painted = {e.attrib[name] for e in drawn.iter() for name in ("fill", "stroke", "color") if name in e.attrib}
    assert painted == {"currentColor", "none"}


@pytest.mark.full
def test_the_picture_is_the_same_wherever_it_is_drawn(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "docs" / "house.py")]
    environment = os.environ | {"PYTHONHASHSEED": "4242"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert told.stdout == house.picture("en") + "\n"


def test_the_picture_follows_when_rooms_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src"
    (package / "cellar").mkdir(parents=True)
    (tmp_path / "made").mkdir()
    for name, text in {
        "src/__init__.py": "",
        "src/roof.py": "def f():\n    from machimori.attic import g\n    import machimori.cellar.shelf\n",
        "src/attic.py": 'from machimori import cellar, given\nfiles("machimori.cellar")\nfiles("machimori.made")\n',
        "src/cellar/__init__.py": "from machimori.cellar import shelf\nimport machimoriko",
        "src/cellar/shelf.py": "",
        "made/x.py": "",
        "pyproject.toml": '[tool.setuptools.package-dir]\n"machimori" = "src"\n"machimori.made" = "made"\n'
        '[[tool.importlinter.contracts]]\ntype = "layers"\n'
        'layers = ["machimori.roof", "machimori.gone", "machimori.cellar | machimori.made"]\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    other = drawing()
    monkeypatch.setattr(other, "ROOT", tmp_path)
    assert other.edges() == {
        ("attic", "__init__"): "imports",
        ("attic", "cellar"): "imports",
        ("attic", "made"): "reads",
        ("roof", "attic"): "imports",
        ("roof", "cellar"): "imports",
    }
    stairs = other.order()
    assert sorted(stairs) == ["__init__", "attic", "cellar", "made", "roof"]
    assert all(stairs.index(user) < stairs.index(needed) for user, needed in other.edges())


# -- the page ---------------------------------------------------------------------------------------------------------

PATH = re.compile(r"`((?:sdk|tests|model|docs|generated|\.ci)/[^`<*\s]*)`")


@pytest.mark.parametrize("language", LANGUAGES)
class TestPage:
    """What the page says in words."""

    def test_every_room_is_named_from_the_top(self, language: str) -> None:
        _, *rows = table(section(page(language, "house"), "rooms"))
        assert [listed(row[0]) for row in rows] == [[room] for room in house.order()]
        assert all(row[1] for row in rows)

    def test_rooms_that_lie_elsewhere(self, language: str) -> None:
        rows = {listed(row[0])[0]: row[1] for row in table(section(page(language, "house"), "rooms"))[1:]}
        placed = PROJECT["tool"]["setuptools"]["package-dir"]
        for room, place in house.rooms().items():
            folder = placed.get(f"machimori.{room}")
            assert not folder or place == ROOT / folder
            assert not folder or f"`{folder}/`" in rows[room]

    def test_folders_of_tests(self, language: str) -> None:
        below = section(page(language, "house"), "rooms").rpartition("|\n")[2]
        named = [name for name in listed(below) if "/" not in name]
        assert named == [room for room in sorted(known()) if (ROOT / "tests" / room).is_dir()]

    @pytest.mark.full
    def test_the_build_is_imported_by_the_command_line_alone(self, language: str) -> None:
        assert {
            "en": "Nobody but the\ncommand line imports the build",
            "ja": "`build`をimportするのはコマンド（`cli`）だけ",
        }[language] in page(language, "house")
        assert [user for user, other in needed() if other == "build"] == ["cli"]

    def test_a_change_has_its_place(self, language: str) -> None:
        """Every part of the page on changes is named but its end."""
        steps = re.findall(r"^## .*\{: #(\w+) \}$", page(language, "contributing"), re.MULTILINE)
        linked = re.findall(r"contributing\.md#(\w+)", section(page(language, "house"), "changes"))
        assert sorted(linked) == sorted(set(steps) - {"send"})

    def test_commands_of_run(self, language: str) -> None:
        _, *rows = table(section(page(language, "house"), "run"))
        assert [listed(row[0]) for row in rows] == [[f"python3 run.py {name}"] for name in RUN]

    def test_commands_of_the_environment(self, language: str) -> None:
        _, *rows = table(section(page(language, "house"), "run").partition("'.[lint]'")[2])
        extras = PROJECT["project"]["optional-dependencies"]
        programs = {re.split(r"\W", need)[0] for need in extras["test"] + extras["lint"]} | {"machimori", "python"}
        commands = [listed(row[0])[0] for row in rows]
        for program, *arguments in map(shlex.split, commands):
            assert program == "bash" or program.removeprefix(".venv/bin/") in programs
            assert all((ROOT / a).exists() for a in arguments if "/" in a), arguments
        assert commands[1:3] == [line for line in CI if "/ruff " in line]
        assert ".venv/bin/machimori build --check" in commands
        assert any("bash .ci/wheel" in line for line in CI)
        (benchmark,) = (c for c in commands if "benchmarks" in c)
        _, file, option = benchmark.split()
        assert f'"{option}"' in (ROOT / file).read_text(encoding="utf-8")

    @pytest.mark.parametrize("stem", ["house", "contributing", "quality"])
    def test_paths(self, language: str, stem: str) -> None:
        named = PATH.findall(page(language, stem))
        assert named
        assert [path for path in named if not (ROOT / path).exists()] == []


def test_what_is_read_before_the_pages() -> None:
    """CONTRIBUTING.md leads on, and names commands that there are."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 30
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert {f"docs/{language}/house.md" for language in LANGUAGES} <= set(links)
    assert [link for link in links if not (ROOT / link).is_file()] == []
    (block,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    fast, run, build, pytest_ = (shlex.split(line, comments=True) for line in block.splitlines())
    assert [fast, run] == [["python3", "run.py", name] for name in ("fast", "tests")]
    assert {"fast", "tests"} <= {*RUN}
    assert build == [".venv/bin/machimori", "build"]
    assert (ROOT / pytest_[1]).is_file()


def test_a_commit_runs_what_ci_runs_first() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = {hook["entry"]: hook.get("stages", ["pre-commit"]) for hook in repository["hooks"]}
    lint = [line for line in CI if "/ruff " in line]
    first = next(n for n, line in enumerate(CI) if line.startswith((".venv/bin/ruff", "python3 run.py", "bash .ci/")))
    assert CI[first : first + 2] == lint
    assert list(entries)[:2] == lint
    assert [entries[line] for line in lint] == [["pre-commit"]] * 2
    assert [entry for entry in entries if not any(entry in line for line in CI)] == []


# -- what a reporter, a language and the validators take --------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
class TestSteps:
    """What the page on changes says of the code."""

    def test_a_form_of_report_is_named_once_and_told_once(self, language: str) -> None:
        (form,) = [option for option in validate.params if option.name == "form"]
        assert isinstance(form.type, click.Choice)
        assert list(form.type.choices) == list(FORMATS)
        _, *rows = table(section(page(language, "validation"), "reports"))
        assert [listed(row[0])[0] for row in rows] == list(FORMATS)

    def test_languages_are_written_where_it_is_said(self, language: str) -> None:
        files = [*SOURCE.rglob("*.py"), *(ROOT / "docs").glob("*.py")]
        pair = re.compile(r'^LANGUAGES\b.*= \("en", "ja"\)$', re.MULTILINE)
        held = {p.relative_to(ROOT).as_posix() for p in files if pair.search(p.read_text(encoding="utf-8"))}
        (told,) = re.findall(
            r"^3\. .*(?:\n {3}[^\n]*)*", section(page(language, "contributing"), "language"), re.MULTILINE
        )
        assert {path for path in PATH.findall(told) if path.endswith(".py")} == held

    def test_a_language_is_one_file(self, language: str) -> None:
        told = section(page(language, "contributing"), "language")
        catalogues = [c.relative_to(ROOT).as_posix() for c in (SOURCE / "messages" / "locale").rglob("*.po")]
        assert catalogues == [f"sdk/machimori/messages/locale/{other}/LC_MESSAGES/machimori.po" for other in ("ja",)]
        assert "`sdk/machimori/messages/locale/<language>/LC_MESSAGES/machimori.po`" in told
        assert RUN["messages"][1][1] == "tests/messages/catalogues.py"

    def test_the_validators_are_made_as_the_build_says(self, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)
        assert f"```sh\n{javascript.making(GENERATED)}\n```" in page(language, "contributing")


# -- the page on quality ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
class TestQuality:
    """What is run when, and the figures of what searches."""

    def test_what_is_run_when(self, language: str) -> None:
        _, *rows = table(section(page(language, "quality"), "when"))
        commands = [listed(row[0])[0] for row in rows]
        assert [c.split()[2] for c in commands if c.startswith("python3 run.py")] == ["fast", "tests", "deep"]
        assert {name: RUN[name][1][-1] for name in ("fast", "tests")} == {"fast": FAST, "tests": EVERYTHING}
        marks = [mark for mark in listed(section(page(language, "quality"), "when")) if mark in {FAST, *NOT_FAST}]
        assert {*marks} == {FAST, *NOT_FAST}
        assert {line.split(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]} == {FAST, *NOT_FAST}

    def test_every_part_of_deep_has_its_figure(self, language: str) -> None:
        deep = runpy.run_path(str(ROOT / "tests" / "deep.py"))
        asked = argparse.Namespace(records=1, seconds=1, seed=1)
        named = re.findall(r"\{\{ deep_(\w+) \}\}", page(language, "quality"))
        assert named == [name for name, _ in deep["parts"](asked, "")]
        assert [*json.loads((ROOT / "docs" / "quality.json").read_text(encoding="utf-8"))] == named
