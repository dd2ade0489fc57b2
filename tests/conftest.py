"""What every test shares: the counts of what was tried, at the end of a run."""

from typing import Any

from tests.agreement import summary
from tests.privacy.gate import counts


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The counts of the agreement tests, and of those of the gate."""
    summary.tell(terminalreporter)
    counts.tell(terminalreporter)
