"""The door: how many requests are let in at once, and what becomes of one that fails inside."""

from __future__ import annotations

import logging
import time
from collections import Counter

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from machimori.service.metrics import METRICS
from machimori.service.problems import ProblemError, language_of
from machimori.service.settings import Settings

LOG = logging.getLogger("machimori.service")
ALWAYS_OPEN = ("/health", "/metrics")
"""Paths of those who watch over the service: they must be answered when it is busy."""


class Admission:
    """Lets requests in within the limits, counts and times them, and turns a fault into a problem that says nothing of it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._inside = 0
        self._of_client: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse what is one too many (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = _Told(send)
        start = time.perf_counter()
        try:
            if scope["path"] in ALWAYS_OPEN:
                await self._answer(scope, receive, told)
            else:
                await self._admit(scope, receive, told)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            METRICS.requests.labels(route, str(told.status)).inc()
            METRICS.seconds.labels(route).observe(time.perf_counter() - start)

    async def _admit(self, scope: Scope, receive: Receive, told: _Told) -> None:
        client = (scope.get("client") or ("",))[0]
        refusal = self._refusal(client)
        if refusal is not None:
            await _problem(refusal, scope, receive, told)
            return
        self._inside += 1
        self._of_client[client] += 1
        METRICS.in_flight.inc()
        try:
            await self._answer(scope, receive, told)
        finally:
            METRICS.in_flight.dec()
            self._inside -= 1
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]

    def _refusal(self, client: str) -> ProblemError | None:
        if self._inside >= self._settings.maximum_requests:
            return ProblemError("overloaded")
        if self._of_client[client] >= self._settings.maximum_client_requests:
            return ProblemError("too-many-of-client", {"limit": str(self._settings.maximum_client_requests)})
        return None

    async def _answer(self, scope: Scope, receive: Receive, told: _Told) -> None:
        try:
            await self._app(scope, receive, told)
        except Exception as error:  # noqa: BLE001 - a traceback could show the data
            LOG.error("internal error (%s)", type(error).__name__)
            if not told.status:
                await _problem(ProblemError("internal"), scope, receive, told)


class _Told:
    """Sends on, and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


async def _problem(problem: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    language = language_of(Headers(scope=scope).get("accept-language"))
    await problem.response(language)(scope, receive, send)
