"""``machimori order``: orders and lawful demands in the holder's store."""

from __future__ import annotations

import click

from machimori.cli import documents, store_options
from machimori.cli.app import group
from machimori.cli.exit_status import Status
from machimori.cli.store_options import opened
from machimori.messages import msgid

order = group(
    "order",
    "machimori order publish orders.jws --store gate.db --holder holder.json",
    "machimori order list --store gate.db --holder holder.json",
)


@order.command(
    "publish",
    summary=msgid("Keep orders and demands that their issuers signed."),
    examples=("machimori order publish orders.jws --store gate.db --holder holder.json",),
)
@store_options.documents
@store_options.store
@store_options.holder
@click.pass_obj
def publish(language: str, *, file: str, store: str, holder: str) -> int:
    """Keep every line that is an order or a demand."""
    from machimori.privacy.decision.documents import ORDERS

    return documents.add_signed(file, store, holder, ORDERS, language)


@order.command(
    "list",
    summary=msgid("List orders and demands and whether they are in force."),
    examples=("machimori order list --store gate.db --holder holder.json",),
)
@store_options.store
@store_options.holder
@store_options.as_json
@store_options.show_values
@click.pass_obj
def list_(language: str, *, store: str, holder: str, as_json: bool, show_values: bool) -> int:
    """Print orders and demands."""
    with opened(store, holder) as held:
        found = [d.data for d in held.orders()]
    documents.print_documents([(d, documents.state(d)) for d in found], as_json, show_values, language)
    return Status.GOOD
