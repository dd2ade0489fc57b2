"""Files of secrets: only their owner may read them, and each is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from machimori import files

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SharedFileError(Exception):
    """Others than its owner may read the file."""


def read_secret(file: Path) -> bytes:
    """What is in the file. Raises ``OSError``, or ``SharedFileError`` where others may read it."""
    if str(file) in files.STDIN:
        return files.content(file)
    with file.open("rb") as stream:
        held, mode = stream.read(), os.fstat(stream.fileno()).st_mode
    if os.name == "posix" and mode & OTHERS:
        raise SharedFileError
    return held


def write_secret(file: Path, text: str, *, replace: bool) -> None:
    """Write the file; unless ``replace``, of several processes that make it at once the first wins. Raises ``OSError``."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            Path(name).replace(file)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(name, file)
    finally:
        Path(name).unlink(missing_ok=True)
