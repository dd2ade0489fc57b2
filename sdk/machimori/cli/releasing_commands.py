"""The commands of the gate: decide, and release what is permitted."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, Engine, Lang, Language, Master, WithEngine, Work, example
from machimori.cli.paths import Named

commands = typer.Typer(**SETTINGS)
Holder = Annotated[
    str,
    Named.INPUT,
    typer.Option("--holder", metavar="HOLDER.json", help="The holder's record of class Holding."),
]
Consents = Annotated[
    str | None, Named.INPUT, typer.Option(metavar="F", help="Consents: one signed document (JWS) a line.")
]
Orders = Annotated[
    str | None,
    Named.INPUT,
    typer.Option(metavar="F", help="Orders, warrants and lawful demands: one signed document (JWS) a line."),
]
Agreements = Annotated[str | None, Named.INPUT, typer.Option(metavar="F", help="Agreements: a JSON array.")]
Now = Annotated[
    str | None, typer.Option(metavar="T", help="The holder's clock (RFC 3339 with offset); else this machine's.")
]
RequestFile = Annotated[
    str, Named.INPUT, typer.Option("--request", metavar="F", help="The request (class DisclosureRequest).")
]
Budget = Annotated[
    float | None, typer.Option(metavar="N", help="What the requester's ledger has left; none is a fresh one.")
]
Out = Annotated[
    str, Named.OUTPUT, typer.Option("-o", "--out", metavar="OUT", help="File to write; - is standard output.")
]


@commands.command(
    "decide",
    epilog=example(
        "machimori decide request.json --holder holder.json --k 50",
        "machimori decide request.json --holder holder.json --consents consents.jws --now 2026-04-01T09:00:00+09:00 --json",
    ),
)
def decide(
    request: Annotated[
        str,
        Named.INPUT,
        typer.Argument(
            metavar="REQUEST.json",
            help="The request (class DisclosureRequest), or - for standard input.",
        ),
    ],
    holder: Holder,
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    budget: Budget = None,
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


@commands.command(
    "disclose",
    epilog=example(
        "machimori disclose trips.ndjson --request request.json --holder holder.json -o views.ndjson",
        "machimori disclose use.ndjson --request request.json --holder holder.json --keys keys.json",
    ),
)
def disclose(
    records: Annotated[
        str,
        Named.INPUT,
        typer.Argument(
            metavar="RECORDS",
            help="File of records (NDJSON or a JSON array), or - for standard input.",
        ),
    ],
    request: RequestFile,
    holder: Holder,
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    keys: Annotated[
        str | None,
        Named.INPUT,
        typer.Option(metavar="F", help="Keys of pseudonyms (JSON), readable by their owner alone."),
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


@commands.command(
    "statistics",
    epilog=example(
        "machimori statistics trips.ndjson --request request.json --holder holder.json --query query.json",
        "machimori statistics use/*.parquet --request r.json --holder h.json --query q.json --totals --json > release.json",
    ),
)
def statistics(
    records: Annotated[
        list[str],
        Named.INPUT,
        typer.Argument(
            metavar="RECORDS",
            help="Files or folders (NDJSON, JSON array, CSV, Parquet; .gz), or - for standard input.",
        ),
    ],
    request: RequestFile,
    holder: Holder,
    query: Annotated[
        str,
        Named.INPUT,
        typer.Option("--query", metavar="F", help="What is to be counted (class StatisticsQuery)."),
    ],
    consents: Consents = None,
    orders: Orders = None,
    agreements: Agreements = None,
    budget: Budget = None,
    now: Now = None,
    totals: Annotated[bool, typer.Option("--totals", help="Add the totals over each grouping field.")] = False,
    out: Out = "-",
    json: Annotated[bool, typer.Option("--json", help="Print the release as JSON (class StatisticsRelease).")] = False,
    engine: WithEngine = Engine.local,
    master: Master = None,
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
        engine=engine.value,
        master=master,
    )
