"""Where the result of a command goes."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from machimori.errors import MachimoriError


class CannotWriteError(MachimoriError):
    """A file that the result should go to cannot be written."""

    def __init__(self, target: str, reason: str) -> None:
        self.target, self.reason = target, reason
        super().__init__(f"cannot write {target}: {reason}")


@contextlib.contextmanager
def written(out: str) -> Iterator[IO[str]]:
    """The same for text in UTF-8."""
    if out == "-":
        yield sys.stdout
        return
    with opened(out) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")
        yield text
        text.flush()
        text.detach()


@contextlib.contextmanager
def opened(out: str) -> Iterator[IO[bytes]]:
    """The file of this name to write, or standard output for ``-``; ``CannotWriteError`` where it cannot be."""
    if out == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    with contextlib.ExitStack() as held:
        try:
            stream = held.enter_context(Path(out).open("wb"))
        except OSError as error:
            raise CannotWriteError(out, error.strerror or type(error).__name__) from None
        yield stream
