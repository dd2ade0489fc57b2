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
    indexes = [md.link(sheet.word(w), f"{page}.md") for w, page in INDEXES.items()]
    sheet.add(
        md.front_matter(title=sheet.word("reference")),
        md.heading(1, sheet.word("reference")),
        f"{sheet.say(book.catalogue['title'])} {book.catalogue['version']}",
        sheet.sentence("reference_intro"),
        md.table((sheet.word("kind"), sheet.word("count")), rows),
        md.items(indexes),
        md.heading(2, sheet.word("domains"), "domains"),
    )
    for name, domain in book.domains.items():
        held = book.in_domain(name)
        sheet.add(
            md.heading(3, md.link(domain["title"][language], f"domains/{name}.md"), name),
            md.prose(domain["description"][language]),
            sheet.listed(sheet.range_link(c) for c in held),
        )
    return sheet.text()


def _page(book: Book, language: Language, name: str, domain: Entry) -> str:
    sheet = Sheet(book, language, f"domains/{name}.md")
    sheet.opening(domain, None, (sheet.word("reference"), "index.md"), (sheet.word("domains"), "index.md#domains"))
    held = book.in_domain(name)
    rows = []
    for class_name, class_ in held.items():
        subject = f"`{class_['data_subject']}`" if class_["data_subject"] else ""
        badges = " ".join(sheet.data_class_badge(c, n, short=True) for c, n in book.counts(class_name).items())
        titles = [sheet.say(class_["title"]), sheet.counterpart(class_)]
        rows.append([sheet.class_link(class_name), *titles, subject, badges])
    header = [sheet.word(k) for k in ("class", "title", "other_title", "data_subject", "privacy")]
    sheet.add(md.heading(2, sheet.word("classes"), "classes"), md.table(header, rows))
    for class_name, class_ in held.items():
        sheet.add(
            md.heading(3, f"{sheet.class_link(class_name)} {sheet.say(class_['title'])}", class_name),
            md.prose(class_["description"][language]),
        )
    enums = [n for n, e in book.enums.items() if e["domain"] == name]
    if enums:
        shown = sheet.listed(sheet.enum_link(n) for n in enums)
        sheet.add(md.heading(2, sheet.word("enums"), "enums"), shown)
    return sheet.text()
