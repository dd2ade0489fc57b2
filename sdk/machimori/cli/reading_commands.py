"""The commands that tell what the model says."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, ClassName, Lang, Language, Work, example

commands = typer.Typer(**SETTINGS)


class SchemaForm(StrEnum):
    """Schema languages that a class is written in."""

    json_schema = "json-schema"
    typescript = "typescript"
    shacl = "shacl"
    owl = "owl"
    context = "context"


@commands.command(
    "describe",
    epilog=example(
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


@commands.command("list", epilog=example("machimori list", "machimori list --privacy special_care"))
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


@commands.command(
    "schema",
    epilog=example(
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
