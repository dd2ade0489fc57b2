"""``machimori keys``: the keys that pseudonyms are made with."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from machimori.cli.options import SETTINGS, Lang, Language, Work, example
from machimori.cli.paths import Named
from machimori.cli.statuses import Status
from machimori.standards.time import month as current_month

keys = typer.Typer(
    **{
        **SETTINGS,
        "help": "Keep the keys that pseudonyms are made with.",
        "epilog": example("machimori keys rotate keys.json", "machimori keys list keys.json"),
    }
)
File = Annotated[str, Named.INPUT, typer.Argument(metavar="FILE", help="The file of keys.")]
KeptFile = Annotated[str, Named.KEPT, typer.Argument(metavar="FILE", help="The file of keys.")]
SAID = {
    "en": {"now": "in use", "before": "only for months before", "later": "from this month on"},
    "ja": {"now": "使用中", "before": "過去の月だけに使用", "later": "この月から使用"},
}


@keys.command("rotate", epilog=example("machimori keys rotate keys.json --from 2026-12"))
def rotate(
    file: KeptFile,
    month: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MONTH",
            help="The month from which on the key is used; by default the next, or this one for a new file.",
        ),
    ] = None,
    lang: Lang = Language.en,
) -> Work:
    """Add a new key.

    Pseudonyms made with it cannot be joined with those made before; the old keys make those of their months.
    """
    return partial(_rotate, Path(file), month, lang.value)


@keys.command("list", epilog=example("machimori keys list keys.json"))
def list_(file: File, lang: Lang = Language.en) -> Work:
    """List when each key came into use, never the key itself."""
    return partial(_list, Path(file), lang.value)


def _rotate(file: Path, month: str | None, language: str) -> int:
    from machimori.privacy.disclosure import pseudonym_keys

    month = month or (_next(_now()) if file.exists() else _now())
    _print(pseudonym_keys.rotate(file, month).months, language)
    return Status.GOOD


def _list(file: Path, language: str) -> int:
    from machimori.privacy.disclosure import pseudonym_keys

    _print(pseudonym_keys.read_keys(file).months, language)
    return Status.GOOD


def _print(months: list[str], language: str) -> None:
    current = max((m for m in months if m <= _now()), default="")
    for month in months:
        state = "now" if month == current else "before" if month < current else "later"
        print(f"{month}  {SAID[language][state]}")


def _now() -> str:
    return current_month(time.time())


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


commands = typer.Typer(**SETTINGS)
commands.add_typer(keys, name="keys")
