"""The fields of a class: the table, and what is said of each."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Entry
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet


def header(sheet: Sheet, fields: dict[str, Entry]) -> list[str]:
    """The columns of the table of fields; units where there are any."""
    units = any(f.get("unit") for f in fields.values())
    return [sheet.word(h) for h in ("name", "title", "range", "cardinality", *(["unit"] if units else []), "privacy")]


def rows(sheet: Sheet, fields: dict[str, Entry]) -> list[list[str]]:
    """The table of fields."""
    units = any(f.get("unit") for f in fields.values())
    return [
        [
            md.link(md.code(name), f"#{name}"),
            sheet.say(field["title"]),
            sheet.range_link(field["range"]),
            cardinality(sheet, field),
            *([sheet.unit(field["unit"]) if field.get("unit") else ""] if units else []),
            sheet.badge(field["privacy"]),
        ]
        for name, field in fields.items()
    ]


def cardinality(sheet: Sheet, field: Entry) -> str:
    need = sheet.word("required" if field["required"] else "optional")
    if not field["multivalued"]:
        return need
    least = field.get("minimum_items")
    return sheet.listed([need, sheet.word("or_more", least=least) if least else sheet.word("many")])


def facts(sheet: Sheet, field: Entry) -> list[Markdown]:
    """Everything that the model says about one field besides its title and description."""
    return [sheet.labelled(key, value) for key, value in _facts(sheet, field)]


def _facts(sheet: Sheet, field: Entry) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = [
        ("privacy", sheet.badge(field["privacy"])),
        ("range", sheet.range_link(field["range"]) + sheet.brackets(md.code(field["range"]))),
        ("cardinality", cardinality(sheet, field)),
    ]
    if field.get("unit"):
        codes = Markdown(f"UCUM `{field['unit']['ucum']}`, UN/CEFACT Rec 20 `{field['unit']['rec20']}`")
        facts.append(("unit", md.plain(sheet.unit(field["unit"])) + sheet.brackets(codes)))
    if "minimum" in field or "maximum" in field:
        facts.append(("bounds", Markdown(f"{number(field.get('minimum'))} – {number(field.get('maximum'))}")))
    if field.get("pattern"):
        facts.append(("pattern", md.code(field["pattern"])))
    if field.get("source"):
        facts.append(("source", md.prose(field["source"])))
    if field.get("homonym"):
        facts.append(("homonym", field["homonym"]))
    facts.append(("term", md.code(field["iri"])))
    return facts


def number(value: float | None) -> str:
    """A bound as people write it: 100,000."""
    if value is None:
        return ""
    return f"{value:,}" if abs(value) < 1e15 else f"{value:g}"
