"""The page of a privacy profile, and the list of all."""

from __future__ import annotations

from typing import Any

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language
from machimori.privacy.decision import recipients

INHERITED = "inherited"
AXIS_CLASS = "PrivacyProfile"
AXES = (
    "data_class",
    "identifiability",
    "government_access",
    "purposes",
    "minimum_group",
    "granularity",
    "traceable",
    "retention",
    "rescue",
    "biometric",
    "other_person",
    "statutory_task",
    "dpv",
    "law_version",
)


def pages(book: Book, language: Language) -> dict[str, str]:
    held = {f"profiles/{name}.md": _page(book, language, name, axes) for name, axes in book.profiles.items()}
    return held | {"profiles/index.md": _index(book, language)}


def _index(book: Book, language: Language) -> str:
    sheet = Sheet(book, language, "profiles/index.md")
    rows = [
        (
            sheet.badge(name),
            axes["title"][language],
            axes["title"][sheet.other],
            sheet.values("GovernmentAccess", [axes["government_access"]]) if name != INHERITED else "",
            len(book.users_of_profile.get(name, [])),
        )
        for name, axes in book.profiles.items()
    ]
    return sheet.page("profiles.md", rows=rows, access=book.classes[AXIS_CLASS]["fields"]["government_access"])


def _page(book: Book, language: Language, name: str, axes: Entry) -> str:
    sheet = Sheet(book, language, f"profiles/{name}.md")
    inherited = name == INHERITED
    facts: dict[str, Any] = (
        {"values": _axes(sheet, axes), **_access(sheet, name), "sources": _sources(sheet, axes)}
        if not inherited
        else {}
    )
    return sheet.page("profile.md", name=name, axes=axes, inherited=inherited, users=_users(sheet, name), **facts)


def _axes(sheet: Sheet, axes: Entry) -> list[tuple[Markdown, str]]:
    described = sheet.book.classes[AXIS_CLASS]["fields"]
    return [
        (
            sheet.link(described[axis]["title"][sheet.language], f"classes/{AXIS_CLASS}.md#{axis}"),
            _value(sheet, axis, axes.get(axis)),
        )
        for axis in AXES
    ]


def _value(sheet: Sheet, axis: str, value: Any) -> str:
    field = sheet.book.classes[AXIS_CLASS]["fields"][axis]
    if axis == "granularity":
        return _parts(sheet, "Granularity", value or {})
    if axis == "statutory_task" and value:
        return md.plain(value["statute"]) + sheet.brackets(sheet.values("Purpose", value["purposes"]))
    if value is None or value == []:
        return sheet.word("none")
    if isinstance(value, bool):
        return sheet.word("yes" if value else "no")
    if field["range"] in sheet.book.enums:
        return sheet.values(field["range"], value if isinstance(value, list) else [value])
    if axis == "dpv":
        return md.lines(_category(sheet, iri) for iri in value)
    return md.code_cell(str(value))


def _parts(sheet: Sheet, class_name: str, held: dict[str, Any]) -> str:
    described = sheet.book.classes[class_name]["fields"]
    colon = sheet.marks["colon"]
    shown = [
        Markdown(f"{md.plain(sheet.say(described[k]['title']))}{colon}{md.code(str(v))}")
        for k, v in held.items()
        if v is not None
    ]
    return md.lines(shown) or sheet.word("none")


def _category(sheet: Sheet, iri: str) -> Markdown:
    """A DPV category: by address where DPV has it, by its own title where the model adds it."""
    own = sheet.book.catalogue["categories"].get(iri.rpartition("/")[2].rpartition(":")[2])
    if own:
        return md.plain(sheet.say(own["title"])) + sheet.brackets(md.code_cell(own["iri"]))
    return md.address(iri) if iri.startswith("http") else md.code_cell(iri)


def _access(sheet: Sheet, name: str) -> dict[str, Any]:
    """Who may receive what of it: a requester a row, a form a column."""
    rows = [
        [sheet.say(row.title), *(_cell(sheet, name, requester, form) for form in recipients.FORMS)]
        for requester, row in recipients.requesters().items()
    ]
    forms = sheet.book.enums["DisclosureForm"]["values"]
    header = [sheet.word("requester"), *(sheet.say(forms[f]["title"]) for f in recipients.FORMS)]
    return {"forms": header, "recipients": rows}


def _cell(sheet: Sheet, name: str, requester: str, form: str) -> str:
    colon = sheet.marks["colon"]
    granted = recipients.granted(name, requester, form)
    shown = [Markdown(f"{sheet.rule_link(g.rule)}{colon}{md.plain(sheet.say(g.when))}") for g in granted]
    return md.lines(shown) or "―"


def _sources(sheet: Sheet, axes: Entry) -> list[tuple[Markdown, str]]:
    kinds = sheet.book.enums["BasisKind"]["values"]
    return [(md.prose(b["source"]), sheet.say(kinds[b["basis"]]["title"])) for b in axes["basis"]]


def _users(sheet: Sheet, name: str) -> list[tuple[Markdown, str, Markdown]]:
    """A class a row, with its fields of the profile."""
    by_class: dict[str, list[Markdown]] = {}
    for use in sheet.book.users_of_profile.get(name, []):
        by_class.setdefault(use.class_name, []).append(sheet.field_link(use, bare=True))
    classes = sheet.book.classes
    return [(sheet.class_link(c), sheet.say(classes[c]["title"]), sheet.listed(f)) for c, f in by_class.items()]
