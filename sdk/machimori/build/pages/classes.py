"""The page of a class."""

from __future__ import annotations

from collections.abc import Iterator

import machimori
from machimori.build.pages import fields
from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry, Example, Use
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.verdict import verdict
from machimori.build.pages.words import Language
from machimori.catalogue import catalogue


def pages(book: Book, language: Language) -> dict[str, str]:
    return {f"classes/{name}.md": _page(book, language, name, class_) for name, class_ in book.classes.items()}


def _page(book: Book, language: Language, name: str, class_: Entry) -> str:
    sheet = Sheet(book, language, f"classes/{name}.md")
    domain = class_["domain"]
    sheet.opening(
        class_,
        name,
        (sheet.word("reference"), "index.md"),
        (book.domains[domain]["title"][language], f"domains/{domain}.md"),
        search={"boost": 2},
        schema=None if class_["abstract"] else f"reference/schemas/{name}.json",
    )
    sheet.add(_privacy(sheet, name, class_), _facts(sheet, name, class_))
    sheet.add(md.heading(2, sheet.word("fields"), "class-fields"), fields.table(sheet, class_["fields"]))
    if any(f["inlined"] for f in class_["fields"].values()):
        sheet.add(sheet.sentence("strictest"))
    for field_name, field in class_["fields"].items():
        sheet.add(*fields.section(sheet, field_name, field))
    _examples(sheet, name)
    _mappings(sheet, name, class_)
    _refused(sheet, name, class_)
    _used_by(sheet, name)
    if not class_["abstract"]:
        schema = md.link("JSON Schema", sheet.to(f"schemas/{name}.json"))
        sheet.add(md.heading(2, sheet.word("downloads"), "class-downloads"), md.items([f"{schema} (2019-09)"]))
    return sheet.text()


def _privacy(sheet: Sheet, name: str, class_: Entry) -> str:
    """The banner: how many fields in each data class, and whose data they are."""
    badges = " ".join(sheet.data_class_badge(c, n) for c, n in sheet.book.counts(name).items())
    subject = class_["data_subject"]
    if subject:
        title = sheet.say(class_["fields"][subject]["title"])
        rest = sheet.labelled("data_subject", md.link(md.code(subject), f"#{subject}") + sheet.brackets(title))
    elif class_["value_object"]:
        rest = sheet.sentence("inherits")
    else:
        rest = sheet.sentence("no_person_data")
    lines = [badges, rest, *([f"**{sheet.sentence('stays_on_device')}**"] if class_["stays_on_device"] else [])]
    return md.paragraph("<br>".join(lines), ".mm-banner")


def _facts(sheet: Sheet, name: str, class_: Entry) -> str:
    kind = next((k for k in ("abstract", "root", "value_object") if class_[k]), "part")
    rows = [
        ("kind", sheet.word(kind)),
        ("domain", sheet.domain_link(class_["domain"])),
        ("parent", sheet.class_link(class_["parent"]) if class_["parent"] else ""),
        ("members", sheet.listed(sheet.class_link(m) for m in class_["members"])),
        ("ordered", sheet.listed(f"`{first}` < `{second}`" for first, second in class_["ordered"])),
        ("source", md.prose(class_.get("source", ""))),
        ("term", md.code(class_["iri"])),
        ("in_python", md.code(f"from {_package(name, class_)} import {name}")),
    ]
    return md.items(sheet.labelled(key, value) for key, value in rows if value)


def _package(name: str, class_: Entry) -> str:
    """From where a class is imported: an extension brings its own."""
    extension = catalogue.extension_of("classes", name)
    return f"machimori.model.{class_['domain']}" if extension is None else extension.package


def _examples(sheet: Sheet, name: str) -> None:
    held = sheet.book.examples.get(name, [])
    valid = next((e for e in held if e.code is None), None)
    invalid = _telling(held)
    if valid is None and invalid is None:
        return
    sheet.add(md.heading(2, sheet.word("examples"), "class-examples"))
    if valid:
        sheet.add(md.heading(3, sheet.word("valid"), "valid-example"), md.fenced(valid.text, "json"))
        sheet.add(sheet.labelled("says", ""), _said(sheet, valid))
    if invalid and invalid.code:
        sheet.add(md.heading(3, sheet.word("invalid"), "invalid-example"), md.fenced(invalid.text, "json"))
        sheet.add(sheet.labelled("says", sheet.code_link(invalid.code)), _said(sheet, invalid))


def _telling(held: list[Example]) -> Example | None:
    """The invalid example that tells most of this class: a wrong value rather than a missing one."""
    broken = sorted((e for e in held if e.code), key=lambda e: (not str(e.code).startswith(("MM2", "MM3")), e.file))
    return broken[0] if broken else None


def _said(sheet: Sheet, example: Example) -> str:
    report = machimori.validate(example.text, entity=example.class_name)
    if report.ok != (example.code is None):
        raise ValueError(f"{example.class_name}/{example.file}: the validator does not say what the name says")
    return md.fenced(verdict(report, sheet.language))


def _mappings(sheet: Sheet, name: str, class_: Entry) -> None:
    terms = [(md.code(name), class_), *((md.link(md.code(f), f"#{f}"), d) for f, d in class_["fields"].items())]
    table = sheet.mappings(terms)
    if table:
        sheet.add(md.heading(2, sheet.word("mappings"), "class-mappings"), table)


def _refused(sheet: Sheet, name: str, class_: Entry) -> None:
    """What a reader who knows other standards looks for in vain, why, and where to look."""
    entries = [e for e in sheet.book.catalogue["exclusions"].values() if e["class"] == name]
    if not entries and "instead" not in class_:
        return
    sheet.add(md.heading(2, sheet.word("not_in_model"), "class-exclusions"))
    if "instead" in class_:
        sheet.add(md.prose(class_["instead"][sheet.language]))
    if entries:
        header = [sheet.word(key) for key in ("term", "why", "instead")]
        rows = [(_refused_term(sheet, e), sheet.say(e["why"]), sheet.listed(_offered(sheet, e))) for e in entries]
        sheet.add(md.table(header, rows))


def _refused_term(sheet: Sheet, entry: Entry) -> str:
    return "<br>".join([sheet.say(entry["term"]), *map(md.address, entry["iris"])])


def _offered(sheet: Sheet, entry: Entry) -> Iterator[str]:
    for name in entry["instead"]:
        class_name, dot, field = name.partition(".")
        yield sheet.field_link(Use(class_name, field)) if dot else sheet.class_link(class_name)


def _used_by(sheet: Sheet, name: str) -> None:
    uses = sheet.book.users_of_range.get(name, [])
    if uses:
        shown = sheet.listed(sheet.field_link(u) for u in uses)
        sheet.add(md.heading(2, sheet.word("used_by"), "class-uses"), shown)
