"""``machimori describe``: a class or a field with all that the catalogue says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from machimori.catalogue import catalogue, paths
from machimori.cli.app import command
from machimori.cli.command import argument
from machimori.cli.exit_status import Status
from machimori.errors import UnknownNameError
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.table import Table

    from machimori.cli.sheet import Sheet

COUNTS = {(True, False): "1", (False, False): "0..1", (True, True): "1..*", (False, True): "0..*"}
"""Occurrences by (required, multivalued)."""
KINDS = {
    "abstract": msgid("Abstract class"),
    "root": msgid("Record that travels on its own"),
    "value_object": msgid("Value object"),
}
"""What a class may be, the first that it is; else a part of another record."""
BUILT_IN = {
    "string": msgid("Text"),
    "integer": msgid("Whole number"),
    "double": msgid("Number", context="a type of values"),
    "boolean": msgid("True or false"),
}
"""Types of values that the model does not name itself."""


@command(
    "describe",
    details=msgid("What it means, how private it is, why, and who may receive it in which form."),
    examples=("machimori describe ElectricityUse", "machimori describe Trip.origin.latitude --lang ja"),
)
@argument("name", metavar="CLASS[.FIELD]", help=msgid("A class, or a field in it; dots go further in."))
@click.pass_obj
def describe(language: str, *, name: str) -> int:
    """Print a class (``Trip``) or a field (``Trip.origin``; dots go on into value objects)."""
    from machimori.cli.sheet import Sheet

    class_name, _, path = name.partition(".")
    if path:
        _print_field(Sheet(language), _found(class_name, path))
    else:
        _print_class(Sheet(language), class_name, catalogue.class_data(class_name))
    return Status.GOOD


@dataclass(frozen=True, slots=True)
class Found:
    """A field with the way to it and the strictest profile on that way."""

    path: str
    data: dict[str, Any]
    profile: str


def _found(class_name: str, path: str) -> Found:
    owners, profile, field = [class_name], None, None
    for key in path.split("."):
        field = next((f for f in (catalogue.class_data(o)["fields"].get(key) for o in owners) if f), None)
        if field is None:
            if not owners:
                raise UnknownNameError("field", f"{class_name}.{path}")
            catalogue.field_data(owners[0], key)
            raise UnknownNameError("field", f"{class_name}.{path}")
        profile = paths.stricter(profile, field["privacy"]) or paths.INHERITED
        range_ = field["range"]
        owners = (catalogue.class_data(range_)["members"] or [range_]) if field["inlined"] else []
    assert field is not None
    return Found(f"{class_name}.{path}", field, str(profile))


def _print_class(sheet: Sheet, name: str, class_: dict[str, Any]) -> None:
    from machimori.cli.sheet import titled

    sheet.heading(name, class_)
    domain = catalogue.catalogue()["domains"].get(class_["domain"])
    kind = next((told for kind, told in KINDS.items() if class_[kind]), msgid("Part of another record"))
    sheet.facts(
        [
            (sheet.named(msgid("Kind")), sheet.named(kind)),
            (sheet.named(msgid("Domain")), titled(domain) if domain else class_["domain"]),
            (sheet.named(msgid("Data subject")), class_["data_subject"]),
            (
                sheet.named(msgid("Never leaves the device that made it")),
                sheet.named(msgid("yes")) if class_["stays_on_device"] else None,
            ),
            (sheet.named(msgid("Concrete classes")), ", ".join(class_["members"])),
            (sheet.named(msgid("Kind of")), class_["parent"]),
            (sheet.named(msgid("Order of times")), ", ".join(" < ".join(pair) for pair in class_["ordered"])),
            (sheet.named(msgid("Source")), class_.get("source")),
            (sheet.named(msgid("Mappings")), _mappings(class_)),
            ("IRI", class_["iri"]),
        ]
    )
    sheet.out.print()
    sheet.out.print(_fields(sheet, class_))
    _print_refused(sheet, name, class_)


def _fields(sheet: Sheet, class_: dict[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from machimori.findings.reporters.colours import data_class_style

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(sheet.named(msgid("Name")), no_wrap=True)
    table.add_column(sheet.named(msgid("Title")))
    table.add_column(sheet.named(msgid("Range")))
    table.add_column(sheet.named(msgid("How many")), no_wrap=True)
    table.add_column(sheet.named(msgid("Unit")))
    table.add_column(sheet.named(msgid("Privacy")))
    for name, field in class_["fields"].items():
        table.add_row(
            name,
            sheet.of(field["title"]),
            _range(sheet, field),
            _count(field),
            _unit(sheet, field),
            Text(field["privacy"], data_class_style(field["privacy"])),
        )
    return table


def _print_refused(sheet: Sheet, name: str, class_: dict[str, Any]) -> None:
    """What other standards have and this class does not, why, and what serves instead."""
    entries = catalogue.exclusions(name)
    if not entries and "instead" not in class_:
        return
    sheet.section(sheet.named(msgid("Not in the model, and what there is instead")))
    if "instead" in class_:
        sheet.out.print(sheet.of(class_["instead"]))
    for entry in entries:
        sheet.out.print()
        sheet.out.print(sheet.of(entry["term"]))
        why, instead = sheet.of(entry["why"]), sheet.listed(entry["instead"])
        sheet.facts([(sheet.named(msgid("Why")), why), (sheet.named(msgid("Instead")), instead)])


def _print_field(sheet: Sheet, found: Found) -> None:
    from machimori.cli.profile_sheet import print_profile

    field = found.data
    sheet.heading(found.path, field)
    bounds = f"{field['minimum']} … {field['maximum']}" if "minimum" in field and "maximum" in field else ""
    type_ = catalogue.catalogue()["types"].get(field["range"], {})
    sheet.facts(
        [
            (sheet.named(msgid("Range")), _range(sheet, field)),
            (sheet.named(msgid("How many")), _count(field)),
            (sheet.named(msgid("Bounds")), bounds),
            (sheet.named(msgid("Unit")), _unit(sheet, field)),
            (sheet.named(msgid("Pattern")), field.get("pattern") or type_.get("pattern")),
            (sheet.named(msgid("Source")), field.get("source")),
            (sheet.named(msgid("Same name elsewhere")), field.get("homonym")),
            (sheet.named(msgid("Mappings")), _mappings(field)),
            ("IRI", field["iri"]),
        ]
    )
    enum = catalogue.catalogue()["enums"].get(field["range"])
    if enum is not None:
        sheet.section(sheet.named(msgid("Value")))
        sheet.facts((name, sheet.of(value["title"])) for name, value in enum["values"].items())
    print_profile(sheet, found.profile)


def _range(sheet: Sheet, field: dict[str, Any]) -> str:
    range_ = str(field["range"])
    if range_ in catalogue.catalogue()["classes"]:
        return range_ if field["inlined"] else f"→ {range_}"
    return sheet.named(BUILT_IN[range_]) if range_ in BUILT_IN else range_


def _count(field: dict[str, Any]) -> str:
    least = field.get("minimum_items")
    return f"{least}..*" if least else COUNTS[field["required"], field["multivalued"]]


def _unit(sheet: Sheet, field: dict[str, Any]) -> str:
    ucum = str((field.get("unit") or {}).get("ucum", ""))
    return sheet.of(catalogue.unit_symbols()[ucum]) if ucum else ""


def _mappings(term: dict[str, Any]) -> str:
    mappings = term["mappings"]
    return ", ".join([*(f"= {iri}" for iri in mappings["exact"]), *(f"≈ {iri}" for iri in mappings["close"])])
