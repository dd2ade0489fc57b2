"""The counts of the agreement tests, added up over all classes and worker processes and printed at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

PROPERTY = "agreement"
WORDS = (
    "classes",
    "payloads",
    "accepted",
    "accepted at parse speed",
    "accepted beyond JSON with proof",
    "refused",
    "excused",
)


class Tally(Counter[str]):
    """What was tried on one class; ``told`` hands it over with the test's report."""

    def count(self, kind: str, accepted: bool) -> None:
        self[f"{kind} payloads"] += 1
        self[f"{kind} {'accepted' if accepted else 'refused'}"] += 1

    def told(self, request: pytest.FixtureRequest) -> None:
        request.node.user_properties.append((PROPERTY, dict(self)))


def tell(terminalreporter: Any) -> None:
    """One line a kind of payload."""
    total: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for name, counts in report.user_properties:
                    if name == PROPERTY:
                        total.update(counts)
    if not total:
        return
    terminalreporter.section("agreement: one payload, one verdict")
    for kind in sorted(k.removesuffix(" payloads") for k in total if k.endswith(" payloads")):
        told = ", ".join(f"{total[f'{kind} {w}']:,} {w}" for w in WORDS if f"{kind} {w}" in total)
        terminalreporter.write_line(f"{kind}: {told}")
    from tests.agreement.differences import known

    terminalreporter.write_line(f"known differences: {len(known())}")
