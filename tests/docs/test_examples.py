"""Every example of the hand-written pages runs and prints what the page says.

* ```` ```python ````: a block of ``>>>`` lines is a doctest, any other is run; the blocks of a page share their names.
* ```` ```console ```` that starts with ``$ machimori``: each command runs in one folder a page; lines below a command are
  its output (``…`` stands for any lines), ``$ echo $?`` tells its exit status, which is 0 where nothing is said. The
  same holds for ``$ python``; ``$ pip install .`` installs the folder of the page beside the environment, not into it.
* a block with ``title="file"`` is that file: written for what follows, or compared with what a command wrote.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("[ej][na]/*.md"))]
FENCE = re.compile(r"^```(?P<language>\w+)(?P<options>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r'title="([^"]+)"')
ANY_LINES = "…"
RUN = ("$ machimori", "$ python ", "$ pip install .")
BESIDE = "site-packages-of-the-page"
INSTALL = f"python -m pip install --quiet --no-deps --no-index --no-build-isolation --target {BESIDE} ."


@dataclass(frozen=True)
class Block:
    language: str
    title: str | None
    text: str
    line: int

    @property
    def runs(self) -> bool:
        return bool(self.title) or self.language == "python" or self.text.startswith(RUN)


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["language"],
            title[1] if (title := TITLE.search(found["options"])) else None,
            found["text"],
            text.count("\n", 0, found.start()) + 2,
        )
        for found in FENCE.finditer(text)
    ]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [p for p in PAGES if any(b.runs for b in blocks(p))], ids=name)
def test_every_example_of_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {"__name__": "example"}
    for block in blocks(page):
        if block.title:
            hold(page, block, Path(block.title))
        elif block.language == "python":
            run_python(page, block, known)
        elif block.runs:
            run_console(page, block)


def hold(page: Path, block: Block, file: Path) -> None:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
        return
    written = file.read_text(encoding="utf-8")
    assert fits(written.splitlines(), block.text.splitlines()), f"{name(page)}:{block.line}: {file}\n{written}"


def run_python(page: Path, block: Block, known: dict[str, object]) -> None:
    if not block.text.startswith(">>>"):
        exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), known)
        return
    example = doctest.DocTestParser().get_doctest(block.text, known, name(page), str(page), block.line - 1)
    said: list[str] = []
    doctest.DocTestRunner().run(example, out=said.append, clear_globs=False)
    known.update(example.globs)
    assert not said, "".join(said)


def run_console(page: Path, block: Block) -> None:
    status = 0
    for command, expected in commands(block.text):
        if command == "echo $?":
            assert expected == [str(status)], f"{name(page)}:{block.line}: the exit status is {status}"
            status = 0
            continue
        assert status == 0, f"{name(page)}:{block.line}: exit status {status} is not told"
        done = INSTALL if command == "pip install ." else command
        found = subprocess.run(
            done, shell=True, capture_output=True, text=True, encoding="utf-8", env=environment(), timeout=300
        )
        status = found.returncode
        assert fits(found.stdout.splitlines(), expected), (
            f"{name(page)}:{block.line}: $ {command}\n{found.stdout}{found.stderr}"
        )
    assert status == 0, f"{name(page)}:{block.line}: exit status {status} is not told"


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines of output that the page shows."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *expected = part.rstrip("\n").split("\n")
        yield command, expected


def fits(found: list[str], expected: list[str]) -> bool:
    """Whether the output is what the page shows; a page may show none of it."""
    if not expected:
        return True
    pattern = "".join(r"(?:.*\n)*" if e == ANY_LINES else re.escape(e.rstrip()) + r"\n" for e in expected)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in found)) is not None


def environment() -> dict[str, str]:
    beside = str(Path(sys.executable).parent)
    held = {k: v for k, v in os.environ.items() if not k.startswith("MACHIMORI_")}
    installed = {"PYTHONPATH": str(Path(BESIDE).resolve())} if Path(BESIDE).is_dir() else {}
    path = {"PATH": f"{beside}{os.pathsep}{held.get('PATH', '')}"}
    return held | path | installed | {"COLUMNS": "120", "NO_COLOR": "1"}


def test_both_languages_have_the_same_pages_and_the_same_examples() -> None:
    english = {p.name: [b.language for b in blocks(p)] for p in (ROOT / "docs" / "en").glob("*.md")}
    japanese = {p.name: [b.language for b in blocks(p)] for p in (ROOT / "docs" / "ja").glob("*.md")}
    assert english == japanese


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "ja").glob("*.md")), ids=name)
def test_japanese_paragraphs_are_not_wrapped_since_a_line_end_shows_as_a_space(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]\n[^\n#|>\-\d{]", prose) == []
