"""The page of a class."""

from __future__ import annotations

from collections.abc import Iterator

import machimori
from machimori.build.pages import fields, statistics
from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry, Example, Use
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.verdict import verdict
from machimori.build.pages.words import Language
from machimori.catalogue import catalogue


def pages(book: Book, language: Language) -> dict[str, str]:
    return {f"classes/{name}.md": _page(book, language, name, class_) for name, class_ in book.classes.items()}


def _page(book: Book, language: Language, name: str, class_: Entry) -> str:
    sheet = Sheet(book, language, f"classes/{name}.md")
    domain, subject = class_["domain"], class_["data_subject"]
    held = book.examples.get(name, [])
    return sheet.page(
        "class.md",
        name=name,
        class_=class_,
        schema=None if class_["abstract"] else f"reference/schemas/{name}.json",
        download=sheet.link("JSON Schema", f"schemas/{name}.json"),
        crumbs=(
            (sheet.word("reference"), "index.md"),
            (book.domains[domain]["title"][language], f"domains/{domain}.md"),
        ),
        subject=md.link(md.code(subject), f"#{subject}") if subject else None,
        facts=_facts(sheet, name, class_),
        header=fields.header(sheet, class_["fields"]),
        rows=fields.rows(sheet, class_["fields"]),
        inlined=any(f["inlined"] for f in class_["fields"].values()),
        fields=[{"name": n, "held": f, "facts": fields.facts(sheet, f)} for n, f in class_["fields"].items()],
        statistics=statistics.told(sheet, name),
        valid=next((e for e in held if e.code is None), None),
        invalid=_telling(held),
        verdict=lambda example: _said(sheet, example),
        mapped=sheet.mapped(_terms(name, class_)),
        excluded=_excluded(sheet, name),
        uses=sheet.listed(sheet.field_link(u) for u in book.users_of_range.get(name, [])),
    )


def _facts(sheet: Sheet, name: str, class_: Entry) -> list[Markdown]:
    kind = next((k for k in ("abstract", "root", "value_object") if class_[k]), "part")
    rows = [
        ("kind", sheet.word(kind)),
        ("domain", sheet.domain_link(class_["domain"])),
        ("parent", sheet.class_link(class_["parent"]) if class_["parent"] else ""),
        ("members", sheet.listed(sheet.class_link(m) for m in class_["members"])),
        ("ordered", sheet.listed(Markdown(f"`{first}` < `{second}`") for first, second in class_["ordered"])),
        ("figures", _figures(class_.get("figures"))),
        ("source", md.prose(class_.get("source", ""))),
        ("term", md.code(class_["iri"])),
        ("in_python", md.code(f"from {_package(name, class_)} import {name}")),
    ]
    return [sheet.labelled(key, value) for key, value in rows if value]


def _figures(figures: Entry | None) -> Markdown | str:
    """How often others get what a facility states, by which time, and what tells facilities apart."""
    if not figures:
        return ""
    of = ", ".join(f"`{name}`" for name in figures["of"])
    return Markdown(f"`{figures['every']}` (`{figures['at']}`; {of})")


def _package(name: str, class_: Entry) -> str:
    """From where a class is imported: an extension brings its own."""
    extension = catalogue.extension_of("classes", name)
    return f"machimori.model.{class_['domain']}" if extension is None else extension.package


def _telling(held: list[Example]) -> Example | None:
    """The invalid example that tells most of this class: a wrong value rather than a missing one."""
    broken = sorted((e for e in held if e.code), key=lambda e: (not str(e.code).startswith(("MM2", "MM3")), e.file))
    return broken[0] if broken else None


def _said(sheet: Sheet, example: Example) -> str:
    report = machimori.validate(example.text, entity=example.class_name)
    if report.ok != (example.code is None):
        raise ValueError(f"{example.class_name}/{example.file}: the validator does not say what the name says")
    return verdict(report, sheet.language)


def _terms(name: str, class_: Entry) -> Iterator[tuple[Markdown, Entry]]:
    yield md.code(name), class_
    yield from ((md.link(md.code(f), f"#{f}"), field) for f, field in class_["fields"].items())


def _excluded(sheet: Sheet, name: str) -> list[tuple[Markdown, str, Markdown]]:
    """What a reader who knows other standards looks for in vain, why, and where to look."""
    entries = [e for e in sheet.book.catalogue["exclusions"].values() if e["class"] == name]
    return [(_refused_term(sheet, e), sheet.say(e["why"]), sheet.listed(_offered(sheet, e))) for e in entries]


def _refused_term(sheet: Sheet, entry: Entry) -> Markdown:
    return md.lines([md.plain(sheet.say(entry["term"])), *map(md.address, entry["iris"])])


def _offered(sheet: Sheet, entry: Entry) -> Iterator[Markdown]:
    for name in entry["instead"]:
        class_name, dot, field = name.partition(".")
        yield sheet.field_link(Use(class_name, field)) if dot else sheet.class_link(class_name)
