"""The changes that a decision asks for, applied to the data of a view."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Field, Granularity
from machimori.errors import UnreadableError
from machimori.messages import Message
from machimori.privacy.decision import fields as asked_fields
from machimori.privacy.decision.decision import PSEUDONYMISE
from machimori.privacy.disclosure import transforms
from machimori.privacy.disclosure.transforms import Change, Pseudonyms


def change(entity: str, path: str, transform: str, pseudonyms: Pseudonyms | None) -> Change:
    """What is done to a field."""
    if transform == PSEUDONYMISE:
        if pseudonyms is None:
            raise UnreadableError(Message("pseudonyms"), Message("the holder has no key for them"))
        return pseudonyms.of
    return coarsening(entity, path)


@lru_cache(maxsize=4096)
def coarsening(entity: str, path: str) -> Change:
    """The coarsening of a field, whatever is inside it."""
    class_, asked = catalogue.class_(entity), asked_fields.asked(entity, path)
    if asked.time_of_figures and class_.figures is not None:
        return transforms.in_steps(class_.figures.every)
    if asked.counts_people:
        return transforms.rounded(asked.axes.granularity.rounding or 1, asked.axes.minimum_group)
    return _coarse_value(paths.resolve(f"{entity}.{path}").field, asked.axes.granularity)


def _coarse_value(end: Field, granularity: Granularity) -> Change:
    step = granularity.space_step
    if end.range == "Place":
        return (lambda v: transforms.coarse_place(v, step)) if step else (lambda _: None)
    if end.range == "Address":
        return transforms.coarse_address
    if end.inlined and end.class_ is not None:
        inner = {n: _coarse_value(f, granularity) for n, f in end.class_.fields.items()}
        return lambda v: (
            {n: c for n, x in v.items() if n in inner and x is not None and (c := inner[n](x)) is not None} or None
        )
    if end.reference or end.range == "Iri":
        return lambda _: None
    free = end.range == "string" and not end.pattern
    return transforms.coarsening(end.range, granularity, free, end.minimum) or (lambda v: v)


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
