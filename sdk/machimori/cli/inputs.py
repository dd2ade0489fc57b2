"""What commands read: documents whole, and the files of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from machimori import files
from machimori.errors import CannotReadError, OverlapError
from machimori.validation.kinds import ENOUGH, kind_of
from machimori.validation.loading import MAXIMUM_BYTES
from machimori.validation.opening import REFUSALS, opened, why

NOT_UTF_8 = ("not UTF-8", "UTF-8ではありません")


def text_of(path: str) -> str:
    """The text of a document: UTF-8, compressed or not. Raises ``CannotReadError``."""
    try:
        with opened(path) as stream:
            raw = stream.read(MAXIMUM_BYTES + 1)
    except REFUSALS as error:
        facts = why(path, error).facts
        raise CannotReadError(files.name_of(path), facts["reason"], facts["reason_ja"]) from None
    if len(raw) > MAXIMUM_BYTES:
        limit = f"larger than {MAXIMUM_BYTES} bytes", f"{MAXIMUM_BYTES}バイトを超えています"
        raise CannotReadError(files.name_of(path), *limit)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        kind = kind_of(raw[:ENOUGH])
        reason = (f"{kind.form}; {kind.reader}", f"{kind.form_ja}です。{kind.reader_ja}") if kind else NOT_UTF_8
        raise CannotReadError(files.name_of(path), *reason) from None


def present(paths: Iterable[str]) -> None:
    """Raise ``CannotReadError`` for the first of several inputs that is not there, before any of them is read."""
    for path in paths:
        if path in files.STDIN or ("://" not in path and not Path(path).exists()):
            with files.reading(path):  # which says what is wrong
                pass


def below(
    folder: Path, wanted: Callable[[Path], bool], outputs: Iterable[str], ours: Callable[[bytes], bool]
) -> list[Path]:
    """The files in a folder, in order, without those that the call itself writes.

    An output that is there already is left out where it is empty or a result of ours; anything else in it would be lost
    (``OverlapError``).
    """
    written = {files.output_identity(out): out for out in (*outputs, files.STREAM)}
    written.pop(None, None)
    found = []
    for file in sorted(p for p in folder.rglob("*") if wanted(p) and p.is_file()):
        out = written.get(files.identity(file))
        if out is None:
            found.append(file)
        else:
            with files.reading(file) as stream:
                start = stream.read(ENOUGH)
            if start and not ours(start):
                raise OverlapError(out, "input")
    return found
