"""What the commands of the holder's desk have in common."""

from __future__ import annotations

from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, example
from machimori.cli.paths import Named

Store = Annotated[
    str,
    Named.KEPT,
    typer.Option(
        "--store",
        metavar="URL",
        help="The holder's store: an SQLite file, sqlite:///FILE, or postgresql+psycopg://…",
    ),
]
Holder = Annotated[str, Named.INPUT, typer.Option("--holder", metavar="F", help="The holding: JSON of class Holding.")]
AnyHolder = Annotated[
    str | None,
    Named.INPUT,
    typer.Option("--holder", metavar="F", help="The holding, to make sure that the store is this holder's."),
]
Key = Annotated[
    str | None,
    Named.KEPT,
    typer.Option(
        "--key",
        metavar="F",
        help="File of the log's key; by default beside the SQLite file, with .key added.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print records as NDJSON.")]
Subject = Annotated[
    str | None, typer.Option(metavar="ID", help="Only what is about this person, by the id that the holder uses.")
]
Moment = Annotated[str | None, typer.Option("--at", metavar="T", help="When (RFC 3339); by default now.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show whom it is about; for the holder's own desk only.")
]
Documents = Annotated[
    str,
    Named.INPUT,
    typer.Argument(metavar="FILE", help="Signed documents, one compact JWS a line, or - for standard input."),
]


def group(help: str, *examples: str) -> typer.Typer:
    """A command that has commands below it."""
    return typer.Typer(**{**SETTINGS, "help": help, "epilog": example(*examples)})
