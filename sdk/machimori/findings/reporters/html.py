"""One page that people read: verdict, findings by code, and how private the payload is. Both languages are in it.

It needs nothing from elsewhere, neither style nor script; the language is changed by the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import IO

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
        language = self._style.language
        css = (files("machimori.findings.reporters") / "page.css").read_text(encoding="utf-8")
        body = "\n".join(
            [
                _switch(language),
                f"<header><h1 class={'good' if totals.ok else 'bad'!r}>{_both('good' if totals.ok else 'bad')}</h1>",
                f'<p class="soft">{_model()}</p></header>',
                _numbers(totals),
                self._findings(),
                self._privacy(totals.presence),
                self._files(),
            ]
        )
        self._out.write(
            f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            f"<title>{escape(WORDS['title'][language])} — machimori</title><style>\n{css}</style></head>\n<body>\n{body}\n</body></html>\n"
        )

    def _findings(self) -> str:
        if not len(self._groups):
            return ""
        ordered = sorted(self._groups, key=lambda g: -g.count)
        codes: dict[str, list[Group]] = {}
        for group in ordered:
            codes.setdefault(group.code, []).append(group)
        rows = sorted(codes.values(), key=lambda groups: (-_count(groups), groups[0].code))
        articles = "".join(_article(group, first=group is codes[group.code][0]) for group in ordered)
        return (
            f"<section><h2>{_both('by_code')}</h2>{_table(rows)}</section>"
            f"<section><h2>{_both('by_place')}</h2>{articles}</section>"
        )

    def _privacy(self, presence: Presence) -> str:
        heading = f"<section><h2>{_both('private')}</h2>"
        if not presence.records:
            return f'{heading}<p class="soft">{_both("unseen")}</p></section>'
        held = catalogue.model().profiles
        rank = strictness()
        known = [p for p in presence.values if p in held and p.partition(".")[0] in rank]
        known.sort(key=lambda p: (-rank[p.partition(".")[0]], p))
        looked = {k: t.format(n=f"{presence.records:,}", most=f"{FIRST:,}") for k, t in WORDS["looked"].items()}
        return f'{heading}<p class="soft">{_said(looked)}</p>{"".join(self._profile(p, presence) for p in known)}</section>'

    def _profile(self, profile: str, presence: Presence) -> str:
        held = catalogue.model().profiles[profile]
        data_class = catalogue.enumeration("DataClass").values[held.data_class].title.both()
        named = sorted({f"{c}.{f}" for c, f in presence.fields[profile]})
        shown = " ".join(f"<code>{escape(n)}</code>" for n in named)
        gets = self._style.audience(profile) if self._style.audience else []
        rows = "".join(
            f"<dt>{_said(who)}</dt><dd>{_items(what)}</dd>" for who, what in zip(AUDIENCES, gets, strict=False)
        )
        tone = "private" if held.person_related else "plain"
        return (
            f'<article class="profile {tone}"><h3>{_said(held.title.both())} '
            f'<span class="soft">{_said(data_class)} · <code>{escape(profile)}</code></span></h3><p>{shown}</p><dl>{rows}</dl></article>'
        )

    def _files(self) -> str:
        if not self._sources:
            return ""
        listed = "".join(f"<li><code>{escape(s)}</code></li>" for s in self._sources[:100])
        more = (
            _said({k: t.format(n=len(self._sources) - 100) for k, t in WORDS["more"].items()})
            if len(self._sources) > 100
            else ""
        )
        return f'<section><h2>{_both("files")}</h2><ul class="plain">{listed}</ul>{more}</section>'


def _count(groups: list[Group]) -> int:
    return sum(group.count for group in groups)


def _table(codes: list[list[Group]]) -> str:
    """A row for each code, with the place of an example, that leads to what is said of it."""
    heads = "".join(
        f'<th scope="col"{" class=number" if word == "count" else ""}>{_both(word)}</th>'
        for word in ("code", "meaning", "count", "example")
    )
    rows = "".join(
        f'<tr><td><a href="#{groups[0].code}">{groups[0].code}</a></td><td>{_said(catalogue.codes()[groups[0].code]["title"])}</td>'
        f'<td class="number">{_count(groups):,}</td><td>{_place(groups[0].examples[0])}</td></tr>'
        for groups in codes
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _article(group: Group, *, first: bool) -> str:
    entry, example = catalogue.codes()[group.code], group.examples[0]
    link = f"{catalogue.model().iri}code/{group.code}"
    times = _said(
        {k: t.format(n=f"{group.count:,}") for k, t in WORDS["once" if group.count == 1 else "times"].items()}
    )
    said = {(i.text("en"), i.text("ja")) for i in group.examples}
    once = _said({k: example.text(k) for k in ("en", "ja")}) if len(said) == 1 else ""
    places = [f"{_place(i)} {'' if once else _said({k: i.text(k) for k in ('en', 'ja')})}" for i in group.examples]
    examples = "".join(f"<li>{p}</li>" for p in places)
    more = (
        f"<p class=soft>{_said({k: t.format(n=f'{group.more:,}') for k, t in WORDS['more'].items()})}</p>"
        if group.more
        else ""
    )
    path = f' <span class="path">{escape(group.path)}</span>' if group.path else ""
    anchor = f' id="{group.code}"' if first else ""
    return (
        f'<article class="{example.severity}"{anchor}><h3><a href="{escape(link)}">{group.code}</a> {_said(entry["title"])}{path}'
        f' <span class="soft">{times}</span></h3><p>{once}</p><ul class="plain">{examples}</ul>{more}<p>→ {_said(entry["remedy"])}</p></article>'
    )


def _place(issue: Issue) -> str:
    numbers = [str(n) for n in (issue.line, issue.column) if n is not None]
    return f"<code>{escape(':'.join([issue.source or '-', *numbers]))}</code>"


def _numbers(totals: Totals) -> str:
    counts = {
        "records": totals.records,
        "valid": totals.records - totals.invalid,
        "invalid": totals.invalid,
        "findings": totals.findings,
    }
    return '<ul class="numbers">' + "".join(f"<li><b>{n:,}</b>{_both(k)}</li>" for k, n in counts.items()) + "</ul>"


def _model() -> str:
    held = catalogue.model()
    return _said({k: t.format(name=held.name, version=held.version) for k, t in WORDS["model"].items()})


def _switch(language: str) -> str:
    names = {"ja": "日本語", "en": "English"}
    inputs = "".join(
        f'<label lang="{k}"><input type="radio" name="language" id="{k}"{" checked" if k == language else ""}> {n}</label>'
        for k, n in names.items()
    )
    return f'<fieldset class="language" aria-label="言語 / Language">{inputs}</fieldset>'


def _items(texts: list[Both]) -> str:
    if len(texts) == 1:
        return _said(texts[0])
    return '<ul class="plain">' + "".join(f"<li>{_said(t)}</li>" for t in texts) + "</ul>"


def _both(word: str) -> str:
    return _said(WORDS[word])


def _said(text: Both) -> str:
    """A text in both languages, of which the page shows one."""
    return "".join(f'<span class="both" lang="{k}">{escape(text[k])}</span>' for k in ("en", "ja"))


def reporter(out: IO[str], style: Style) -> HtmlReporter:
    """What ``FORMATS`` names."""
    return HtmlReporter(out, style)
