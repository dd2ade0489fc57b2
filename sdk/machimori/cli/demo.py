"""``machimori demo``: the SDK at work on data that comes with it."""

from __future__ import annotations

import click

from machimori.cli.app import command
from machimori.cli.command import argument
from machimori.cli.exit_status import Status
from machimori.messages import msgid


@command("demo", examples=("machimori demo", "machimori demo energy", "machimori demo care --lang ja"))
@argument(
    "scenario",
    default="tour",
    metavar="[SCENARIO]",
    help=msgid("tour, convert, validate, privacy; energy, congestion, infection, disaster, care, together."),
)
@click.pass_obj
def demo(language: str, *, scenario: str) -> int:
    """Play a scenario."""
    from machimori.cli.terminal import console
    from machimori.demo import show

    show(scenario, language, console())
    return Status.GOOD
