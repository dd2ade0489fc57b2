"""What a room shows of itself: a handful of names, each loaded with its module when it is asked for.

A room's ``__init__`` says the same names three times, to three readers: type checkers and editors read the imports under
``TYPE_CHECKING``, ``from room import *`` reads ``__all__``, and whoever runs the code gets them from here. A test holds the three
together.
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def handful(room: str, **homes: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a room, so that importing it does no work.

    ``homes`` gives for each module below the room (``decision__fields`` for ``decision.fields``) the names that it holds, parted by
    spaces; no names where the module is what is shown.
    """
    places: dict[str, str] = {}
    for module, names in homes.items():
        path = f"{room}.{module.replace('__', '.')}"
        places |= dict.fromkeys(names.split(), path) if names else {path.rpartition(".")[2]: path}

    def __getattr__(name: str) -> object:  # noqa: N807  what it becomes in the room
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}", name=name, obj=sys.modules[room])
        found = import_module(places[name])
        return found if places[name] == f"{room}.{name}" else getattr(found, name)

    def __dir__() -> list[str]:  # noqa: N807  what it becomes in the room
        return sorted(places)

    return __getattr__, __dir__
