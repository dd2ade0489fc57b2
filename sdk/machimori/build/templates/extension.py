"""An extension of the model: its artefacts, and the place from which its classes are imported."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

__version__ = ""
__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """A class, loaded when it is asked for."""
    if name in __all__:
        from .python import class_named

        return class_named(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
