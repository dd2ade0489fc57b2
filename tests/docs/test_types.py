"""Every Python example of the pages passes mypy --strict, as a user's own program would.

mypy cannot see the default editable install, which is a finder at run time. So it is shown the package as a wheel lays it
out: a folder of links, by the ``package-dir`` of pyproject.toml.
"""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.docs.test_examples import PAGES, ROOT, blocks, name

pytestmark = pytest.mark.full

EXTENDING = ROOT / "docs" / "en" / "extending.md"
LANGUAGES = ("python", "py")
"""``py`` is checked and not run: it needs what a reader has and a test has not."""
OWN = ["--strict", "--no-incremental", "--follow-imports=silent", "--python-version=3.11", "--hide-error-context"]


def laid_out(folder: Path) -> None:
    """The packages of the wheel as links."""
    mapped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-dir"]
    for package in sorted(mapped):
        place = folder.joinpath(*package.split("."))
        place.mkdir(parents=True, exist_ok=True)
        for part in (ROOT / mapped[package]).iterdir():
            link = place / part.name
            if not link.exists() and part.name != "__pycache__":
                link.symlink_to(part, target_is_directory=part.is_dir())


def code(page: Path) -> str:
    """The blocks of a page as one program, each line where it stands on the page."""
    lines: list[str] = []
    for block in blocks(page):
        if block.language not in LANGUAGES:
            continue
        lines += [""] * (block.line - 1 - len(lines))
        if block.text.startswith(">>>"):
            for example in doctest.DocTestParser().get_examples(block.text):
                lines += [""] * (block.line - 1 + example.lineno - len(lines))
                lines += example.source.splitlines()
        else:
            lines += block.text.splitlines()
    return "\n".join(lines) + "\n"


def modules(folder: Path) -> dict[str, Path]:
    """A module for each page that has Python, by the name of its file."""
    written = {}
    for page in PAGES:
        text = code(page)
        if text.strip():
            module = folder / (name(page).removesuffix(".md").replace("/", "_").replace("-", "_") + ".py")
            module.write_text(text, encoding="utf-8")
            written[module.name] = page
    return written


def made(page: Path, folder: Path) -> None:
    """What the page on extensions builds before it is used."""
    for block in blocks(page):
        if block.title and block.title.startswith("model/"):
            (folder / block.title).parent.mkdir(exist_ok=True)
            (folder / block.title).write_text(block.text, encoding="utf-8")
    command = [sys.executable, "-m", "machimori", "build", "--model", "model", "--out", "heatpump_model"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def checked(folder: Path, names: list[str], path: list[Path]) -> list[str]:
    """The errors that mypy finds in these files of a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *OWN, "--config-file=", *names],
        cwd=folder,
        env=dict(os.environ, MYPYPATH=os.pathsep.join(map(str, path))),
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if ": error: " in line]


def test_every_example_of_the_pages_passes_mypy_strict(tmp_path: Path) -> None:
    installed, examples, extension = (tmp_path / part for part in ("installed", "examples", "extension"))
    for folder in (installed, examples, extension):
        folder.mkdir()
    laid_out(installed)
    made(EXTENDING, extension)
    assert "but for validators in JavaScript" in EXTENDING.read_text(encoding="utf-8")
    assert not (extension / "heatpump_model" / "javascript" / "validators.js").exists(), (
        "change the page: there are some"
    )
    written = modules(examples)
    assert len(written) >= 13
    (examples / "wrong.py").write_text(
        "from machimori.model.energy import ElectricityUse\n\nprint(ElectricityUse(id=1))\n", encoding="utf-8"
    )
    errors = checked(examples, [*written, "wrong.py"], [installed, extension])
    assert [e for e in errors if e.startswith("wrong.py:3:")], "the checker does not see the package"
    parts = [error.partition(":") for error in errors]
    assert [f"{name(written[file])}:{rest}" for file, _, rest in parts if file in written] == []
