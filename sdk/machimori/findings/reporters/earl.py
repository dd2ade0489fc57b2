"""EARL 1.0 (W3C Working Group Note, 2 February 2017): what was tested, against which issue code, with what outcome.

The test of an assertion is the IRI of the code, the same that SHACL results and the documentation use. As JSON-LD here; the
Turtle form is the same graph.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import IO, Any

from machimori import messages
from machimori.catalogue import catalogue
from machimori.extras import need
from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import ByFile, Group
from machimori.findings.reporters.sarif import uri

CONTEXT = {
    "earl": "http://www.w3.org/ns/earl#",
    "dcterms": "http://purl.org/dc/terms/",
    "ptr": "http://www.w3.org/2009/pointers#",
    "doap": "http://usefulinc.com/ns/doap#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Node = dict[str, Any]


class EarlReporter(ByFile):
    """Assertions of the W3C's Evaluation and Report Language as JSON-LD, for whoever collects results as RDF."""

    def __init__(self, out: IO[str], style: Style) -> None:
        super().__init__(style.examples)
        self._out, self._style = out, style

    def document(self) -> Node:
        """The report as JSON-LD."""
        shown = catalogue.model()
        tool: Node = {
            "@id": f"{shown.iri}{shown.version}/",
            "@type": ["earl:Assertor", "earl:Software"],
            "dcterms:title": shown.name,
            "doap:revision": shown.version,
        }
        return {"@context": CONTEXT, "@graph": [tool, *self._assertions(tool["@id"])]}

    def end(self, totals: Totals) -> None:
        """Write the document; nothing of it stands before."""
        del totals
        json.dump(self.document(), self._out, ensure_ascii=False, indent=1)
        self._out.write("\n")

    def _assertions(self, tool: str) -> list[Node]:
        at = {"@type": "xsd:dateTime", "@value": datetime.now(UTC).isoformat(timespec="seconds")}
        made = []
        for name, groups in self.files.items():
            subject = {"@id": uri(name), "@type": "earl:TestSubject", "dcterms:title": name}
            outcomes = [self._failed(g) for g in groups] or [_passed()]
            made += [
                {
                    "@type": "earl:Assertion",
                    "earl:assertedBy": {"@id": tool},
                    "earl:subject": subject,
                    "earl:test": {"@id": code},
                    "earl:mode": {"@id": "earl:automatic"},
                    "earl:result": {**result, "dcterms:date": at},
                }
                for code, result in outcomes
            ]
        return made

    def _failed(self, group: Group) -> tuple[str, Node]:
        language, first = self._style.language, group.examples[0]
        entry = catalogue.codes()[group.code]
        return f"{catalogue.model().iri}code/{group.code}", {
            "@type": "earl:TestResult",
            "earl:outcome": {"@id": "earl:failed" if first.severity == "error" else "earl:cantTell"},
            "dcterms:title": {"@value": messages.of(entry["title"], language), "@language": language},
            "earl:info": {"@value": first.text(language), "@language": language},
            "dcterms:extent": {"@type": "xsd:integer", "@value": str(group.count)},
            "earl:pointer": [_pointer(i) for i in group.examples if i.line is not None],
        }


def _passed() -> tuple[str, Node]:
    """Nothing was found: the test is the model as a whole."""
    shown = catalogue.model()
    return f"{shown.iri}{shown.version}/", {"@type": "earl:TestResult", "earl:outcome": {"@id": "earl:passed"}}


def _pointer(issue: Issue) -> Node:
    """A line and column (Pointer Methods in RDF 1.0)."""
    pointer: Node = {"@type": "ptr:LineCharPointer", "ptr:lineNumber": issue.line}
    if issue.column is not None:
        pointer["ptr:charNumber"] = issue.column
    if issue.path:
        pointer["dcterms:identifier"] = issue.path
    return pointer


class TurtleReporter(EarlReporter):
    """The same assertions as Turtle."""

    def end(self, totals: Totals) -> None:
        """Write the document; nothing of it stands before."""
        del totals
        from rdflib import Graph

        graph = Graph()
        graph.parse(data=json.dumps(self.document()), format="json-ld")
        self._out.write(graph.serialize(format="turtle"))


def reporter(out: IO[str], style: Style) -> EarlReporter:
    """What ``FORMATS`` names; Turtle where the file is to be Turtle. Raises ``MissingExtraError`` without rdflib."""
    if style.turtle:
        need("graphs")
    return TurtleReporter(out, style) if style.turtle else EarlReporter(out, style)
