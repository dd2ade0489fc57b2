"""Opening the holder's store for one command, and what several commands print in the same way."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from machimori.cli.inputs import text_of
from machimori.cli.refusals import CallError
from machimori.cli.terminal import console
from machimori.standards.time import moment

if TYPE_CHECKING:
    from machimori.privacy.store.store import Store

PERSONAL = ("subject", "guardian")
"""Fields of a document that name a person."""
WITHHELD = "value withheld (personal.disclosure_record)"


@contextlib.contextmanager
def opened(url: str, holder: str | None, key: str | None = None) -> Iterator[Store]:
    """The store, closed at the end. With a holder it is made where it is not there."""
    from machimori.privacy.decision.holding import read_holding
    from machimori.privacy.store import open_store

    store = open_store(url, read_holding(text_of(holder)) if holder else None, key=key)
    try:
        yield store
    finally:
        store.close()


def at_moment(text: str | None) -> float:
    """The moment that an option names, by default now."""
    at = time.time() if text is None else moment(text)
    if at is None:
        raise CallError(
            "--at takes a time like 2026-04-01T09:00:00+09:00",
            "--atには2026-04-01T09:00:00+09:00のような日時を指定してください。",
        )
    return at


def print_records(records: list[Mapping[str, Any]], show_values: bool) -> None:
    """Records as NDJSON, without whom they are about unless that is asked for."""
    for record in records:
        shown = {k: v if show_values or v is None or k not in PERSONAL else WITHHELD for k, v in record.items()}
        print(json.dumps(shown, ensure_ascii=False))


def print_table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Rows under their heads."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head)
    for row in rows:
        table.add_row(*row)
    console().print(table)
