"""Files as commands take and give them.

An input is opened once, so that a pipe serves as well as a file. An output is written beside its target and takes the target's
place when it is whole: whatever ends a run leaves the old file or the new one, never half of one. No output of a call is also
an input or another output of it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from machimori.errors import CannotReadError, CannotWriteError, OverlapError
from machimori.messages import Message

STREAM = "-"
"""The name of standard input, or of standard output."""
STDIN = (STREAM, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
STDOUT = (STREAM, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)|/dev/stderr()")
"""Names of what is open already, which is written to where it is."""
CLOSED = Message("standard input is closed")
SYSTEM_REASONS: dict[int | None, Message] = {
    errno.ENOENT: Message("no such file"),
    errno.ENOTDIR: Message("no such file"),
    errno.EISDIR: Message("a directory"),
    errno.EACCES: Message("no permission"),
    errno.EPERM: Message("no permission"),
    errno.ENOSPC: Message("no space left on the disk"),
    errno.EDQUOT: Message("no space left on the disk"),
    errno.EFBIG: Message("the file would be too large"),
    errno.EROFS: Message("a disk that cannot be written to"),
    errno.ELOOP: Message("a link that leads to itself"),
    errno.ENAMETOOLONG: Message("a name that is too long"),
    errno.ENXIO: Message("nobody is at the other end"),
    errno.EBADF: Message("it is closed"),
}
CLOSED_TO_US = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.EROFS)
"""Why a name that a call gives may lead to what cannot be looked at."""
BUFFER = 1 << 16
"""Bytes read at once, and as many as one may look ahead."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What writing runs into that is no fault of the program."""

Identity = tuple[int, int] | str
"""Device and inode, or the full path of what is not there yet."""


def reason(error: OSError) -> Message:
    """Why the system refused."""
    unknown = Message("input or output failed ({kind})", kind=error.strerror or type(error).__name__)
    return SYSTEM_REASONS.get(error.errno, unknown)


def visible(text: str, kept: str = "") -> str:
    """A text without the characters that could act on a terminal, but for those ``kept``."""
    return "".join(c if c.isprintable() or c in kept else "\N{REPLACEMENT CHARACTER}" for c in text)


def name_of(path: str | Path) -> str:
    """An input's name for messages; characters that could act on a terminal do not show."""
    text = str(path)
    return "<stdin>" if text in STDIN else visible(text)


@contextlib.contextmanager
def reading(path: str | Path) -> Iterator[IO[bytes]]:
    """The bytes of a file or a pipe, or for ``-`` those of standard input, which stays open.

    Raises ``CannotReadError`` where there is nothing to open.
    """
    if str(path) in STDIN:
        if sys.stdin is None:
            raise CannotReadError("<stdin>", CLOSED)
        yield sys.stdin.buffer
        return
    try:
        stream = Path(path).open("rb", buffering=BUFFER)  # noqa: SIM115 - errors of reading are not those of opening
    except OSError as error:
        raise CannotReadError(name_of(path), reason(error)) from None
    except ValueError:  # a null character in the name
        raise CannotReadError(name_of(path), SYSTEM_REASONS[errno.ENOENT]) from None
    with stream:
        yield stream


def content(path: str | Path) -> bytes:
    """Everything in a small file. Raises ``CannotReadError``."""
    with reading(path) as stream:
        try:
            return stream.read()
        except OSError as error:
            raise CannotReadError(name_of(path), reason(error)) from None


@contextlib.contextmanager
def writing(target: str | Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Where bytes go that are to be the content of ``target``, or for ``-`` standard output.

    The target changes when the block ends, and not at all where it ends by an error. With ``private`` the file is its owner's
    alone. A pipe or device is written to as it is. Raises ``CannotWriteError``.
    """
    if str(target) in STDOUT:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    try:
        held = _state(target)
        beside = (held is None or stat.S_ISREG(held.st_mode)) and not DESCRIPTOR.fullmatch(str(target))
        place = Path(os.path.realpath(target)) if beside else Path(target)
        if beside and held is not None and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, "")  # a file that is kept from being written is not replaced either
        new = place.with_name(f".machimori-{secrets.token_hex(8)}.part") if beside else place
        raw = _Target(new, str(target), held, beside=beside, private=private)
    except OSError as error:
        raise CannotWriteError(str(target), reason(error)) from None
    except ValueError:
        raise CannotWriteError(str(target), SYSTEM_REASONS[errno.ENOENT]) from None
    try:
        with io.BufferedWriter(raw) as stream:
            yield stream
            if beside:
                stream.flush()
                raw.settle()
        if beside:
            with said_of(str(target)):
                new.replace(place)
    finally:
        if beside:
            new.unlink(missing_ok=True)


@contextlib.contextmanager
def writing_text(target: str | Path, *, private: bool = False) -> Iterator[IO[str]]:
    """The same for text in UTF-8."""
    if str(target) in STDOUT:
        yield sys.stdout
        return
    with writing(target, private=private) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")
        try:
            yield text
            text.flush()
        finally:
            text.detach()


def _state(path: str | Path) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except FileNotFoundError:
        return None


class _Target(io.FileIO):
    """A file that is written to. What the system refuses is said of the target."""

    def __init__(self, file: Path, target: str, held: os.stat_result | None, *, beside: bool, private: bool) -> None:
        mode = 0o600 if private else 0o666
        flags = os.O_WRONLY | (os.O_CREAT | os.O_EXCL if beside else 0) | getattr(os, "O_BINARY", 0)
        self._target, self._held, self._private = target, held, private
        descriptor = DESCRIPTOR.fullmatch(target)
        if descriptor:
            super().__init__(os.dup(int(descriptor[1] or 2)), "wb")
        else:
            super().__init__(file, "wb", opener=lambda name, _: os.open(name, flags, mode))

    def write(self, data: Any, /) -> int:
        with said_of(self._target):
            return super().write(data) or 0

    def settle(self) -> None:
        """Bring what was written to the disk, with the mode and owner of what it takes the place of."""
        with said_of(self._target):
            os.fsync(self.fileno())
        if self._held is None or os.name != "posix":
            return
        with contextlib.suppress(OSError):
            os.fchown(self.fileno(), self._held.st_uid, self._held.st_gid)
        if not self._private:
            os.fchmod(self.fileno(), stat.S_IMODE(self._held.st_mode))


@contextlib.contextmanager
def said_of(target: str) -> Iterator[None]:
    """Raise ``CannotWriteError`` where the system refuses, but for a reader that went away."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWriteError(target, reason(error)) from None


def walked(folder: str | Path) -> Iterator[Path]:
    """Every file below a folder, in order. Raises ``CannotReadError`` where a part of it cannot be looked into."""

    def refused(error: OSError) -> None:
        raise CannotReadError(name_of(error.filename or folder), reason(error))

    found = (Path(place) / name for place, _, names in os.walk(folder, onerror=refused) for name in names)
    yield from sorted(found)


def is_folder(path: str | Path) -> bool:
    """Whether a name leads to a folder; not where nobody can tell."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def identity(path: str | Path, standard: int | None = None) -> Identity | None:
    """What a name leads to; with ``standard``, a descriptor, for one that stands for it.

    ``None`` for a terminal or another device, which one may both read and write.
    """
    try:
        found = os.fstat(standard) if standard is not None else Path(path).stat()
    except (OSError, ValueError):
        return None if standard is not None else os.path.realpath(str(path).replace("\0", ""))
    ours = stat.S_ISREG(found.st_mode) or stat.S_ISFIFO(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return (found.st_dev, found.st_ino) if ours else None


def apart(inputs: Iterable[str], outputs: Iterable[str]) -> None:
    """Raise ``OverlapError`` where an output is also an input or another output, or where standard input is read twice."""
    sources = list(inputs)
    if sum(path in STDIN for path in sources) > 1:
        raise OverlapError(STREAM, "twice")
    taken = {_of_input(path) for path in sources} - {None}
    given: set[Identity | None] = set()
    for path in outputs:
        one = output_identity(path)
        if one in taken:
            raise OverlapError(path, "printed" if path in STDOUT else "input")
        if (one is not None and one in given) or (path in STDOUT and STREAM in given):
            raise OverlapError(path, "output")
        given |= {one} | ({STREAM} if path in STDOUT else set())


def named_stdout(outputs: Iterable[str]) -> bool:
    """Whether one of the outputs is standard output."""
    return any(path in STDOUT for path in outputs)


def _of_input(path: str) -> Identity | None:
    return identity(path, 0 if path in STDIN else None)


def output_identity(path: str) -> Identity | None:
    """What an output leads to."""
    return identity(path, 1 if path in STDOUT else None)
