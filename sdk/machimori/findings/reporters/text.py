"""A line a finding, place first, as compilers write it; on a terminal grouped by file and coloured."""

from __future__ import annotations

import unicodedata
from typing import IO, TYPE_CHECKING

from machimori import messages
from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import EXAMPLES, Group, Groups
from machimori.messages import Message, msgid

if TYPE_CHECKING:
    from rich.console import Console

Part = tuple[str, str]
"""A text and its style on a terminal."""

SEVERITIES = {"error": "bold red", "warning": "bold yellow"}
PLACE, PATH, REMEDY, GOOD, BAD = "dim", "cyan", "dim", "green", "bold red"
RECORDS, FINDINGS = (
    msgid("{count} record", plural="{count} records"),
    msgid("{count} finding", plural="{count} findings"),
)
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that a terminal obeys, or that make a line read as something else."""


class TextReporter:
    """``file:line:column code name path message``."""

    def __init__(self, out: IO[str], style: Style) -> None:
        self._out, self._style = out, style
        self._source: str | None = None
        self._console: Console | None = None
        self._groups = Groups(0)

    def source(self, name: str) -> None:
        """Nothing is written of a file: each line names its own."""
        del name

    def finding(self, issue: Issue) -> None:
        """Write the finding at once, unless as many were shown that say the same."""
        language = self._style.language
        group = self._groups.add(issue)
        if self._style.examples is not None and group.count > self._style.examples:
            return
        if self._style.terminal and issue.source != self._source:
            self._source = issue.source
            self._write([(plain(issue.source or "-"), "bold underline")])
        self._write([*self._place(issue), *_what(issue, language)])
        if self._style.remedies:
            self._write([("    → " + issue.remedy(language), REMEDY)])

    def end(self, totals: Totals) -> None:
        """Write how many were not shown, and the totals."""
        language = self._style.language
        for group in self._groups:
            if said := self._repeated(group):
                self._write(
                    [(f"{group.code} ", PLACE), (f"{plain(group.path)} " if group.path else "", PATH), (said, "")]
                )
        line = messages.text(
            language,
            "{records}: {valid} valid, {invalid} invalid; {findings}",
            records=Message(RECORDS, count=totals.records),
            valid=totals.records - totals.invalid,
            invalid=totals.invalid,
            findings=Message(FINDINGS, count=totals.findings),
        )
        self._write([(line, GOOD if totals.ok else BAD)])

    def _repeated(self, group: Group) -> str:
        """How often a finding came that could not be shown each time, or filled the screen."""
        most, language = self._style.examples, self._style.language
        if most is not None and group.count > most:
            return messages.text(language, "{count:,} more like these", count=group.count - most)
        return messages.text(language, "{count:,} like these", count=group.count) if group.count > EXAMPLES else ""

    def _place(self, issue: Issue) -> list[Part]:
        numbers = [str(n) for n in (issue.line, issue.column) if n is not None]
        if self._style.terminal:
            return [(f"  {':'.join(numbers):>7}  ", PLACE)]
        return [(":".join([plain(issue.source or "-"), *numbers]) + " ", PLACE)]

    def _write(self, parts: list[Part]) -> None:
        if not self._style.terminal:
            self._out.write("".join(text for text, _ in parts) + "\n")
            return
        from rich.text import Text

        self._terminal().print(Text.assemble(*parts), soft_wrap=True)

    def _terminal(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console(file=self._out, highlight=False, emoji=False)
        return self._console


def _what(issue: Issue, language: str) -> list[Part]:
    path = [(plain(issue.path) + " ", PATH)] if issue.path else []
    return [(f"{issue.code} {issue.name} ", SEVERITIES[issue.severity]), *path, (plain(issue.text(language)), "")]


def plain(text: str) -> str:
    """The text with every character that a terminal would obey written out (``\\x1b``)."""
    if text.isprintable():
        return text
    return "".join(
        c.encode("unicode_escape", "surrogatepass").decode() if unicodedata.category(c) in UNSAFE else c for c in text
    )


def reporter(out: IO[str], style: Style) -> TextReporter:
    """What ``FORMATS`` names."""
    return TextReporter(out, style)
