"""No test goes by accident: a whole run has at least as many as `tests/count.txt` says.

A lower number there needs its reason in the message of the same commit; a higher one is written when tests are added.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_a_whole_run_has_all_tests(request: pytest.FixtureRequest) -> None:
    found = [item.path for item in request.session.items]
    if {*found} != {*HERE.rglob("test_*.py")}:
        return  # a part of them was asked for
    known = int((HERE / "count.txt").read_text(encoding="utf-8"))
    assert len(found) >= known, f"{len(found)} tests where tests/count.txt says {known}"
    assert len(found) <= known + 100, f"write {len(found)} into tests/count.txt: what is not counted can be lost"
