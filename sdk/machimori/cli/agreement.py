"""``machimori agreement``: the agreements of the holder in its store."""

from __future__ import annotations

import click

from machimori import messages
from machimori.cli import documents, store_options
from machimori.cli.app import group
from machimori.cli.command import argument
from machimori.cli.exit_status import Status
from machimori.cli.inputs import objects_of
from machimori.cli.paths import INPUT
from machimori.cli.store_options import opened
from machimori.messages import msgid

agreement = group(
    "agreement",
    "machimori agreement register agreements.json --store gate.db --holder holder.json",
    "machimori agreement list --store gate.db --holder holder.json",
)


@agreement.command(
    "register",
    summary=msgid("Keep agreements that the holder made."),
    examples=("machimori agreement register a.json --store gate.db --holder holder.json",),
)
@argument("file", type=INPUT, metavar="FILE", help=msgid("A JSON array of agreements, or - for standard input."))
@store_options.store
@store_options.holder
@click.pass_obj
def register(language: str, *, file: str, store: str, holder: str) -> int:
    """Keep agreements; nothing after the first that is refused."""
    records = objects_of(file)
    with opened(store, holder, make=True) as held:
        for record in records:
            held.add_agreement(record)
    print(messages.text(language, "{count} kept", count=len(records)))
    return Status.GOOD


@agreement.command(
    "list",
    summary=msgid("List agreements and whether they are in force."),
    examples=("machimori agreement list --store gate.db --holder holder.json",),
)
@store_options.store
@store_options.holder
@store_options.as_json
@store_options.show_values
@click.pass_obj
def list_(language: str, *, store: str, holder: str, as_json: bool, show_values: bool) -> int:
    """Print agreements."""
    with opened(store, holder) as held:
        found = held.agreements()
    documents.print_documents([(d, documents.state(d)) for d in found], as_json, show_values, language)
    return Status.GOOD
