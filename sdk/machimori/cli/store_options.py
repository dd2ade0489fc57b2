"""What the commands over the holder's store have in common: their options, the store, and how records are printed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from machimori.cli.command import argument, option
from machimori.cli.inputs import text_of
from machimori.cli.options import moment_of
from machimori.cli.paths import INPUT, KEPT
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.privacy.store.store import Store

PERSONAL = ("subject", "guardian")
"""Fields of a document that name a person."""
WITHHELD = "value withheld (personal.disclosure_record)"

store = option(
    "--store",
    type=KEPT,
    required=True,
    metavar="URL",
    help=msgid("The holder's store: an SQLite file, sqlite:///FILE, or postgresql+psycopg://…"),
)
holder = option("--holder", type=INPUT, required=True, metavar="F", help=msgid("The holding: JSON of class Holding."))
any_holder = option(
    "--holder", type=INPUT, metavar="F", help=msgid("The holding, to make sure that the store is this holder's.")
)
log_key = option(
    "--log-key",
    type=KEPT,
    metavar="F",
    help=msgid("File of the log's key; by default beside the SQLite file, with .key added."),
)
as_json = option("--json", "as_json", is_flag=True, help=msgid("Print records as NDJSON."))
subject = option(
    "--subject", metavar="ID", help=msgid("Only what is about this person, by the id that the holder uses.")
)
at = option("--at", callback=moment_of, metavar="T", help=msgid("When (RFC 3339); by default now."))
show_values = option(
    "--show-values", is_flag=True, help=msgid("Show whom it is about; for the holder's own desk only.")
)
documents = argument(
    "file",
    type=INPUT,
    metavar="FILE",
    help=msgid("Signed documents, one compact JWS a line, or - for standard input."),
)


@contextlib.contextmanager
def opened(url: str, holder: str | None, log_key: str | None = None, *, make: bool = False) -> Iterator[Store]:
    """The store, closed at the end. Where it is not there it is made for a command that puts something into it (``make``)."""
    from machimori.privacy.decision.holding import read_holding
    from machimori.privacy.store import open_store

    found = open_store(url, read_holding(text_of(holder)) if holder else None, key=log_key, make=make)
    try:
        yield found
    finally:
        found.close()


def print_records(records: Iterable[Mapping[str, Any]], show_values: bool) -> None:
    """Records as NDJSON, without whom they are about unless that is asked for."""
    for record in records:
        shown = {k: v if show_values or v is None or k not in PERSONAL else WITHHELD for k, v in record.items()}
        print(json.dumps(shown, ensure_ascii=False))


def print_table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    """Rows under their heads."""
    from rich.table import Table

    from machimori.cli.terminal import console

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head)
    for row in rows:
        table.add_row(*row)
    console().print(table)
