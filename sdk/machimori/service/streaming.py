"""The answer to a stream: a line for each line, written while the rest is still coming."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from machimori.records.pieces import Piece
from machimori.service import verdicts
from machimori.service.ndjson import BodyLines
from machimori.service.problems import ProblemError
from machimori.service.request_body import NDJSON, parts
from machimori.service.settings import Settings
from machimori.service.timing import within


class Verdicts(Response):
    """Judges each part of the body as it comes and sends the verdicts before it reads on, so memory stays flat.

    A limit that is met after the answer has begun ends it with a line ``{"problem": …}``.
    """

    def __init__(self, request: Request, settings: Settings, entity: str | None, language: str) -> None:
        super().__init__()
        self._request, self._settings = request, settings
        self._entity, self._language = entity, language

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the verdicts as they are made (ASGI)."""
        headers = {"content-type": NDJSON, "content-language": self._language, "vary": "Accept-Language"}
        headers |= {"cache-control": "no-store", "connection": "close"}
        encoded = [(k.encode(), v.encode()) for k, v in headers.items()]
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": encoded})
            await self._verdicts(send)
        except (ClientDisconnect, TimeoutError):
            return

    async def _verdicts(self, send: Send) -> None:
        cut = BodyLines(self._settings.maximum_bytes)
        try:
            async for part in parts(self._request, self._settings):
                await self._say(await self._judged(cut.of(part), len(part)), send)
            await self._say(await self._judged(cut.last(), self._settings.maximum_bytes), send)
        except ProblemError as problem:
            await self._say(msgspec.json.encode({"problem": problem.data(self._language)}) + b"\n", send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _judged(self, pieces: Iterable[Piece], size: int) -> bytes:
        return await within(self._settings.timeout, size, lambda: verdicts.lines(pieces, self._entity, self._language))

    async def _say(self, body: bytes, send: Send) -> None:
        """Send; a client that does not read within the time limit loses the connection."""
        if body:
            async with asyncio.timeout(self._settings.timeout):
                await send({"type": "http.response.body", "body": body, "more_body": True})
