"""The page of an issue code: what it says, how to mend it, and a record that shows it."""

from __future__ import annotations

from dataclasses import dataclass

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
        (sheet.code_link(code), md.code(entry["name"]), sheet.say(entry["title"]), sheet.word(entry["severity"]))
        for code, entry in book.codes.items()
    ]
    return sheet.page("codes.md", rows=rows)


def _page(book: Book, language: Language, code: str, entry: Entry) -> str:
    sheet = Sheet(book, language, f"codes/{code}.md")
    return sheet.page(
        "code.md",
        code_=code,
        entry=entry,
        title=f"{code} {sheet.say(entry['title'])}",
        iri=f"{book.catalogue['iri']}code/{code}",
        of_model=code.startswith(FAULTS_OF_A_MODEL),
        shown=_example(sheet, code),
    )


@dataclass(frozen=True)
class Shown:
    """A record that breaks a rule, and what is said of it; ``text`` is empty where it is too long to be printed."""

    entity: str | None
    text: str
    verdict: str


def _example(sheet: Sheet, code: str) -> Shown | None:
    found = _broken(sheet.book, code)
    raw = counterexample(code) if found is None else found.text.encode()
    if raw is None:
        return None
    entity = found.class_name if found else None
    report = machimori.validate(raw, entity=entity)
    if code not in {i.code for i in report.issues}:
        raise ValueError(f"the example of {code} does not show it")
    text = raw.decode(encoding(code)) if len(raw) <= PRINTED else ""
    return Shown(entity, text, verdict(report, sheet.language))


def _broken(book: Book, code: str) -> Example | None:
    return next((e for held in book.examples.values() for e in held if e.code == code), None)
