"""One page that people read: verdict, findings by code, and how private the payload is. Both languages are in it.

It needs nothing from elsewhere, neither style nor script; the language is changed by the page itself. What stands in it is
``templates/report.html``, in which every value is escaped by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from machimori.catalogue import catalogue
from machimori.catalogue.paths import strictness
from machimori.findings.issue import Issue
from machimori.findings.presence import FIRST, Presence
from machimori.findings.reporters import Style, Totals
from machimori.findings.reporters.groups import Group, Groups

Both = dict[str, str]
Audience = Callable[[str], list[list[Both]]]
"""For a profile, what each of ``AUDIENCES`` could get of it."""
EXAMPLES = 3
FILES = 100
"""So many names of files are shown."""
NAMES = {"ja": "日本語", "en": "English"}
AUDIENCES: list[Both] = [
    {"en": "A municipality", "ja": "市区町村"},
    {"en": "Another company", "ja": "他の事業者"},
    {"en": "The public", "ja": "一般"},
]
WORDS: dict[str, Both] = {
    "title": {"en": "Validation report", "ja": "検査結果"},
    "good": {"en": "Every record complies", "ja": "全ての記録が適合しています"},
    "bad": {"en": "Not everything complies", "ja": "適合しないものがあります"},
    "records": {"en": "records", "ja": "記録"},
    "valid": {"en": "valid", "ja": "適合"},
    "invalid": {"en": "invalid", "ja": "不適合"},
    "findings": {"en": "findings", "ja": "指摘"},
    "by_code": {"en": "Findings by code", "ja": "コード別の指摘"},
    "by_place": {"en": "Findings by field", "ja": "項目別の指摘"},
    "code": {"en": "Code", "ja": "コード"},
    "meaning": {"en": "Meaning", "ja": "意味"},
    "count": {"en": "Findings", "ja": "件数"},
    "example": {"en": "For example", "ja": "例"},
    "more": {"en": "and {n} more", "ja": "ほか{n}件"},
    "once": {"en": "once", "ja": "1件"},
    "times": {"en": "{n} times", "ja": "{n}件"},
    "private": {"en": "How private this payload is", "ja": "このデータの区分"},
    "looked": {
        "en": "Fields present in the first {n} records (at most {most}). No value is shown.",
        "ja": "先頭の{n}件（最大{most}件）の記録にある項目。値は表示しない。",
    },
    "unseen": {
        "en": "Not looked at: standard input is read once, and no record could be read elsewhere.",
        "ja": "確認していません（標準入力は一度しか読めず、ほかに読めた記録がないため）。",
    },
    "files": {"en": "Files", "ja": "ファイル"},
    "model": {"en": "Checked against {name} {version}", "ja": "{name} {version}により検査"},
}
LANGUAGES = tuple(WORDS["title"])


@dataclass(frozen=True, slots=True)
class Row:
    """A code, with the place of an example."""

    code: str
    title: Both
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
    title: Both
    path: str
    count: int
    message: Both | None
    examples: list[tuple[str, Both | None]]
    more: int
    remedy: Both


@dataclass(frozen=True, slots=True)
class Profile:
    """A privacy profile, the fields that have it, and who could get what of it."""

    name: str
    title: Both
    tone: str
    data_class: Both
    fields: list[str]
    gets: list[tuple[Both, list[Both]]]


class HtmlReporter:
    def __init__(self, out: IO[str], style: Style) -> None:
        self._out, self._style = out, style
        self._groups = Groups(EXAMPLES if style.examples is None else style.examples)
        self._sources: list[str] = []

    def source(self, name: str) -> None:
        self._sources.append(name)

    def finding(self, issue: Issue) -> None:
        self._groups.add(issue)

    def end(self, totals: Totals) -> None:
        ordered = sorted(self._groups, key=lambda g: -g.count)
        parts = _template().generate(
            language=self._style.language,
            verdict="good" if totals.ok else "bad",
            model=catalogue.catalogue(),
            numbers={
                "records": totals.records,
                "valid": totals.records - totals.invalid,
                "invalid": totals.invalid,
                "findings": totals.findings,
            },
            codes=_rows(ordered),
            articles=list(_articles(ordered)),
            looked=totals.presence.records,
            most=FIRST,
            profiles=list(self._profiles(totals.presence)),
            sources=self._sources,
            shown=FILES,
        )
        self._out.writelines(parts)

    def _profiles(self, presence: Presence) -> Iterator[Profile]:
        """The strictest first."""
        held, rank = catalogue.catalogue(), strictness()
        known = [p for p in presence.values if p in held["profiles"] and p.partition(".")[0] in rank]
        for name in sorted(known, key=lambda p: (-rank[p.partition(".")[0]], p)):
            gets = self._style.audience(name) if self._style.audience else []
            yield Profile(
                name=name,
                title=held["profiles"][name]["title"],
                tone="private" if held["profiles"][name]["person_related"] else "plain",
                data_class=held["enums"]["DataClass"]["values"][name.partition(".")[0]]["title"],
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


def _articles(ordered: list[Group]) -> Iterator[Article]:
    begun: set[str] = set()
    for group in ordered:
        entry, example = catalogue.codes()[group.code], group.examples[0]
        said = [_said(issue) for issue in group.examples]
        alike = all(one == said[0] for one in said)
        yield Article(
            code=group.code,
            first=group.code not in begun,
            severity=example.severity,
            link=f"{catalogue.catalogue()['iri']}code/{group.code}",
            title=entry["title"],
            path=group.path,
            count=group.count,
            message=said[0] if alike else None,
            examples=[(_place(issue), None if alike else one) for issue, one in zip(group.examples, said, strict=True)],
            more=group.more,
            remedy=entry["remedy"],
        )
        begun.add(group.code)


def _said(issue: Issue) -> Both:
    return {language: issue.text(language) for language in LANGUAGES}


def _place(issue: Issue) -> str:
    numbers = [str(n) for n in (issue.line, issue.column) if n is not None]
    return ":".join([issue.source or "-", *numbers])


def _filled(word: str, **facts: object) -> Both:
    """A text of ``WORDS`` in both languages, with what is to be told in it."""
    return {language: text.format(**facts) for language, text in WORDS[word].items()}


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("machimori.findings.reporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"languages": LANGUAGES, "names": NAMES, "filled": _filled}
    return environment.get_template("report.html")


def reporter(out: IO[str], style: Style) -> HtmlReporter:
    """What ``FORMATS`` names."""
    return HtmlReporter(out, style)
