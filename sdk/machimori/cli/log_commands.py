"""The commands about the holder's log: what it says, that nobody changed it, and who has to be told."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from machimori.cli.desk_options import AnyHolder, Holder, Json, Key, Moment, ShowValues, Store, Subject, group
from machimori.cli.options import SETTINGS, Lang, Language, Work, example
from machimori.cli.paths import Named

log = group(
    "Read the holder's log, and show that nobody changed it.",
    "machimori log verify --store gate.db",
    "machimori log list --store gate.db --subject urn:machimori:customer:17 --lang ja",
    "machimori log report --store gate.db --year 2026 > transparency.json",
    "machimori log notices --store gate.db --lang ja",
    "machimori log checkpoint --store gate.db >> published.txt",
)
commands = typer.Typer(**SETTINGS)
commands.add_typer(log, name="log")


@log.command("verify", epilog=example("machimori log verify --store gate.db --checkpoint published.txt"))
def log_verify(
    store: Store,
    holder: AnyHolder = None,
    key: Key = None,
    checkpoint: Annotated[
        str | None,
        Named.INPUT,
        typer.Option(
            metavar="F",
            help="Checkpoints that were published, one a line: the log must still contain them.",
        ),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Say whether the log is as it was written."""
    from machimori.cli import auditing

    return partial(auditing.verify, store, holder, key, checkpoint, lang.value)


@log.command("list", epilog=example("machimori log list --store gate.db --subject urn:machimori:customer:17"))
def log_list(
    store: Store,
    subject: Subject = None,
    holder: AnyHolder = None,
    key: Key = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> Work:
    """Tell who asked for what, when, why, and what they got."""
    from machimori.cli import auditing

    return partial(auditing.entries, store, holder, key, subject, json, lang.value)


@log.command("report", epilog=example("machimori log report --store gate.db --year 2026"))
def log_report(
    store: Store,
    year: Annotated[
        int | None,
        typer.Option(
            min=1901, max=2198, metavar="Y", help="The fiscal year that begins on 1 April Y; by default this one."
        ),
    ] = None,
    holder: AnyHolder = None,
    key: Key = None,
    lang: Lang = Language.en,  # noqa: ARG001  running.spoken has read it; Japanese help knows this name
) -> Work:
    """Count requests and answers (class TransparencyReport)."""
    from machimori.cli import auditing

    return partial(auditing.report, store, holder, key, year)


@log.command("checkpoint", epilog=example("machimori log checkpoint --store gate.db >> published.txt"))
def log_checkpoint(
    store: Store,
    holder: AnyHolder = None,
    key: Key = None,
    lang: Lang = Language.en,  # noqa: ARG001  running.spoken has read it; Japanese help knows this name
) -> Work:
    """Print the log's signed size and root, to be published."""
    from machimori.cli import auditing

    return partial(auditing.checkpoint, store, holder, key)


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
