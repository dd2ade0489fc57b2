"""The Python side of the catalogue: the class of a name and the profile of a name, of the model or of an extension."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from machimori.catalogue import catalogue
from machimori.catalogue.extensions import Extension
from machimori.errors import ExtensionError

if TYPE_CHECKING:
    from machimori.model._base import Entity
    from machimori.model._privacy import Privacy


def class_named(name: str) -> type[Entity]:
    """The Pydantic class of that name; ``UnknownNameError`` if nobody has it, ``ExtensionError`` if it is broken."""
    catalogue.class_data(name)
    extension = catalogue.extension_of("classes", name)
    if extension is None:
        from machimori.model import class_named as in_model

        return in_model(name)
    found: type[Entity] = _attribute(extension, "python", "class_named")(name)
    return found


def profile_named(name: str) -> Privacy:
    """The privacy profile of that name."""
    extension = catalogue.extension_of("profiles", name)
    if extension is None:
        from machimori.model._profiles import PROFILES

        return PROFILES[name]
    found: Privacy = _attribute(extension, "python._profiles", "PROFILES")[name]
    return found


def _attribute(extension: Extension, module: str, name: str) -> Any:
    try:
        return getattr(import_module(f"{extension.package}.{module}"), name)
    except (
        Exception
    ) as error:  # a vendor's package runs here and may raise anything: it is told by its name, and raised
        reason = f"{extension.package}.{module} cannot be imported ({type(error).__name__}: {error})"
        reason_ja = f"{extension.package}.{module}を読み込めません（{type(error).__name__}: {error}）"
        raise ExtensionError(extension.name, extension.distribution, reason, reason_ja) from error
