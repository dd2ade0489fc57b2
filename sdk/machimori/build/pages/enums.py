"""The pages of lists of values, and the page of types."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import BUILT_IN, Book, Entry
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import BUILT_IN as BUILT_IN_WORDS
from machimori.build.pages.words import Language, both, bracketed


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"enums/{name}.md": _page(book, language, name, enum) for name, enum in book.enums.items()}
    return held | {"enums/index.md": _index(book, language), "types.md": _types(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "enums/index.md")
    rows = {
        domain: [
            (sheet.enum_link(n), e["title"][language], e["title"][sheet.other], len(e["values"]))
            for n, e in book.enums.items()
            if e["domain"] == domain
        ]
        for domain in book.domains
    }
    return sheet.page("enums.md", domains={domain: held for domain, held in rows.items() if held})


def _page(book: Book, language: Language, name: str, enum: Entry) -> str:
    sheet = Sheet(book, language, f"enums/{name}.md")
    return sheet.page(
        "enum.md",
        name=name,
        enum=enum,
        rows=[_row(sheet, value, term) for value, term in enum["values"].items()],
        mapped=sheet.mapped((md.code(v), t) for v, t in enum["values"].items()),
        uses=sheet.listed(sheet.field_link(u) for u in book.users_of_range.get(name, [])),
    )


def _row(sheet: Sheet, value: str, term: Entry) -> list[str]:
    """A value with an anchor, its titles, the Japanese one with its reading, and what it means."""
    shown = md.code(value) + md.anchored(value)
    if term.get("forbidden"):
        shown += Markdown(f" **{sheet.word('forbidden')}**")
    if term.get("serves_holder"):
        shown += Markdown(f" **{sheet.word('serves_holder')}**")
    reading = bracketed("ja", term["reading"]) if term.get("reading") else ""
    titles = [term["title"][k] + (reading if k == "ja" else "") for k in (sheet.language, sheet.other)]
    return [shown, *titles, md.prose(sheet.say(term["description"]))]


def _types(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "types.md")
    return sheet.page("types.md", types=[_type(sheet, name, type_) for name, type_ in book.types.items()])


def _type(sheet: Sheet, name: str, type_: Entry) -> Entry:
    title, description = map(both, BUILT_IN_WORDS[name]) if name in BUILT_IN else (type_["title"], type_["description"])
    facts = [Markdown(f"JSON {md.code(type_['json'])}"), Markdown(f"RDF {md.code(type_['datatype'])}")]
    facts += [sheet.labelled(k, md.code(type_[k])) for k in ("format", "pattern") if type_.get(k)]
    facts += [sheet.labelled("source", md.prose(type_["source"]))] if type_.get("source") else []
    reading = type_.get("reading") if name not in BUILT_IN else None
    return {"name": name, "title": title, "description": description, "reading": reading, "facts": facts}
