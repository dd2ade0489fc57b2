"""Standard input, output and error as a process finds them: of any encoding, closed, or on a full disk."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import Any, cast

from machimori.errors import CannotWriteError
from machimori.messages import Message

NAME = Message("standard output")
ENDINGS = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
CLOSED = Message("it is closed")
LOST = Message("note: standard output is closed; the exit status alone tells the result")


def prepare() -> None:
    """Let every write end well, or in an error that can be told.

    What goes into a file or pipe is UTF-8 on every system, and no character fails. Of a closed stream the descriptor is taken,
    so that no file that is opened later stands in its place. A note that cannot be written is lost, and not the result with it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is this one
    for name in ENDINGS:
        if signal.getsignal(getattr(signal, name)) == signal.SIG_DFL:
            signal.signal(getattr(signal, name), _end)
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Nowhere()), encoding="utf-8", errors="backslashreplace")
    else:
        cast(io.TextIOWrapper, sys.stdout).reconfigure(**_form(sys.stdout))
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    else:
        encoding = _form(sys.stderr)["encoding"] or sys.stderr.encoding
        buffer: Any = cast(io.TextIOWrapper, sys.stderr).detach()
        sys.stderr = _Notes(buffer, encoding=encoding, errors="backslashreplace", line_buffering=True)


def _end(number: int, _: Any) -> None:
    """End as on an error: what is half written goes."""
    raise SystemExit(128 + number)


def _form(stream: Any) -> dict[str, Any]:
    return {"encoding": None if stream.isatty() else "utf-8", "errors": "backslashreplace"}


class _Nowhere(io.RawIOBase):
    """What stands for a closed stream, and knows whether anything went there."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.lost += len(data)
        return len(data)


class _Notes(io.TextIOWrapper):
    """Standard error, which may be full or closed at its other end."""

    def write(self, text: str, /) -> int:
        with contextlib.suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def lost() -> bool:
    """Whether a result went to a standard output that is closed."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if not isinstance(raw, _Nowhere):
        return False
    sys.stdout.flush()
    return bool(raw.lost)


def whole(status: int, *, verdict: bool) -> int:
    """The status of work that is done. Raises ``CannotWriteError`` where its result is lost and the status does not tell it."""
    if lost() and not verdict:
        raise CannotWriteError(NAME, CLOSED)
    return status


def forget_output() -> None:
    """Give the interpreter's last flush somewhere to go, or it complains on standard error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
