"""Bytes of a file or stream, and their text: UTF-8 with or without byte order mark, or CP932, told apart strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from machimori import files
from machimori.errors import UnreadableError
from machimori.records import content_kinds, opening
from machimori.records.json_text import MAXIMUM_BYTES

UTF8_MARK = b"\xef\xbb\xbf"


class SourceError(UnreadableError):
    """A source that cannot be read at all; ``position`` counts bytes from 1 where the encoding breaks."""

    def __init__(self, source: str, reason: str, reason_ja: str, position: int | None = None) -> None:
        super().__init__(source, reason)
        self.reason_ja, self.position = reason_ja, position

    def text(self, language: str = "en") -> str:
        """The error in ``en`` or ``ja``."""
        return f"{self.source}: {self.reason_ja if language == 'ja' else self.reason}"


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


def opened(path: str | Path | IO[Any]) -> Source:
    """Read a file (``-`` for standard input) or an open stream whole, unpacked where it is compressed.

    Raises ``CannotReadError`` where there is no file, ``SourceError`` where it cannot be read to its end.
    """
    name = files.name_of(path) if isinstance(path, (str, Path)) else "<stream>"
    try:
        with opening.opened(path) as stream:
            data: str | bytes = stream.read(MAXIMUM_BYTES + 1)
    except opening.REFUSALS as error:
        facts = opening.why(name, error).facts
        raise SourceError(name, facts["reason"], facts["reason_ja"]) from None
    except ValueError:
        raise SourceError(name, "a closed stream", "閉じたストリームです") from None
    if len(data) > MAXIMUM_BYTES:
        raise SourceError(name, f"larger than {MAXIMUM_BYTES} bytes", f"{MAXIMUM_BYTES}バイトを超えています")
    return Source(name, data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data))


def decoded(source: Source) -> Text:
    """The text of a source; ``SourceError`` with the position of the byte that fits neither encoding."""
    data = source.data
    kind = content_kinds.kind_of(data[: content_kinds.ENOUGH])
    if kind in content_kinds.WIDE:
        assert kind is not None
        raise SourceError(source.name, f"{kind.form}; {kind.reader}", f"{kind.form_ja}です。{kind.reader_ja}", 1)
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
            reason, reason_ja = f"byte {position} is not UTF-8", f"{position}バイト目がUTF-8ではありません"
        else:
            reason = f"byte {before + 1} is not UTF-8 and byte {position} is not CP932"
            reason_ja = f"{before + 1}バイト目がUTF-8でなく、{position}バイト目がCP932でもありません"
        raise SourceError(source.name, reason, reason_ja, position) from None
