"""One page that people read: verdict, findings by code, and how private the payload is. Every language is in it.

It needs nothing from elsewhere, neither style nor script; the language is changed by the page itself. What stands in it is
``templates/report.html``, in which every value is escaped by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from machimori import messages
from machimori.catalogue import catalogue
from machimori.catalogue.paths import strictness
from machimori.findings.issue import Issue
from machimori.findings.presence import FIRST, Presence
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import Group, Groups
from machimori.messages import Message, Spoken, msgid

Words = Spoken | Mapping[str, str]
"""A sentence, or words of the model."""
EXAMPLES = 3
FILES = 100
"""So many names of files are shown."""
AUDIENCES = (
    Message("A municipality"),
    Message("Another company"),
    Message("The public"),
)
WORDS = {
    "title": msgid("Validation report"),
    "good": msgid("Every record complies"),
    "bad": msgid("Not everything complies"),
    "records": msgid("records", context="under a number"),
    "valid": msgid("valid", context="under a number"),
    "invalid": msgid("invalid", context="under a number"),
    "findings": msgid("findings", context="under a number"),
    "by_code": msgid("Findings by code"),
    "by_place": msgid("Findings by field"),
    "code": msgid("Code", context="over a column"),
    "meaning": msgid("Meaning", context="over a column"),
    "count": msgid("Findings", context="over a column"),
    "example": msgid("For example", context="over a column"),
    "more": msgid("and {count:,} more"),
    "times": msgid("once", plural="{count:,} times"),
    "private": msgid("How private this payload is"),
    "looked": msgid("Fields present in the first {count:,} records (at most {most:,}). No value is shown."),
    "unseen": msgid("Not looked at: standard input is read once, and no record could be read elsewhere."),
    "files": msgid("Files"),
    "model": msgid("Checked against {name} {version}"),
    "language": msgid("Language"),
    "name": msgid("English", context="the name of this language, in itself"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A code, with the place of an example."""

    code: str
    title: Words
    count: int
    place: str


@dataclass(frozen=True, slots=True)
class Article:
    """What is said of the findings of one code at one path; ``message`` is there where all say the same."""

    code: str
    first: bool
    """Whether it is the first of its code, to which the table leads."""
    severity: str
    link: str
    title: Words
    path: str
    count: int
    message: Words | None
    examples: list[tuple[str, Words | None]]
    more: int
    remedy: Words


@dataclass(frozen=True, slots=True)
class Profile:
    """A privacy profile, the fields that have it, and who could get what of it."""

    name: str
    title: Words
    tone: str
    data_class: Words
    fields: list[str]
    gets: list[tuple[Words, Sequence[Spoken]]]


class HtmlReporter:
    """One page with everything in it, for people: findings by what they say, and who may see what is in the data."""

    def __init__(self, out: IO[str], style: Style) -> None:
        self._out, self._style = out, style
        self._groups = Groups(EXAMPLES if style.examples is None else style.examples)
        self._sources: list[str] = []

    def source(self, name: str) -> None:
        """Name the file at the head of the page."""
        self._sources.append(name)

    def finding(self, issue: Issue) -> None:
        """Add a finding to those that say the same."""
        self._groups.add(issue)

    def end(self, totals: Totals) -> None:
        """Write the page, the most frequent findings first."""
        ordered = sorted(self._groups, key=lambda g: -g.count)
        parts = _template().generate(
            language=self._style.language,
            verdict="good" if totals.ok else "bad",
            model=catalogue.model(),
            numbers={
                "records": totals.records,
                "valid": totals.records - totals.invalid,
                "invalid": totals.invalid,
                "findings": totals.findings,
            },
            codes=_rows(ordered),
            articles=list(_articles(ordered, self._style.language)),
            looked=totals.presence.records,
            most=FIRST,
            profiles=list(self._profiles(totals.presence)),
            sources=self._sources,
            shown=FILES,
        )
        self._out.writelines(parts)

    def _profiles(self, presence: Presence) -> Iterator[Profile]:
        """The strictest first."""
        held, rank = catalogue.model().profiles, strictness()
        known = [p for p in presence.values if p in held and p.partition(".")[0] in rank]
        for name in sorted(known, key=lambda p: (-rank[p.partition(".")[0]], p)):
            gets = self._style.audience(name) if self._style.audience else []
            yield Profile(
                name=name,
                title=held[name].title,
                tone="private" if held[name].person_related else "plain",
                data_class=catalogue.enumeration("DataClass").values[held[name].data_class].title,
                fields=sorted({f"{c}.{f}" for c, f in presence.fields[name]}),
                gets=list(zip(AUDIENCES, gets, strict=False)),
            )


def _rows(ordered: list[Group]) -> list[Row]:
    counts: Counter[str] = Counter()
    first: dict[str, Group] = {}
    for group in ordered:
        counts[group.code] += group.count
        first.setdefault(group.code, group)
    titles = catalogue.codes()
    rows = [Row(c, titles[c]["title"], n, _place(first[c].examples[0])) for c, n in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def _articles(ordered: list[Group], language: str) -> Iterator[Article]:
    begun: set[str] = set()
    for group in ordered:
        entry, example = catalogue.codes()[group.code], group.examples[0]
        alike = len({issue.text(language) for issue in group.examples}) == 1
        yield Article(
            code=group.code,
            first=group.code not in begun,
            severity=example.severity,
            link=f"{catalogue.model().iri}code/{group.code}",
            title=entry["title"],
            path=group.path,
            count=group.count,
            message=example if alike else None,
            examples=[(_place(issue), None if alike else issue) for issue in group.examples],
            more=group.more,
            remedy=entry["remedy"],
        )
        begun.add(group.code)


def _place(issue: Issue) -> str:
    numbers = [str(n) for n in (issue.line, issue.column) if n is not None]
    return ":".join([issue.source or "-", *numbers])


def _filled(word: str, **facts: object) -> Message:
    """A text of ``WORDS`` with what is to be told in it."""
    return Message(WORDS[word], **facts)


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("machimori.findings.reporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"languages": messages.languages(), "say": messages.said, "filled": _filled}
    return environment.get_template("report.html")


def reporter(out: IO[str], style: Style) -> HtmlReporter:
    """What ``FORMATS`` names."""
    return HtmlReporter(out, style)
