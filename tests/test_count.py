"""No test goes by accident: where all files are collected there are at least as many as `tests/count.txt` says.

Deep tests do not count, fast ones and others do, whichever of them are run.

A lower number there needs its reason in the message of the same commit; a higher one is written when tests are added.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.loops import COLLECTED

HERE = Path(__file__).parent


def test_all_tests_are_there(pytestconfig: pytest.Config) -> None:
    found = pytestconfig.stash[COLLECTED]
    if {*found} != {*HERE.rglob("test_*.py")}:
        return  # a part of them was asked for
    known = int((HERE / "count.txt").read_text(encoding="utf-8"))
    assert len(found) >= known, f"{len(found)} tests where tests/count.txt says {known}"
    assert len(found) <= known + 100, f"write {len(found)} into tests/count.txt: what is not counted can be lost"
