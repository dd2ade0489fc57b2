"""``machimori describe``: a class or a field with all that the catalogue says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Class, Field, Term
from machimori.cli.app import command
from machimori.cli.command import argument
from machimori.cli.exit_status import Status
from machimori.messages import msgid

if TYPE_CHECKING:
    from rich.table import Table

    from machimori.catalogue.paths import Resolved
    from machimori.cli.sheet import Sheet

COUNTS = {(True, False): "1", (False, False): "0..1", (True, True): "1..*", (False, True): "0..*"}
"""Occurrences by (required, multivalued)."""
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
        _print_field(Sheet(language), name, paths.resolve(name))
    else:
        _print_class(Sheet(language), catalogue.class_(class_name))
    return Status.GOOD


def _print_class(sheet: Sheet, class_: Class) -> None:
    from machimori.cli.sheet import titled

    sheet.heading(class_.name, class_)
    domain = catalogue.model().domains.get(class_.domain)
    sheet.facts(
        [
            (sheet.named(msgid("Kind")), sheet.named(_kind(class_))),
            (sheet.named(msgid("Domain")), titled(domain) if domain else class_.domain),
            (sheet.named(msgid("Data subject")), class_.data_subject),
            (
                sheet.named(msgid("Never leaves the device that made it")),
                sheet.named(msgid("yes")) if class_.stays_on_device else None,
            ),
            (sheet.named(msgid("Concrete classes")), ", ".join(class_.members)),
            (sheet.named(msgid("Kind of")), class_.parent),
            (sheet.named(msgid("Order of times")), ", ".join(" < ".join(pair) for pair in class_.ordered)),
            (
                sheet.named(msgid("Counts of people go to others at most once in")),
                f"{class_.figures.every} ({class_.figures.at}; {', '.join(class_.figures.of)})"
                if class_.figures
                else None,
            ),
            (sheet.named(msgid("Source")), class_.source),
            (sheet.named(msgid("Mappings")), _mappings(class_)),
            ("IRI", class_.iri),
        ]
    )
    sheet.out.print()
    sheet.out.print(_fields(sheet, class_))
    _print_refused(sheet, class_)


def _kind(class_: Class) -> str:
    """What a class is, the first that holds."""
    if class_.abstract:
        return msgid("Abstract class")
    if class_.root:
        return msgid("Record that travels on its own")
    return msgid("Value object") if class_.value_object else msgid("Part of another record")


def _fields(sheet: Sheet, class_: Class) -> Table:
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
    for name, field in class_.fields.items():
        table.add_row(
            name,
            sheet.of(field.title),
            _range(sheet, field),
            _count(field),
            _unit(sheet, field),
            Text(field.privacy, data_class_style(field.privacy)),
        )
    return table


def _print_refused(sheet: Sheet, class_: Class) -> None:
    """What other standards have and this class does not, why, and what serves instead."""
    entries = catalogue.exclusions(class_.name)
    if not entries and class_.instead is None:
        return
    sheet.section(sheet.named(msgid("Not in the model, and what there is instead")))
    if class_.instead is not None:
        sheet.out.print(sheet.of(class_.instead))
    for entry in entries:
        sheet.out.print()
        sheet.out.print(sheet.of(entry.term))
        why, instead = sheet.of(entry.why), sheet.listed(entry.instead)
        sheet.facts([(sheet.named(msgid("Why")), why), (sheet.named(msgid("Instead")), instead)])


def _print_field(sheet: Sheet, name: str, found: Resolved) -> None:
    from machimori.cli.profile_sheet import print_profile

    field = found.field
    sheet.heading(name, field)
    sheet.facts(
        [
            (sheet.named(msgid("Range")), _range(sheet, field)),
            (sheet.named(msgid("How many")), _count(field)),
            (sheet.named(msgid("Bounds")), _bounds(field)),
            (sheet.named(msgid("Unit")), _unit(sheet, field)),
            (sheet.named(msgid("Pattern")), field.pattern or (field.type.pattern if field.type else None)),
            (sheet.named(msgid("Source")), field.source),
            (sheet.named(msgid("Same name elsewhere")), field.homonym),
            (sheet.named(msgid("Mappings")), _mappings(field)),
            ("IRI", field.iri),
        ]
    )
    if field.enum is not None:
        sheet.section(sheet.named(msgid("Value")))
        sheet.facts((name, sheet.of(value.title)) for name, value in field.enum.values.items())
    print_profile(sheet, found.profile)


def _range(sheet: Sheet, field: Field) -> str:
    if field.class_ is not None:
        return field.range if field.inlined else f"→ {field.range}"
    return sheet.named(BUILT_IN[field.range]) if field.range in BUILT_IN else field.range


def _bounds(field: Field) -> str:
    return "" if field.minimum is None or field.maximum is None else f"{field.minimum} … {field.maximum}"


def _count(field: Field) -> str:
    return f"{field.minimum_items}..*" if field.minimum_items else COUNTS[field.required, field.multivalued]


def _unit(sheet: Sheet, field: Field) -> str:
    return sheet.of(catalogue.unit_symbols()[field.unit.ucum]) if field.unit else ""


def _mappings(term: Term) -> str:
    mappings = term.mappings
    return ", ".join([*(f"= {iri}" for iri in mappings.exact), *(f"≈ {iri}" for iri in mappings.close)])
