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
    header = ("quantity", "other_title", "symbol", "UCUM", "Rec 20", "fields", "notes")
    sheet.add(
        md.front_matter(title=sheet.word("units")),
        md.heading(1, sheet.word("units")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
        sheet.sentence("units_intro"),
        md.table(
            [sheet.word(k) if k.islower() else k for k in header],
            [_row(sheet, name, unit) for name, unit in book.units.items()],
        ),
    )
    for name, unit in book.units.items():
        used = sheet.listed(sheet.field_link(use) for use in book.users_of_unit[unit["ucum"]])
        sheet.add(md.heading(2, sheet.say(unit["title"]), name), sheet.beside(unit["title"], unit.get("reading")), used)
    return sheet.text()


def _row(sheet: Sheet, name: str, unit: Entry) -> list[str]:
    notes = [sheet.say(unit[k]) for k in ("reason", "note") if k in unit]
    return [
        md.link(unit["title"][sheet.language], f"#{name}"),
        sheet.counterpart(unit),
        sheet.unit(unit),
        md.code_cell(unit["ucum"]),
        md.code(unit["rec20"]),
        str(len(sheet.book.users_of_unit[unit["ucum"]])),
        (" " if sheet.language == "en" else "").join(notes),
    ]
