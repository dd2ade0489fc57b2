"""The Structs that read records at parse speed, and what has to be tested beside them.

msgspec tests types, limits, lists of values and unknown fields while it parses. A ``Shape`` tests the forms of texts and the
order of times, a column of many records at a time, and counts the strings (keys and values) that the records hold: a key
that stands twice makes more strings in the text than in the record.

Nearly all records of a stream have the same fields. Once some have been seen, a narrower shape has only the fields that
were there, and requires those that were always there: then most strings are a constant, and what is never there costs
nothing. A record that is different does not fit, and is read by the wide shape.
"""

from __future__ import annotations

import keyword
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from itertools import chain
from operator import or_
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from machimori.catalogue import catalogue
from machimori.catalogue.terms import TYPE, Field
from machimori.validation.fast_strings import Forms

JSON_TYPES = {"string": str, "number": float, "integer": int, "boolean": bool}
NEVER, SOMETIMES, ALWAYS = "never", "sometimes", "always"

Made = Any  # type: ignore[explicit-any]  # made at run time, where no checker can follow
"""A type, or what only ``defstruct`` takes, that is made at run time: no checker of types can know it."""
Take = Callable[[Sequence[Made]], list[Made]]


@dataclass
class Seen:
    """What the objects at one place have of the optional fields of their class, and what the objects in them have."""

    fields: dict[str, str] = field(default_factory=dict)
    inner: dict[tuple[str, str], Seen] = field(default_factory=dict)
    """By field and class."""

    def widened(self, other: Seen) -> Seen:
        """What fits both."""
        fields = {n: p if other.fields.get(n) == p else SOMETIMES for n, p in self.fields.items()}
        inner = other.inner | {k: s.widened(other.inner[k]) if k in other.inner else s for k, s in self.inner.items()}
        return Seen(fields, inner)


class Shape:
    """Records of one class: all that there may be, or only what has been ``seen``."""

    def __init__(self, entity: str, seen: Seen | None = None) -> None:
        class_ = catalogue.class_(entity)
        self.entity = entity
        self.strings_each = 0
        """Strings that every record has."""
        self._columns: list[_Column] = []
        self._ordered = [(class_.fields[one].range, one, other) for one, other in class_.ordered]
        self._kept = {name for _, *pair in self._ordered for name in pair}
        members = [self._member(n, f, seen) for n, f in class_.fields.items() if n != TYPE]
        typed = TYPE in class_.fields
        self.strings_each += 2 * typed
        self.struct = msgspec.defstruct(
            entity,
            [m for m in members if m is not None],
            tag_field=TYPE if typed else None,
            tag=entity if typed else None,
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )

    def strings(self, records: Sequence[Made], forms: Forms) -> int:
        """How many strings the records hold; ``ValueError`` where a test fails."""
        found = self.strings_each * len(records)
        kept = {}
        for column in self._columns:
            values = column.take(records)
            if column.name in self._kept:
                kept[column.name] = values
            found += column.strings(values, forms)
        for form, one, other in self._ordered:
            if one in kept and other in kept:
                forms[form].ordered(*_both(kept[one], kept[other]))
        return found

    def seen(self, records: Sequence[Made]) -> Seen:
        """What these records have; of a wide shape."""
        found = Seen()
        for column in self._columns:
            values = column.take(records)
            held = [v for v in values if v is not UNSET and v is not None]
            if not column.always:
                found.fields[column.name] = _presence(values, held)
            if column.inner is not None:
                objects = list(chain.from_iterable(held)) if column.many else held
                for shape, part in column.inner.parts(objects):
                    found.inner[column.name, shape.entity] = shape.seen(part)
        return found

    def _member(self, name: str, declared: Field, seen: Seen | None) -> Made:
        """The member of the Struct for a field, its column noted; ``None`` where there is never one."""
        presence = ALWAYS if declared.required else seen.fields.get(name, SOMETIMES) if seen else SOMETIMES
        if presence == NEVER:
            return None
        attribute = name + "_" if keyword.iskeyword(name) else name
        inner = _inner(declared, seen)
        text = inner is None and declared.json == "string"
        one: Made = leaf(declared) if inner is None else inner.type
        if declared.multivalued:
            least = declared.minimum_items or 0
            one = Annotated[list[one], Meta(min_length=least)] if least else list[one]
        column = _Column(
            name,
            taking(attribute),
            always=presence == ALWAYS,
            many=declared.multivalued,
            text=text,
            forms=forms_of(declared) if text else (),
            once=name == "id",
            inner=inner,
        )
        if presence == ALWAYS:
            self.strings_each += 1 + (text and not declared.multivalued)
        if presence != ALWAYS or column.forms or inner or (text and column.many):
            self._columns.append(column)
        if presence == ALWAYS:
            return attribute, one, msgspec.field(name=name)
        return attribute, one | None | UnsetType, msgspec.field(default=UNSET, name=name)


class Shapes:
    """Records of several classes, told apart by their Struct."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = shapes
        self._by_struct = {s.struct: s for s in shapes}
        self.type: Made = reduce(or_, (s.struct for s in shapes))

    def strings(self, records: Sequence[Made], forms: Forms) -> int:
        """Hand the texts of records to ``forms``; how many strings there are, but for those that every record has."""
        return sum(shape.strings(part, forms) for shape, part in self.parts(records))

    def parts(self, records: Sequence[Made]) -> list[tuple[Shape, Sequence[Made]]]:
        """The records of each class that there are."""
        if len(self._shapes) == 1:
            return [(self._shapes[0], records)] if records else []
        found: defaultdict[type, list[Made]] = defaultdict(list)
        for record in records:
            found[type(record)].append(record)
        return [(self._by_struct[struct], part) for struct, part in found.items()]


class _Column(NamedTuple):
    """One field of many records."""

    name: str
    take: Take
    always: bool
    many: bool
    text: bool
    forms: tuple[str, ...]
    once: bool
    inner: Shapes | None

    def strings(self, values: list[Made], forms: Forms) -> int:
        """How many strings the fields are, but for those that every record has."""
        held, found = (values, 0) if self.always else _present(values)
        if not held:
            return found
        if self.many:
            held = list(chain.from_iterable(held))
        if self.text and (self.many or not self.always):
            found += len(held)
        for form in self.forms:
            (forms[form].once if self.once else forms[form].hold)(held)
        if self.inner is not None and held:
            found += self.inner.strings(held, forms)
        return found


def _present(column: list[Made]) -> tuple[list[Made], int]:
    """What a column holds without its nulls, and how many records have the field."""
    if column[0] is UNSET and column.count(UNSET) == len(column):
        return [], 0
    held = [v for v in column if v is not UNSET]
    nulls = held.count(None)
    return ([v for v in held if v is not None] if nulls else held), len(held)


def _both(one: list[Made], other: list[Made]) -> tuple[list[Made], list[Made]]:
    """Two columns without the records that lack a value in either."""
    if all(one) and all(other):
        return one, other
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a and b]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _presence(values: list[Made], held: list[Made]) -> str:
    if len(held) == len(values):
        return ALWAYS
    return NEVER if values.count(UNSET) == len(values) else SOMETIMES


def _inner(declared: Field, seen: Seen | None) -> Shapes | None:
    classes = [c.name for c in declared.classes]
    if not classes:
        return None
    return Shapes([Shape(c, seen.inner.get((declared.name, c)) if seen else None) for c in classes])


def forms_of(declared: Field) -> tuple[str, ...]:
    """The forms that a text of the field must have: that of its type, and that of its own pattern."""
    if declared.enum is not None:
        return ()
    type_ = declared.type if declared.class_ is None else declared.class_.fields["id"].type
    of_type = (type_.name,) if type_ is not None and type_.pattern else ()
    return (*of_type, declared.pattern) if declared.pattern else of_type


def leaf(declared: Field) -> Made:
    """The type of one value of a field that is no object: with its limits, without its form."""
    if declared.enum is not None:
        return Literal[tuple(declared.enum.values)]
    one = JSON_TYPES[declared.json]
    if one not in (int, float) or declared.minimum is declared.maximum is None:
        return one
    return Annotated[one, Meta(ge=declared.minimum, le=declared.maximum)]


@cache
def taking(attribute: str) -> Take:
    """A function that takes one attribute of many records: an expression, since nothing else does it as fast."""
    assert attribute.isidentifier()
    found: Take = eval(f"lambda records: [r.{attribute} for r in records]")  # noqa: S307 - of a name of the model
    return found
