"""Accept many records at parse speed, or leave them to be judged one by one.

What is accepted here is valid: the JSON Schema takes it, no key stands twice and every rule of the SDK holds. The reverse is
not true: a refusal says nothing, and the slower way decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from machimori.catalogue import catalogue
from machimori.validation.fast_strings import Forms
from machimori.validation.fast_structs import Seen, Shape, Shapes

LEARNED_FROM = 8
"""Texts that must be there before it pays to make a narrower shape."""
PARTS = 16
"""To look at a few records costs hardly more than to look at one."""
LESSONS = 12
"""How often the narrow shape may be made anew."""


class Acceptor:
    """Accepts records of ``entity``, or of whatever class each says that it is."""

    def __init__(self, entity: str | None) -> None:
        self._forms = Forms()
        self._fixed = entity is not None
        self._wide: dict[str, Shape] = {}
        self._seen: dict[str, Seen] = {}
        self._any: _Reader | None = None
        self._usual: _Reader | None = None
        self._lessons = LESSONS
        if entity is not None:
            self._meet({entity})

    def doubtful(self, texts: Sequence[bytes], whole: bytes | None = None) -> list[int]:
        """Which of the texts are not accepted. ``whole`` is all of them with nothing but white space between."""
        self._forms.trim()
        left = list(range(len(texts)))
        if self._usual is not None:
            records, left = self._usual.read(texts)
            if not left and self._usual.hold(records, b"".join(texts) if whole is None else whole, self._forms):
                return []
            fitting = sorted({*range(len(texts))}.difference(left))
            accepted = set(_accepted(self._usual, self._forms, fitting, texts, records))
        else:
            accepted = set()
        accepted.update(left[n] for n in self._read_widely([texts[n] for n in left]))
        return sorted({*range(len(texts))} - accepted)

    def _read_widely(self, texts: Sequence[bytes]) -> list[int]:
        """Those that are accepted by all that a class may have; they may teach what is usual."""
        if not texts:
            return []
        records, strangers = self._any.read(texts) if self._any else ([], list(range(len(texts))))
        if strangers and not self._fixed and self._meet(_classes(texts[n] for n in strangers)):
            assert self._any is not None
            records, strangers = self._any.read(texts)
        if self._any is None:
            return []
        known = sorted({*range(len(texts))}.difference(strangers))
        if len(known) >= LEARNED_FROM and self._lessons:
            self._learn([records[n] for n in known])
        return _accepted(self._any, self._forms, known, texts, records)

    def _learn(self, records: Sequence[Any]) -> None:
        self._lessons -= 1
        for shape, part in Shapes(list(self._wide.values())).parts(records):
            seen = shape.seen(part)
            before = self._seen.get(shape.entity)
            self._seen[shape.entity] = before.widened(seen) if before else seen
        self._usual = _Reader(Shapes([Shape(name, seen) for name, seen in self._seen.items()]))

    def _meet(self, names: set[str]) -> bool:
        """Get ready for more classes; whether any was new."""
        classes = catalogue.model().classes
        new = {n for n in names - self._wide.keys() if n in classes and not classes[n].abstract}
        if not new:
            return False
        self._wide |= {name: Shape(name) for name in sorted(new)}
        self._any = _Reader(Shapes(list(self._wide.values())))
        return True


class _Reader:
    """Reads texts into records of some shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._decode = msgspec.json.Decoder(shapes.type).decode

    def read(self, texts: Sequence[bytes]) -> tuple[list[Any], list[int]]:
        """A record of each text, and the numbers of those that are none."""
        records: list[Any] = []
        strangers: list[int] = []
        waiting = iter(texts)
        while len(records) < len(texts):
            try:
                records.extend(map(self._decode, waiting))
            except (msgspec.DecodeError, ValueError, RecursionError):
                strangers.append(len(records))
                records.append(None)
        return records, strangers

    def hold(self, records: Sequence[Any], text: bytes, forms: Forms) -> bool:
        """Whether every form holds, and the text has no more strings than the records."""
        try:
            return 2 * self._shapes.strings(records, forms) == _quotes(text)
        except ValueError:
            return False


def _accepted(
    reader: _Reader, forms: Forms, numbers: Sequence[int], texts: Sequence[bytes], records: Sequence[Any]
) -> list[int]:
    """Those whose records hold; where some do not, they are looked for in parts, and in parts of those."""
    found: list[int] = []
    waiting = [numbers] if numbers else []
    while waiting:
        some = waiting.pop()
        if reader.hold([records[n] for n in some], b"".join([texts[n] for n in some]), forms):
            found.extend(some)
        elif len(some) > 1:
            size = -(-len(some) // PARTS)
            waiting += [some[n : n + size] for n in range(0, len(some), size)]
    return found


class _Named(msgspec.Struct, gc=False):
    type: str


_named = msgspec.json.Decoder(_Named).decode


def _classes(texts: Iterable[bytes]) -> set[str]:
    found = set()
    for text in texts:
        try:
            found.add(_named(text).type)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
    return found


def _quotes(text: bytes) -> int:
    """How many quotation marks begin or end a string."""
    if b"\\" not in text:
        return text.count(b'"')
    single = text.replace(b"\\\\", b"")
    return single.count(b'"') - single.count(b'\\"')
