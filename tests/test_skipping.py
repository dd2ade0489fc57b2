"""A skipped test fails in CI, and tells elsewhere what it wants."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[1]
# Sources of tests that are written down, run in a process of their own, and must fail there: none of them is a test of ours.
SKIPPING = {
    "by a mark": "import pytest\n\n@pytest.mark.skip(reason='no time')\ndef test_it(): ...\n",
    "in the test": "from tests.programs import present\n\ndef test_it(): present('no-such-program', 'no-time')\n",
    "in a fixture": "import pytest\n\n@pytest.fixture\ndef held(): pytest.skip('no time')\n\ndef test_it(held): ...\n",
    "at import": "import pytest\n\npytest.importorskip('no_such_module', reason='no time')\n\ndef test_it(): ...\n",
}
RUNNING = "import pytest\n\ndef test_it(): ...\n\n@pytest.mark.xfail\ndef test_that(): assert False\n"


def run(text: str, folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.skipping",
        "-p",
        "no:cacheprovider",
        "-rs",
        "-c",
        os.devnull,
    ]
    environment = dict(os.environ, CI=ci, PYTHONPATH=str(ROOT))
    return subprocess.run(
        [*command, "--rootdir", folder, folder], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("text", SKIPPING.values(), ids=SKIPPING)
def test_a_skip_is_a_failure_in_ci_and_tells_why_elsewhere(text: str, tmp_path: Path) -> None:
    in_ci, elsewhere = run(text, tmp_path, "true"), run(text, tmp_path, "")
    assert in_ci.returncode in (1, 2), in_ci.stdout
    assert "CI skips nothing" in in_ci.stdout
    assert elsewhere.returncode in (0, 5), elsewhere.stdout
    for said in (in_ci.stdout, elsewhere.stdout):
        assert "no time" in said or "no-time" in said


def test_what_runs_is_left_alone(tmp_path: Path) -> None:
    done = run(RUNNING, tmp_path, "true")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 xfailed" in done.stdout


def test_the_rule_holds_here(pytestconfig: pytest.Config) -> None:
    """It hangs on two names in the conftest."""
    hooks = pytestconfig.pluginmanager.hook
    for hook in (hooks.pytest_runtest_makereport, hooks.pytest_make_collect_report):
        assert "tests.skipping" in {call.function.__module__ for call in hook.get_hookimpls()}
