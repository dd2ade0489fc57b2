"""By what a table may be divided: the field at the end of a path, and how coarsely its profile lets it be told."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from machimori.build.model import Class, Field, Model
from machimori.build.profiles import data_classes
from machimori.standards.mesh import LENGTHS
from machimori.standards.time import DAY, seconds

INHERITED = "inherited"
STEPS = ("PT30M", "PT1H", "P1D", "P7D", "P1M", "P1Y")
"""Steps of time, by the clock of Japan."""
CALENDAR = ("P1M", "P1Y")
"""Steps that are no whole number of others: only a step of a day and less fits into them."""
PREFIXES = (2, 6)
"""Digits of a local-government code: the prefecture, the municipality."""
AXES: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "DateTime": ("time_step", STEPS),
    "Date": ("time_step", STEPS[STEPS.index("P1D") :]),
    "Place": ("space_step", LENGTHS),
    "MeshCode": ("space_step", LENGTHS),
    "LocalGovernmentCode": ("prefix_length", PREFIXES),
    "Address": ("prefix_length", PREFIXES),
}
"""By range, the one axis by which values are made coarse, and the steps that there are."""
UNKNOWN, UNFIT = "MM914", "MM929"


@dataclass(frozen=True)
class Column:
    """What a path of a class leads to."""

    path: str
    field: Field
    profile: str
    """The strictest profile on the way."""
    many: bool
    """Whether a record may hold several values there."""


def column(model: Model, class_: Class, path: str) -> Column | None:
    """The field at the end of a path into value objects; ``None`` where the model has none."""
    order = data_classes(model)
    fields: list[Field] = []
    within: Class | None = class_
    for name in path.split("."):
        field = within.fields.get(name) if within is not None else None
        if field is None:
            return None
        fields.append(field)
        within = model.classes.get(field.range) if field.inlined else None
    stated = [f.privacy for f in fields if f.privacy != INHERITED]
    strictest = max(stated, key=lambda name: _rank(order, name), default=INHERITED)
    return Column(path, fields[-1], strictest, any(f.multivalued for f in fields))


def _rank(order: list[str], profile: str) -> int:
    data_class = profile.partition(".")[0]
    return order.index(data_class) if data_class in order else -1


def key_of(entry: Mapping[str, Any] | None) -> Hashable:
    """A dimension as what is compared with others."""
    return tuple(sorted((key, value) for key, value in (entry or {}).items() if value is not None))


def dimension(model: Model, class_: Class, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Code and detail of what keeps a dimension from being one."""
    path = entry.get("field")
    found = column(model, class_, str(path))
    if not path or found is None:
        yield UNKNOWN, str(path)
        return
    if reason := _no_group(model, found):
        yield UNFIT, f"{path} {reason}"
        return
    stated = {axis: entry[axis] for axis in ("time_step", "space_step", "prefix_length") if entry.get(axis) is not None}
    axis, steps = AXES.get(found.field.range, ("", ()))
    for other in sorted(stated.keys() - {axis}):
        yield UNFIT, f"{path} has no {other}"
    if axis and stated.get(axis) not in steps:
        yield UNFIT, f"{path} needs a {axis}: {', '.join(map(str, steps))}"
    elif axis:
        granularity = model.profiles.get(found.profile, {}).get("granularity") or {}
        if granularity.get(axis) is not None and (reason := _too_fine(axis, stated[axis], granularity[axis])):
            yield UNFIT, f"{path}: {stated[axis]} {reason} {granularity[axis]} of {found.profile}"


def _no_group(model: Model, found: Column) -> str:
    """Why records cannot be set apart by a field; empty where they can."""
    field, profile = found.field, model.profiles.get(found.profile, {})
    if found.many:
        return "holds several values"
    if profile.get("identifiability") == "direct" or field.identifier or field.range == "Iri":
        return f"is an identifier ({found.profile})"
    if field.range in model.classes and not field.inlined:
        return f"refers to {field.range}: one {field.range} is finer than any step"
    if field.range in model.enums or field.range == "boolean" or field.range in AXES:
        return ""
    return "is no time, no place, no local-government code and no closed list"


def _too_fine(axis: str, wanted: Any, own: Any) -> str:
    """How a step is not within that of the profile; empty where it is."""
    if axis != "time_step":
        return "is finer than" if wanted > own else ""
    least = length(own)
    if not least:
        return "is no multiple of"
    if seconds(wanted) < least:
        return "is finer than"
    if wanted in CALENDAR and (own in CALENDAR or DAY % least == 0):
        return ""
    return "is no whole multiple of" if wanted in CALENDAR or seconds(wanted) % least else ""


def length(duration: Any) -> float | None:
    """The seconds of a duration; ``None`` where it is none."""
    try:
        return seconds(str(duration))
    except ValueError:
        return None
