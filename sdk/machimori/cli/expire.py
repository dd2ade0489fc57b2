"""``machimori expire``: what is past its retention goes out of the holder's store."""

from __future__ import annotations

import time

import click

from machimori import messages
from machimori.cli import store_options
from machimori.cli.app import command
from machimori.cli.command import option
from machimori.cli.exit_status import Status
from machimori.cli.store_options import opened
from machimori.messages import msgid
from machimori.standards.time import DURATION


def duration(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """A duration of ISO 8601; what is none is refused."""
    if value is not None and not (DURATION.fullmatch(value) and value[-1] not in "PT"):
        raise click.BadParameter(messages.text(ctx.obj, "not an ISO 8601 duration like P3Y"))
    return value


@command("expire", examples=("machimori expire --store gate.db --holder holder.json",))
@store_options.store
@store_options.holder
@option(
    "--retention",
    callback=duration,
    metavar="P",
    help=msgid("How long after its end a document is kept (ISO 8601); by default as the model says."),
)
@store_options.log_key
@click.pass_obj
def expire(language: str, *, store: str, holder: str, retention: str | None, log_key: str | None) -> int:
    """Delete what is past its retention."""
    with opened(store, holder, log_key) as held:
        counts = held.expire(time.time(), retention)
    told = messages.text(
        language,
        "deleted: {consents} consents, {orders} orders, {agreements} agreements, {demands} answered demands",
        **counts,
    )
    print(told)
    return Status.GOOD
