"""Where the result of a command goes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from machimori.cli.refusals import CannotWriteError


@contextlib.contextmanager
def opened(out: str) -> Iterator[IO[bytes]]:
    """The file of this name to write, or standard output for ``-``; ``CannotWriteError`` where it cannot be."""
    if out == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    try:
        stream = Path(out).open("wb")  # noqa: SIM115 - closed below; only the opening may be refused here
    except OSError as error:
        raise CannotWriteError(out, error.strerror or type(error).__name__) from None
    with stream:
        yield stream
