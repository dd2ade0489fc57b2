"""JUnit XML, as build servers read it: a test suite for each file, a test case for each code that was found in it.

There is no standard; this is the form that Jenkins, GitLab and others have in common (``testsuites``, ``testsuite``,
``testcase`` with ``failure``). A file in which nothing was found has one case that passed.
"""

from __future__ import annotations

from typing import IO
from xml.sax.saxutils import escape, quoteattr

from machimori import messages
from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import ByFile, Group, Groups
from machimori.findings.reporters.text import plain


class JunitReporter(ByFile):
    """JUnit XML, for whoever shows results of tests: a file is a suite, a finding a failure."""

    def __init__(self, out: IO[str], style: Style) -> None:
        super().__init__(style.examples)
        self._out, self._style = out, style

    def end(self, totals: Totals) -> None:
        """Write the document: the counts stand at its head."""
        del totals
        failures = sum(len(_failed(groups)) for groups in self.files.values())
        tests = sum(max(1, len(groups)) for groups in self.files.values())
        self._out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._out.write(f'<testsuites name="machimori" tests="{tests}" failures="{failures}" errors="0">\n')
        for name, groups in self.files.items():
            self._suite(name, groups)
        self._out.write("</testsuites>\n")

    def _suite(self, name: str, groups: Groups) -> None:
        tests, failures = max(1, len(groups)), len(_failed(groups))
        attributes = f'name={_attribute(name)} tests="{tests}" failures="{failures}" errors="0" skipped="0"'
        self._out.write(f" <testsuite {attributes}>\n")
        for group in groups:
            self._case(name, group)
        if not len(groups):
            self._out.write(
                f"  <testcase classname={_attribute(name)} name={_attribute(messages.text(self._style.language, 'every record complies'))}/>\n"
            )
        self._out.write(" </testsuite>\n")

    def _case(self, source: str, group: Group) -> None:
        language, first = self._style.language, group.examples[0]
        title = " ".join(filter(None, (group.code, first.name, group.path)))
        self._out.write(f"  <testcase classname={_attribute(source)} name={_attribute(title)}>\n")
        lines = [f"{_place(i)} {i.text(language)}" for i in group.examples]
        if group.more:
            lines.append(messages.text(language, "… and {count} more", count=group.more))
        body = escape(_xml("\n".join(lines)))
        if first.severity == "error":
            self._out.write(f"   <failure type={_attribute(group.code)} message={_attribute(first.text(language))}>")
            self._out.write(f"{body}</failure>\n")
        else:
            self._out.write(f"   <system-out>{body}</system-out>\n")
        self._out.write("  </testcase>\n")


def _failed(groups: Groups) -> list[Group]:
    return [g for g in groups if g.examples[0].severity == "error"]


def _place(issue: Issue) -> str:
    numbers = [str(n) for n in (issue.line, issue.column) if n is not None]
    return ":".join(filter(None, [issue.source or "-", *numbers])) + (f" {issue.path}" if issue.path else "")


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _xml(text: str) -> str:
    """Only characters that XML 1.0 may hold."""
    return "\n".join(map(plain, text.split("\n"))).encode("utf-8", "backslashreplace").decode()


def reporter(out: IO[str], style: Style) -> JunitReporter:
    """What ``FORMATS`` names."""
    return JunitReporter(out, style)
