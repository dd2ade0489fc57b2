"""The body of a request within the limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from machimori.service.problems import ProblemError
from machimori.service.settings import Settings

JSON, NDJSON = "application/json", "application/x-ndjson"
FORMS = {JSON: JSON, NDJSON: NDJSON, "application/ndjson": NDJSON, "application/jsonl": NDJSON}
LINGER_BYTES, LINGER_SECONDS = 16 * 1024 * 1024, 2.0


def form_of(request: Request) -> str:
    """``JSON`` or ``NDJSON``, as ``Content-Type`` says; raises ``ProblemError`` for anything else."""
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    form = FORMS.get(media_type.strip().lower())
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    if form is None or encoded or charset not in ("", "utf-8"):
        raise ProblemError("unsupported-media-type", headers={"Accept-Post": f"{JSON}, {NDJSON}"})
    return form


async def whole(request: Request, settings: Settings) -> bytes:
    """The body of at most ``maximum_bytes``, counted as it comes, whatever Content-Length says."""
    limit = settings.maximum_bytes
    parts: list[bytes] = []
    size = 0
    arriving = request.stream()
    try:
        async with asyncio.timeout(settings.timeout):
            async for part in arriving:
                size += len(part)
                if size > limit:
                    parts.clear()
                    await _pass_over(arriving)
                    raise ProblemError("too-large", {"limit": str(limit)})
                parts.append(part)
    except TimeoutError:
        raise ProblemError("timeout", {"limit": f"{settings.timeout:g}"}) from None
    return b"".join(parts)


async def parts(request: Request, settings: Settings) -> AsyncIterator[bytes]:
    """The body of a stream as it comes. Raises ``ProblemError`` where it is too large, stands still or lasts too long."""
    size = 0
    ends = asyncio.get_running_loop().time() + settings.stream_timeout
    arriving = request.stream()
    while True:
        left = ends - asyncio.get_running_loop().time()
        allowed = min(settings.timeout, left)
        try:
            async with asyncio.timeout(allowed):
                part = await anext(arriving, None)
        except TimeoutError:
            limit = settings.timeout if allowed < left else settings.stream_timeout
            raise ProblemError("timeout", {"limit": f"{limit:g}"}) from None
        if part is None:
            return
        size += len(part)
        if size > settings.maximum_stream_bytes:
            raise ProblemError("too-large", {"limit": str(settings.maximum_stream_bytes)})
        yield part


async def _pass_over(arriving: AsyncIterator[bytes]) -> None:
    """Let a client that does not listen while it sends come to its end, within bounds, so that it hears the answer."""
    size = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            async for part in arriving:
                size += len(part)
                if size > LINGER_BYTES:
                    return
    except (TimeoutError, ClientDisconnect):
        return
