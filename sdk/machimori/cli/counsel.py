"""``machimori counsel``: demands with legal force, and what people answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from machimori import messages
from machimori.cli import store_options
from machimori.cli.app import group
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.store_options import WITHHELD, opened, print_table
from machimori.messages import msgid
from machimori.standards.time import written

if TYPE_CHECKING:
    from machimori.privacy.store.counsel import Item

HEADS = (
    *(msgid("id"), msgid("since"), msgid("requester"), msgid("class"), msgid("purpose"), msgid("form")),
    msgid("status"),
)
STATUSES = {
    "open": msgid("open", context="a demand"),
    "released": msgid("released", context="a demand"),
    "refused": msgid("refused", context="a demand"),
}

counsel = group(
    "counsel",
    "machimori counsel list --store gate.db --holder holder.json",
    "machimori counsel answer urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a04 --refuse --by 'Legal, M. Ito'"
    " --reason 'no statute cited' --store gate.db --holder holder.json",
)


@counsel.command(
    "list",
    summary=msgid("List demands that wait for an answer."),
    examples=("machimori counsel list --store gate.db --holder holder.json",),
)
@store_options.store
@store_options.holder
@option("--all", "every", is_flag=True, help=msgid("Show answered ones too."))
@store_options.as_json
@store_options.show_values
@click.pass_obj
def list_(language: str, *, store: str, holder: str, every: bool, as_json: bool, show_values: bool) -> int:
    """Print what waits, or everything."""
    with opened(store, holder) as held:
        found = held.counsel.items() if every else held.counsel.waiting()
    if as_json:
        for item in found:
            print(json.dumps(_record(item, show_values), ensure_ascii=False))
    elif found:
        heads = [messages.text(language, head) for head in HEADS]
        print_table(
            heads + ([messages.text(language, "subject")] if show_values else []),
            [_row(item, show_values, language) for item in found],
        )
    return Status.GOOD


@counsel.command(
    "answer",
    summary=msgid("Release or refuse by hand; the log says so."),
    examples=(
        "machimori counsel answer urn:uuid:… --release --by Ito --reason 'Art. 34' --store gate.db --holder h.json",
    ),
)
@argument("item", metavar="ITEM", help=msgid("The id of the request."))
@option("--by", required=True, metavar="NAME", help=msgid("Who answers."))
@option("--reason", required=True, metavar="TEXT", help=msgid("Why; it stays with the holder."))
@option("--release/--refuse", required=True, help=msgid("What is answered."))
@store_options.store
@store_options.holder
@store_options.log_key
@click.pass_obj
def answer(
    language: str,
    *,
    item: str,
    by: str,
    reason: str,
    release: bool,
    store: str,
    holder: str,
    log_key: str | None,
) -> int:
    """Release or refuse."""
    with opened(store, holder, log_key) as held:
        receipt = held.counsel.answer(item, by, reason, release)
    told = messages.text(
        language,
        "{answer}: {item}, entry {sequence} of the log",
        answer=messages.text(language, STATUSES["released" if release else "refused"]),
        item=item,
        sequence=receipt.log_sequence,
    )
    print(told)
    return Status.GOOD


def _row(item: Item, show_values: bool, language: str) -> tuple[str, ...]:
    asked = item.request
    return (
        item.id,
        written(item.referred),
        asked.requester.id,
        asked.entity or "",
        asked.purpose or "",
        asked.form,
        messages.text(language, STATUSES[item.status]),
        *([asked.subject or ""] if show_values else []),
    )


def _record(item: Item, show_values: bool) -> dict[str, Any]:
    import msgspec

    request = {k: v for k, v in msgspec.to_builtins(item.request).items() if v is not None}
    if "subject" in request and not show_values:
        request["subject"] = WITHHELD
    answered = {"at": item.answered, "by": item.answered_by, "reason": item.reason} if item.answered else None
    return {
        "id": item.id,
        "status": item.status,
        "request": request,
        "decision": item.decision.data(),
        **({"answer": {**answered, "at": written(item.answered)}} if answered and item.answered else {}),
    }
