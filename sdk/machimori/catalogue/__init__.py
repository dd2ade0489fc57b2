"""What is the model at run time? Its terms, the one walk of a path, extensions."""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.catalogue.catalogue import artefact, class_, codes, enumeration, field, model
    from machimori.catalogue.paths import Path, resolve
    from machimori.catalogue.profile import privacy_of
    from machimori.catalogue.terms import Catalogue, Class, Enumeration, Field, Profile
else:
    __getattr__, __dir__ = handful(
        __name__,
        catalogue="artefact class_ codes enumeration field model",
        paths="Path resolve",
        profile="privacy_of",
        terms="Catalogue Class Enumeration Field Profile",
    )

__all__ = [
    "Catalogue",
    "Class",
    "Enumeration",
    "Field",
    "Path",
    "Profile",
    "artefact",
    "class_",
    "codes",
    "enumeration",
    "field",
    "model",
    "privacy_of",
    "resolve",
]
