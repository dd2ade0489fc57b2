"""The plain result of a check: issues that hold facts, and a report that holds issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from machimori import messages
from machimori.catalogue import catalogue
from machimori.messages import Message, Spoken, msgid

WITHHELD = msgid("value withheld ({profile})")
Fact = str | Spoken | Mapping[str, str]
"""A name, a sentence, or words of the model."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    ``code`` is stable (``MM101``); ``path`` is a JSON pointer (RFC 6901) into the record; ``line`` and ``column`` count
    from 1 in the text it came from, or are ``None`` where there was no text. ``profile`` is the strictest privacy profile
    on the path; a value of a person-related field is never among the facts.
    """

    code: str
    path: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    line: int | None = None
    column: int | None = None
    source: str | None = None
    entity: str | None = None
    profile: str | None = None
    level: str | None = None
    """A severity other than the code's own (``severities``)."""

    @property
    def name(self) -> str:
        """The name of the code (``out-of-range``), which does not change with the language."""
        return str(catalogue.codes()[self.code]["name"])

    @property
    def severity(self) -> str:
        """``error``, ``warning`` or ``info``: what the caller set for the code, or what the list of codes says."""
        return self.level or str(catalogue.codes()[self.code]["severity"])

    @property
    def message(self) -> str:
        """The finding in English."""
        return self.text("en")

    def text(self, language: str = "en") -> str:
        """The finding in a language."""
        template = messages.of(catalogue.codes()[self.code]["message"], language)
        withheld = Message(WITHHELD, profile=self.profile or "unclassified")
        return template.format_map(_Facts(language, {"value": withheld, **self.facts}))

    def at(self, line: int | None, column: int | None, source: str | None = None) -> Issue:
        """The same finding in another place."""
        return Issue(self.code, self.path, self.facts, line, column, source, self.entity, self.profile, self.level)

    def remedy(self, language: str = "en") -> str:
        """What to do about it, as the list of codes says."""
        return messages.of(catalogue.codes()[self.code]["remedy"], language)

    def data(self, language: str = "en") -> dict[str, object]:
        """The finding as JSON data, without what is absent."""
        held = {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "source": self.source,
            "line": self.line,
            "column": self.column,
            "entity": self.entity,
            "path": self.path,
            "profile": self.profile,
            "message": self.text(language),
            "remedy": self.remedy(language),
        }
        return {k: v for k, v in held.items() if v is not None}


class _Facts(messages.Facts):
    """The facts of a finding; one that a sentence has a place for and the finding lacks is said as nothing."""

    def __getitem__(self, name: str) -> object:
        try:
            return super().__getitem__(name)
        except KeyError:
            return ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one record, or one file, was found to be."""

    issues: tuple[Issue, ...] = ()
    entity: str | None = None
    records: int = 1

    @property
    def ok(self) -> bool:
        """Whether nothing of severity ``error`` was found."""
        return not any(i.severity == "error" for i in self.issues)

    def __bool__(self) -> bool:
        return self.ok
