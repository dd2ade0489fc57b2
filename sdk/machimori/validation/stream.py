"""Validate files of many records: NDJSON, a JSON array, one pretty-printed record; plain, gzip or zstandard.

Records are judged one at a time, so memory does not grow with the file; a record that cannot be read costs that record
alone.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from machimori.errors import MissingExtraError
from machimori.validation import splitting
from machimori.validation.issue import Issue
from machimori.validation.record import validate

CHUNK = 500
Progress = Callable[[int], None]


class StreamReport:
    """The findings of a stream: iterate to get each as it is found, or ask for the whole.

    ``records`` and ``invalid`` count what has been seen so far; ``ok`` and ``issues`` read to the end first.
    """

    def __init__(self, findings: Iterator[tuple[int, list[Issue]]]) -> None:
        self._findings = findings
        self._held: list[Issue] = []
        self._keep = False
        self.records = 0
        self.invalid = 0
        self.findings = 0

    def __iter__(self) -> Iterator[Issue]:
        for records, issues in self._findings:
            self.records += records
            self.invalid += any(i.severity == "error" for i in issues)
            self.findings += len(issues)
            if self._keep:
                self._held.extend(issues)
            yield from issues

    @property
    def issues(self) -> list[Issue]:
        """Every finding of the rest of the stream, kept in memory."""
        self._keep = True
        for _ in self:
            pass
        return self._held

    @property
    def ok(self) -> bool:
        """Whether no record had a finding of severity ``error``."""
        for _ in self:
            pass
        return self.invalid == 0

    def __bool__(self) -> bool:
        return self.ok


def validate_stream(
    path: str | Path | BinaryIO,
    entity: str | None = None,
    *,
    jobs: int = 1,
    show_values: bool = False,
    progress: Progress | None = None,
) -> StreamReport:
    """Validate every record of a file (``-`` for standard input) or of an open binary stream.

    ``jobs`` processes share the work; findings come in the order of the file all the same. ``progress`` is called with
    the bytes read so far. A file that cannot be read is a finding (``MM010``), not an exception.
    """
    return StreamReport(_findings(path, entity, max(1, jobs), show_values, progress))


def _findings(
    path: str | Path | BinaryIO, entity: str | None, jobs: int, show_values: bool, progress: Progress | None
) -> Iterator[tuple[int, list[Issue]]]:
    source = "<stdin>" if path == "-" else str(path) if isinstance(path, (str, Path)) else "<stream>"
    seen = 0
    try:
        with opened(path) as stream:
            pieces = splitting.records(_counted(stream, progress) if progress else stream)
            chunks = iter(lambda: list(islice(pieces, CHUNK)), [])
            for judged in _judged(chunks, entity, source, show_values, jobs):
                for issues in judged:
                    seen += 1
                    yield 1, issues
    except IsADirectoryError:
        yield 0, [_unreadable(source, "a directory", "フォルダです")]
    except FileNotFoundError:
        yield 0, [_unreadable(source, "no such file", "ファイルがありません")]
    except PermissionError:
        yield 0, [_unreadable(source, "no permission", "権限がありません")]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield 0, [_unreadable(source, "the compressed data ends early or is damaged", "圧縮データが途中で切れているか壊れています")]
    except OSError as error:
        yield 0, [_unreadable(source, error.strerror or type(error).__name__, "入出力エラー")]
    else:
        if not seen:
            yield 0, [Issue("MM009", source=source, line=1)]


def _unreadable(source: str, reason: str, reason_ja: str) -> Issue:
    return Issue("MM010", facts={"reason": reason, "reason_ja": reason_ja}, source=source)


def _judged(
    chunks: Iterable[list[splitting.Piece]], entity: str | None, source: str, show_values: bool, jobs: int
) -> Iterator[list[list[Issue]]]:
    tasks = ((chunk, entity, source, show_values) for chunk in chunks)
    if jobs == 1:
        yield from map(_judge, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = []
        for task in tasks:
            waiting.append(pool.submit(_judge, task))
            if len(waiting) > jobs * 2:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _judge(task: tuple[list[splitting.Piece], str | None, str, bool]) -> list[list[Issue]]:
    chunk, entity, source, show_values = task
    return [_one(piece, entity, source, show_values) for piece in chunk]


def _one(piece: splitting.Piece, entity: str | None, source: str, show_values: bool) -> list[Issue]:
    if piece.fault:
        return [replace(piece.fault, source=source, line=piece.line)]
    report = validate(piece.text, entity, show_values=show_values)
    return [
        replace(
            issue,
            source=source,
            line=(issue.line or 1) + piece.line - 1,
            column=(issue.column or 1) + (piece.column - 1 if (issue.line or 1) == 1 else 0) if issue.column else None,
        )
        for issue in report.issues
    ]


@contextmanager
def opened(path: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """A binary stream of the plain content; compression is told by the first bytes, not by the name."""
    if not isinstance(path, (str, Path)):
        yield path
        return
    raw: BinaryIO = sys.stdin.buffer if str(path) == "-" else Path(path).open("rb")
    try:
        buffered = io.BufferedReader(raw) if not hasattr(raw, "peek") else raw
        start = buffered.peek(4)[:4]
        if start[:2] == b"\x1f\x8b":
            yield gzip.open(buffered)  # type: ignore[misc]
        elif start == b"\x28\xb5\x2f\xfd":
            yield _zstandard(buffered)
        else:
            yield buffered
    finally:
        if str(path) != "-":
            raw.close()


def _zstandard(stream: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("reading .zst files", "zstd") from None
    return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True))


class _counted(io.RawIOBase):
    """A stream that tells how far it has been read."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._stream, self._progress, self._read = stream, progress, 0

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._told(self._stream.readline(-1 if size is None else size))

    def read(self, size: int = -1, /) -> bytes:
        return self._told(self._stream.read(size))

    def _told(self, data: bytes) -> bytes:
        self._read += len(data)
        self._progress(self._read)
        return data
