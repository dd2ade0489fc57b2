"""The walk over the model: along a path, and through the objects of a record.

Nobody else goes from a field to the class of its values by himself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from machimori.catalogue import catalogue
from machimori.catalogue.terms import INHERITED, Class, Field
from machimori.errors import UnknownNameError

Way = tuple[str | int, ...]
"""Keys and indexes from a record to a value in it."""
ANY: Final = object()
"""In place of a record: whatever a record may hold."""
_SAFE_NAME = re.compile(r"[@$]?[A-Za-z][A-Za-z0-9_:.-]{0,39}")


@dataclass(frozen=True, slots=True)
class Path:
    """The fields on a path, from a class as far as the model knows it."""

    entity: Class
    fields: tuple[Field, ...]
    whole: bool
    """Whether the model knows it to its end."""

    @property
    def field(self) -> Field | None:
        """The field at the end, where the model knows it that far."""
        return self.fields[-1] if self.whole and self.fields else None

    @property
    def profile(self) -> str | None:
        """The strictest profile on the way; ``None`` where there is no field."""
        found: str | None = None
        for field in self.fields:
            found = stricter(found, field.privacy) or INHERITED
        return found

    @property
    def name(self) -> str:
        """The path as it is written, without its class."""
        return ".".join(field.name for field in self.fields)

    @property
    def many(self) -> bool:
        """Whether a record may hold several values at the end of it."""
        return any(field.multivalued for field in self.fields)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A path that the model knows: the field at its end, and the strictest profile on the way."""

    path: Path
    field: Field
    profile: str


def resolve(name: str) -> Resolved:
    """The field that ``Class.field`` names; dots go on into value objects (``Trip.origin.latitude``).

    Where a value object may be of several classes, the field is that of the first which has it, and the profile the
    strictest of all. Raises ``UnknownNameError`` for a class or field that the model does not have.
    """
    class_name, _, rest = name.partition(".")
    class_ = catalogue.class_(class_name)
    keys = rest.split(".")
    found = ways(class_, keys)
    if not found:
        raise _unknown(class_, keys)
    profile: str | None = None
    for path in found:
        profile = stricter(profile, path.profile) or INHERITED
    return Resolved(found[0], found[0].fields[-1], str(profile))


def _unknown(class_: Class, keys: Sequence[str]) -> UnknownNameError:
    """That the model does not have a path: the class and the key at which it ends, with the names that are close."""
    known = max((path.fields for path in _walk(class_.concrete, class_, keys, ANY)), key=len)
    owner = next(iter(known[-1].classes), None) if known else class_
    if owner is None:
        return UnknownNameError("field", ".".join((class_.name, *keys)))
    key = keys[len(known)]
    return UnknownNameError("field", f"{owner.name}.{key}", catalogue.close(key, owner.fields))


def step(class_: Class, key: str) -> Field:
    """One step: the field of a class, or of the first member of an abstract one that has it."""
    found = class_.field(key)
    return catalogue.field(class_.name, key) if found is None else found


def ways(entity: Class, keys: Sequence[str]) -> tuple[Path, ...]:
    """Every path that ``keys`` may mean: a value object of several classes opens several. None where the model has none."""
    return tuple(path for path in _walk(entity.concrete, entity, keys, ANY) if path.whole and path.fields)


def below(entity: Class, opened: Callable[[Field], bool]) -> Iterator[Path]:
    """Every path from a class, and on into those value objects of one class that ``opened`` says; none into itself."""
    yield from _below(entity, entity, opened, ())


def _below(entity: Class, class_: Class, opened: Callable[[Field], bool], before: tuple[Field, ...]) -> Iterator[Path]:
    for field in class_.fields.values():
        yield Path(entity, (*before, field), whole=True)
        if field.class_ is not None and field.class_ in field.classes and field not in before and opened(field):
            yield from _below(entity, field.class_, opened, (*before, field))


def along(entity: Class, keys: Sequence[str | int], record: object) -> Path:
    """The path of ``keys`` in a record, in which each value object says of which class it is."""
    return next(_walk((entity,), entity, keys, record))


def _walk(
    classes: Sequence[Class], entity: Class, keys: Sequence[str | int], value: object, before: tuple[Field, ...] = ()
) -> Iterator[Path]:
    """The walk of a path: from objects that may be of ``classes``, or of one class where ``value`` is such an object."""
    for number, key in enumerate(keys):
        if isinstance(key, int):
            value = _inner(value, key)
            if before:
                classes = _classes(before[-1], value)
            continue
        rest = keys[number + 1 :]
        known = [field for class_ in classes if (field := class_.fields.get(key)) is not None]
        if not known:
            yield Path(entity, before, whole=False)
        inner = _inner(value, key)
        for field in known:
            yield from _walk(_classes(field, inner), entity, rest, inner, (*before, field))
        return
    yield Path(entity, before, whole=True)


def _classes(field: Field, value: object) -> Sequence[Class]:
    if value is ANY:
        return field.classes
    found = field.class_of(value)
    return () if found is None else (found,)


def _inner(value: object, key: str | int) -> object:
    if value is ANY:
        return ANY
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """One object in a record: the record itself, or a value object inside it."""

    class_: Class
    value: dict[str, object]
    way: Way
    profile: str
    """The strictest profile on the way to it; ``inherited`` for the record itself."""


def objects(class_: Class, value: object, way: Way = (), profile: str = INHERITED) -> Iterator[Found]:
    """The walk through a record: each object in it that is of a class, from without to within.

    What the model does not know is passed over.
    """
    if not isinstance(value, dict):
        return
    yield Found(class_, value, way, profile)
    for field in class_.objects:
        held = value.get(field.name)
        if held is None:
            continue
        within = stricter(profile, field.privacy) or INHERITED
        if isinstance(held, list):
            for index, item in enumerate(held):
                if (inner := field.class_of(item)) is not None:
                    yield from objects(inner, item, (*way, field.name, index), within)
        elif (inner := field.class_of(held)) is not None:
            yield from objects(inner, held, (*way, field.name), within)


@cache
def strictness() -> dict[str, int]:
    """The data classes from the loosest to the strictest."""
    return {name: rank for rank, name in enumerate(catalogue.enumeration("DataClass").values)}


def person_related(profile: str | None) -> bool:
    """Whether a value under this profile is about people; what nobody classified counts as such."""
    held = catalogue.model().profiles.get(profile) if profile is not None else None
    return held is None or held.person_related


def stricter(one: str | None, other: str | None) -> str | None:
    """The stricter of two profiles; ``inherited`` gives way to any other."""
    if one is None or one == INHERITED:
        return other
    if other is None or other == INHERITED:
        return one
    rank = strictness()
    return one if rank[one.partition(".")[0]] >= rank[other.partition(".")[0]] else other


def shown(name: str) -> str:
    """A key or class name as given, if it looks like one; a key may itself be a personal value."""
    return name if _SAFE_NAME.fullmatch(name) and sum(c.isdigit() for c in name) <= 3 else "…"
