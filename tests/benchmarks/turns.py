"""Time calls side by side: they take turns, and the fastest turn of each counts."""

from __future__ import annotations

import time
from collections.abc import Callable


def best(turns: int, *calls: Callable[[], object], clock: Callable[[], float] = time.process_time) -> list[float]:
    """Seconds of the fastest turn of each call."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(turns):
        for call, taken in zip(calls, times, strict=True):
            start = clock()
            call()
            taken.append(clock() - start)
    return [min(t) for t in times]
