"""What every test shares: which of them are run, CI skips nothing, and what was tried stands at the end of a run.

Nothing that a test imports is imported here: who runs one test waits for that one.
"""

from typing import Any

import pytest
from tests import loops, searching
from tests.skipping import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [
    "pytest_configure",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "searching",
]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(loops)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The counts of the agreement tests, and of those of the gate."""
    from tests.agreement import summary
    from tests.privacy.gate import counts

    summary.tell(terminalreporter)
    counts.tell(terminalreporter)
