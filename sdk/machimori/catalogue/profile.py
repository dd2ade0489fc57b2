"""The privacy profile of a field, or of a path through value objects."""

from __future__ import annotations

from machimori.catalogue import catalogue, paths
from machimori.catalogue.classes import profile_named
from machimori.errors import UnknownNameError
from machimori.model._privacy import Privacy


def privacy_of(path: str) -> Privacy:
    """The profile of ``Class.field``; dots go on into value objects (``SupportNeed.home.town``).

    The strictest profile on the path wins, so a field of a value object is as private as the field that holds it.
    Raises ``UnknownNameError`` for a class or field that the model does not have.

    >>> privacy_of("Trip.origin.latitude").name
    'personal.trip'
    """
    class_name, _, rest = path.partition(".")
    owner: str | None = class_name
    profile: str | None = None
    keys = rest.split(".")
    for key in keys:
        if owner is None:
            raise UnknownNameError("field", path)
        field = catalogue.field_data(owner, key)
        profile = paths.stricter(profile, field["privacy"]) or paths.INHERITED
        owner = field["range"] if field["inlined"] else None
    return profile_named(str(profile))
