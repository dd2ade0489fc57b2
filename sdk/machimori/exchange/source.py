"""Bytes of a file or stream, and their text: UTF-8 with or without byte order mark, or CP932, told apart strictly."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from machimori.errors import UnreadableError
from machimori.validation.loading import MAXIMUM_BYTES

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FAULTS: dict[type[OSError], tuple[str, str]] = {
    IsADirectoryError: ("a directory", "フォルダです"),
    FileNotFoundError: ("no such file", "ファイルがありません"),
    PermissionError: ("no permission", "権限がありません"),
}


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
    """Read a file (``-`` for standard input) or an open stream whole; ``SourceError`` where that cannot be done."""
    name = ("<stdin>" if str(path) == "-" else str(path)) if isinstance(path, (str, Path)) else "<stream>"
    try:
        data = _bytes(path)
    except OSError as error:
        reason, reason_ja = FAULTS.get(type(error), (error.strerror or type(error).__name__, "入出力エラー"))
        raise SourceError(name, reason, reason_ja) from None
    except ValueError:
        raise SourceError(
            name, "no name of a file, or a closed stream", "ファイル名でないか、閉じたストリームです"
        ) from None
    if len(data) > MAXIMUM_BYTES:
        raise SourceError(name, f"larger than {MAXIMUM_BYTES} bytes", f"{MAXIMUM_BYTES}バイトを超えています")
    return Source(name, data)


def _bytes(path: str | Path | IO[Any]) -> bytes:
    if isinstance(path, (str, Path)):
        if str(path) == "-":
            return sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
        with Path(path).open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    data = path.read(MAXIMUM_BYTES + 1)
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)


def decoded(source: Source) -> Text:
    """The text of a source; ``SourceError`` with the position of the byte that fits neither encoding."""
    data = source.data
    if data.startswith(UTF16_MARKS):
        raise SourceError(source.name, "UTF-16; save it as UTF-8", "UTF-16です。UTF-8で保存し直してください", 1)
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
