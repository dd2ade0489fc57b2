"""A tour of the model: a spreadsheet converted, records checked, one field explained."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from machimori.catalogue import catalogue, paths
from machimori.findings.reporters import Style, Totals, reporter
from machimori.findings.reporters.colours import data_class_style

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SITES, RECORDS = "evacuation_sites.csv", "mixed.ndjson"
SHOWN_CLASS = "ElectricityUse"
SAID = {
    "en": {
        "convert": "A municipality's spreadsheet becomes records of the model, and nothing is lost in silence",
        "read": "{rows} rows read, {records} evacuation sites made",
        "row": "row {row}: {reason}",
        "validate": "Ten records from several systems are checked; three have a fault",
        "withheld": "The value of a field about a person is in no report, log or error.",
        "privacy": "Every field says how private it is: one half-hourly value of a smart meter",
        "field": "Field",
        "value": "Value",
        "class": "Data class",
        "profile": "Privacy profile",
        "hidden": "withheld",
        "why": "Why",
        "who": "Purposes",
        "public": "Public bodies",
        "group": "{access}, groups of {count} or more",
        "rescuers": "Rescuers",
        "rescue": "one named person in danger, by a rescue order",
        "next": "Go on with: machimori demo energy; machimori list; machimori describe ElectricityUse.energy",
    },
    "ja": {
        "convert": "自治体の表を参照モデルの記録に変換する。黙って失われるものはない",
        "read": "{rows}行を読み、指定緊急避難場所{records}件を作成",
        "row": "{row}行目：{reason}",
        "validate": "複数のシステムから届いた10件を検査する。3件に誤りがある",
        "withheld": "個人に関する項目の値は、報告にもログにもエラーにも現れない。",
        "privacy": "全ての項目が、どれほど私的であるかを示す。スマートメーターの30分値の例",
        "field": "項目",
        "value": "値",
        "class": "データ区分",
        "profile": "プライバシー区分",
        "hidden": "非表示",
        "why": "理由",
        "who": "利用目的",
        "public": "公的機関",
        "group": "{access}（{count}以上の集団に限る）",
        "rescuers": "救助する者",
        "rescue": "危険にある特定の一人について、救助の命令による",
        "next": "続きは：machimori demo energy、machimori list、machimori describe ElectricityUse.energy",
    },
}


def show(scenario: str, language: str, out: Console) -> None:
    """Show the parts of a scenario."""
    for number, part in enumerate(PARTS[scenario]):
        if number:
            out.print()
        out.print(SAID[language][part.__name__.removeprefix("_")], style="bold underline")
        part(language, out)
    out.print()
    out.print(SAID[language]["next"], style="dim")


def _convert(language: str, out: Console) -> None:
    from machimori.exchange import formats
    from machimori.exchange.reasons import KINDS

    with as_file(files("machimori.samples") / SITES) as path:
        losses = formats.read(path, "municipal").losses
    said = SAID[language]
    out.print(said["read"].format(rows=losses.rows, records=losses.records))
    table = _grid()
    for kind, count in losses.summary.items():
        table.add_row(str(count), getattr(KINDS[kind], language))
    out.print(table)
    for loss in losses.unconverted:
        out.print("  " + said["row"].format(row=loss.row, reason=loss.why(language)), style="yellow")


def _validate(language: str, out: Console) -> None:
    from machimori.validation.stream import validate_stream

    report = reporter("text", out.file, Style(language, out.is_terminal, remedies=True))
    with as_file(files("machimori.samples") / RECORDS) as path:
        found = validate_stream(path)
        for issue in found:
            report.finding(replace(issue, source=RECORDS))
    report.end(Totals(found.records, found.invalid, found.findings, found.ok))
    out.print(SAID[language]["withheld"])


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

    said, fields = SAID[language], catalogue.class_(SHOWN_CLASS).fields
    data_classes = catalogue.enumeration("DataClass").values
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("field", "value", "class", "profile"):
        table.add_column(said[column], no_wrap=column == "field")
    seen: list[str] = []
    for name, value in record.items():
        profile = fields[name].privacy
        seen += [profile] if profile not in seen else []
        style = data_class_style(profile)
        data_class = data_classes[profile.partition(".")[0]].title.text(language)
        shown = Text(said["hidden"], "dim") if paths.person_related(profile) else Text(str(value))
        table.add_row(
            f"{name}  {fields[name].title.text(language)}", shown, Text(data_class, style), Text(profile, style)
        )
    out.print(table)
    return seen


def _profile(name: str, language: str, out: Console) -> None:
    """Print why a profile is as it is, and who may receive what it covers."""
    said, profile = SAID[language], catalogue.model().profiles[name]
    purposes = catalogue.enumeration("Purpose").values
    access = catalogue.enumeration("GovernmentAccess").values[profile.government_access].title.text(language)
    grouped = profile.government_access == "aggregate_only"
    public = said["group"].format(access=access, count=profile.minimum_group) if grouped else access
    comma = "、" if language == "ja" else ", "
    out.print(f"{name}  {profile.title.text(language)}", style=data_class_style(name))
    table = _grid()
    table.add_row(said["why"], profile.why.text(language))
    table.add_row(said["who"], comma.join(purposes[p].title.text(language) for p in profile.purposes))
    table.add_row(said["public"], public)
    if profile.rescue:
        table.add_row(said["rescuers"], said["rescue"])
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
