"""Which parts of a call name files, and that none of them destroys another.

The type of a parameter says that it names a file and what becomes of it; a new parameter has no more to do.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from machimori import files
from machimori.errors import CannotReadError, CannotWriteError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Named(Enum):
    """What becomes of a file that an option or an argument names."""

    INPUT = "input"
    """It is read: a file, a folder, or ``-`` for standard input."""
    OUTPUT = "output"
    """It is written: a file, a folder, or ``-`` for standard output."""
    KEPT = "kept"
    """It is changed in place: a file of keys, or the address of a store."""


class FileName(click.types.StringParamType):
    """The name of a file, as it was given: whoever opens it says what is wrong with it."""

    name = "file"

    def __init__(self, named: Named) -> None:
        self.named = named

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Leave it to the shell, which knows its files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


INPUT, OUTPUT, KEPT = map(FileName, Named)


def files_named(parameters: Iterable[click.Parameter], values: Mapping[str, Any]) -> dict[Named, list[str]]:
    """The files among the values of a command's parameters, by what becomes of them."""
    found: dict[Named, list[str]] = {kind: [] for kind in Named}
    for parameter in parameters:
        if isinstance(parameter.type, FileName):
            value = values.get(parameter.name or "")
            found[parameter.type.named] += [value] if isinstance(value, str) else value or ()
    return found


def apart(named: Mapping[Named, list[str]]) -> None:
    """Raise an error where an output is also an input or another output, or a name is none."""
    if "" in named[Named.OUTPUT]:
        raise CannotWriteError("''", files.SYSTEM_REASONS[errno.ENOENT])
    if "" in named[Named.INPUT] or {"", *files.STDIN} & {*named[Named.KEPT]}:
        raise CannotReadError("''" if "" in named[Named.INPUT] else files.STREAM, files.SYSTEM_REASONS[errno.ENOENT])
    beside = (file for address in named[Named.KEPT] for file in _of_store(address))
    printed = () if files.named_stdout(named[Named.OUTPUT]) else (files.STREAM,)  # whatever else a command writes
    files.apart([*named[Named.INPUT], *beside], [*named[Named.OUTPUT], *printed])


def _of_store(address: str) -> list[str]:
    """The files of a store or of a key, those beside it included."""
    scheme, found, rest = address.partition("://")
    if found and not scheme.startswith("sqlite"):
        return []
    file = rest.removeprefix("/") if found else address
    return [file + ending for ending in ("", ".kept", ".key", ".key.kept", "-wal", "-shm")]
