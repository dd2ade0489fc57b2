"""What is run when nobody says, that a test which is not fast is found out, and that collecting tests is no work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.loops import READ_TO_COLLECT

ROOT = Path(__file__).parents[1]
MIXED = """
import pytest

def test_quick(): ...

@pytest.mark.full
def test_whole(): ...

@pytest.mark.deep
def test_deep(): ...
"""
FULL = "import pytest\n\npytestmark = pytest.mark.full\n\n"
NOT_FAST = {
    "a process": "import subprocess, sys\n\ndef test_it(): subprocess.run([sys.executable, '-c', ''], check=True)\n",
    "a fork": "import os\n\ndef test_it():\n    if not os.fork(): os._exit(0)\n    os.wait()\n",
    "a process of a fixture": "import os, pytest\n\n@pytest.fixture\ndef begun(): os.system('')\n\n"
    "def test_it(begun): ...\n",
    "LinkML": "def test_it():\n    import linkml_runtime\n",
}
RUN = {
    "nothing": ([], "1 passed, 3 deselected", "3 tests are not fast and were left out"),
    "a folder": (["."], "1 passed, 3 deselected", "3 tests are not fast and were left out"),
    "a file": (["test_mixed.py"], "2 passed, 1 deselected", ""),
    "a file without fast tests": (["test_whole.py"], "1 passed", ""),
    "a test": (["test_mixed.py::test_whole"], "1 passed", ""),
    "a mark": (["-m", "deep"], "1 passed, 3 deselected", ""),
    "a mark and a file": (["-m", "fast", "test_mixed.py"], "1 passed, 2 deselected", ""),
    "all but what takes long": (["-m", "not deep"], "3 passed, 1 deselected", ""),
}
SEVERAL = 60
"""Files that collecting may read: the names, the queries with their answers, and a few artefacts that are compared."""


def run(folder: Path, *arguments: str) -> str:
    """What pytest says of a folder under the rules of this house."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.loops", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without tests yet."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    fast\n    full\n    deep\n", encoding="utf-8")
    return tmp_path


@pytest.mark.full
@pytest.mark.parametrize(("arguments", "counted", "said"), RUN.values(), ids=RUN)
def test_what_is_run(arguments: list[str], counted: str, said: str, folder: Path) -> None:
    (folder / "test_mixed.py").write_text(MIXED, encoding="utf-8")
    (folder / "test_whole.py").write_text(f"{FULL}def test_it(): ...\n", encoding="utf-8")
    told = run(folder, *arguments)
    assert counted in told
    assert said in told
    assert ("were left out" in told) == bool(said)


@pytest.mark.full
@pytest.mark.parametrize("text", NOT_FAST.values(), ids=NOT_FAST)
def test_a_test_that_is_not_fast_has_to_say_so(text: str, folder: Path) -> None:
    file = folder / "test_it.py"
    file.write_text(text, encoding="utf-8")
    assert "marked fast, and it is not" in run(folder, file.name)
    file.write_text(FULL + text, encoding="utf-8")
    assert "1 passed" in run(folder, file.name)


def test_collecting_reads_next_to_nothing(pytestconfig: pytest.Config) -> None:
    """Neither the model nor its examples, and of what is built the names and little else."""
    read = pytestconfig.stash[READ_TO_COLLECT]
    assert [path for path in read if path.startswith("model") and path.endswith(".yaml")] == []
    assert len(read) < SEVERAL, read
