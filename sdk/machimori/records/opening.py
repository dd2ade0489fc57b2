"""Open a source of records once, as a stream of plain bytes, and remember why the stream ended early if it did."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from machimori import files
from machimori.extras import need
from machimori.findings.issue import Issue
from machimori.messages import Message, Spoken
from machimori.records.content_kinds import ENOUGH

Progress = Callable[[int], None]
REFUSALS = (OSError, EOFError, zlib.error)
"""What reading may raise: of the system, and of compressed content that ends early or is damaged."""
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_COMPRESSED = 2048
"""Bytes of zstandard data taken at once; one block of a few bytes may stand for 128 KiB."""


def unreadable(source: str, reason: str | Spoken, line: int | None = None) -> Issue:
    """The finding that a source cannot be read, or not to its end."""
    return Issue("MM010", facts={"reason": reason}, source=source, line=line)


def reason(error: OSError | EOFError | zlib.error) -> Message:
    """Why a system or a library refused."""
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return Message("the compressed data ends early or is damaged")
    return files.reason(error)


def too_large(limit: int) -> Message:
    """Why nobody reads what is larger."""
    return Message("larger than {limit} bytes", limit=limit)


def why(source: str, error: OSError | EOFError | zlib.error) -> Issue:
    """A system's or a library's refusal as a finding."""
    return unreadable(source, reason(error))


class Content(Protocol):
    """What is asked of an opened file: to be read."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or everything; none at the end."""
        ...


class Bytes(io.RawIOBase):
    """A stream that ends, with ``fault`` set, where it cannot be read on.

    It tells how far it has been read: in bytes of the file as it lies, or else of what comes out.
    """

    def __init__(self, stream: Any, source: str, progress: Progress | None = None) -> None:
        self._read_some = getattr(stream, "read1", stream.read)
        self.name, self._progress = source, progress
        packed: Any = getattr(stream, "fileobj", None)
        self._packed = packed if packed is not None and packed.seekable() else None
        self._ahead = b""
        self.count = 0
        self.fault: Message | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def start(self) -> bytes:
        """How the content begins, which stays to be read."""
        self._ahead = self._ahead or self._more(ENOUGH)
        return self._ahead

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer from what was looked at and then from the stream; how many bytes. At a fault it ends, and ``fault`` says why."""
        size = len(buffer)
        data, self._ahead = (self._ahead[:size], self._ahead[size:]) if self._ahead else (self._more(size), b"")
        buffer[: len(data)] = data
        return len(data)

    def _more(self, size: int) -> bytes:
        try:
            data: bytes = self._read_some(size)
        except REFUSALS as error:
            self.fault = reason(error)
            return b""
        self.count += len(data)
        if self._progress:
            self._progress(self._packed.tell() if self._packed else self.count)
        return data


def compressed(start: bytes) -> bool:
    """Whether content that starts so is to be unpacked."""
    return start.startswith((GZIP, ZSTANDARD))


@dataclass(frozen=True, slots=True)
class Input:
    """A source that is open, and stays where it is until it is read."""

    name: str
    """As messages say it."""
    stream: IO[bytes]
    again: Path | None = None
    """Where it can be opened as often as one likes: a file, and no pipe."""

    def start(self, size: int = ENOUGH) -> bytes:
        """How it begins; nothing where that cannot be told without reading it."""
        if hasattr(self.stream, "peek"):
            start: bytes = self.stream.peek(size)[:size]
            return start
        if not self.stream.seekable():
            return b""
        place, start = self.stream.tell(), self.stream.read(size)
        self.stream.seek(place)
        return start

    def plain(self) -> Content:
        """Its content, unpacked where it is compressed: the first bytes tell, not the name."""
        start = self.start(4) if hasattr(self.stream, "peek") else b""
        if start.startswith(GZIP):
            return gzip.GzipFile(fileobj=self.stream)
        return _zstandard(self.stream) if start.startswith(ZSTANDARD) else self.stream


@contextmanager
def held(path: str | Path | IO[bytes]) -> Iterator[Input]:
    """A source by its name (``-`` is standard input), or an open binary stream. Raises ``CannotReadError``."""
    if not isinstance(path, (str, Path)):
        yield Input("<stream>", path)
        return
    with files.reading(path) as stream:
        # A directory cannot be read, nor a pipe be opened again.
        again = str(path) not in files.STDIN and stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
        yield Input(files.name_of(path), stream, Path(path) if again else None)


@contextmanager
def opened(path: str | Path | IO[bytes]) -> Iterator[Content]:
    """The plain content of a source. An open stream is taken as it is."""
    if not isinstance(path, (str, Path)):
        yield path
        return
    with held(path) as source:
        yield source.plain()


def _zstandard(stream: IO[bytes]) -> Content:
    need("zstandard")
    import zstandard

    return _Frames(stream, zstandard)


class _Frames(io.RawIOBase):
    """The content of zstandard frames. The library's own reader is silent about a frame that ends early."""

    def __init__(self, stream: IO[bytes], zstandard: Any) -> None:
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
