"""Work within its time: little of it at once, more of it in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from machimori.service.problems import ProblemError

T = TypeVar("T")
INLINE_BYTES = 16 * 1024
"""What is done at once; more goes to a thread, so that others are answered in between."""


async def within(seconds: float, size: int, work: Callable[[], T]) -> T:
    """What ``work`` on ``size`` bytes gives. Raises ``ProblemError`` where it takes longer than ``seconds``.

    A thread cannot be stopped: what runs over its time ends unheard, and ``maximum_bytes`` bounds how long that is.
    """
    if size <= INLINE_BYTES:
        return work()
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.to_thread(work)
    except TimeoutError:
        raise ProblemError("too-slow", {"limit": f"{seconds:g}"}) from None
