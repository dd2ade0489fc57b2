"""Bytes of a file or stream, and their text: UTF-8 with or without byte order mark, or CP932, told apart strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from machimori import files
from machimori.errors import UnreadableError
from machimori.messages import Message, Spoken
from machimori.records import content_kinds, opening
from machimori.records.json_text import MAXIMUM_BYTES

UTF8_MARK = b"\xef\xbb\xbf"


class SourceError(UnreadableError):
    """A source that cannot be read at all; ``position`` counts bytes from 1 where the encoding breaks."""

    def __init__(self, source: str, reason: Spoken, position: int | None = None) -> None:
        super().__init__(source, reason)
        self.position = position


@dataclass(frozen=True, slots=True)
class Source:
    """A source read whole: its name for messages, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text without byte order mark, and the encoding it was in."""

    text: str
    encoding: str


def read_whole(path: str | Path | IO[Any]) -> Source:
    """Read a file (``-`` for standard input) or an open stream whole, unpacked where it is compressed.

    Raises ``CannotReadError`` where there is no file, ``SourceError`` where it cannot be read to its end.
    """
    name = files.name_of(path) if isinstance(path, (str, Path)) else "<stream>"
    try:
        with opening.opened(path) as stream:
            data: str | bytes = stream.read(MAXIMUM_BYTES + 1)
    except opening.REFUSALS as error:
        raise SourceError(name, opening.reason(error)) from None
    except ValueError:
        raise SourceError(name, Message("a closed stream")) from None
    if len(data) > MAXIMUM_BYTES:
        raise SourceError(name, opening.too_large(MAXIMUM_BYTES))
    return Source(name, data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data))


def decoded(source: Source) -> Text:
    """The text of a source; ``SourceError`` with the position of the byte that fits neither encoding."""
    data = source.data
    kind = content_kinds.kind_of(data[: content_kinds.ENOUGH])
    if kind in content_kinds.WIDE:
        assert kind is not None
        raise SourceError(source.name, kind.told, 1)
    if data.startswith(UTF8_MARK):
        return Text(_strict(source, data[3:], "utf-8", 3), "UTF-8 (BOM)")
    try:
        return Text(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError as error:
        return Text(_strict(source, data, "cp932", 0, error.start), "CP932")


def _strict(source: Source, data: bytes, encoding: str, offset: int, before: int | None = None) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        position = error.start + offset + 1
        if before is None:
            reason = Message("byte {position} is not UTF-8", position=position)
        else:
            reason = Message(
                "byte {before} is not UTF-8 and byte {position} is not CP932", before=before + 1, position=position
            )
        raise SourceError(source.name, reason, position) from None
