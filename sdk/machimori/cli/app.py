"""The command line, put together from its families. Only the family that is asked for is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer

from machimori.cli.options import SETTINGS, Lang, Language
from machimori.cli.paths import Command

USAGE_ERROR: Any = typer.BadParameter.__base__
"""What the option parser raises; its public name differs between versions of typer."""
FAMILIES = {
    "checking_commands": ("validate",),
    "reading_commands": ("describe", "list", "schema"),
    "making_commands": ("sample", "convert"),
    "releasing_commands": ("decide", "disclose", "statistics"),
    "operating_commands": ("build", "serve", "demo"),
    "log_commands": ("log",),
    "desk_commands": ("expire", "consent", "order", "agreement", "counsel"),
    "keys_commands": ("keys",),
}
"""The commands of each module, in the order of the help."""


def _version(asked: bool) -> None:
    if asked:
        import machimori

        typer.echo(f"machimori {machimori.__version__}")
        raise typer.Exit


def top(
    context: typer.Context,
    lang: Lang = Language.en,
    version: Annotated[  # noqa: ARG001 - its callback ends the call; the Japanese help knows it by this name
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Hand the language on to the command."""
    context.default_map = _spoken(context.command, lang.value)


def _spoken(command: Any, language: str) -> dict[str, Any]:
    below = getattr(command, "commands", {})
    return {name: _spoken(inner, language) for name, inner in below.items()} if below else {"lang": language}


def _commands(family: Any) -> Iterator[Any]:
    """Every command of a family, those of its groups included."""
    yield from family.registered_commands
    for group in family.registered_groups:
        yield from _commands(group.typer_instance)


def command(language: str, asked: str | None = None) -> Any:
    """The command line with help in ``language``: the one command that is asked for, or all where that is none."""
    return _made(language, asked if any(asked in names for names in FAMILIES.values()) else None)


@cache
def _made(language: str, asked: str | None) -> Any:
    # typer makes a Pydantic adapter for every parameter; making those of all commands takes longer than most calls.
    whole = typer.Typer(**SETTINGS)
    whole.callback()(top)
    for module in [m for m, names in FAMILIES.items() if asked in names] or FAMILIES:
        family = import_module(f"machimori.cli.{module}").commands
        whole.registered_commands += family.registered_commands
        whole.registered_groups += family.registered_groups
    if asked is not None:
        whole.registered_commands = [c for c in whole.registered_commands if c.name == asked]
        whole.registered_groups = [g for g in whole.registered_groups if g.name == asked]
    for info in _commands(whole):
        info.cls = Command
    made = typer.main.get_command(whole)
    if language == "ja":
        from machimori.cli.japanese import translate

        translate(made)
    return made
