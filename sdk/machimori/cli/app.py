"""The command line: its commands, each a module of its name, which is loaded when the command is run or explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import click

from machimori.cli.command import Command, Group, Option
from machimori.messages import msgid

COMMANDS = {
    "validate": msgid("Check records against the model."),
    "describe": msgid("Explain a class or a field."),
    "list": msgid("List classes, or the fields of a privacy profile."),
    "schema": msgid("Print the schema of a class, with all that it needs."),
    "sample": msgid("Make invented records, as NDJSON."),
    "convert": msgid("Convert from and to other formats."),
    "decide": msgid("Decide whether a request is granted, and say why."),
    "disclose": msgid("Release what a request may have of the records."),
    "statistics": msgid("Compute statistics that single nobody out."),
    "build": msgid("Build every artefact from the model."),
    "serve": msgid("Serve validation and the model over HTTP."),
    "demo": msgid("See it work on data that comes with it."),
    "expire": msgid("Delete documents past their retention, and log that."),
    "log": msgid("Read the holder's log, and show that nobody changed it."),
    "consent": msgid("Keep and list the consents of persons."),
    "order": msgid("Keep and list orders and lawful demands."),
    "agreement": msgid("Keep and list the holder's agreements."),
    "counsel": msgid("Answer demands that only people may answer."),
    "keys": msgid("Keep the keys that pseudonyms are made with."),
}
"""Every command, in the order of the help, and what it is for: all that is shown of it before it is loaded."""
TAKEN = ("build", "list")
"""Names that a module cannot have without hiding another thing of that name; it has an underscore more."""


class Machimori(Group):
    """The whole command line."""

    heading = msgid("First steps:")

    def summaries(self) -> Mapping[str, str]:
        """What each is for, without loading it."""
        return COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if cmd_name in TAKEN else cmd_name
        loaded: click.Command = getattr(import_module(f"machimori.cli.{name}"), name)
        return loaded


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        import machimori

        click.echo(f"machimori {machimori.__version__}")
        ctx.exit()


machimori = Machimori(
    "machimori",
    summary=msgid("A city's data in which every field says how private it is: check it, read about it, convert it."),
    examples=("machimori demo", "machimori list", "machimori validate data.ndjson"),
    envvar="MACHIMORI_LANG",
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=msgid("Show the version and exit."),
        ),
    ],
)


def command(name: str, **settings: Any) -> Callable[[Callable[..., int]], Command]:
    """Declare one of ``COMMANDS``."""
    return click.command(name, **{"cls": Command, **settings}, summary=COMMANDS[name])


def group(name: str, *examples: str) -> Group:
    """Declare one of ``COMMANDS`` that has commands below it."""
    return Group(name, summary=COMMANDS[name], examples=examples)
