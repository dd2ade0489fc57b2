"""Run the service: take the address, then answer in one process or in several."""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import ExitStack

import uvicorn
from uvicorn.supervisors import Multiprocess

from machimori.service.listening import WAITING
from machimori.service.settings import Settings

APPLICATION = "machimori.service.asgi:application"
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def serve(taken: socket.socket, settings: Settings, workers: int) -> None:
    """Answer until the process is told to end; requests being answered are finished first."""
    settings.publish()
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        workers=workers,
        access_log=False,  # a path and a query are the client's text
        log_level="warning",
        server_header=False,
        backlog=WAITING,
        timeout_graceful_shutdown=int(settings.timeout) + 1,
    )
    server = uvicorn.Server(config)
    with ExitStack() as stack:
        if workers == 1:
            server.run(sockets=[taken])
            return
        os.environ[SHARED_COUNTS] = stack.enter_context(tempfile.TemporaryDirectory(prefix="machimori-metrics-"))
        Multiprocess(config, sockets=[taken]).run()
