"""The commands of the desk about notices: they stand among those of ``machimori log``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.app import Lang, Language, Work
from machimori.cli.app import _example as example
from machimori.cli.desk import AnyHolder, Holder, Json, Key, Moment, ShowValues, Store, log


@log.command("notices", epilog=example("machimori log notices --store gate.db --overdue"))
def log_notices(
    store: Store,
    holder: AnyHolder = None,
    key: Key = None,
    at: Moment = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose time limit is over.")] = False,
    json: Json = False,
    show_values: ShowValues = False,
    lang: Lang = Language.en,
) -> Work:
    """List who has still to be told of a decision, and until when."""
    from machimori.cli import telling

    return partial(telling.notices, store, holder, key, at, overdue, json, show_values, lang.value)


@log.command("notified", epilog=example("machimori log notified 12 15 --store gate.db --holder holder.json"))
def log_notified(
    entries: Annotated[
        list[int], typer.Argument(min=0, metavar="ENTRY", help="The numbers of the entries of which they were told.")
    ],
    store: Store,
    holder: Holder,
    key: Key = None,
    at: Moment = None,
    lang: Lang = Language.en,
) -> Work:
    """Enter in the log that the persons concerned were told."""
    from machimori.cli import telling

    return partial(telling.notified, entries, store, holder, key, at, lang.value)
