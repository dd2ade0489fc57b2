"""What a page says of the statistics of a class: its tables, from how many persons on a cell is shown, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from machimori.build.pages import markdown as md
from machimori.build.pages.book import Use
from machimori.build.pages.markdown import Markdown
from machimori.build.pages.sheet import Sheet
from machimori.catalogue import catalogue, tables
from machimori.catalogue.terms import Class, ClassStatistics, Dimension, Table, TableMeasure


@dataclass(frozen=True)
class Statistics:
    """What the template prints."""

    told: str
    facts: list[Markdown]
    rows: list[tuple[Markdown, ...]]
    typical: list[tuple[Markdown, ...]]


def told(sheet: Sheet, name: str) -> Statistics | None:
    """The statistics of a class; ``None`` of one that is about nobody."""
    class_ = catalogue.class_(name)
    held = class_.statistics
    if held is None:
        return None
    if held.why is not None:
        return Statistics(sheet.say(held.why), [], [], [])
    return Statistics(
        sheet.word("statistics_of_tables"),
        list(_facts(sheet, held)),
        [_row(sheet, class_, table) for table in held.tables.values()],
        [row for table in held.tables.values() for row in _typical(sheet, class_, table)],
    )


def _facts(sheet: Sheet, held: ClassStatistics) -> Iterator[Markdown]:
    yield sheet.labelled("looks", held.looks)
    if held.same_facts_as:
        yield sheet.labelled("same_facts_as", sheet.listed(map(sheet.class_link, held.same_facts_as)))
    after = md.plain(sheet.word("after_a_step", duration=held.settles_after))
    yield sheet.labelled("settles_after", after + sheet.brackets(held.emergency))


def _row(sheet: Sheet, class_: Class, table: Table) -> tuple[Markdown, ...]:
    group, threshold = tables.minimum_group(class_, table), tables.threshold(class_, table)
    return (
        md.lines([md.code(table.name), md.plain(sheet.say(table.title))]),
        md.lines(_cells(sheet, class_, table)),
        md.lines(_figure(sheet, class_, measure) for measure in table.measures),
        md.plain(sheet.word("persons_from", threshold=threshold, group=group)),
    )


def _cells(sheet: Sheet, class_: Class, table: Table) -> Iterator[Markdown]:
    yield from (_dimension(sheet, class_, dimension) for dimension in table.dimensions)
    if class_.statistics is not None and class_.statistics.every is not None:
        yield md.plain(sheet.word("every_step", step=table.step))


def _dimension(sheet: Sheet, class_: Class, dimension: Dimension) -> Markdown:
    field, found = _field(sheet, class_, dimension.field), dimension.granularity
    if found is None:
        return field
    described = sheet.book.classes["Granularity"]["fields"]
    axis = next(a for a in ("time_step", "space_step", "prefix_length") if getattr(found, a) is not None)
    said = Markdown(f"{md.plain(described[axis]['title'][sheet.language])} {md.code(str(getattr(found, axis)))}")
    return field + sheet.brackets(said)


def _figure(sheet: Sheet, class_: Class, measure: TableMeasure) -> Markdown:
    function = sheet.values("AggregateFunction", [measure.function])
    return Markdown(f"{function} {_field(sheet, class_, measure.field)}") if measure.field else function


def _field(sheet: Sheet, class_: Class, path: str) -> Markdown:
    return sheet.field_link(Use(class_.name, path.partition(".")[0]), bare=True) if "." not in path else md.code(path)


def _typical(sheet: Sheet, class_: Class, table: Table) -> Iterator[tuple[Markdown, ...]]:
    for measure in table.measures:
        if measure.source is None or measure.typical is None:
            continue
        number = f"{measure.typical:,g}"
        if measure.field is not None and (unit := class_.fields[measure.field.partition(".")[0]].unit) is not None:
            number += f" {catalogue.unit_symbols()[unit.ucum].text(sheet.language)}"
        said = Markdown(f"{_figure(sheet, class_, measure)}{sheet.marks['colon']}{md.plain(number)}")
        yield md.code(table.name), said, md.prose(measure.source)
