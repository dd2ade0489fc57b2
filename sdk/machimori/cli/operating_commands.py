"""The commands that build, serve and show."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, Lang, Language, Work, example
from machimori.cli.paths import Named
from machimori.cli.statuses import Status

commands = typer.Typer(**SETTINGS)


@commands.command(
    "build",
    epilog=example("machimori build", "machimori build --check", "machimori build --model model --out generated"),
)
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the artefacts are not current.")
    ] = False,
    model: Annotated[
        str | None,
        Named.INPUT,
        typer.Option(metavar="DIR", help="Folder of the model; in a source checkout its own."),
    ] = None,
    out: Annotated[
        str | None,
        Named.OUTPUT,
        typer.Option(metavar="DIR", help="Where the artefacts go; in a source checkout `generated`."),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Build every artefact from the model.

    Or say which line of the model keeps them from being built. Needs the extra `build`.
    """
    from machimori.cli import building

    return partial(building.build, model, out, check=check, language=lang.value)


@commands.command(
    "serve",
    epilog=example(
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
        str | None,
        Named.INPUT,
        typer.Option(metavar="F", help="The holding: POST /decide answers by this holder's gate."),
    ] = None,
    store: Annotated[
        str | None,
        Named.KEPT,
        typer.Option(metavar="URL", help="The holder's store: documents count and decisions are logged."),
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


@commands.command("demo", epilog=example("machimori demo", "machimori demo energy", "machimori demo care --lang ja"))
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
