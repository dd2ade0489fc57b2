"""Forms of text (an IRI, a timestamp, a code), tested for many values at once; what has passed is remembered.

A form is the set of values that passed it. The values of a stream are mostly few (meters, customers, half hours) and only
looked up; a column with a new one is tested whole, in one go where the type allows it, else value by value. ``ValueError``
means doubt, no more: the caller has the records judged one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import lt

import msgspec

from machimori.catalogue import catalogue
from machimori.validation.rules import RULES

REMEMBERED, KEPT_FOR = 8_192, 512
"""How many values a form remembers, and for how many batches once it is full. To remember costs as much as to test anew."""

_sorts_before: Callable[[str, str], bool] = lt


class Form(set[str]):
    """A text that a pattern matches and a rule of the SDK accepts."""

    def __init__(self, pattern: str, rule: Callable[[str], bool] | None = None) -> None:
        super().__init__()
        self._matches = re.compile(to_the_end(pattern)).search
        self._rule = rule
        self._full_for = 0

    def hold(self, values: Sequence[str]) -> None:
        """Test the values and remember them, while there is room."""
        if self.issuperset(values):
            return
        if self._full_for:
            self.once(values)
        else:
            new = set(values).difference(self)
            self.once(list(new))
            self.update(new)

    def once(self, values: Sequence[str]) -> None:
        """Test the values."""
        for value in values:
            if not self._matches(value) or (self._rule and not self._rule(value)):
                raise ValueError

    def trim(self) -> None:
        """Between batches: forget what was remembered for long enough."""
        if len(self) > REMEMBERED:
            self._full_for += 1
        if self._full_for > KEPT_FOR:
            self.clear()
            self._full_for = 0

    def ordered(self, earlier: Sequence[str], later: Sequence[str]) -> None:
        """Test that each time is before the other; texts that are no times are in no order."""
        if earlier or later:
            raise ValueError


class Iris(Form):
    """IRIs; those that begin like the first are tested in one go."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self._characters = bytes(b for b in range(128) if self._matches(f"urn:x:{chr(b)}"))
        """Those that may follow the beginning, which is the first group of the pattern."""

    def once(self, values: Sequence[str]) -> None:
        """Test each value. Raises ``ValueError`` where one is not of the form."""
        first = self._matches(values[0])
        if first is None:
            raise ValueError
        text = ("\n" + "\n".join(values) + "\n").encode()
        beginning = b"\n" + first[1].encode()
        if (
            text.translate(None, self._characters) != b"\n" * (len(values) + 1)
            or text.count(beginning) != len(values)
            or beginning + b"\n" in text
        ):
            super().once(values)


class Dates(Form):
    """Days of the calendar."""

    def once(self, values: Sequence[str]) -> None:
        """Test each value. Raises ``ValueError`` where one is no day of the calendar."""
        super().once(values)
        for value in values:
            date.fromisoformat(value)

    def ordered(self, earlier: Sequence[str], later: Sequence[str]) -> None:
        """Test that each day is before the other. Raises ``ValueError`` where one is not."""
        if not all(map(_sorts_before, earlier, later)):
            raise ValueError


DIGITS_AND_SIGNS = bytes(ord("0") if chr(b).isdigit() else ord("-") if b == ord("+") else b for b in range(256))
SHAPES = {
    (len(shape), zone == "Z"): shape.encode()
    for digits in range(7)
    for zone in ("Z", "-00:00")
    for shape in (f"0000-00-00T00:00:00{'.' * (digits > 0)}{'0' * digits}{zone}",)
}
"""Every shape of a timestamp, its digits as 0 and its signs as -, by its length and whether it is in UTC."""
_moments = msgspec.json.Decoder(list[datetime]).decode


class Timestamps(Form):
    """Moments with their distance from UTC; those of one shape are tested in one go."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self._zone: tuple[int, str] | None = None
        self._mixed = False
        """Whether the values seen so far differ in length or zone; until they do, texts sort as times do."""

    def once(self, values: Sequence[str]) -> None:
        """Test each value. Raises ``ValueError`` where one is no moment of the calendar."""
        if self._alike(values):
            return
        groups: dict[tuple[int, str], list[str]] = {}
        for value in values:
            groups.setdefault(_zone(value), []).append(value)
        if not all(map(self._alike, groups.values())):
            raise ValueError

    def ordered(self, earlier: Sequence[str], later: Sequence[str]) -> None:
        """Test that each moment is before the other. Raises ``ValueError`` where one is not."""
        if self._mixed:
            moments = (map(datetime.fromisoformat, times) for times in (earlier, later))
            right = all(one < other for one, other in zip(*moments, strict=True))
        else:
            right = all(map(_sorts_before, earlier, later))
        if not right:
            raise ValueError

    def _alike(self, values: Sequence[str]) -> bool:
        """Whether the values are timestamps with the length and the zone of the first."""
        length, zone = _zone(values[0])
        shape = SHAPES.get((length, zone == "Z"))
        text = '["' + '","'.join(values) + '"]'
        if shape is None or not text.isascii():
            return False
        data, count, step = text.encode(), len(values), length + 3
        if data.translate(DIGITS_AND_SIGNS) != _repeated(shape, count):
            return False
        if data.count(zone.encode() + b'"') != count:
            return False
        in_range = data[2::step].count(b"2") == count and not data[3::step].translate(None, b"01")
        if not in_range and not all(map(self._matches, values)):
            return False
        try:
            _moments(data)
        except msgspec.DecodeError:
            return False
        self._mixed |= self._zone not in (None, (length, zone))
        self._zone = (length, zone)
        return True


@lru_cache(maxsize=64)
def _repeated(shape: bytes, count: int) -> bytes:
    """A list of timestamps of one shape; blocks of a file have nearly the same number of them."""
    return b'["' + b'","'.join([shape] * count) + b'"]'


def _zone(value: str) -> tuple[int, str]:
    return len(value), "Z" if value[-1:] == "Z" else value[-6:]


class Forms(dict[str, Form]):
    """Every form that has been asked for, by the name of its type or by the pattern of a field."""

    def __missing__(self, name: str) -> Form:
        found = self[name] = _form(name)
        return found

    def trim(self) -> None:
        """Between batches."""
        for form in self.values():
            form.trim()


def to_the_end(pattern: str) -> str:
    """A pattern of the model for Python, whose ``$`` would also match before a last line break."""
    return pattern.replace("$", r"\Z")


def pattern_of(name: str) -> str:
    """The pattern of a type, or the one that the form itself is."""
    type_ = catalogue.model().types.get(name)
    return name if type_ is None else str(type_.pattern)


def _form(name: str) -> Form:
    kind = {"Iri": Iris, "DateTime": Timestamps, "Date": Dates}.get(name)
    if kind:
        return kind(pattern_of(name))
    return Form(pattern_of(name), RULES[name][1] if name in RULES else None)
