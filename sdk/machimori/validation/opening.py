"""Open a file of records as a stream of plain bytes, and remember why the stream ended early if it did."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from machimori.errors import MissingExtraError
from machimori.validation.issue import Issue

Progress = Callable[[int], None]
REFUSALS = (OSError, EOFError, zlib.error)
"""What reading may raise: of the system, and of compressed content that ends early or is damaged."""
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_COMPRESSED = 2048
"""Bytes of zstandard data taken at once; one block of a few bytes may stand for 128 KiB."""


def unreadable(source: str, reason: str, reason_ja: str, line: int | None = None) -> Issue:
    """The finding that a source cannot be read, or not to its end."""
    return Issue("MM010", facts={"reason": reason, "reason_ja": reason_ja}, source=source, line=line)


def why(source: str, error: OSError | EOFError | zlib.error) -> Issue:
    """A system's or a library's refusal as a finding."""
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return unreadable(
            source, "the compressed data ends early or is damaged", "圧縮データが途中で切れているか壊れています"
        )
    for kind, reason, reason_ja in (
        (IsADirectoryError, "a directory", "フォルダです"),
        (FileNotFoundError, "no such file", "ファイルがありません"),
        (PermissionError, "no permission", "権限がありません"),
    ):
        if isinstance(error, kind):
            return unreadable(source, reason, reason_ja)
    return unreadable(source, error.strerror or type(error).__name__, "入出力エラー")


class Content(Protocol):
    """What is asked of an opened file: to be read."""

    def read(self, size: int = -1, /) -> bytes: ...


class Bytes(io.RawIOBase):
    """A stream that ends, with ``fault`` set, where it cannot be read on.

    It tells how far it has been read: in bytes of the file as it lies, or else of what comes out.
    """

    def __init__(self, stream: Any, source: str, progress: Progress | None = None) -> None:
        self._read_some = getattr(stream, "read1", stream.read)
        self._source, self._progress = source, progress
        packed: Any = getattr(stream, "fileobj", None)
        self._packed = packed if packed is not None and packed.seekable() else None
        self.count = 0
        self.fault: Issue | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._read_some(len(buffer))
        except REFUSALS as error:
            self.fault = why(self._source, error)
            return 0
        buffer[: len(data)] = data
        self.count += len(data)
        if self._progress:
            self._progress(self._packed.tell() if self._packed else self.count)
        return len(data)


def compressed(start: bytes) -> bool:
    """Whether content that starts so is to be unpacked."""
    return start.startswith((GZIP, ZSTANDARD))


@contextmanager
def opened(path: str | Path | BinaryIO) -> Iterator[Content]:
    """A binary stream of the plain content; compression is told by the first bytes, not by the name."""
    if not isinstance(path, (str, Path)):
        yield path
        return
    raw: Any = sys.stdin.buffer if str(path) == "-" else _file(Path(path))
    try:
        start = raw.peek(4)[:4]
        if start.startswith(GZIP):
            yield gzip.GzipFile(fileobj=raw)
        elif start.startswith(ZSTANDARD):
            yield _zstandard(raw)
        else:
            yield raw
    finally:
        if str(path) != "-":
            raw.close()


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except ValueError:  # a null character in the name
        raise FileNotFoundError from None


def _zstandard(stream: BinaryIO) -> Content:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("reading .zst files", "zstd") from None
    return _Frames(stream, zstandard)


class _Frames(io.RawIOBase):
    """The content of zstandard frames. The library's own reader is silent about a frame that ends early."""

    def __init__(self, stream: BinaryIO, zstandard: Any) -> None:
        self.fileobj, self._library = stream, zstandard
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = b""

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return self.readall()
        while not self._ready:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self.fileobj.read(_COMPRESSED)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError
                return b""
            if self._frame.eof:
                self._frame = self._library.ZstdDecompressor().decompressobj()
            self._begun = True
            try:
                self._ready = self._frame.decompress(packed)
            except self._library.ZstdError:
                raise EOFError from None
        data, self._ready = self._ready[:size], self._ready[size:]
        return data
