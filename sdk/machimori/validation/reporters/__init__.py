"""Findings as output: a reporter is told of each finding as it is found, and of the totals at the end.

A new format is a module here with a ``Reporter`` and a line in ``FORMATS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import IO, Protocol

from machimori.validation.issue import Issue

FORMATS = {
    "text": "machimori.validation.reporters.text",
    "json": "machimori.validation.reporters.json",
}


@dataclass(slots=True)
class Totals:
    """Counts over everything that was checked; ``ok`` is false also where no record could be read."""

    records: int = 0
    invalid: int = 0
    findings: int = 0
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: the language, on a terminal or not, with or without what to do about each finding."""

    language: str = "en"
    terminal: bool = False
    remedies: bool = False


class Reporter(Protocol):
    """Writes findings to a stream; memory does not grow with their number."""

    def finding(self, issue: Issue) -> None: ...

    def end(self, totals: Totals) -> None: ...


def reporter(form: str, out: IO[str], style: Style) -> Reporter:
    """The reporter of a format of ``FORMATS``."""
    made: Reporter = import_module(FORMATS[form]).reporter(out, style)
    return made
