"""One JSON object: the findings, one a line, then ``ok`` and the counts."""

from __future__ import annotations

import json
from typing import IO

from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, Totals


class JsonReporter:
    """Writes each finding as it comes, so that a report is never held in memory."""

    def __init__(self, out: IO[str], style: Style) -> None:
        self._out, self._style = out, style
        self._before = '{"issues": ['

    def source(self, name: str) -> None:
        """Nothing is written of a file: each finding names its own."""
        del name

    def finding(self, issue: Issue) -> None:
        """Write the finding at once."""
        data = json.dumps(issue.data(self._style.language), ensure_ascii=False)
        self._out.write(f"{self._before}\n{data}")
        self._before = ","

    def end(self, totals: Totals) -> None:
        """Close the list, and write the totals after it."""
        counts = {
            "ok": totals.ok,
            "records": totals.records,
            "invalid": totals.invalid,
            "findings": totals.findings,
        }
        start = self._before if totals.findings == 0 else "\n"
        self._out.write(f"{start}], {json.dumps(counts)[1:]}\n")


def reporter(out: IO[str], style: Style) -> JsonReporter:
    """What ``FORMATS`` names."""
    return JsonReporter(out, style)
