"""How does it talk to others? One adapter a format, each with a report of what was lost.

``machimori.exchange.formats`` names the formats; ``read`` and ``write`` load the adapter that is asked for.
"""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.exchange.account import Loss, LossReport
    from machimori.exchange.account_text import rendered
    from machimori.exchange.containers.text import SourceError
    from machimori.exchange.conversion import Conversion
    from machimori.exchange.formats import FORMATS, Format, read, write
else:
    __getattr__, __dir__ = handful(
        __name__,
        account="Loss LossReport",
        account_text="rendered",
        containers__text="SourceError",
        conversion="Conversion",
        formats="FORMATS Format read write",
    )

__all__ = [
    "FORMATS",
    "Conversion",
    "Format",
    "Loss",
    "LossReport",
    "SourceError",
    "read",
    "rendered",
    "write",
]
