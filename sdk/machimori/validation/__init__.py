"""Is this payload right? Loader, engine and reporters, joined only by a plain result."""

from typing import TYPE_CHECKING

from machimori.handful import handful

if TYPE_CHECKING:
    from machimori.validation import spark
    from machimori.validation.record import validate
    from machimori.validation.stream import StreamReport, validate_stream
else:
    __getattr__, __dir__ = handful(
        __name__,
        record="validate",
        spark="",
        stream="StreamReport validate_stream",
    )

__all__ = [
    "StreamReport",
    "spark",
    "validate",
    "validate_stream",
]
