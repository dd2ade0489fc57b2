"""The command that checks records."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, AsClass, Engine, Lang, Language, Master, WithEngine, Work, example
from machimori.cli.paths import Named

commands = typer.Typer(**SETTINGS)


class ReportFormat(StrEnum):
    """Forms of a report of findings."""

    text = "text"
    json = "json"
    junit = "junit"
    sarif = "sarif"
    earl = "earl"
    html = "html"


@commands.command(
    "validate",
    epilog=example(
        "machimori validate trips.ndjson",
        "machimori validate data/ --format json --jobs 2 > report.json",
        "machimori validate data/ --format html -o report.html",
        "machimori validate s3a://deliveries/trips/ --as Trip --engine spark --master spark://head:7077",
        "zcat trips.ndjson.gz | machimori validate - --as Trip --lang ja",
    ),
)
def validate(
    paths: Annotated[
        list[str],
        Named.INPUT,
        typer.Argument(
            metavar="PATH",
            help=(
                "Files (JSON, a JSON array, NDJSON; plain, gzip or zstandard; Parquet, Arrow, JSON-LD, Turtle), folders of "
                "them, or - for standard input."
            ),
        ),
    ],
    entity: AsClass = None,
    format: Annotated[ReportFormat, typer.Option(help="Form of the report.")] = ReportFormat.text,
    lang: Lang = Language.en,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            show_default="1; with Spark, as many as there are cores",
            help="Processes that share the work.",
        ),
    ] = None,
    engine: WithEngine = Engine.local,
    master: Master = None,
    remedy: Annotated[bool, typer.Option("--remedy", help="Say what to do about each finding.")] = False,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Show values of person-related fields; for the holder's own desk only."),
    ] = False,
    out: Annotated[
        str,
        Named.OUTPUT,
        typer.Option("-o", "--out", metavar="FILE", help="Where the report goes; - is standard output."),
    ] = "-",
    max_findings: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Show at most N findings that say the same, and count the rest."),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first error.")] = False,
    severity: Annotated[
        str | None,
        Named.INPUT,
        typer.Option(
            metavar="FILE",
            help="Severities of your own (TOML); those that guard privacy stay as they are.",
        ),
    ] = None,
) -> Work:
    """Check records against the model.

    Every finding has its place, a stable code and a message; no message shows the value of a person-related field.
    """
    from machimori.cli import validating

    return partial(
        validating.validate,
        paths,
        entity=entity,
        form=format.value,
        language=lang.value,
        jobs=jobs,
        remedies=remedy,
        show_values=show_values,
        out=out,
        most=max_findings,
        fail_fast=fail_fast,
        severity=severity,
        engine=engine.value,
        master=master,
    )
