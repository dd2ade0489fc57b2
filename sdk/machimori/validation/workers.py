"""Share the judging of one stream among processes; findings come in the order of the stream all the same.

A plain file of lines is cut into ranges of bytes, a Parquet file into its row groups, which each process reads for itself.
Anything else is cut into records here, and the records are handed over.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from machimori.records import splitting
from machimori.records.arrow_tables import Group, Rows
from machimori.records.opening import compressed
from machimori.records.splitting import Run
from machimori.validation.judge import Judge, Judged

if TYPE_CHECKING:
    from concurrent.futures import Future

    from _typeshed import WriteableBuffer

    from machimori.records.opening import Progress

RANGE = 4 * 1024 * 1024
TOGETHER = 32
"""Blocks of lines, or the records of something else, that are handed over in one go."""


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes of a file, from the beginning of a line to the end of one."""

    path: str
    start: int
    end: int


def parts(path: Path) -> Iterator[Range] | None:
    """The ranges of a plain file with a record on each line; ``None`` for anything else, or where it is not worth it."""
    with path.open("rb", buffering=0) as file:
        if file.seek(0, io.SEEK_END) < 2 * RANGE:
            return None
        file.seek(0)
        if compressed(file.read(4)):
            return None
        file.seek(0)
        if not splitting.has_a_record_on_each_line(file):
            return None
    return _ranges(str(path))


def _ranges(path: str) -> Iterator[Range]:
    with Path(path).open("rb") as file:
        start, size = 0, file.seek(0, io.SEEK_END)
        while start < size:
            file.seek(min(start + RANGE, size) - 1)
            while (rest := file.readline(RANGE)) and not rest.endswith(b"\n"):
                pass
            yield Range(path, start, file.tell())
            start = file.tell()


def shared(
    judge: Judge, jobs: int, work: Iterable[Run | Rows | Range | Group], progress: Progress | None = None
) -> Iterator[Judged]:
    """What ``jobs`` processes find, in order."""
    from concurrent.futures import ProcessPoolExecutor

    before = 0
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(judge,)) as pool:
        waiting: deque[tuple[Future[tuple[Judged, int]], int]] = deque()
        for task in _tasks(work):
            waiting.append((pool.submit(_judge, task), task.end if isinstance(task, Range) else 0))
            if len(waiting) > jobs * 2:
                judged, before = _next(waiting, before, progress)
                yield judged
        while waiting:
            judged, before = _next(waiting, before, progress)
            yield judged


def _tasks(work: Iterable[Run | Rows | Range | Group]) -> Iterator[list[Run | Rows] | Range | Group]:
    held: list[Run | Rows] = []
    for one in work:
        if isinstance(one, (Range, Group)):
            yield one
            continue
        held.append(one)
        if len(held) == TOGETHER:
            yield held
            held = []
    if held:
        yield held


def _next(
    waiting: deque[tuple[Future[tuple[Judged, int]], int]], before: int, progress: Progress | None
) -> tuple[Judged, int]:
    """The oldest result, with the lines before its range added, and how many lines there are before the next."""
    future, end = waiting.popleft()
    (records, invalid, issues), lines = future.result()
    if progress and end:
        progress(end)
    if before:
        issues = [replace(i, line=i.line and i.line + before) for i in issues]
    return Judged(records, invalid, issues), before + lines


_judge_here: Judge


def _begin(judge: Judge) -> None:
    import signal

    global _judge_here
    _judge_here = judge
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judge(task: list[Run | Rows] | Range | Group) -> tuple[Judged, int]:
    """What is found, and how many lines a range has."""
    if isinstance(task, Group):
        return _sum(_judge_here.judge(task.runs())), 0
    if not isinstance(task, Range):
        return _sum(_judge_here.judge(task)), 0
    with Path(task.path).open("rb", buffering=0) as file:
        window = _Window(file, task.start, task.end)
        return _sum(_judge_here.judge(splitting.lines_from(window))), window.lines


def _sum(found: Iterable[Judged]) -> Judged:
    records, invalid, issues = 0, 0, []
    for one in found:
        records += one.records
        invalid += one.invalid
        issues += one.issues
    return Judged(records, invalid, issues)


class _Window(io.RawIOBase):
    """A range of a file as a stream that counts its lines."""

    def __init__(self, file: io.RawIOBase, start: int, end: int) -> None:
        file.seek(start)
        self._file, self._left = file, end - start
        self.lines = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._file.read(min(len(view), self._left)) or b""
        view[: len(data)] = data
        self._left -= len(data)
        self.lines += data.count(b"\n")
        return len(data)
