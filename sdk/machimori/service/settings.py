"""What a service is told when it starts; handed to worker processes as JSON in the environment."""

from __future__ import annotations

import os

import msgspec

VARIABLE = "MACHIMORI_SERVICE"


class Settings(msgspec.Struct, frozen=True):
    """Limits, each for one worker process, and the holder whose gate decides.

    ``maximum_bytes`` bounds a JSON body and a line of a stream, ``maximum_stream_bytes`` a whole stream;
    ``maximum_requests`` those being answered at once, ``maximum_client_requests`` those of one client address.
    ``timeout`` (seconds) is how long a JSON request may take, and how long a stream may stand still;
    ``stream_timeout`` how long a stream may last. ``holder`` is a file of class ``Holding``, ``store`` the URL of its store.
    """

    maximum_bytes: int = 1024 * 1024
    maximum_stream_bytes: int = 16 * 1024**3
    maximum_requests: int = 256
    maximum_client_requests: int = 64
    timeout: float = 30.0
    stream_timeout: float = 3600.0
    holder: str | None = None
    store: str | None = None

    def publish(self) -> None:
        """Put the settings where a worker process finds them."""
        os.environ[VARIABLE] = msgspec.json.encode(self).decode()


def published() -> Settings:
    """The settings that the process which started this one put down."""
    return msgspec.json.decode(os.environ.get(VARIABLE, "{}"), type=Settings)
