"""Findings as output: a reporter is told of each finding as it is found, and of the totals at the end.

A new format is a module here with a ``Reporter`` and a line in ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import IO, Protocol

from machimori.findings.issue import Issue
from machimori.findings.presence import Presence
from machimori.messages import Spoken

__all__ = ["FORMATS", "Reporter", "Style", "Totals", "reporter"]

FORMATS = {
    "text": "machimori.findings.reporters.text",
    "json": "machimori.findings.reporters.json",
    "junit": "machimori.findings.reporters.junit",
    "sarif": "machimori.findings.reporters.sarif",
    "earl": "machimori.findings.reporters.earl",
    "html": "machimori.findings.reporters.html",
}


@dataclass(slots=True)
class Totals:
    """Counts over everything that was checked; ``ok`` is false also where no record could be read."""

    records: int = 0
    invalid: int = 0
    findings: int = 0
    ok: bool = True
    presence: Presence = field(default_factory=Presence)
    """What the first records hold, for HTML."""


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: the language, on a terminal or not, with or without what to do about each finding.

    ``examples`` is how many findings are shown of those that say the same (none: as many as the form shows by itself);
    ``turtle`` asks EARL for Turtle. For HTML ``audience`` tells of a profile what a municipality, another company and the public
    could get.
    """

    language: str = "en"
    terminal: bool = False
    remedies: bool = False
    examples: int | None = None
    turtle: bool = False
    audience: Callable[[str], Sequence[Sequence[Spoken]]] | None = None


class Reporter(Protocol):
    """Writes findings to a stream; memory does not grow with their number."""

    def source(self, name: str) -> None:
        """A file is going to be checked."""
        ...

    def finding(self, issue: Issue) -> None:
        """Something was found, in the source told last unless the finding names another."""
        ...

    def end(self, totals: Totals) -> None:
        """Everything was checked: what is held back is written, and what must be closed is closed."""
        ...


MARKS = (b'{"issues": [', b"/sarif-schema-2.1.0.json", b"http://www.w3.org/ns/earl#")
"""What stands at the beginning of a report that is JSON or Turtle, and in no record."""


def is_report(start: bytes) -> bool:
    """Whether a file that begins so is a report, and no delivery."""
    return any(mark in start for mark in MARKS)


def reporter(form: str, out: IO[str], style: Style) -> Reporter:
    """The reporter of a format of ``FORMATS``."""
    made: Reporter = import_module(FORMATS[form]).reporter(out, style)
    return made


def __dir__() -> list[str]:
    return __all__
