"""A report as text, the way a page shows it."""

from __future__ import annotations

from machimori.build.pages.words import Language
from machimori.findings.issue import Issue, Report

_OK = {"en": "valid {entity}", "ja": "{entity}として正しい"}
_LINE = {"en": "line {line}", "ja": "{line}行目"}


def verdict(report: Report, language: Language) -> str:
    """``line 6, /energy: MM202 below-minimum`` and the message, a finding each."""
    if not report.issues:
        return _OK[language].format(entity=report.entity)
    return "\n".join(_finding(issue, language) for issue in report.issues)


def _finding(issue: Issue, language: Language) -> str:
    place = [_LINE[language].format(line=issue.line)] if issue.line else []
    place += [issue.path] if issue.path else []
    separator = "、" if language == "ja" else ", "
    return f"{separator.join(place)}: {issue.code} {issue.name}\n    {issue.text(language)}\n    → {issue.remedy(language)}"
