"""The page of a privacy profile, and the list of all."""

from __future__ import annotations

from typing import Any

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Book, Entry
from machimori.build.pages.sheet import Sheet
from machimori.build.pages.words import Language, other
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
    sheet.add(
        md.front_matter(title=sheet.word("profiles")),
        md.heading(1, sheet.word("profiles")),
        md.link(sheet.word("reference"), sheet.to("index.md")),
    )
    rows = [
        (
            sheet.badge(name),
            sheet.say(axes["title"]),
            md.plain(axes["title"][other(language)]),
            sheet.values("GovernmentAccess", [axes["government_access"]]) if name != INHERITED else "",
            str(len(book.users_of_profile.get(name, []))),
        )
        for name, axes in book.profiles.items()
    ]
    header = [
        sheet.word("profile"),
        sheet.word("title"),
        sheet.word("other_title"),
        _axis_title(sheet, "government_access"),
        sheet.word("fields"),
    ]
    sheet.add(md.table(header, rows))
    return sheet.text()


def _page(book: Book, language: Language, name: str, axes: Entry) -> str:
    sheet = Sheet(book, language, f"profiles/{name}.md")
    crumbs = ((sheet.word("reference"), "index.md"), (sheet.word("profiles"), "profiles/index.md"))
    sheet.opening(axes, name, *crumbs, search={"boost": 1.5})
    if name == INHERITED:
        sheet.add(sheet.sentence("inherited"))
        _users(sheet, name)
        return sheet.text()
    sheet.add(md.paragraph(f"{sheet.data_class_badge(axes['data_class'])} `{name}`", ".mm-banner"))
    sheet.add(md.heading(2, sheet.word("why"), "why"), md.prose(axes["why"][language]))
    sheet.add(md.heading(2, sheet.word("axes"), "axes"), _axes(sheet, axes))
    _access(sheet, name, axes)
    _sources(sheet, axes)
    _users(sheet, name)
    return sheet.text()


def _axis_title(sheet: Sheet, axis: str) -> str:
    return sheet.say(sheet.book.classes[AXIS_CLASS]["fields"][axis]["title"])


def _axes(sheet: Sheet, axes: Entry) -> str:
    described = sheet.book.classes[AXIS_CLASS]["fields"]
    rows = [
        (
            md.link(described[axis]["title"][sheet.language], sheet.to(f"classes/{AXIS_CLASS}.md#{axis}")),
            _value(sheet, axis, axes.get(axis)),
        )
        for axis in AXES
    ]
    return md.table((sheet.word("axis"), sheet.word("value")), rows)


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
        return "<br>".join(_category(sheet, iri) for iri in value)
    return md.code_cell(str(value))


def _parts(sheet: Sheet, class_name: str, held: dict[str, Any]) -> str:
    described = sheet.book.classes[class_name]["fields"]
    colon = sheet.marks["colon"]
    shown = [f"{sheet.say(described[k]['title'])}{colon}`{v}`" for k, v in held.items() if v is not None]
    return "<br>".join(shown) or sheet.word("none")


def _category(sheet: Sheet, iri: str) -> str:
    """A DPV category: by address where DPV has it, by its own title where the model adds it."""
    own = sheet.book.catalogue["categories"].get(iri.rpartition("/")[2].rpartition(":")[2])
    if own:
        return sheet.say(own["title"]) + sheet.brackets(md.code_cell(own["iri"]))
    return md.address(iri) if iri.startswith("http") else md.code_cell(iri)


def _access(sheet: Sheet, name: str, axes: Entry) -> None:
    sheet.add(md.heading(2, sheet.word("who"), "who"), sheet.sentence("matrix"))
    if axes["data_class"] == "operational":
        sheet.add(sheet.sentence("operational_note"))
    rows = [
        [sheet.say(row.title), *(_cell(sheet, name, requester, form) for form in recipients.FORMS)]
        for requester, row in recipients.requesters().items()
    ]
    forms = sheet.book.enums["DisclosureForm"]["values"]
    header = [sheet.word("requester"), *(sheet.say(forms[f]["title"]) for f in recipients.FORMS)]
    sheet.add(md.table(header, rows))
    if axes["person_related"]:
        sheet.add(sheet.sentence("counsel"))


def _cell(sheet: Sheet, name: str, requester: str, form: str) -> str:
    colon = sheet.marks["colon"]
    shown = [f"{sheet.rule_link(g.rule)}{colon}{sheet.say(g.when)}" for g in recipients.granted(name, requester, form)]
    return "<br>".join(shown) or "―"


def _sources(sheet: Sheet, axes: Entry) -> None:
    kinds = sheet.book.enums["BasisKind"]["values"]
    rows = [(md.prose(b["source"]), sheet.say(kinds[b["basis"]]["title"])) for b in axes["basis"]]
    sheet.add(
        md.heading(2, sheet.word("sources"), "sources"), md.table((sheet.word("source"), sheet.word("basis")), rows)
    )
    if axes.get("future_law"):
        sheet.add(sheet.labelled("future_law", md.prose(axes["future_law"][sheet.language])))


def _users(sheet: Sheet, name: str) -> None:
    sheet.add(md.heading(2, sheet.word("fields_with"), "fields"))
    by_class: dict[str, list[str]] = {}
    for use in sheet.book.users_of_profile.get(name, []):
        by_class.setdefault(use.class_name, []).append(sheet.field_link(use, bare=True))
    if not by_class:
        sheet.add(sheet.sentence("unused"))
        return
    rows = [
        (sheet.class_link(c), sheet.say(sheet.book.classes[c]["title"]), sheet.listed(f)) for c, f in by_class.items()
    ]
    sheet.add(md.table((sheet.word("class"), sheet.word("title"), sheet.word("fields")), rows))
