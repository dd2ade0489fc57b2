"""What a decision lets through, as msgspec Structs that lack every withheld field.

A field that a Struct does not name is skipped by the decoder and never built in memory. Nested value objects are Structs of
their own, so that nothing that the model does not know can ride along inside one. A Struct is compiled once for each class and
list of granted fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Class, Field
from machimori.validation.fast_strings import pattern_of, to_the_end
from machimori.validation.fast_structs import forms_of, leaf

Tree = dict[str, Any]
"""Granted fields as they nest: an empty branch is the whole field."""


def tree(granted: Iterable[str]) -> Tree:
    """Paths with dots as a tree; a whole field takes in what is named inside it."""
    found: Tree = {}
    for path in sorted(granted, key=lambda p: p.count(".")):
        node, keys = found, path.split(".")
        for key in keys[:-1]:
            if key in node and not node[key]:
                break
            node = node.setdefault(key, {})
        else:
            node.setdefault(keys[-1], {})
    return found


@lru_cache(maxsize=1024)
def struct(entity: str, granted: tuple[str, ...]) -> type[msgspec.Struct]:
    """The Struct of a class with these fields and no other."""
    return _struct(catalogue.class_(entity), tree(granted), entity)


def _struct(class_: Class, granted: Tree, name: str, *, tagged: bool = False) -> type[msgspec.Struct]:
    options: dict[str, Any] = {"kw_only": True, "omit_defaults": True, "frozen": True, "gc": False}
    if tagged:
        options |= {"tag_field": "type", "tag": class_.name}
        granted = {key: inner for key, inner in granted.items() if key != "type"}
    members: list[Any] = []
    for key, inner in granted.items():
        field = paths.step(class_, key)
        one = _type(field, inner, f"{name}_{key}")
        if field.required and not class_.abstract:  # not every member has it
            members.append((key, one))
        else:
            members.append((key, one | None | UnsetType, UNSET))
    return msgspec.defstruct(name, members, **options)


def _type(field: Field, inner: Tree, name: str) -> Any:
    one: Any = _object(field, inner, name) if field.inlined else _plain(field)
    if not field.multivalued:
        return one
    least = field.minimum_items or 0
    return Annotated[list[one], Meta(min_length=least)] if least else list[one]


def _plain(field: Field) -> Any:
    """A text of its form, or a number within its limits."""
    forms = forms_of(field)
    return Annotated[leaf(field), Meta(pattern=to_the_end(pattern_of(forms[-1])))] if forms else leaf(field)


def _object(field: Field, inner: Tree, name: str) -> Any:
    class_ = field.class_
    assert class_ is not None  # an inlined field has one
    if inner or not class_.abstract:
        return _struct(class_, inner or _whole(class_), name)
    members = [_struct(m, _whole(m), f"{name}_{m.name}", tagged=True) for m in class_.concrete]
    return reduce(or_, members)


def _whole(class_: Class) -> Tree:
    return {key: {} for key in class_.fields}


class KeyOf:
    """Reads the one field of a record that says whose it is, its class, and nothing else."""

    def __init__(self, entity: str, field: str | None) -> None:
        members: list[Any] = [("class_name", str | None, msgspec.field(default=None, name="type"))]
        if field:
            members.append(("whose", msgspec.Raw, msgspec.field(default=msgspec.Raw(b"null"), name=field)))
        options: dict[str, Any] = {"frozen": True, "gc": False}
        self.read = msgspec.json.Decoder(msgspec.defstruct(f"{entity}_key", members, **options)).decode
        """Class name and raw data subject of a record; raises what msgspec raises where it is no record."""


def named(raw: Any) -> str | None:
    """The data subject in a raw value; ``None`` where the value is no text."""
    text = bytes(raw)
    return msgspec.json.decode(text, type=str) if text[:1] == b'"' else None
