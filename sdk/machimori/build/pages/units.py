"""The page of units: each kind of quantity with its one unit, and how many fields are stated in it."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language


def pages(book: Book, language: Language) -> dict[str, str]:
    return {"units.md": _page(book, language)}


def _page(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "units.md")
    return sheet.page(
        "units.md",
        rows=[_row(sheet, name, unit) for name, unit in book.units.items()],
        used={
            name: sheet.listed(map(sheet.field_link, book.users_of_unit[unit["ucum"]]))
            for name, unit in book.units.items()
        },
    )


def _row(sheet: Sheet, name: str, unit: Entry) -> list[str]:
    notes = [sheet.say(unit[k]) for k in ("reason", "note") if k in unit]
    return [
        md.link(unit["title"][sheet.language], f"#{name}"),
        unit["title"][sheet.other],
        sheet.unit(unit),
        md.code_cell(unit["ucum"]),
        md.code(unit["rec20"]),
        str(len(sheet.book.users_of_unit[unit["ucum"]])),
        (" " if sheet.language == "en" else "").join(notes),
    ]
