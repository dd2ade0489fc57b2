"""The fields of a class: the table, and one section each with an anchor."""

from __future__ import annotations

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Entry
from machimori.build.pages.sheet import Sheet


def table(sheet: Sheet, fields: dict[str, Entry]) -> str:
    units = any(f.get("unit") for f in fields.values())
    header = ["name", "title", "range", "cardinality", *(["unit"] if units else []), "privacy"]
    rows = []
    for name, field in fields.items():
        unit = [sheet.unit(field["unit"]) if field.get("unit") else ""] if units else []
        rows.append(
            [
                md.link(md.code(name), f"#{name}"),
                sheet.say(field["title"]),
                sheet.range_link(field["range"]),
                cardinality(sheet, field),
                *unit,
                sheet.badge(field["privacy"]),
            ]
        )
    return md.table([sheet.word(h) for h in header], rows)


def cardinality(sheet: Sheet, field: Entry) -> str:
    need = sheet.word("required" if field["required"] else "optional")
    if not field["multivalued"]:
        return need
    least = field.get("minimum_items")
    return sheet.listed([need, sheet.word("or_more", least=least) if least else sheet.word("many")])


def section(sheet: Sheet, name: str, field: Entry) -> list[str]:
    """Everything that the model says about one field."""
    return [
        md.heading(3, f"{md.code(name)} {sheet.say(field['title'])}", name),
        sheet.beside(field["title"], field.get("reading")),
        md.prose(field["description"][sheet.language]),
        md.items(sheet.labelled(key, value) for key, value in _facts(sheet, field)),
    ]


def _facts(sheet: Sheet, field: Entry) -> list[tuple[str, str]]:
    facts = [
        ("privacy", sheet.badge(field["privacy"])),
        ("range", sheet.range_link(field["range"]) + sheet.brackets(f"`{field['range']}`")),
        ("cardinality", cardinality(sheet, field)),
    ]
    if field.get("unit"):
        codes = f"UCUM `{field['unit']['ucum']}`, UN/CEFACT Rec 20 `{field['unit']['rec20']}`"
        facts.append(("unit", sheet.unit(field["unit"]) + sheet.brackets(codes)))
    if "minimum" in field or "maximum" in field:
        facts.append(("bounds", f"{number(field.get('minimum'))} – {number(field.get('maximum'))}"))
    if field.get("pattern"):
        facts.append(("pattern", md.code(field["pattern"])))
    if field.get("source"):
        facts.append(("source", md.prose(field["source"])))
    if field.get("homonym"):
        facts.append(("homonym", md.plain(field["homonym"])))
    facts.append(("term", md.code(field["iri"])))
    return facts


def number(value: float | None) -> str:
    """A bound as people write it: 100,000."""
    if value is None:
        return ""
    return f"{value:,}" if abs(value) < 1e15 else f"{value:g}"
