"""The pages of lists of values, and the page of types."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import BUILT_IN, Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import BUILT_IN as BUILT_IN_WORDS
from machimori.build.pages.words import Both, Language, both, bracketed


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"enums/{name}.md": _page(book, language, name, enum) for name, enum in book.enums.items()}
    return held | {"enums/index.md": _index(book, language), "types.md": _types(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "enums/index.md")
    sheet.add(
        md.front_matter(title=sheet.word("enums")),
        md.heading(1, sheet.word("enums")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
    )
    for domain in book.domains:
        rows = [
            (sheet.enum_link(n), sheet.say(e["title"]), sheet.counterpart(e), str(len(e["values"])))
            for n, e in book.enums.items()
            if e["domain"] == domain
        ]
        if rows:
            header = (sheet.word("name"), sheet.word("title"), sheet.word("other_title"), sheet.word("count"))
            sheet.add(md.heading(2, sheet.say(book.domains[domain]["title"]), domain), md.table(header, rows))
    return sheet.text()


def _page(book: Book, language: Language, name: str, enum: Entry) -> str:
    sheet = Sheet(book, language, f"enums/{name}.md")
    sheet.opening(enum, name, (sheet.word("reference"), "index.md"), (sheet.word("enums"), "enums/index.md"))
    facts = [sheet.labelled("source", md.prose(enum["source"]))] if enum.get("source") else []
    sheet.add(md.items([*facts, sheet.labelled("term", md.code(enum["iri"]))]))
    rows = []
    for value, term in enum["values"].items():
        reading = bracketed("ja", md.plain(term["reading"])) if term.get("reading") else ""
        forbidden = f" **{sheet.word('forbidden')}**" if term.get("forbidden") else ""
        titles = [sheet.say(term["title"]), sheet.counterpart(term)]
        titles[0 if language == "ja" else 1] += reading
        anchor = md.attributes(f"#{value}")
        rows.append([f"`{value}`{anchor}{forbidden}", *titles, md.prose(term["description"][language])])
    header = [sheet.word(k) for k in ("value", "title", "other_title", "description")]
    sheet.add(md.table(header, rows))
    mapped = sheet.mappings((f"`{v}`", t) for v, t in enum["values"].items())
    if mapped:
        sheet.add(md.heading(2, sheet.word("mappings"), "list-mappings"), mapped)
    uses = book.users_of_range.get(name, [])
    if uses:
        shown = sheet.listed(sheet.field_link(u) for u in uses)
        sheet.add(md.heading(2, sheet.word("used_by"), "list-uses"), shown)
    return sheet.text()


def _types(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "types.md")
    sheet.add(
        md.front_matter(title=sheet.word("types")),
        md.heading(1, sheet.word("types")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
    )
    for name, type_ in book.types.items():
        title: Both = both(BUILT_IN_WORDS[name][0]) if name in BUILT_IN else type_["title"]
        description: Both = both(BUILT_IN_WORDS[name][1]) if name in BUILT_IN else type_["description"]
        facts = [f"JSON `{type_['json']}`", f"RDF `{type_['datatype']}`"]
        facts += [sheet.labelled(k, md.code(type_[k])) for k in ("format", "pattern") if type_.get(k)]
        facts += [sheet.labelled("source", md.prose(type_["source"]))] if type_.get("source") else []
        sheet.add(
            md.heading(2, f"`{name}` {md.plain(title[language])}", name),
            sheet.beside(title, type_.get("reading") if name not in BUILT_IN else None),
            md.prose(description[language]),
            md.items(facts),
        )
    return sheet.text()
