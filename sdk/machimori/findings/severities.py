"""Severities of the caller's own, by code: a file of TOML that can make a finding a warning, or leave it out.

    [severity]
    MM210 = "warning"
    mesh-code-outside-japan = "off"

What guards the classification, and what says that something was not checked at all, cannot be eased (``fixed`` in the
catalogue of codes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from machimori import files
from machimori.catalogue import catalogue
from machimori.errors import WRONG_CALL, ReasonedError
from machimori.findings.issue import Issue
from machimori.messages import msgid

Severities = Mapping[str, str]
LEVELS = ("error", "warning", "off")
REASONS = {
    "unreadable": msgid("{file} cannot be read"),
    "not-toml": msgid("{file} is no TOML: line {line}"),
    "no-table": msgid("{file} has nothing but a table [severity] of codes and error, warning or off"),
    "unknown": msgid("there is no code {code}"),
    "privacy": msgid("{code} guards the classification and cannot be eased"),
    "reading": msgid("{code} says that something was not checked and cannot be eased"),
}


class SeveritiesError(ReasonedError):
    """A file of severities cannot be used. ``reason`` is a key of ``REASONS``."""

    REASONS = REASONS
    exit_status = WRONG_CALL


def read_severities(file: Path) -> Severities:
    """The severities in a file, by code. Raises ``CannotReadError``, ``SeveritiesError``."""
    import tomllib  # takes as long to import as a small file to validate

    try:
        held = tomllib.loads(files.content(file).decode("utf-8"))
    except UnicodeError:
        raise SeveritiesError("unreadable", file=files.name_of(file)) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = str(error).partition("line ")[2].partition(",")[0] or "?"
        raise SeveritiesError("not-toml", file=files.name_of(file), line=line) from None
    table = held.get("severity")
    if set(held) != {"severity"} or not isinstance(table, dict) or not all(v in LEVELS for v in table.values()):
        raise SeveritiesError("no-table", file=files.name_of(file))
    return {_code(name, level): level for name, level in table.items()}


def _code(name: str, level: str) -> str:
    codes = catalogue.codes()
    code = name if name in codes else next((c for c, entry in codes.items() if entry["name"] == name), None)
    if code is None:
        raise SeveritiesError("unknown", code=name)
    if level != "error" and (why := codes[code].get("fixed")):
        raise SeveritiesError(why, code=code)
    return code


def eased(issues: Iterable[Issue], severities: Severities) -> list[Issue]:
    """The issues with the severities of the caller, without those that are off."""
    levels = [(issue, severities.get(issue.code, issue.severity)) for issue in issues]
    return [replace(i, level=level) if level != i.severity else i for i, level in levels if level != "off"]
