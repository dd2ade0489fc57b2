"""``machimori log``: what the holder's log says, that nobody changed it, and who has to be told."""

from __future__ import annotations

import json
import sys

import click

from machimori import messages
from machimori.cli import notices, store_options
from machimori.cli.app import group
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.inputs import text_of
from machimori.cli.paths import INPUT
from machimori.cli.store_options import opened
from machimori.messages import msgid

log = group(
    "log",
    "machimori log verify --store gate.db",
    "machimori log list --store gate.db --subject urn:machimori:customer:17 --lang ja",
    "machimori log report --store gate.db --year 2026 > transparency.json",
    "machimori log notices --store gate.db --lang ja",
    "machimori log checkpoint --store gate.db >> published.txt",
)


@log.command(
    "verify",
    summary=msgid("Say whether the log is as it was written."),
    examples=("machimori log verify --store gate.db --checkpoint published.txt",),
    verdict=True,
)
@store_options.store
@store_options.any_holder
@store_options.log_key
@option(
    "--checkpoint",
    type=INPUT,
    metavar="F",
    help=msgid("Checkpoints that were published, one a line: the log must still contain them."),
)
@click.pass_obj
def verify(language: str, *, store: str, holder: str | None, log_key: str | None, checkpoint: str | None) -> int:
    """Print what is not as it was written; 1 if there is anything."""
    points = [line for line in text_of(checkpoint).splitlines() if line.strip()] if checkpoint else []
    with opened(store, holder, log_key) as held:
        findings = held.log.verify(points)
        for finding in findings:
            print(finding.text(language))
        if not findings:
            size = held.log.size()
            print(messages.text(language, "the log is as it was written: {size} entries", size=size))
            return Status.GOOD
    print(messages.text(language, "{count} findings", count=len(findings)), file=sys.stderr)
    return Status.REFUSED


@log.command(
    "list",
    summary=msgid("Tell who asked for what, when, why, and what they got."),
    examples=("machimori log list --store gate.db --subject urn:machimori:customer:17",),
)
@store_options.store
@store_options.subject
@store_options.any_holder
@store_options.log_key
@store_options.as_json
@click.pass_obj
def entries(
    language: str, *, store: str, subject: str | None, holder: str | None, log_key: str | None, as_json: bool
) -> int:
    """Print entries in words, or as records."""
    from machimori.privacy.log.wording import sentence, unfinished

    printed: set[int] = set()
    with opened(store, holder, log_key) as held:
        for entry in held.log.entries(subject):
            printed.add(entry["log_sequence"])
            if as_json:
                print(json.dumps(entry, ensure_ascii=False))
            else:
                print(f"{entry['log_sequence']}  {sentence(entry, language)}")
        for entry in held.log.unfinished():
            if entry["log_sequence"] in printed:
                print(unfinished(entry, language), file=sys.stderr)
    if not printed:
        print(messages.text(language, "no entries"), file=sys.stderr)
    return Status.GOOD


@log.command(
    "report",
    summary=msgid("Count requests and answers (class TransparencyReport)."),
    examples=("machimori log report --store gate.db --year 2026",),
)
@store_options.store
@option(
    "--year",
    type=click.IntRange(1901, 2198),
    metavar="Y",
    help=msgid("The fiscal year that begins on 1 April Y; by default this one."),
)
@store_options.any_holder
@store_options.log_key
def report(*, store: str, year: int | None, holder: str | None, log_key: str | None) -> int:
    """Print the transparency report as JSON."""
    with opened(store, holder, log_key) as held:
        print(json.dumps(held.report(year), ensure_ascii=False, indent=1))
    return Status.GOOD


@log.command(
    "checkpoint",
    summary=msgid("Print the log's signed size and root, to be published."),
    examples=("machimori log checkpoint --store gate.db >> published.txt",),
)
@store_options.store
@store_options.any_holder
@store_options.log_key
def checkpoint(*, store: str, holder: str | None, log_key: str | None) -> int:
    """Print the signed checkpoint."""
    with opened(store, holder, log_key) as held:
        print(held.log.checkpoint())
    return Status.GOOD


@log.command(
    "notices",
    summary=msgid("List who has still to be told of a decision, and until when."),
    examples=("machimori log notices --store gate.db --overdue",),
)
@store_options.store
@store_options.any_holder
@store_options.log_key
@store_options.at
@option("--overdue", is_flag=True, help=msgid("Only those whose time limit is over."))
@store_options.as_json
@store_options.show_values
@click.pass_obj
def list_notices(
    language: str,
    *,
    store: str,
    holder: str | None,
    log_key: str | None,
    at: float | None,
    overdue: bool,
    as_json: bool,
    show_values: bool,
) -> int:
    """Print the notices that were not given, the most urgent first."""
    with opened(store, holder, log_key) as held:
        return notices.print_due(held, language, at=at, overdue=overdue, as_json=as_json, show_values=show_values)


@log.command(
    "notified",
    summary=msgid("Enter in the log that the persons concerned were told."),
    examples=("machimori log notified 12 15 --store gate.db --holder holder.json",),
)
@argument(
    "entries",
    type=click.IntRange(min=0),
    required=True,
    nargs=-1,
    metavar="ENTRY...",
    help=msgid("The numbers of the entries of which they were told."),
)
@store_options.store
@store_options.holder
@store_options.log_key
@store_options.at
@click.pass_obj
def notified(
    language: str, *, entries: tuple[int, ...], store: str, holder: str, log_key: str | None, at: float | None
) -> int:
    """Enter that the persons concerned were told."""
    told = notices.past(at)
    with opened(store, holder, log_key) as held:
        for entry in entries:
            receipt = held.log.notified(entry, told)
            print(
                messages.text(
                    language,
                    "entered: notice of entry {told}, as entry {entry} of the log",
                    told=entry,
                    entry=receipt.log_sequence,
                )
            )
    return Status.GOOD
