"""``machimori serve``: validation, the model and the gate of a holder over HTTP."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from machimori import messages
from machimori.cli.app import command
from machimori.cli.command import option
from machimori.cli.errors import CallError
from machimori.cli.exit_status import Status
from machimori.cli.inputs import text_of
from machimori.cli.paths import INPUT, KEPT
from machimori.extras import need
from machimori.files import STDIN
from machimori.messages import msgid

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Addresses that no other machine reaches."""


@command(
    "serve",
    details=msgid(
        "POST /validate judges a record, an array or a stream; GET /schemas/CLASS, /context, /catalogue and /codes give the model; /health and /metrics are for those who watch over it. Needs the extra `serve`."
    ),
    examples=(
        "machimori serve",
        "machimori serve --port 8080 --workers 2 --holder holder.json --store gate.db",
        "curl --data-binary @trip.json -H 'Content-Type: application/json' http://127.0.0.1:8000/validate",
    ),
)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="P",
    help=msgid("Port; 0 takes any that is free."),
)
@option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help=msgid("Address to listen on; 0.0.0.0 is reachable from other machines."),
)
@option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    metavar="N",
    help=msgid("Processes that share the work."),
)
@option("--holder", type=INPUT, metavar="F", help=msgid("The holding: POST /decide answers by this holder's gate."))
@option(
    "--store",
    type=KEPT,
    metavar="URL",
    help=msgid("The holder's store: documents count and decisions are logged."),
)
@option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=1024 * 1024,
    metavar="N",
    help=msgid("Largest JSON body, and longest line of a stream, in bytes."),
)
@option(
    "--max-requests",
    type=click.IntRange(min=1),
    default=256,
    metavar="N",
    help=msgid("Requests that a worker answers at once; more get 503."),
)
@option(
    "--max-client-requests",
    type=click.IntRange(min=1),
    default=64,
    metavar="N",
    help=msgid("Of these, requests of one client address; more get 429."),
)
@option(
    "--timeout",
    type=click.FloatRange(min=0.01),
    default=30.0,
    metavar="S",
    help=msgid("Seconds for a request, or that a stream may stand still."),
)
@option(
    "--stream-timeout",
    type=click.FloatRange(min=0.01),
    default=3600.0,
    metavar="S",
    help=msgid("Seconds that a stream may last."),
)
@click.pass_obj
def serve(
    language: str,
    *,
    host: str,
    port: int,
    workers: int,
    holder: str | None,
    store: str | None,
    max_bytes: int,
    max_requests: int,
    max_client_requests: int,
    timeout: float,
    stream_timeout: float,
) -> int:
    """Serve until told to end."""
    if store is not None and holder is None:
        raise CallError("holder")
    need("service")
    from machimori.service import serving
    from machimori.service.listening import listening
    from machimori.service.settings import Settings

    text = text_of(holder) if holder else None
    if text is not None:
        _try(text, store)
    taken = listening(host, port, timeout)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{taken.getsockname()[1]}"
    with ExitStack() as held:
        settings = Settings(
            maximum_bytes=max_bytes,
            maximum_requests=max_requests,
            maximum_client_requests=max_client_requests,
            timeout=timeout,
            stream_timeout=stream_timeout,
            holder=None if holder is None or text is None else _again(holder, text, held),
            store=store,
        )
        told = messages.text(
            language,
            "serving on {url} ({workers} worker processes); {url}/openapi.json describes it; Ctrl-C ends it",
            url=url,
            workers=workers,
        )
        print(told, file=sys.stderr, flush=True)
        if host not in LOCAL:
            told = messages.text(
                language,
                "note: reachable from other machines; it knows neither users nor TLS, so put a reverse proxy before it",
            )
            print(told, file=sys.stderr, flush=True)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the server has its own way to end
        serving.serve(taken, settings, workers)
    return Status.GOOD


def _again(holder: str, text: str, held: ExitStack) -> str:
    """A file that every worker can open: the holder's own, or a copy of what came through a pipe."""
    if holder not in STDIN and Path(holder).is_file():
        return str(Path(holder).resolve())
    copy = Path(held.enter_context(TemporaryDirectory(prefix="machimori-holder-"))) / "holder.json"
    copy.write_text(text, encoding="utf-8")
    return str(copy)


def _try(holding: str, store: str | None) -> None:
    """Open the gate once: a holding or a store that is not one is told here, and not by each worker."""
    from machimori.privacy.gate import Gate

    gate = Gate(holding, store=store)
    if gate.store is not None:
        gate.store.close()
