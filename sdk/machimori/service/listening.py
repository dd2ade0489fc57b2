"""The address of the service, taken before anything else is done."""

from __future__ import annotations

import socket

from machimori.errors import WRONG_CALL, MachimoriError
from machimori.messages import msgid

WAITING = 2048
"""Connections that the system holds until they are taken up."""


class CannotListenError(MachimoriError):
    """The address cannot be taken, most often because another program has it."""

    message = msgid("cannot listen on {host} port {port}: {reason}")
    exit_status = WRONG_CALL

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(host, port, reason)
        self.host, self.port, self.reason = host, port, reason


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
