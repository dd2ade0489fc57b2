"""Options that several commands have, each declared once."""

from __future__ import annotations

import click

from machimori import messages
from machimori.cli.command import option
from machimori.cli.paths import OUTPUT
from machimori.messages import msgid
from machimori.standards.time import moment


def moment_of(ctx: click.Context, _: click.Parameter, value: str | None) -> float | None:
    """The seconds since 1970 of a time that an option names; what is none is refused."""
    at = moment(value)
    if value is not None and at is None:
        told = messages.text(ctx.obj, "not an RFC 3339 time with offset, like 2026-04-01T09:00:00+09:00")
        raise click.BadParameter(told)
    return at


out = option("-o", "--out", type=OUTPUT, metavar="OUT", default="-", help=msgid("File to write; - is standard output."))
engine = option(
    "--engine",
    type=click.Choice(("local", "spark")),
    default="local",
    help=msgid("What does the work: this machine, or Spark for lines of JSON and Parquet."),
)
master = option(
    "--master",
    metavar="URL",
    help=msgid("The Spark cluster; this machine alone without one. Only with --engine spark."),
)
