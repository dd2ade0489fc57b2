"""What was found? Issues, their severities, and the reports of them."""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.findings.issue import Issue, Report
    from machimori.findings.reporters import Reporter, Style, Totals, reporter
    from machimori.findings.severities import SeveritiesError, read_severities
else:
    __getattr__, __dir__ = handful(
        __name__,
        issue="Issue Report",
        reporters="Reporter Style Totals reporter",
        severities="SeveritiesError read_severities",
    )

__all__ = [
    "Issue",
    "Report",
    "Reporter",
    "SeveritiesError",
    "Style",
    "Totals",
    "read_severities",
    "reporter",
]
