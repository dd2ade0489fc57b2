"""A tour of the model: a spreadsheet converted, records checked, one field explained."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from machimori import messages
from machimori.catalogue import catalogue, paths
from machimori.findings.reporters import Style, Totals, reporter
from machimori.findings.reporters.colours import data_class_style
from machimori.messages import Message, Spoken, msgid

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SITES, RECORDS = "evacuation_sites.csv", "mixed.ndjson"
SHOWN_CLASS = "ElectricityUse"
TITLES = {
    "convert": msgid("A municipality's spreadsheet becomes records of the model, and nothing is lost in silence"),
    "validate": msgid("Ten records from several systems are checked; three have a fault"),
    "privacy": msgid("Every field says how private it is: one half-hourly value of a smart meter"),
}
COLUMNS = (
    msgid("Field", context="over a column"),
    msgid("Value", context="over a column"),
    msgid("Data class", context="over a column"),
    msgid("Privacy profile", context="over a column"),
)


def show(scenario: str, language: str, out: Console) -> None:
    """Show the parts of a scenario."""
    for number, part in enumerate(PARTS[scenario]):
        if number:
            out.print()
        out.print(messages.text(language, TITLES[part.__name__.removeprefix("_")]), style="bold underline")
        part(language, out)
    out.print()
    out.print(
        messages.text(
            language, "Go on with: machimori demo energy; machimori list; machimori describe ElectricityUse.energy"
        ),
        style="dim",
    )


def _convert(language: str, out: Console) -> None:
    from machimori.exchange import formats
    from machimori.exchange.reasons import LOSS_KINDS

    with as_file(files("machimori.samples") / SITES) as path:
        losses = formats.read(path, "municipal").losses
    out.print(
        messages.text(
            language, "{rows} rows read, {records} evacuation sites made", rows=losses.rows, records=losses.records
        )
    )
    table = _grid()
    for kind, count in losses.summary.items():
        table.add_row(str(count), messages.text(language, LOSS_KINDS[kind].title))
    out.print(table)
    for loss in losses.unconverted:
        out.print(
            "  " + messages.text(language, "row {row}: {reason}", row=loss.row, reason=loss.message), style="yellow"
        )


def _validate(language: str, out: Console) -> None:
    from machimori.validation.stream import validate_stream

    report = reporter("text", out.file, Style(language, out.is_terminal, remedies=True))
    with as_file(files("machimori.samples") / RECORDS) as path:
        found = validate_stream(path)
        for issue in found:
            report.finding(replace(issue, source=RECORDS))
    report.end(Totals(found.records, found.invalid, found.findings, found.ok))
    out.print(messages.text(language, "The value of a field about a person is in no report, log or error."))


def _privacy(language: str, out: Console) -> None:
    text = (files("machimori.samples") / RECORDS).read_text(encoding="utf-8")
    record = next(r for r in map(json.loads, text.splitlines()) if r["type"] == SHOWN_CLASS)
    profiles = _fields(record, language, out)
    for name in profiles:
        out.print()
        _profile(name, language, out)


def _fields(record: dict[str, Any], language: str, out: Console) -> list[str]:
    """Print the fields of a record; the profiles among them in the order in which they come."""
    from rich.table import Table
    from rich.text import Text

    fields = catalogue.class_(SHOWN_CLASS).fields
    data_classes = catalogue.enumeration("DataClass").values
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, column in enumerate(COLUMNS):
        table.add_column(messages.text(language, column), no_wrap=not number)
    seen: list[str] = []
    for name, value in record.items():
        profile = fields[name].privacy
        seen += [profile] if profile not in seen else []
        style = data_class_style(profile)
        data_class = data_classes[profile.partition(".")[0]].title.text(language)
        shown = Text(messages.text(language, "withheld"), "dim") if paths.person_related(profile) else Text(str(value))
        table.add_row(
            f"{name}  {fields[name].title.text(language)}", shown, Text(data_class, style), Text(profile, style)
        )
    out.print(table)
    return seen


def _profile(name: str, language: str, out: Console) -> None:
    """Print why a profile is as it is, and who may receive what it covers."""
    profile = catalogue.model().profiles[name]
    purposes = catalogue.enumeration("Purpose").values
    access: Spoken = catalogue.enumeration("GovernmentAccess").values[profile.government_access].title
    if profile.government_access == "aggregate_only":
        access = Message("{access}, groups of {count} or more", access=access, count=profile.minimum_group)
    out.print(f"{name}  {profile.title.text(language)}", style=data_class_style(name))
    table = _grid()
    table.add_row(messages.text(language, "Why"), profile.why.text(language))
    allowed = messages.joined(language, [purposes[p].title for p in profile.purposes])
    table.add_row(messages.text(language, "Purposes"), allowed)
    table.add_row(messages.text(language, "Public bodies"), access.text(language))
    if profile.rescue:
        told = messages.text(language, "one named person in danger, by a rescue order")
        table.add_row(messages.text(language, "Rescuers"), told)
    out.print(table)


def _grid() -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    return table


Part = Callable[[str, "Console"], None]
PARTS: dict[str, tuple[Part, ...]] = {
    "tour": (_convert, _validate, _privacy),
    "convert": (_convert,),
    "validate": (_validate,),
    "privacy": (_privacy,),
}
"""What each scenario shows, in order."""
