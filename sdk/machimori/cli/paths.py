"""Which parts of a call name files, and that none of them destroys another.

Each option or argument that names a file says among its annotations what becomes of it; a new one has no more to do.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from typer.core import TyperCommand

from machimori import files
from machimori.cli import standard
from machimori.errors import CannotReadError, CannotWriteError

VERDICTS = ("machimori validate", "machimori decide", "machimori log verify", "machimori build")
"""Commands whose exit status is their result, so that nothing is lost where nobody reads the words."""


class Named(Enum):
    """What becomes of a file that an option or an argument names; it stands among the annotations of the parameter."""

    INPUT = "input"
    """It is read: a file, a folder, or ``-`` for standard input."""
    OUTPUT = "output"
    """It is written: a file, a folder, or ``-`` for standard output."""
    KEPT = "kept"
    """It is changed in place: a file of keys, or the address of a store."""


class Command(TyperCommand):
    """A command that is not begun where one of its outputs is also an input or another output."""

    def invoke(self, ctx: Any) -> Any:
        """Look at the files before anything is opened."""
        named = files_named(self.callback, ctx.params)
        if "" in named[Named.OUTPUT]:
            raise CannotWriteError("''", files.REASONS[errno.ENOENT])
        if "" in named[Named.INPUT] or {"", *files.STDIN} & {*named[Named.KEPT]}:
            raise CannotReadError("''" if "" in named[Named.INPUT] else files.STREAM, files.REASONS[errno.ENOENT])
        beside = (file for address in named[Named.KEPT] for file in _of_store(address))
        printed = () if files.named_stdout(named[Named.OUTPUT]) else (files.STREAM,)  # whatever else a command writes
        files.apart([*named[Named.INPUT], *beside], [*named[Named.OUTPUT], *printed])
        work, verdict = super().invoke(ctx), ctx.command_path in VERDICTS
        return lambda: standard.whole(work(), verdict=verdict)


def files_named(function: Any, values: Mapping[str, Any]) -> dict[Named, list[str]]:
    """The files among the values of a command's parameters, by what becomes of them."""
    found: dict[Named, list[str]] = {kind: [] for kind in Named}
    for name, kind in kinds(function).items():
        value = values.get(name)
        found[kind] += [value] if isinstance(value, str) else value or ()
    return found


@cache
def kinds(function: Any) -> dict[str, Named]:
    """The parameters of a command that name files."""
    hints = get_type_hints(function, include_extras=True)
    marks = {
        name: [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Named)] for name, hint in hints.items()
    }
    return {name: found[0] for name, found in marks.items() if found}


def _of_store(address: str) -> list[str]:
    """The files of a store or of a key, those beside it included."""
    scheme, found, rest = address.partition("://")
    if found and not scheme.startswith("sqlite"):
        return []
    file = rest.removeprefix("/") if found else address
    return [file + ending for ending in ("", ".key", "-wal", "-shm")]
