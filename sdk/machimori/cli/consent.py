"""``machimori consent``: the consents of persons in the holder's store."""

from __future__ import annotations

import sys
import time

import click

from machimori import messages
from machimori.cli import documents, store_options
from machimori.cli.app import group
from machimori.cli.command import argument
from machimori.cli.exit_status import Status
from machimori.cli.store_options import opened
from machimori.messages import msgid

consent = group(
    "consent",
    "machimori consent give consents.jws --store gate.db --holder holder.json",
    "machimori consent withdraw urn:uuid:b7a4b2f2-2a0e-4a39-9c1f-6a4a2f6f1c01 --store gate.db --holder holder.json",
    "machimori consent list --store gate.db --holder holder.json --subject urn:machimori:customer:17",
)


@consent.command(
    "give",
    summary=msgid("Keep consents that the persons signed."),
    examples=("machimori consent give consents.jws --store gate.db --holder holder.json",),
)
@store_options.documents
@store_options.store
@store_options.holder
@click.pass_obj
def give(language: str, *, file: str, store: str, holder: str) -> int:
    """Keep every line that is a consent."""
    return documents.add_signed(file, store, holder, ("ConsentRecord",), language)


@consent.command(
    "withdraw",
    summary=msgid("Keep that a person took a consent back."),
    examples=("machimori consent withdraw urn:uuid:… --store gate.db --holder holder.json",),
)
@argument("id", metavar="ID", help=msgid("The id of the consent."))
@store_options.store
@store_options.holder
@store_options.at
@click.pass_obj
def withdraw(language: str, *, id: str, store: str, holder: str, at: float | None) -> int:
    """Keep a withdrawal."""
    with opened(store, holder, make=True) as held:
        known = held.withdraw(id, time.time() if at is None else at)
    print(messages.text(language, "withdrawn: {id}", id=id))
    if not known:
        note = messages.text(language, "note: no consent of that id is here; one that comes later counts as withdrawn")
        print(note, file=sys.stderr)
    return Status.GOOD


@consent.command(
    "list",
    summary=msgid("List consents and whether they hold."),
    examples=("machimori consent list --store gate.db --holder holder.json",),
)
@store_options.store
@store_options.holder
@store_options.subject
@store_options.as_json
@store_options.show_values
@click.pass_obj
def list_(language: str, *, store: str, holder: str, subject: str | None, as_json: bool, show_values: bool) -> int:
    """Print consents."""
    with opened(store, holder) as held:
        found, register = held.consents(subject), held.register()
    stated = [(d.data, documents.state(d.data, register.withdrawn_at(d))) for d in found]
    documents.print_documents(stated, as_json, show_values, language)
    return Status.GOOD
