"""The privacy profile of a field, or of a path through value objects."""

from __future__ import annotations

from machimori.catalogue import paths
from machimori.catalogue.classes import profile_named
from machimori.model._privacy import Privacy


def privacy_of(path: str) -> Privacy:
    """The profile of ``Class.field``; dots go on into value objects (``SupportNeed.home.town``).

    The strictest profile on the path wins, so a field of a value object is as private as the field that holds it.
    Raises ``UnknownNameError`` for a class or field that the model does not have.

    >>> privacy_of("Trip.origin.latitude").name
    'personal.trip'
    """
    return profile_named(paths.resolve(path).profile)
