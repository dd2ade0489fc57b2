"""A report as text, the way a page shows it."""

from __future__ import annotations

from machimori import messages
from machimori.build.pages.words import Language
from machimori.findings.issue import Issue, Report


def verdict(report: Report, language: Language) -> str:
    """``line 6, /energy: MM202 below-minimum`` and the message, a finding each."""
    if not report.issues:
        return messages.text(language, "valid {entity}", entity=report.entity)
    return "\n".join(_finding(issue, language) for issue in report.issues)


def _finding(issue: Issue, language: Language) -> str:
    place = [messages.text(language, "line {line}", line=issue.line)] if issue.line else []
    place += [issue.path] if issue.path else []
    return f"{messages.joined(language, place)}: {issue.code} {issue.name}\n    {issue.text(language)}\n    → {issue.remedy(language)}"
