"""Run the service: take the address, then answer in one process or in several."""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import ExitStack

import uvicorn
from uvicorn.supervisors import Multiprocess

from machimori.errors import MachimoriError
from machimori.service.settings import Settings

APPLICATION = "machimori.service.application:application"
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
WAITING = 2048
"""Connections that the system holds until they are taken up."""


class CannotListenError(MachimoriError):
    """The address cannot be taken, most often because another program has it."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(f"cannot listen on {host} port {port}: {reason}")


def listening(host: str, port: int, patience: float) -> socket.socket:
    """A socket that listens; port 0 takes any that is free. Raises ``CannotListenError``.

    A client that takes nothing of its answer for ``patience`` seconds loses the connection, where the system can do that.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListenError(host, port, error.strerror or type(error).__name__) from None
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(patience * 1000))
        taken.bind(address)
        taken.listen(WAITING)
    except OSError as error:
        taken.close()
        raise CannotListenError(host, port, error.strerror or type(error).__name__) from None
    taken.set_inheritable(True)
    return taken


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
