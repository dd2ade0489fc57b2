"""Accept many records at parse speed, or leave them to be judged one by one.

What is accepted here is valid: the JSON Schema takes it, no key stands twice and every rule of the SDK holds. The reverse is
not true: a refusal says nothing, and the slower way decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Union

import msgspec

from machimori import catalogue
from machimori.typed import decoder_named
from machimori.validation.forms import Forms


class _Named(msgspec.Struct, gc=False):
    type: str


_named = msgspec.json.Decoder(_Named).decode


class Acceptor:
    """Accepts records of ``entity``, or of whatever class each says that it is."""

    def __init__(self, entity: str | None) -> None:
        self._forms = Forms()
        self._known: dict[str, Any] = {}
        """The decoder of each class met so far."""
        self._of: dict[type, Any] = {}
        self._decode: Any = None
        self._fixed = entity is not None
        if entity is not None:
            self._meet({entity})

    def doubtful(self, texts: Sequence[bytes], whole: bytes | None = None) -> list[int]:
        """Which of the texts are not accepted. ``whole`` is all of them with nothing but white space between."""
        self._forms.trim()
        records, strangers = self._decoded(texts)
        if not strangers and self._hold(records, b"".join(texts) if whole is None else whole):
            return []
        if strangers and not self._fixed and self._meet(_classes(texts[n] for n in strangers)):
            records, strangers = self._decoded(texts)
        known = sorted({*range(len(texts))}.difference(strangers))
        return sorted({*range(len(texts))}.difference(self._accepted(known, texts, records)))

    def _decoded(self, texts: Sequence[bytes]) -> tuple[list[Any], list[int]]:
        """A record of each text, and the numbers of those that are none."""
        if self._decode is None:
            return [None] * len(texts), list(range(len(texts)))
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

    def _accepted(self, numbers: Sequence[int], texts: Sequence[bytes], records: Sequence[Any]) -> Iterator[int]:
        """Those whose records hold, found by halves."""
        if not numbers:
            return
        if self._hold([records[n] for n in numbers], b"".join([texts[n] for n in numbers])):
            yield from numbers
        elif len(numbers) > 1:
            half = len(numbers) // 2
            yield from self._accepted(numbers[:half], texts, records)
            yield from self._accepted(numbers[half:], texts, records)

    def _hold(self, records: list[Any], text: bytes) -> bool:
        """Whether every form holds, and no text has more strings than its record."""
        try:
            return 2 * self._strings(records) == _quotes(text)
        except ValueError:
            return False

    def _strings(self, records: list[Any]) -> int:
        """How many strings the records hold, keys included; ``ValueError`` where one is in doubt."""
        if len(self._of) == 1:
            (strings,) = self._of.values()
            return int(strings(records, self._forms))
        groups: dict[type, list[Any]] = {}
        for record in records:
            groups.setdefault(type(record), []).append(record)
        return sum(self._of[class_](group, self._forms) for class_, group in groups.items())

    def _meet(self, names: set[str]) -> bool:
        """Learn to decode more classes; whether any was new."""
        new = {name: found for name in names - self._known.keys() if (found := _decoder(name)) is not None}
        if not new:
            return False
        self._known |= new
        self._of = {d.Record: d.strings for d in self._known.values()}
        self._decode = msgspec.json.Decoder(Union[tuple(self._of)]).decode  # noqa: UP007 - the members are not known before
        return True


def _decoder(name: str) -> Any:
    classes = catalogue.catalogue()["classes"]
    if name not in classes or classes[name]["abstract"]:
        return None
    return decoder_named(name)


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
