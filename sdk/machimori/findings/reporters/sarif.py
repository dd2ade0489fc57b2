"""SARIF 2.1.0 (OASIS Standard, 27 March 2020), as code hosts and editors show findings: by file, line and column."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import IO, Any
from urllib.parse import quote

from machimori import messages
from machimori.catalogue import catalogue
from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import Groups

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning"}


class SarifReporter:
    """SARIF 2.1.0 (OASIS), for whoever shows findings beside the file: each code is a rule."""

    def __init__(self, out: IO[str], style: Style) -> None:
        self._out, self._style = out, style
        self._groups = Groups(style.examples)

    def source(self, name: str) -> None:
        """Nothing is written of a file: each result names its own."""
        del name

    def finding(self, issue: Issue) -> None:
        """Add a finding to those that say the same."""
        self._groups.add(issue)

    def end(self, totals: Totals) -> None:
        """Write the document: the rules stand before the results."""
        shown = catalogue.model()
        codes = list(dict.fromkeys(g.code for g in self._groups))
        driver = {
            "name": shown.name,
            "version": shown.version,
            "semanticVersion": shown.version,
            "informationUri": shown.iri,
            "rules": [self._rule(code) for code in codes],
        }
        results = [self._result(issue, codes.index(g.code)) for g in self._groups for issue in g.examples]
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "language": self._style.language,
            "invocations": [{"executionSuccessful": True}],
            "results": results,
            "properties": {
                "records": totals.records,
                "invalid": totals.invalid,
                "findings": totals.findings,
                "findingsNotShown": totals.findings - len(results),
            },
        }
        json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, self._out, ensure_ascii=False, indent=1)
        self._out.write("\n")

    def _rule(self, code: str) -> dict[str, Any]:
        entry, language = catalogue.codes()[code], self._style.language
        return {
            "id": code,
            "name": entry["name"],
            "shortDescription": {"text": messages.of(entry["title"], language)},
            "help": {"text": messages.of(entry["remedy"], language)},
            "helpUri": f"{catalogue.model().iri}code/{code}",
            "defaultConfiguration": {"level": LEVELS[entry["severity"]]},
        }

    def _result(self, issue: Issue, rule: int) -> dict[str, Any]:
        # What shows findings by line takes none without one; a whole file stands at its first.
        region = {"startLine": issue.line or 1, "startColumn": issue.column}
        location: dict[str, Any] = {
            "physicalLocation": {
                "artifactLocation": {"uri": uri(issue.source or "-")},
                "region": {name: number for name, number in region.items() if number is not None},
            }
        }
        if issue.path:
            location["logicalLocations"] = [{"fullyQualifiedName": issue.path}]
        return {
            "ruleId": issue.code,
            "ruleIndex": rule,
            "level": LEVELS[issue.severity],
            "message": {"text": issue.text(self._style.language)},
            "locations": [location],
        }


def uri(source: str) -> str:
    """A file name as a URI reference, relative where the name is."""
    path = PurePath(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), safe="/")


def reporter(out: IO[str], style: Style) -> SarifReporter:
    """What ``FORMATS`` names."""
    return SarifReporter(out, style)
