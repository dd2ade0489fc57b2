"""What commands read: documents whole, and the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from machimori import files
from machimori.errors import CannotReadError, OverlapError, UnreadableError
from machimori.messages import Message
from machimori.records.content_kinds import ENOUGH, kind_of
from machimori.records.json_text import MAXIMUM_BYTES
from machimori.records.opening import REFUSALS, opened, reason, too_large

RESULTS = (".json", ".jsonld", ".ttl", ".nt")
"""How the names of reports and releases end that could be taken for records."""
NOT_UTF_8 = Message("not UTF-8")


def text_of(path: str) -> str:
    """The text of a document: UTF-8, compressed or not. Raises ``CannotReadError``."""
    try:
        with opened(path) as stream:
            raw = stream.read(MAXIMUM_BYTES + 1)
    except REFUSALS as error:
        raise CannotReadError(files.name_of(path), reason(error)) from None
    if len(raw) > MAXIMUM_BYTES:
        raise CannotReadError(files.name_of(path), too_large(MAXIMUM_BYTES))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        kind = kind_of(raw[:ENOUGH])
        raise CannotReadError(files.name_of(path), kind.told if kind else NOT_UTF_8) from None


def objects_of(path: str) -> list[dict[str, Any]]:
    """The objects of a JSON array; one alone is a list of one. Raises ``UnreadableError``."""
    try:
        found = json.loads(text_of(path))
    except (ValueError, RecursionError):
        raise UnreadableError(files.name_of(path), Message("not JSON")) from None
    objects = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in objects):
        raise UnreadableError(files.name_of(path), Message("not a list of objects"))
    return objects


def present(paths: Iterable[str], *, remote: bool) -> None:
    """Raise ``CannotReadError`` for the first of several inputs that is not there, before any of them is read.

    With ``remote``, an address is somebody else's to look for.
    """
    for path in paths:
        if not (remote and "://" in path) and not files.is_folder(path):
            with files.reading(path) if path in files.STDIN or not _pipe(path) else nullcontext():
                pass  # opening says what is wrong; a pipe is opened once


def _pipe(path: str) -> bool:
    """Whether a name leads to what can be opened once only."""
    try:
        return not Path(path).is_file() and Path(path).exists()
    except OSError:
        return False


def below(
    folder: Path, wanted: Callable[[Path], bool], outputs: Iterable[str], ours: Callable[[bytes], bool]
) -> tuple[list[Path], list[Path]]:
    """The files in a folder, in order, and those of them that are results of ours and no input.

    What the call itself writes is left out of both. An output that is there already and holds anything but a result of ours
    would be lost (``OverlapError``).
    """
    written = {files.output_identity(out): out for out in (*outputs, files.STREAM)}
    written.pop(None, None)
    found: list[Path] = []
    left_out: list[Path] = []
    for file in (p for p in files.walked(folder) if wanted(p) and p.is_file()):
        out = written.get(files.identity(file))
        start = _start(file) if out or file.suffix.lower() in RESULTS else b""
        result = bool(start) and ours(start)
        if out is None:
            (left_out if result else found).append(file)
        elif start and not result:
            raise OverlapError(out, "input")
    return found, left_out


def _start(file: Path) -> bytes:
    with files.reading(file) as stream:
        return stream.read(ENOUGH)
