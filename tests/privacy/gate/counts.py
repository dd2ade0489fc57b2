"""What the tests of the gate tried, added up over worker processes and printed at the end of a run."""

from __future__ import annotations

from collections import Counter
from typing import Any

PLACE = "tests/privacy/gate/"


def tell(terminalreporter: Any) -> None:
    """One line a kind of test with its counts, and a counterexample for each weakened rule."""
    counts: Counter[tuple[str, str]] = Counter()
    shown: list[str] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call" or not report.nodeid.startswith(PLACE):
                continue
            test = report.nodeid.removeprefix(PLACE).partition("[")[0].replace(".py::", ": ")
            for name, value in report.user_properties:
                if isinstance(value, int):
                    counts[test, name] += value
                else:
                    shown.append(f"  {report.nodeid.partition('[')[2].rstrip(']')}: {value}")
    if not counts and not shown:
        return
    terminalreporter.section("the gate: what was tried")
    for test in dict.fromkeys(test for test, _ in counts):
        told = ", ".join(f"{count:,} {name}" for (of, name), count in counts.items() if of == test)
        terminalreporter.write_line(f"{test}: {told}")
    for line in sorted(shown):
        terminalreporter.write_line(line)
