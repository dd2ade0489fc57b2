"""The overview of the reference, and a page a domain."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language

INDEXES = {"a_z": "a-z", "gojuon": "gojuon", "glossary": "glossary", "questions": "questions"}


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"domains/{name}.md": _page(book, language, name, domain) for name, domain in book.domains.items()}
    return held | {"index.md": _overview(book, language)}


def _overview(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "index.md")
    counted = [
        ("domains/", book.domains, "domains"),
        ("a-z.md", book.classes, "classes"),
        ("data-classes.md", book.data_classes, "data_classes"),
        ("profiles/index.md", book.profiles, "profiles"),
        ("purposes/index.md", book.purposes, "purposes"),
        ("rules/index.md", book.rules, "rules"),
        ("enums/index.md", book.enums, "enums"),
        ("types.md", book.types, "types"),
        ("units.md", book.units, "units"),
        ("codes/index.md", book.codes, "codes"),
    ]
    rows = [
        (sheet.word(key) if target == "domains/" else md.link(sheet.word(key), target), str(len(held)))
        for target, held, key in counted
    ]
    return sheet.page(
        "overview.md",
        edition=f"{sheet.say(book.catalogue['title'])} {book.catalogue['version']}",
        rows=rows,
        indexes=[md.link(sheet.word(w), f"{page}.md") for w, page in INDEXES.items()],
        classes={name: [sheet.range_link(c) for c in book.in_domain(name)] for name in book.domains},
    )


def _page(book: Book, language: Language, name: str, domain: Entry) -> str:
    sheet = Sheet(book, language, f"domains/{name}.md")
    held = book.in_domain(name)
    return sheet.page(
        "domain.md",
        domain=domain,
        held=held,
        header=[sheet.word(k) for k in ("class", "title", "other_title", "data_subject", "privacy")],
        rows=[_row(sheet, class_name, class_) for class_name, class_ in held.items()],
        enums=sheet.listed(sheet.enum_link(n) for n, e in book.enums.items() if e["domain"] == name),
    )


def _row(sheet: Sheet, name: str, class_: Entry) -> list[str]:
    subject = md.code(class_["data_subject"]) if class_["data_subject"] else ""
    badges = [sheet.data_class_badge(c, n, short=True) for c, n in sheet.book.counts(name).items()]
    title = class_["title"]
    return [sheet.class_link(name), title[sheet.language], title[sheet.other], subject, md.spaced(badges)]
