"""``machimori keys``: the keys that pseudonyms are made with."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import click

from machimori import messages
from machimori.cli.app import group
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.paths import INPUT, KEPT
from machimori.messages import msgid
from machimori.standards.time import month as month_of

keys = group("keys", "machimori keys rotate keys.json", "machimori keys list keys.json")
FILE = msgid("The file of keys.")
NOW, BEFORE, LATER = msgid("in use"), msgid("only for months before"), msgid("from this month on")


@keys.command(
    "rotate",
    summary=msgid("Add a new key."),
    details=msgid(
        "Pseudonyms made with it cannot be joined with those made before; the old keys make those of their months."
    ),
    examples=("machimori keys rotate keys.json --from 2026-12",),
)
@argument("file", type=KEPT, metavar="FILE", help=FILE)
@option(
    "--from",
    "month",
    metavar="MONTH",
    help=msgid("The month from which on the key is used; by default the next, or this one for a new file."),
)
@click.pass_obj
def rotate(language: str, *, file: str, month: str | None) -> int:
    """Add a key and print the months of all."""
    from machimori.privacy.disclosure import pseudonym_keys

    path = Path(file)
    month = month or (_next(_now()) if path.exists() else _now())
    _print(pseudonym_keys.rotate(path, month).months, language)
    return Status.GOOD


@keys.command(
    "list",
    summary=msgid("List when each key came into use, never the key itself."),
    examples=("machimori keys list keys.json",),
)
@argument("file", type=INPUT, metavar="FILE", help=FILE)
@click.pass_obj
def list_(language: str, *, file: str) -> int:
    """Print the months of the keys."""
    from machimori.privacy.disclosure import pseudonym_keys

    _print(pseudonym_keys.read_keys(Path(file)).months, language)
    return Status.GOOD


def _print(months: Iterable[str], language: str) -> None:
    current = max((m for m in months if m <= _now()), default="")
    for month in months:
        state = NOW if month == current else BEFORE if month < current else LATER
        print(f"{month}  {messages.text(language, state)}")


def _now() -> str:
    return month_of(time.time())


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"
