"""Lay the pages of both languages into the documentation folder; what nobody wrote this time goes away."""

from __future__ import annotations

from pathlib import Path

from machimori.build.pages import book as books
from machimori.build.pages import (
    classes,
    codes,
    domains,
    enums,
    glossary,
    indexes,
    profiles,
    purposes,
    questions,
    rules,
    units,
)
from machimori.build.pages.book import Book
from machimori.build.pages.words import LANGUAGES, Language
from machimori.catalogue import catalogue

FOLDER = "reference"


def pages(book: Book, language: Language) -> dict[str, str]:
    """Every page of the reference in one language, by its path in the ``reference`` folder."""
    held: dict[str, str] = {}
    for module in (domains, classes, profiles, purposes, rules, enums, units, codes, indexes, glossary, questions):
        held |= module.pages(book, language)
    return held


def schemas(book: Book) -> dict[str, str]:
    """The JSON Schemas that class pages offer for download."""
    return {
        f"schemas/{name}.json": catalogue.artefact(f"jsonschema/{name}.json", name)
        for name, class_ in book.classes.items()
        if not class_["abstract"]
    }


def write(docs: Path) -> dict[Language, int]:
    """Write the reference of every language below ``docs``; the number of pages in each."""
    book = books.read()
    downloads = schemas(book)
    written: dict[Language, int] = {}
    for language in LANGUAGES:
        held = pages(book, language)
        _lay(docs / language / FOLDER, held | downloads)
        written[language] = len(held)
    return written


def _lay(folder: Path, texts: dict[str, str]) -> None:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and path.relative_to(folder).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8", newline="\n")
