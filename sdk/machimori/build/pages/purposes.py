"""The page of a purpose of use: which profiles list it, which rules ask for it; and the list of all."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language
from machimori.privacy.decision.policy import shipped


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"purposes/{name}.md": _page(book, language, name, term) for name, term in book.purposes.items()}
    return held | {"purposes/index.md": _index(book, language)}


MARKS = {"forbidden_purpose": "forbidden", "serves_holder": "serves_holder"}
"""The terms of rules that ask for a mark of the purpose."""


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "purposes/index.md")
    rows = [
        (_named(sheet, name, term), term["title"][language], term["title"][sheet.other], len(_listing(book, name)))
        for name, term in book.purposes.items()
    ]
    return sheet.page("purposes.md", rows=rows)


def _named(sheet: Sheet, name: str, term: Entry) -> Markdown:
    linked = sheet.link(md.code(name), f"purposes/{name}.md")
    return linked + Markdown(f" **{sheet.word('forbidden')}**") if term.get("forbidden") else linked


def _page(book: Book, language: Language, name: str, term: Entry) -> str:
    sheet = Sheet(book, language, f"purposes/{name}.md")
    tasks = [
        (sheet.badge(p), md.prose(task["statute"]))
        for p, axes in book.profiles.items()
        if (task := axes.get("statutory_task")) and name in task["purposes"]
    ]
    return sheet.page(
        "purpose.md",
        name=name,
        term=term,
        listing=md.spaced(map(sheet.badge, _listing(book, name))),
        tasks=tasks,
        asking=sheet.listed(map(sheet.rule_link, _asking(name, term))),
        mapped=sheet.mapped([(md.code(name), term)]),
    )


def _listing(book: Book, name: str) -> list[str]:
    return [p for p, axes in book.profiles.items() if name in (axes.get("purposes") or [])]


def _asking(name: str, term: Entry) -> list[str]:
    """The rules that name the purpose, or all that are marked as it is."""
    marks = {fact for fact, mark in MARKS.items() if term.get(mark)}
    policy = shipped()
    return [
        rule.key
        for rule in (*policy.of_request, *policy.of_field)
        for tests in [[t for c in (*rule.applicability, *rule.conditions) for t in c.tests]]
        if any((t.term == "purpose" and name in t.values) or t.term in marks for t in tests)
    ]
