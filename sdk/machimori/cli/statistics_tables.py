"""``machimori statistics --tables CLASS``: what can be asked of a class, each table with a query to copy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from machimori.catalogue import catalogue, tables
from machimori.catalogue.terms import JSON, Class, ClassStatistics, Dimension, Table, TableMeasure
from machimori.cli.command import Command, Option
from machimori.cli.exit_status import Status
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.cli.sheet import Sheet

BESIDE = ("tables", "as_json")
"""What a listing heeds besides the language and the help; it needs none of the others, and no records."""


class OrTables(Command):
    """A command that needs nothing of what it else needs where ``--tables`` is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a listing by the few options that it heeds; the others have no value then."""
        opts, _, _ = self.make_parser(ctx).parse_args(list(args))
        if "tables" not in opts:
            return super().parse_args(ctx, args)
        for param in self.get_params(ctx):
            if param.name in BESIDE or not param.expose_value:
                param.handle_parse_result(ctx, opts, args)
            else:
                ctx.params[str(param.name)] = None
        return []


option = click.option(
    "--tables",
    cls=Option,
    metavar="CLASS",
    help=msgid("List what can be asked of a class, each table with a query to copy; nothing else is needed then."),
)


def show(name: str, language: str, *, as_json: bool) -> int:
    """Print the tables of a class, or why there are none."""
    class_ = catalogue.class_(name)
    if as_json:
        click.echo(json.dumps(listing(class_), ensure_ascii=False))
        return Status.GOOD
    from machimori.cli.sheet import Sheet

    sheet = Sheet(language)
    sheet.heading(class_.name, class_)
    if class_.statistics is None:
        sheet.out.print(sheet.named(msgid("Its records are about nobody: any query may be asked of them.")))
    elif not class_.statistics.tables:
        none = msgid("No statistics are given of it. {why}")
        sheet.out.print(sheet.named(none, why=class_.statistics.why or ""))
    else:
        _tables(sheet, class_, class_.statistics)
    return Status.GOOD


def listing(class_: Class) -> dict[str, JSON]:
    """The tables of a class as data: what each counts, from how many persons on, and a query that it answers."""
    held = class_.statistics
    if held is None:
        return {"entity": class_.name, "tables": []}
    told: dict[str, JSON] = {
        "entity": class_.name,
        "same_facts_as": list(held.same_facts_as),
        "settles_after": held.settles_after,
        "looks": held.looks,
    }
    if held.why is not None:
        told["why"] = {"en": held.why.en, "ja": held.why.ja}
    told["tables"] = [
        {
            "name": table.name,
            "title": {"en": table.title.en, "ja": table.title.ja},
            "step": table.step,
            "minimum_group": tables.minimum_group(class_, table),
            "shown_from": tables.threshold(class_, table),
            "query": tables.query(class_, table),
        }
        for table in held.tables.values()
    ]
    return told


def _tables(sheet: Sheet, class_: Class, held: ClassStatistics) -> None:
    sheet.facts(
        [
            (sheet.named(msgid("Looks")), str(held.looks)),
            (sheet.named(msgid("Same facts as")), sheet.listed(held.same_facts_as) if held.same_facts_as else None),
            (sheet.named(msgid("Settles")), _settles(sheet, held)),
        ]
    )
    for table in held.tables.values():
        sheet.section(f"{table.name}  {sheet.of(table.title)}")
        sheet.facts(
            [
                (sheet.named(msgid("Cells")), _cells(sheet, table)),
                (sheet.named(msgid("Figures")), sheet.listed(_figure(sheet, m) for m in table.measures)),
                (sheet.named(msgid("Shown from")), _shown_from(sheet, class_, table)),
            ]
        )
        click.echo(json.dumps(tables.query(class_, table), ensure_ascii=False))


def _settles(sheet: Sheet, held: ClassStatistics) -> str:
    after = sheet.named(msgid("{duration} after the end of a step"), duration=held.settles_after)
    return f"{after} ({held.emergency})" if held.emergency else after


def _shown_from(sheet: Sheet, class_: Class, table: Table) -> str:
    return sheet.named(
        msgid("{threshold} persons or households ({group} and the looks)"),
        threshold=tables.threshold(class_, table),
        group=tables.minimum_group(class_, table),
    )


def _cells(sheet: Sheet, table: Table) -> str:
    parts: Sequence[str] = [_dimension(dimension) for dimension in table.dimensions]
    if any(d.granularity is not None and d.granularity.time_step for d in table.dimensions):
        return sheet.listed(parts)
    return sheet.listed([*parts, sheet.named(msgid("as it stands every {step}"), step=table.step)])


def _dimension(dimension: Dimension) -> str:
    found = dimension.granularity
    if found is None:
        return dimension.field
    return f"{dimension.field} {found.time_step or found.space_step or found.prefix_length}"


def _figure(sheet: Sheet, measure: TableMeasure) -> str:
    function = sheet.of(catalogue.enumeration("AggregateFunction").values[measure.function].title)
    return f"{function} {measure.field}" if measure.field else function
