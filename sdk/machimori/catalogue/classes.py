"""The Python side of the catalogue: the class of a name and the profile of a name, of the model or of an extension."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from machimori.catalogue import catalogue
from machimori.catalogue.extensions import Extension
from machimori.errors import ExtensionError
from machimori.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from machimori.model._base import Entity
    from machimori.model._privacy import Privacy


def class_named(name: str) -> type[Entity]:
    """The Pydantic class of that name; ``UnknownNameError`` if nobody has it, ``ExtensionError`` if it is broken."""
    catalogue.class_(name)
    extension = catalogue.extension_of("classes", name)
    if extension is None:
        from machimori.model import class_named as in_model

        return in_model(name)
    of_extension = cast("Callable[[str], type[Entity]]", _attribute(extension, "python", "class_named"))
    return of_extension(name)


def profile_named(name: str) -> Privacy:
    """The privacy profile of that name."""
    extension = catalogue.extension_of("profiles", name)
    if extension is None:
        from machimori.model._profiles import PROFILES

        return PROFILES[name]
    return cast("Mapping[str, Privacy]", _attribute(extension, "python._profiles", "PROFILES"))[name]


def _attribute(extension: Extension, module: str, name: str) -> object:
    try:
        found: object = getattr(import_module(f"{extension.package}.{module}"), name)
        return found
    except Exception as error:  # a vendor's package runs here and may raise anything: told by its name, and raised
        found, place = f"{type(error).__name__}: {error}", f"{extension.package}.{module}"
        reason = Message("{place} cannot be imported ({found})", place=place, found=found)
        raise ExtensionError(extension.name, extension.distribution, reason) from error
