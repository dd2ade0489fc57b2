"""The changes that a decision asks for, applied to the data of a view."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from machimori.catalogue import catalogue
from machimori.errors import UnreadableError
from machimori.messages import Message
from machimori.privacy.decision import fields as asked_fields
from machimori.privacy.disclosure import transforms, views
from machimori.privacy.disclosure.transforms import Change, Pseudonyms


def change(entity: str, path: str, transform: str, pseudonyms: Pseudonyms | None) -> Change:
    """What is done to a field."""
    if transform == "pseudonymise":
        if pseudonyms is None:
            raise UnreadableError(Message("pseudonyms"), Message("the holder has no key for them"))
        return pseudonyms.of
    return coarsening(entity, path)


@lru_cache(maxsize=4096)
def coarsening(entity: str, path: str) -> Change:
    """The coarsening of a field, whatever is inside it."""
    granularity = asked_fields.asked(entity, path).axes["granularity"] or {}
    return _coarse_value(_field(entity, path), granularity)


def _coarse_value(end: Mapping[str, Any], granularity: Mapping[str, Any]) -> Change:
    held = catalogue.catalogue()
    range_name, step = end["range"], granularity.get("space_step")
    if range_name == "Place":
        return (lambda v: transforms.coarse_place(v, step)) if step else (lambda _: None)
    if range_name == "Address":
        return transforms.coarse_address
    if end["inlined"]:
        inner = {n: _coarse_value(f, granularity) for n, f in held["classes"][range_name]["fields"].items()}
        return lambda v: (
            {n: c for n, x in v.items() if n in inner and x is not None and (c := inner[n](x)) is not None} or None
        )
    if range_name in held["classes"] or range_name == "Iri":
        return lambda _: None
    free = range_name == "string" and not end.get("pattern")
    return transforms.coarsening(range_name, granularity, free, end.get("minimum")) or (lambda v: v)


def _field(entity: str, path: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {}
    class_name = entity
    for key in path.split("."):
        found = views.field_of(class_name, key)
        class_name = found["range"]
    return found


def apply(data: dict[str, Any], keys: tuple[str, ...], made_of: Change) -> None:
    """Change the value at ``keys``; one of which nothing may be given goes."""
    name, *inner = keys
    if name not in data:
        return
    value = data[name]
    if inner:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                apply(one, tuple(inner), made_of)
        return
    made = [m for v in value if (m := made_of(v)) is not None] if isinstance(value, list) else made_of(value)
    if made is None or made == []:
        del data[name]
    else:
        data[name] = made
