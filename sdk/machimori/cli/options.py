"""What the commands have in common: options, examples, exit statuses, and the settings of the option parser."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

Work = Callable[[], int]
"""What a command returns: the work to be done. Nothing is done while the line is parsed."""

STATUSES = """\b
Exit status:
  0  all good
  1  the input does not comply, or a disclosure is denied
  2  the call is wrong: unknown class, bad option, missing argument
  3  a fault of machimori itself

\b
Environment:
  MACHIMORI_LANG=ja    messages and help in Japanese
  MACHIMORI_DEBUG=1    show where an internal error happened
  NO_COLOR=1           no colour on a terminal"""

SETTINGS: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "no_args_is_help": True,
    "context_settings": {"help_option_names": ["-h", "--help"]},
    "help": "A city's data in which every field says how private it is: check it, read about it, convert it.",
    "epilog": "\b\nFirst steps:\n  machimori demo\n  machimori list\n  machimori validate data.ndjson\n\n" + STATUSES,
}


class Language(StrEnum):
    """Languages of messages."""

    en = "en"
    ja = "ja"


class Engine(StrEnum):
    """What works over records."""

    local = "local"
    spark = "spark"


Lang = Annotated[
    Language,
    typer.Option("--lang", envvar="MACHIMORI_LANG", show_envvar=False, help="Language of messages."),
]
ClassName = Annotated[str, typer.Argument(metavar="CLASS", help="A class of the model, such as Trip.")]
AsClass = Annotated[
    str | None,
    typer.Option("--as", metavar="CLASS", help="Judge every record as this class, whatever its type says."),
]

WithEngine = Annotated[
    Engine, typer.Option("--engine", help="What does the work: this machine, or Spark for lines of JSON and Parquet.")
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master", metavar="URL", help="The Spark cluster; this machine alone without one. Only with --engine spark."
    ),
]


def example(*lines: str, status: bool = True) -> str:
    """The end of a help text: examples, and the exit statuses."""
    shown = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
    return f"{shown}\n\n{STATUSES}" if status else shown
