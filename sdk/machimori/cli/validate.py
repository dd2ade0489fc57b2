"""``machimori validate``: records against the model; a finding a line, or a report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from machimori import messages
from machimori.cli import options
from machimori.cli.app import command
from machimori.cli.audience import audience
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.inputs import below, present
from machimori.cli.paths import INPUT, OUTPUT
from machimori.cli.terminal import ReadingBar
from machimori.files import STDIN, STREAM, is_folder, name_of, writing_text
from machimori.findings.issue import Issue
from machimori.findings.presence import Presence
from machimori.findings.reporters import FORMATS, Reporter, Style, Totals, is_report, reporter
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.validation.stream import StreamReport

SUFFIXES = (".json", ".ndjson", ".jsonl", ".gz", ".zst")
"""How the names of records end in a folder, beside those of tables and graphs."""


@command(
    "validate",
    details=msgid(
        "Every finding has its place, a stable code and a message; no message shows the value of a person-related field."
    ),
    examples=(
        "machimori validate trips.ndjson",
        "machimori validate data/ --format json --jobs 2 > report.json",
        "machimori validate data/ --format html -o report.html",
        "machimori validate s3a://deliveries/trips/ --as Trip --engine spark --master spark://head:7077",
        "zcat trips.ndjson.gz | machimori validate - --as Trip --lang ja",
    ),
    verdict=True,
)
@argument(
    "paths",
    type=INPUT,
    required=True,
    nargs=-1,
    metavar="PATH...",
    help=msgid(
        "Files (JSON, a JSON array, NDJSON; plain, gzip or zstandard; Parquet, Arrow, JSON-LD, Turtle), folders of them, or - for standard input."
    ),
)
@option("--as", "entity", metavar="CLASS", help=msgid("Judge every record as this class, whatever its type says."))
@option("--format", "form", type=click.Choice(tuple(FORMATS)), default="text", help=msgid("Form of the report."))
@option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help=msgid("Processes that share the work; by default 1, with Spark as many as there are cores."),
)
@options.engine
@options.master
@option("--remedy", is_flag=True, help=msgid("Say what to do about each finding."))
@option(
    "--show-values",
    is_flag=True,
    help=msgid("Show values of person-related fields; for the holder's own desk only."),
)
@option(
    "-o",
    "--out",
    type=OUTPUT,
    metavar="FILE",
    default=STREAM,
    help=msgid("Where the report goes; - is standard output."),
)
@option(
    "--max-findings",
    type=click.IntRange(min=1),
    metavar="N",
    help=msgid("Show at most N findings that say the same, and count the rest."),
)
@option("--fail-fast", is_flag=True, help=msgid("Stop at the first error."))
@option(
    "--severity",
    type=INPUT,
    metavar="FILE",
    help=msgid("Severities of your own (TOML); those that guard privacy stay as they are."),
)
@click.pass_obj
def validate(
    language: str,
    *,
    paths: tuple[str, ...],
    entity: str | None,
    form: str,
    jobs: int | None,
    engine: str,
    master: str | None,
    remedy: bool,
    show_values: bool,
    out: str,
    max_findings: int | None,
    fail_fast: bool,
    severity: str | None,
) -> int:
    """Check every record of every file and report; 0 if all comply, else 1."""
    from machimori.catalogue import catalogue
    from machimori.findings.severities import read_severities

    severities = read_severities(Path(severity)) if severity else None
    if entity is not None:
        catalogue.class_(entity)
    present(paths, remote=engine == "spark")
    sources = [(path, _files(path, out, language)) for path in paths]
    if show_values:
        said = messages.text(
            language, "note: values of person-related fields are shown; keep this output where the data is"
        )
        print(said, file=sys.stderr)
    with writing_text(out, private=show_values) as stream:
        style = Style(
            language,
            terminal=out == STREAM and sys.stdout.isatty(),
            remedies=remedy,
            examples=max_findings,
            turtle=out.endswith(".ttl"),
            audience=audience if form == "html" else None,
        )
        report = reporter(form, stream, style)
        totals, bar = Totals(presence=Presence(entity)), ReadingBar()
        asked: dict[str, Any] = {"show_values": show_values, "severities": severities}
        if form == "html":
            asked["presence"] = totals.presence
        names = _sources(sources, report, totals)
        for source, found in _reports(names, entity, bar, jobs=jobs, engine=engine, master=master, **asked):
            report.source(source)
            _told(found, report, bar, totals, fail_fast)
            if fail_fast and not totals.ok:
                break
        bar.clear()
        report.end(totals)
    return Status.GOOD if totals.ok else Status.REFUSED


def _reports(
    names: Iterator[str],
    entity: str | None,
    bar: ReadingBar,
    *,
    jobs: int | None,
    engine: str,
    master: str | None,
    **asked: Any,
) -> Iterator[tuple[str, StreamReport]]:
    """What there is to say of each file: by this machine, or by Spark."""
    if engine == "spark":
        from machimori.validation import spark_files

        yield from spark_files.reports(names, entity, master=master, jobs=jobs, **asked)
        return
    from machimori.validation.stream import validate_stream

    for file in names:
        yield file, validate_stream(file, entity, jobs=jobs or 1, progress=bar.follow(file), **asked)


def _sources(found: list[tuple[str, list[str]]], report: Reporter, totals: Totals) -> Iterator[str]:
    """Every file to check; a folder without any is a finding."""
    for path, files in found:
        yield from files
        if not files:
            report.source(path)
            report.finding(Issue("MM009", source=path))
            totals.findings += 1
            totals.ok = False


def _files(path: str, out: str, language: str) -> list[str]:
    """The path itself, or every file of records below it in order, but for reports; those of earlier calls are told."""
    if path in STDIN or not is_folder(path):
        return [path]
    from machimori.records import arrow_tables
    from machimori.validation import graph_files

    suffixes = (*SUFFIXES, *arrow_tables.SUFFIXES, *graph_files.SUFFIXES)
    found, reports = below(Path(path), lambda p: p.suffix.lower() in suffixes, [out], is_report)
    for report in reports:
        said = messages.text(
            language,
            "note: {file} is a report and no delivery; it is not judged unless it is named",
            file=name_of(report),
        )
        print(said, file=sys.stderr)
    return list(map(str, found))


def _told(found: StreamReport, report: Reporter, bar: ReadingBar, totals: Totals, fail_fast: bool) -> None:
    """Tell the findings of one file; with ``fail_fast`` up to the first error."""
    for issue in found:
        bar.clear()
        report.finding(issue)
        totals.findings += 1
        totals.ok = totals.ok and issue.severity != "error"
        if fail_fast and not totals.ok:
            break
    totals.records += found.records
    totals.invalid += found.invalid
