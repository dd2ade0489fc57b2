"""What every test shares: CI skips nothing, and the counts of what was tried stand at the end of a run."""

from typing import Any

from tests.agreement import summary
from tests.privacy.gate import counts
from tests.skipping import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport", "pytest_terminal_summary"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The counts of the agreement tests, and of those of the gate."""
    summary.tell(terminalreporter)
    counts.tell(terminalreporter)
