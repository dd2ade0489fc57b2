"""``machimori convert``: read one format, write another, and account for what is lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from machimori import messages
from machimori.catalogue import catalogue
from machimori.cli import options
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.paths import INPUT, OUTPUT
from machimori.exchange import formats
from machimori.exchange.account_text import rendered
from machimori.files import writing, writing_text
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.exchange.account import LossReport
    from machimori.findings.issue import Issue
    from machimori.records.opening import Input

OWN = "machimori"
"""The model's own form: NDJSON, or a JSON document or array when it is read."""


def _format(use: str) -> click.Choice[str]:
    return click.Choice([OWN, *(name for name, known in formats.FORMATS.items() if getattr(known, use))])


def _fields(ctx: click.Context, _: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """The values by field of what has the form ``FIELD=VALUE``; what has not is refused."""
    parted = [one.partition("=") for one in given]
    for one, (field, equals, _value) in zip(given, parted, strict=True):
        if not field or not equals:
            raise click.BadParameter(messages.text(ctx.obj, "takes FIELD=VALUE, not {given!r}", given=one))
    return {field: value for field, _equals, value in parted}


@command(
    "convert",
    details=msgid("Whatever does not come along is accounted for, row by row and column by column."),
    examples=(
        "machimori convert evacuation.csv --from municipal --to machimori -o sites.ndjson --loss-report losses.json",
        "machimori convert sites.ndjson --from machimori --to geojson --as EvacuationSite",
    ),
)
@argument("path", type=INPUT, metavar="PATH", help=msgid("The file, or - for standard input."))
@option("--from", "source", required=True, type=_format("reads"), help=msgid("Format of the file."))
@option("--to", "target", required=True, type=_format("writes"), help=msgid("Format to write; machimori is NDJSON."))
@option("--as", "entity", metavar="CLASS", help=msgid("The class, where the file does not tell."))
@option(
    "--loss-report",
    type=OUTPUT,
    metavar="F",
    help=msgid("Write here what did not come along: text for .txt, else JSON."),
)
@options.out
@option(
    "--default",
    "defaults",
    callback=_fields,
    multiple=True,
    metavar="FIELD=VALUE",
    help=msgid("Value of a field that the file does not have; may be repeated."),
)
@click.pass_obj
def convert(
    language: str,
    *,
    path: str,
    source: str,
    target: str,
    entity: str | None,
    loss_report: str | None,
    out: str,
    defaults: dict[str, str],
) -> int:
    """Convert ``path``; 1 if nothing could be converted, else 0, with a note on what was not."""
    from machimori.records.opening import held

    if entity is not None:
        catalogue.class_(entity)
    reports: list[LossReport] = []
    skipped = _Skipped(language)
    records: Iterable[dict[str, Any]]
    with ExitStack() as opened:
        if source == OWN:
            records = _own(opened.enter_context(held(path)), entity, skipped)
        else:
            conversion = formats.read(path, source, entity, defaults=defaults)
            reports.append(conversion.losses)
            records = conversion
        counted = _Counted(records)
        told = opened.enter_context(writing_text(loss_report)) if loss_report else None
        stream = opened.enter_context(writing(out, private=source == target == OWN))
        if target == OWN:
            for record in counted:
                stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        else:
            reports.append(formats.write(counted, target, stream, entity))
        if told and loss_report:
            told.write(_account(reports, language, as_text=loss_report.endswith(".txt")))
    written = reports[-1].records if target != OWN else counted.count
    lost = skipped.count + sum(r.rows_lost for r in reports)
    more = bool(reports) and not loss_report and any(r.summary for r in reports)
    print(_summary(written, lost, more, language), file=sys.stderr)
    return Status.GOOD if written else Status.REFUSED


def _summary(written: int, lost: int, more: bool, language: str) -> str:
    said = messages.text(language, "{written} records written, {lost} not converted", written=written, lost=lost)
    return messages.text(language, "{said}; --loss-report tells everything", said=said) if more else said


class _Counted:
    """Records that are counted as they go by."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for record in self._records:
            self.count += 1
            yield record


class _Skipped:
    """Records that do not comply are told on standard error and left out."""

    def __init__(self, language: str) -> None:
        from machimori.findings.reporters import Style, reporter

        self._out = reporter("text", sys.stderr, Style(language, sys.stderr.isatty()))
        self.count = 0

    def add(self, issues: Iterable[Issue], line: int, source: str) -> None:
        self.count += 1
        for issue in issues:
            self._out.finding(replace(issue, source=source, line=(issue.line or 1) + line - 1))


def _own(source: Input, entity: str | None, skipped: _Skipped) -> Iterator[dict[str, Any]]:
    """The valid records of what is open, in the model's own form."""
    from machimori.records import splitting
    from machimori.records.content_kinds import kind_of
    from machimori.records.json_text import load
    from machimori.records.opening import Bytes, unreadable
    from machimori.validation.record import validate

    plain = Bytes(source.plain(), source.name)
    kind = kind_of(plain.start())
    if kind:
        skipped.add([kind.issue(source.name)], 1, source.name)
        return
    for piece in splitting.records(plain):
        report = validate(piece.text, entity) if piece.text else None
        issues = [*filter(None, [piece.fault]), *(report.issues if report is not None else ())]
        if any(i.severity == "error" for i in issues):
            skipped.add(issues, piece.line, source.name)
        else:
            yield load(piece.text).data
    if plain.fault:
        skipped.add([unreadable(source.name, plain.fault)], 1, source.name)


def _account(reports: list[LossReport], language: str, *, as_text: bool) -> str:
    if as_text:
        return "\n\n".join(rendered(r, language) for r in reports) + "\n"
    data = [r.data(language) for r in reports]
    return json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=1) + "\n"
