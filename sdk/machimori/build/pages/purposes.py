"""The page of a purpose of use: which profiles list it, which rules ask for it; and the list of all."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language, other
from machimori.privacy.decision.policy import shipped


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"purposes/{name}.md": _page(book, language, name, term) for name, term in book.purposes.items()}
    return held | {"purposes/index.md": _index(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "purposes/index.md")
    rows = [
        (
            md.link(md.code(name), sheet.to(f"purposes/{name}.md"))
            + (f" **{sheet.word('forbidden')}**" if term.get("forbidden") else ""),
            sheet.say(term["title"]),
            md.plain(term["title"][other(language)]),
            str(len(_listing(book, name))),
        )
        for name, term in book.purposes.items()
    ]
    sheet.add(
        md.front_matter(title=sheet.word("purposes")),
        md.heading(1, sheet.word("purposes")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        md.prose(book.enums["Purpose"]["description"][language]),
        md.table([sheet.word(k) for k in ("purpose", "title", "other_title", "profiles")], rows),
    )
    return sheet.text()


def _page(book: Book, language: Language, name: str, term: Entry) -> str:
    sheet = Sheet(book, language, f"purposes/{name}.md")
    crumbs = ((sheet.word("reference"), "index.md"), (sheet.word("purposes"), "purposes/index.md"))
    sheet.opening(term, name, *crumbs, search={"boost": 1.5})
    if term.get("forbidden"):
        sheet.add(sheet.sentence("forbidden_purpose"))
    facts = [sheet.labelled("source", md.prose(term["source"]))] if term.get("source") else []
    sheet.add(md.items([*facts, sheet.labelled("term", md.code(term["iri"]))]))
    listing = _listing(book, name)
    badges = " ".join(map(sheet.badge, listing)) or sheet.word("none")
    sheet.add(md.heading(2, sheet.word("listed_by"), "profiles"), badges)
    tasks = [
        (sheet.badge(p), md.prose(task["statute"]))
        for p, axes in book.profiles.items()
        if (task := axes.get("statutory_task")) and name in task["purposes"]
    ]
    if tasks:
        header = (sheet.word("profile"), sheet.word("source"))
        sheet.add(md.heading(2, sheet.word("statutory"), "statutory-tasks"), md.table(header, tasks))
    asking = _asking(name, bool(term.get("forbidden")))
    if asking:
        sheet.add(md.heading(2, sheet.word("asked_by"), "rules"), sheet.listed(map(sheet.rule_link, asking)))
    if mapped := sheet.mappings([(f"`{name}`", term)]):
        sheet.add(md.heading(2, sheet.word("mappings"), "purpose-mappings"), mapped)
    return sheet.text()


def _listing(book: Book, name: str) -> list[str]:
    return [p for p, axes in book.profiles.items() if name in (axes.get("purposes") or [])]


def _asking(name: str, forbidden: bool) -> list[str]:
    """The rules that name the purpose, or all forbidden ones."""
    policy = shipped()
    return [
        rule.key
        for rule in (*policy.of_request, *policy.of_field)
        for tests in [[t for c in (*rule.applicability, *rule.conditions) for t in c.tests]]
        if any(
            (t.term == "purpose" and name in t.values) or (forbidden and t.term == "forbidden_purpose") for t in tests
        )
    ]
