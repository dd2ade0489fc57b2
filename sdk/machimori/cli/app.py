"""The commands and their options. A command returns the work to be done; nothing is done while the line is parsed."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from machimori.cli.statuses import Status

USAGE_ERROR: Any = typer.BadParameter.__base__
"""What the option parser raises; its public name differs between versions of typer."""
Work = Callable[[], int]

STATUSES = """\b
Exit status:
  0  all good
  1  the input does not comply, or a disclosure is denied
  2  the call is wrong: unknown class, bad option, missing argument
  3  a fault of machimori itself

\b
Environment:
  MACHIMORI_LANG=ja    messages and help in Japanese
  MACHIMORI_DEBUG=1    show where an internal error happened
  NO_COLOR=1           no colour on a terminal"""

SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "no_args_is_help": True,
    "context_settings": {"help_option_names": ["-h", "--help"]},
    "help": "A city's data in which every field says how private it is: check it, read about it, convert it.",
    "epilog": "\b\nFirst steps:\n  machimori demo\n  machimori list\n  machimori validate data.ndjson\n\n" + STATUSES,
}
app = typer.Typer(**SETTINGS)


class Language(StrEnum):
    """Languages of messages."""

    en = "en"
    ja = "ja"


class ReportFormat(StrEnum):
    """Forms of a report of findings."""

    text = "text"
    json = "json"
    junit = "junit"
    sarif = "sarif"
    earl = "earl"
    html = "html"


class SchemaForm(StrEnum):
    """Schema languages that a class is written in."""

    json_schema = "json-schema"
    typescript = "typescript"
    shacl = "shacl"
    owl = "owl"
    context = "context"


Lang = Annotated[
    Language,
    typer.Option("--lang", envvar="MACHIMORI_LANG", show_envvar=False, help="Language of messages."),
]
ClassName = Annotated[str, typer.Argument(metavar="CLASS", help="A class of the model, such as Trip.")]
AsClass = Annotated[
    str | None,
    typer.Option("--as", metavar="CLASS", help="Judge every record as this class, whatever its type says."),
]


def _example(*lines: str, status: bool = True) -> str:
    shown = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
    return f"{shown}\n\n{STATUSES}" if status else shown


def _version(asked: bool) -> None:
    if asked:
        import machimori

        typer.echo(f"machimori {machimori.__version__}")
        raise typer.Exit


@app.callback()
def top(
    context: typer.Context,
    lang: Lang = Language.en,
    version: Annotated[  # noqa: ARG001 - its callback ends the call
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Hand the language on to the command."""
    context.default_map = _spoken(context.command, lang.value)


def _spoken(command: Any, language: str) -> dict[str, Any]:
    below = getattr(command, "commands", {})
    return {name: _spoken(inner, language) for name, inner in below.items()} if below else {"lang": language}


@app.command(
    "validate",
    epilog=_example(
        "machimori validate trips.ndjson",
        "machimori validate data/ --format json --jobs 2 > report.json",
        "machimori validate data/ --format html -o report.html",
        "zcat trips.ndjson.gz | machimori validate - --as Trip --lang ja",
    ),
)
def validate(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files (JSON, a JSON array, NDJSON; plain, gzip or zstandard), folders of them, or - for standard input.",
        ),
    ],
    entity: AsClass = None,
    format: Annotated[ReportFormat, typer.Option(help="Form of the report.")] = ReportFormat.text,
    lang: Lang = Language.en,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes that share the work.")] = 1,
    remedy: Annotated[bool, typer.Option("--remedy", help="Say what to do about each finding.")] = False,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Show values of person-related fields; for the holder's own desk only."),
    ] = False,
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FILE", help="Where the report goes; - is standard output.")
    ] = "-",
    max_findings: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Show at most N findings that say the same, and count the rest."),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first error.")] = False,
    severity: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Severities of your own (TOML); those that guard privacy stay as they are."),
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
    )


@app.command(
    "describe",
    epilog=_example(
        "machimori describe ElectricityUse",
        "machimori describe Trip.origin.latitude --lang ja",
    ),
)
def describe(
    name: Annotated[
        str, typer.Argument(metavar="CLASS[.FIELD]", help="A class, or a field in it; dots go further in.")
    ],
    lang: Lang = Language.en,
) -> Work:
    """Explain a class or a field.

    What it means, how private it is, why, and who may receive it in which form.
    """
    from machimori.cli import describing

    return partial(describing.describe, name, lang.value)


@app.command("list", epilog=_example("machimori list", "machimori list --privacy special_care"))
def list_(
    privacy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="List the fields of this data class (personal) or profile (personal.trip)."),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """List classes, or the fields of a privacy profile.

    Without option every class by domain; with --privacy every field of a data class or profile.
    """
    from machimori.cli import listing

    return partial(listing.fields, privacy, lang.value) if privacy else partial(listing.classes, lang.value)


@app.command(
    "schema",
    epilog=_example(
        "machimori schema Trip --as json-schema > Trip.json",
        "machimori schema EvacuationSite --as shacl",
    ),
)
def schema(
    name: ClassName,
    form: Annotated[SchemaForm, typer.Option("--as", help="Schema language.")],
) -> Work:
    """Print the schema of a class, with all that it needs."""
    from machimori.cli import schemas

    return partial(schemas.schema, name, form.value)


@app.command(
    "sample",
    epilog=_example(
        "machimori sample Trip --count 1000 --seed 7 > trips.ndjson",
        "machimori sample Trip --count 5 --invalid | machimori validate -",
        "machimori sample Place --count 3 --code MM203",
        "machimori sample --scenario week -o week.ndjson",
    ),
)
def sample(
    name: Annotated[
        str | None, typer.Argument(metavar="CLASS", help="A class of the model, such as Trip; or else a --scenario.")
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="How many records of the class; 1 if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="The same seed gives the same records.")] = None,
    invalid: Annotated[
        bool,
        typer.Option("--invalid", help="Break exactly one rule in each; which one is told on standard error."),
    ] = False,
    code: Annotated[
        str | None, typer.Option(metavar="MMnnn", help="Break the rule of this code in each (implies --invalid).")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Connected records of every domain instead: week, a week in Minato ward."),
    ] = None,
    out: Annotated[str, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")] = "-",
    lang: Lang = Language.en,
) -> Work:
    """Make invented records, as NDJSON.

    Of one class, each for itself; or with --scenario a whole story, in which records refer to one another.
    """
    from machimori.cli import sampling

    if scenario is not None and (name, count, code, invalid) == (None, None, None, False):
        return partial(sampling.scenario, scenario, seed, out)
    if name is None or scenario is not None:
        return sampling.unclear
    return partial(
        sampling.sample, name, count=count, seed=seed, invalid=invalid, code=code, out=out, language=lang.value
    )


@app.command(
    "convert",
    epilog=_example(
        "machimori convert evacuation.csv --from municipal --to machimori -o sites.ndjson --loss-report losses.json",
        "machimori convert sites.ndjson --from machimori --to geojson --as EvacuationSite",
    ),
)
def convert(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The file, or - for standard input.")],
    source: Annotated[str, typer.Option("--from", metavar="FORMAT", help="Format of the file.")],
    target: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Format to write; machimori is NDJSON.")],
    entity: Annotated[
        str | None, typer.Option("--as", metavar="CLASS", help="The class, where the file does not tell.")
    ] = None,
    loss_report: Annotated[
        str | None,
        typer.Option(metavar="F", help="Write here what did not come along: text for .txt, else JSON."),
    ] = None,
    out: Annotated[str, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")] = "-",
    default: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help="Value of a field that the file does not have; may be repeated."),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Convert from and to other formats.

    Whatever does not come along is accounted for, row by row and column by column.
    """
    from machimori.cli import converting

    return partial(
        converting.convert,
        path,
        source,
        target,
        entity=entity,
        loss_report=loss_report,
        out=out,
        defaults=default or [],
        language=lang.value,
    )


Holder = Annotated[str, typer.Option("--holder", metavar="HOLDER.json", help="The holder's record of class Holding.")]
Consents = Annotated[str | None, typer.Option(metavar="F", help="Consents: one signed document (JWS) a line.")]
Orders = Annotated[
    str | None, typer.Option(metavar="F", help="Orders, warrants and lawful demands: one signed document (JWS) a line.")
]
Agreements = Annotated[str | None, typer.Option(metavar="F", help="Agreements: a JSON array.")]
Now = Annotated[
    str | None, typer.Option(metavar="T", help="The holder's clock (RFC 3339 with offset); else this machine's.")
]


@app.command(
    "decide",
    epilog=_example(
        "machimori decide request.json --holder holder.json --k 50",
        "machimori decide request.json --holder holder.json --consents consents.jws --now 2026-04-01T09:00:00+09:00 --json",
    ),
)
def decide(
    request: Annotated[
        str,
        typer.Argument(metavar="REQUEST.json", help="The request (class DisclosureRequest), or - for standard input."),
    ],
    holder: Holder,
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    budget: Annotated[
        float | None, typer.Option(metavar="N", help="What the requester's ledger has left; none is a fresh one.")
    ] = None,
    k: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="Persons or households behind the smallest cell; none counts as 0."),
    ] = None,
    now: Now = None,
    json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON (class Decision).")] = False,
    lang: Lang = Language.en,
) -> Work:
    """Decide whether a request is granted, and say why.

    Who asks, what is on hand and what time it is are the holder's knowledge; the request only says what is wanted.
    """
    from machimori.cli import deciding

    return partial(
        deciding.decide,
        request,
        holder=holder,
        consents=consents,
        orders=orders,
        agreements=agreements,
        budget=budget,
        k=k,
        now=now,
        as_json=json,
        language=lang.value,
    )


RequestFile = Annotated[str, typer.Option("--request", metavar="F", help="The request (class DisclosureRequest).")]
Budget = Annotated[
    float | None, typer.Option(metavar="N", help="What the requester's ledger has left; none is a fresh one.")
]
Out = Annotated[str, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")]


@app.command(
    "disclose",
    epilog=_example(
        "machimori disclose trips.ndjson --request request.json --holder holder.json -o views.ndjson",
        "machimori disclose use.ndjson --request request.json --holder holder.json --keys keys.json",
    ),
)
def disclose(
    records: Annotated[
        str,
        typer.Argument(metavar="RECORDS", help="File of records (NDJSON or a JSON array), or - for standard input."),
    ],
    request: RequestFile,
    holder: Holder,
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    keys: Annotated[
        str | None, typer.Option(metavar="F", help="Keys of pseudonyms (JSON), readable by their owner alone.")
    ] = None,
    budget: Budget = None,
    now: Now = None,
    out: Out = "-",
    lang: Lang = Language.en,
) -> Work:
    """Release what a request may have of the records.

    One line a record, without what is withheld. The decision and counts go to standard error.
    """
    from machimori.cli import giving

    return partial(
        giving.disclose,
        records,
        request=request,
        holder=holder,
        consents=consents,
        orders=orders,
        agreements=agreements,
        keys=keys,
        budget=budget,
        now=now,
        out=out,
        language=lang.value,
    )


@app.command(
    "statistics",
    epilog=_example(
        "machimori statistics trips.ndjson --request request.json --holder holder.json --query query.json",
        "machimori statistics use/*.parquet --request r.json --holder h.json --query q.json --totals --json > release.json",
    ),
)
def statistics(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDS", help="Files or folders (NDJSON, JSON array, CSV, Parquet; .gz), or - for standard input."
        ),
    ],
    request: RequestFile,
    holder: Holder,
    query: Annotated[str, typer.Option("--query", metavar="F", help="What is to be counted (class StatisticsQuery).")],
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    budget: Budget = None,
    now: Now = None,
    totals: Annotated[bool, typer.Option("--totals", help="Add the totals over each grouping field.")] = False,
    out: Out = "-",
    json: Annotated[bool, typer.Option("--json", help="Print the release as JSON (class StatisticsRelease).")] = False,
    lang: Lang = Language.en,
) -> Work:
    """Compute statistics that single nobody out.

    Small groups are suppressed, and with them whatever would tell them. A table with bars, or JSON with --json or -o.
    """
    from machimori.cli import counting

    return partial(
        counting.statistics,
        records,
        request=request,
        holder=holder,
        query=query,
        consents=consents,
        orders=orders,
        agreements=agreements,
        budget=budget,
        now=now,
        totals=totals,
        out=out,
        as_json=json,
        language=lang.value,
    )


@app.command(
    "build",
    epilog=_example("machimori build", "machimori build --check", "machimori build --model model --out generated"),
)
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the artefacts are not current.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder of the model; in a source checkout its own.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where the artefacts go; in a source checkout `generated`.")
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Build every artefact from the model.

    Or say which line of the model keeps them from being built. Needs the extra `build`.
    """
    from machimori.cli import building

    return partial(building.build, model, out, check=check, language=lang.value)


@app.command(
    "serve",
    epilog=_example(
        "machimori serve",
        "machimori serve --port 8080 --workers 2 --holder holder.json --store gate.db",
        "curl --data-binary @trip.json -H 'Content-Type: application/json' http://127.0.0.1:8000/validate",
    ),
)
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="P", help="Port; 0 takes any that is free.")] = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 is reachable from other machines.")
    ] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=256, metavar="N", help="Processes that share the work.")] = 1,
    holder: Annotated[
        str | None, typer.Option(metavar="F", help="The holding: POST /decide answers by this holder's gate.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="The holder's store: documents count and decisions are logged.")
    ] = None,
    max_bytes: Annotated[
        int, typer.Option(min=1, metavar="N", help="Largest JSON body, and longest line of a stream, in bytes.")
    ] = 1024 * 1024,
    max_requests: Annotated[
        int, typer.Option(min=1, metavar="N", help="Requests that a worker answers at once; more get 503.")
    ] = 256,
    max_client_requests: Annotated[
        int, typer.Option(min=1, metavar="N", help="Of these, requests of one client address; more get 429.")
    ] = 64,
    timeout: Annotated[
        float, typer.Option(min=0.01, metavar="S", help="Seconds for a request, or that a stream may stand still.")
    ] = 30.0,
    stream_timeout: Annotated[
        float, typer.Option(min=0.01, metavar="S", help="Seconds that a stream may last.")
    ] = 3600.0,
    lang: Lang = Language.en,
) -> Work:
    """Serve validation and the model over HTTP.

    POST /validate judges a record, an array or a stream; GET /schemas/CLASS, /context, /catalogue and /codes give the model;
    /health and /metrics are for those who watch over it. Needs the extra `serve`.
    """
    from machimori.cli import serving

    return partial(
        serving.serve,
        host=host,
        port=port,
        workers=workers,
        holder=holder,
        store=store,
        max_bytes=max_bytes,
        max_requests=max_requests,
        max_client_requests=max_client_requests,
        timeout=timeout,
        stream_timeout=stream_timeout,
        language=lang.value,
    )


@app.command("demo", epilog=_example("machimori demo", "machimori demo energy", "machimori demo care --lang ja"))
def demo(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO]",
            help="tour, convert, validate, privacy; energy, congestion, infection, disaster, care.",
        ),
    ] = "tour",
    lang: Lang = Language.en,
) -> Work:
    """See it work on data that comes with it."""

    def work() -> int:
        from machimori import demo as shown
        from machimori.cli.terminal import console

        shown.show(scenario, lang.value, console())
        return Status.GOOD

    return work


def command(language: str, asked: str | None = None) -> Any:
    """The command line with help in ``language``: the one command that is asked for, or all where that is none."""
    # typer makes a Pydantic adapter for every parameter; making those of all commands takes longer than most calls.
    if not any(c.name == asked for c in app.registered_commands) and not app.registered_groups:
        from machimori.cli import desk

        desk.register(app)
    one = typer.Typer(**SETTINGS)
    one.registered_callback = app.registered_callback
    commands = [c for c in app.registered_commands if c.name == asked]
    groups = [g for g in app.registered_groups if g.name == asked]
    every = not commands and not groups
    one.registered_commands = app.registered_commands if every else commands
    one.registered_groups = app.registered_groups if every else groups
    made = typer.main.get_command(one)
    if language == "ja":
        from machimori.cli.japanese import translate

        translate(made)
    return made
