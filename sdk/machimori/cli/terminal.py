"""Writing to a terminal, and to what is none."""

from __future__ import annotations

import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds before a progress bar appears."""
UNWRAPPED = 10_000
"""Width for files and pipes: a row of a table stays on one line, so that it can be searched."""


def console() -> Console:
    """Standard output with colour on a terminal, without wrapping elsewhere."""
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the command line, which has a status of its own for it."""
            raise BrokenPipeError

    plain: dict[str, Any] = {"highlight": False, "emoji": False, "markup": False}
    if sys.stdout.isatty():
        return Quiet(**plain)
    return Quiet(file=cast(IO[str], _Trimmed()), width=UNWRAPPED, **plain)


class _Trimmed:
    """Standard output without the spaces that pad the last column of a table."""

    def write(self, text: str) -> int:
        return sys.stdout.write("\n".join(line.rstrip(" ") for line in text.split("\n")))

    def flush(self) -> None:
        sys.stdout.flush()


class ReadingBar:
    """Bytes read, rate and time left on standard error: only on a terminal, and only where reading takes longer than a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._wanted = sys.stderr.isatty()
        self._clock = clock
        self._due = clock() + PATIENCE
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._name = ""
        self._total: int | None = None

    def follow(self, path: str) -> Callable[[int], None] | None:
        """What to tell how many bytes of ``path`` have been read; ``None`` where nobody looks."""
        if not self._wanted:
            return None
        self.clear()
        self._name, self._total = Path(path).name, _size(path)
        return self._read

    def clear(self) -> None:
        """Make room for a line; the bar comes back after a second."""
        if self._bar is not None:
            self._bar.stop()
            self._bar, self._task = None, None
            self._due = self._clock() + PATIENCE

    def _read(self, count: int) -> None:
        if self._bar is None:
            if self._clock() < self._due:
                return
            self._show()
        assert self._bar is not None
        assert self._task is not None
        self._bar.update(self._task, completed=count)

    def _show(self) -> None:
        from rich import progress
        from rich.console import Console

        columns: list[Any] = [
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(),
        ]
        self._bar = progress.Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._name, total=self._total)
        self._bar.start()


def _size(path: str) -> int | None:
    """The bytes to be read, where they are known."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
