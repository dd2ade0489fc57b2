"""How do bytes become records? Opening, splitting, decoding, each with its places."""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.records.lines import Instance, lines_of, lines_of_input
    from machimori.records.opening import Input, held, opened
    from machimori.records.positions import Positions
else:
    __getattr__, __dir__ = handful(
        __name__,
        lines="Instance lines_of lines_of_input",
        opening="Input held opened",
        positions="Positions",
    )

__all__ = [
    "Input",
    "Instance",
    "Positions",
    "held",
    "lines_of",
    "lines_of_input",
    "opened",
]
