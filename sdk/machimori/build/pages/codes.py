"""The page of an issue code: what it says, how to mend it, and a record that shows it."""

from __future__ import annotations

import machimori
from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry, Example
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.verdict import verdict
from machimori.build.pages.words import Language
from machimori.samples.counterexamples import counterexample, encoding

PRINTED = 2_000
"""Bytes of an example beyond which a page describes it in words of the message alone."""

FAULTS_OF_A_MODEL = "MM9"


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"codes/{code}.md": _page(book, language, code, entry) for code, entry in book.codes.items()}
    return held | {"codes/index.md": _index(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "codes/index.md")
    rows = [
        (sheet.code_link(code), f"`{entry['name']}`", sheet.say(entry["title"]), sheet.word(entry["severity"]))
        for code, entry in book.codes.items()
    ]
    header = (sheet.word("code"), sheet.word("name"), sheet.word("title"), sheet.word("severity"))
    sheet.add(
        md.front_matter(title=sheet.word("codes")),
        md.heading(1, sheet.word("codes")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        md.table(header, rows),
    )
    return sheet.text()


def _page(book: Book, language: Language, code: str, entry: Entry) -> str:
    sheet = Sheet(book, language, f"codes/{code}.md")
    sheet.add(
        md.front_matter(title=f"{code} {entry['title'][language]}", search={"boost": 1.5}),
        md.heading(1, f"{code} {sheet.say(entry['title'])}"),
        sheet.way_up((sheet.word("reference"), "index.md"), (sheet.word("codes"), "codes/index.md")),
        sheet.beside(entry["title"]),
        md.items(
            [
                sheet.labelled("name", md.code(entry["name"])),
                sheet.labelled("severity", sheet.word(entry["severity"])),
                sheet.labelled("message", md.code(entry["message"][language])),
                sheet.labelled("remedy", md.plain(entry["remedy"][language])),
                sheet.labelled("term", md.code(f"{book.catalogue['iri']}code/{code}")),
            ]
        ),
    )
    if code.startswith(FAULTS_OF_A_MODEL):
        sheet.add(sheet.sentence("model_fault"))
    _example(sheet, code)
    return sheet.text()


def _example(sheet: Sheet, code: str) -> None:
    found = _broken(sheet.book, code)
    raw = counterexample(code) if found is None else found.text.encode()
    if raw is None:
        return
    report = machimori.validate(raw, entity=found.class_name if found else None)
    if code not in {i.code for i in report.issues}:
        raise ValueError(f"the example of {code} does not show it")
    sheet.add(md.heading(2, sheet.word("examples"), "code-examples"))
    if found:
        sheet.add(sheet.class_link(found.class_name))
    if raw and len(raw) <= PRINTED:
        sheet.add(md.fenced(raw.decode(encoding(code)), "json"))
    sheet.add(sheet.labelled("says", ""), md.fenced(verdict(report, sheet.language)))


def _broken(book: Book, code: str) -> Example | None:
    return next((e for held in book.examples.values() for e in held if e.code == code), None)
