"""Whose record it is may be told to nobody for nothing: the gate on data subjects and on references to what is about people.

A class may hold nothing about people but the person: the gate of disclosure looks at fields, so it would give everybody the
ids of all riders where the field that names the rider is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from machimori.build.model import Class, Model
from machimori.build.profiles import person_related

Report = Callable[[str, str], Any]
"""Makes a fault of an element and a detail."""


def faults(model: Model, class_: Class, report: Report) -> Iterator[Any]:
    """The data subject or id of a class, and references to records about people, under a profile that gives them out."""
    subject = subject_of(model, class_)
    if subject in class_.fields and not person_related(model, class_.fields[subject].privacy):
        yield report(f"{class_.name}.{subject}", f"the data subject is {class_.fields[subject].privacy}")
    for field in class_.fields.values():
        if field.designates_type:
            continue
        if field.identifier and subject and _tells(model, class_, subject, field.privacy):
            yield report(f"{class_.name}.{field.name}", f"the id of a record about a person is {field.privacy}")
        elif given_out(model, field.privacy) and (about := _about(model, field.range)):
            detail = f"it refers to {about}, which is about people, and is {field.privacy}"
            yield report(f"{class_.name}.{field.name}", detail)


def subject_of(model: Model, class_: Class) -> str:
    """The field that names the person: of the class itself, or of a class above it."""
    above: Class | None = class_
    while above is not None and not above.data_subject:
        above = model.classes.get(above.parent or "")
    return (above and above.data_subject) or ""


def _tells(model: Model, class_: Class, subject: str, profile: str) -> bool:
    """Whether an id under this profile could be followed to the person; a document may be about nobody, or several."""
    one = subject in class_.fields and class_.fields[subject].required and not class_.fields[subject].multivalued
    return not person_related(model, profile) if one else model.profiles.get(profile, {}).get("data_class") == "open"


def given_out(model: Model, profile: str) -> bool:
    """Whether values under a profile that is not about people go to everybody, or to any public body."""
    axes = model.profiles.get(profile, {})
    data_class = axes.get("data_class")
    return data_class == "open" or (
        data_class in ("operational", "restricted") and axes.get("government_access") == "open"
    )


def _about(model: Model, range_name: str) -> str:
    """The class about people that a range leads to; empty where there is none."""
    named = [range_name, *model.members(range_name)] if range_name in model.classes else []
    return next((name for name in named if subject_of(model, model.classes[name])), "")
