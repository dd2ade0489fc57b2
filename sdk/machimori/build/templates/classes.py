"""The classes of a model, a module a domain."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._base import Entity

__version__ = ""

HOMES: dict[str, str] = {}
"""The module of each class."""


def class_named(name: str) -> "type[Entity]":
    """The class of that name; ``KeyError`` when the model has none."""
    found: type[Entity] = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    return found
