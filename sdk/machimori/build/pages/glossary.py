"""The glossary page: the terms of law and trade in the order of each language, with what of the model uses each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry, Use
from machimori.build.pages.indexes import ROW, ROWS, row_of, sounds
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language

SHOWN = 12
"""More links than these are folded."""

KATAKANA = "[ァ-ヺー]"


@dataclass(frozen=True)
class Found:
    """Something of the model whose Japanese title or description uses a term."""

    kind: str
    name: str
    inner: str = ""
    """The value of an enum, or the class that has the field."""


def pages(book: Book, language: Language) -> dict[str, str]:
    sheet = Sheet(book, language, "glossary.md")
    sheet.add(
        md.front_matter(title=sheet.word("glossary")),
        md.heading(1, sheet.word("glossary")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        sheet.sentence("glossary_intro"),
    )
    groups, found = _groups(book, language), uses(book)
    anchors = {title: f"part-{number}" for number, title in enumerate(groups)}
    sheet.add(" · ".join(md.link(title, f"#{anchor}") for title, anchor in anchors.items()))
    for title, terms in groups.items():
        sheet.add(md.heading(2, title, anchors[title]))
        for name in terms:
            _term(sheet, name, book.glossary["terms"][name], found[name])
    return {"glossary.md": sheet.text()}


def uses(book: Book) -> dict[str, list[Found]]:
    """What uses each term. Where terms overlap the longest counts: 要配慮個人情報 is no use of 個人情報."""
    by_term = {term["title"]["ja"]: name for name, term in book.glossary["terms"].items()}
    pattern = re.compile("|".join(_whole(t) for t in sorted(by_term, key=len, reverse=True)))
    found: dict[str, list[Found]] = defaultdict(list)
    for where, entry in _entries(book):
        text = f"{entry['title']['ja']}\n{entry['description']['ja']}"
        for term in dict.fromkeys(pattern.findall(text)):
            found[by_term[term]].append(where)
    return found


def _whole(term: str) -> str:
    """A term that begins or ends in katakana is no part of a longer katakana word (ゲート, ゲートウェイ)."""
    before = f"(?<!{KATAKANA})" if re.match(KATAKANA, term[0]) else ""
    after = f"(?!{KATAKANA})" if re.match(KATAKANA, term[-1]) else ""
    return before + re.escape(term) + after


def _entries(book: Book) -> Iterator[tuple[Found, Entry]]:
    yield from ((Found("classes", name), class_) for name, class_ in book.classes.items())
    yield from ((Found("profiles", name), axes) for name, axes in book.profiles.items())
    for name, enum in book.enums.items():
        yield Found("enums", name), enum
        yield from ((Found("values", name, value), entry) for value, entry in enum["values"].items())
    yield from ((Found("fields", use.field, use.class_name), field) for use, field in book.fields())


def _groups(book: Book, language: Language) -> dict[str, list[str]]:
    """The names of the terms below the titles under which they stand: A to Z, or the rows of the fifty sounds."""
    terms: dict[str, Entry] = book.glossary["terms"]
    groups: dict[str, list[str]] = {}
    if language == "en":
        for name in sorted(terms, key=lambda n: terms[n]["title"]["en"].casefold()):
            first = terms[name]["title"]["en"][0].upper()
            groups.setdefault(first if first.isalpha() else "0-9", []).append(name)
        return groups
    groups = {ROW.format(row=row[0]): [] for row in ROWS}
    for name in sorted(terms, key=lambda n: sounds(terms[n]["reading"])):
        groups[ROW.format(row=row_of(terms[name]["reading"]))].append(name)
    return {row: held for row, held in groups.items() if held}


def _term(sheet: Sheet, name: str, term: Entry, found: Iterable[Found]) -> None:
    english = sheet.book.glossary["english_sources"][term["english"]]
    facts = [
        sheet.labelled("source", md.plain(term["source"][sheet.language])),
        sheet.labelled("english", sheet.say(english)),
    ]
    linked: dict[str, list[str]] = defaultdict(list)
    for one in found:
        linked[one.kind].append(_link(sheet, one))
    lines = [sheet.labelled(kind, sheet.listed(links)) for kind, links in linked.items()]
    count = sum(map(len, linked.values()))
    long = count > SHOWN
    sheet.add(
        md.heading(3, sheet.say(term["title"]), name),
        sheet.beside(term["title"], term["reading"]),
        md.items(facts if long else facts + lines),
        md.folded(sheet.word("used_in") + sheet.brackets(str(count)), md.items(lines)) if long else "",
    )


def _link(sheet: Sheet, found: Found) -> str:
    if found.kind == "fields":
        return sheet.field_link(Use(found.inner, found.name))
    if found.kind == "profiles":
        return sheet.badge(found.name)
    if found.kind == "values":
        return md.link(md.code(f"{found.name}/{found.inner}"), sheet.to(f"enums/{found.name}.md#{found.inner}"))
    return sheet.class_link(found.name) if found.kind == "classes" else sheet.enum_link(found.name)
