"""The built site: made once a run, or the one in ``site/`` with ``--built-site``."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--built-site", action="store_true", help="look at site/ instead of building the documentation")


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``en``, ``ja`` and the page that leads to both."""
    if request.config.getoption("built_site", default=False):
        return ROOT / "site"
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    return built_once(shared / "site")


def built_once(folder: Path) -> Path:
    """One worker builds, the others wait for it."""
    outcome = folder.with_name("site-outcome")
    with folder.with_name("site-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            folder.mkdir()
            outcome.write_text(build(folder), encoding="utf-8")
    said = outcome.read_text(encoding="utf-8")
    assert not said, said
    return folder


def build(folder: Path) -> str:
    """What went wrong, or nothing."""
    script = [sys.executable, str(ROOT / "docs" / "build.py"), "--build-only", "--out", str(folder)]
    done = subprocess.run(script, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""
