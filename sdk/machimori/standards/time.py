"""Moments and durations as the gate compares them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

TOKYO = timezone(timedelta(hours=9))
HOUR, DAY = 3600.0, 86400.0
RFC3339 = re.compile(
    r"(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
DURATION = re.compile(
    r"P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)S)?)?"
)
SECONDS = {
    "years": 365 * DAY,
    "months": 30 * DAY,
    "weeks": 7 * DAY,
    "days": DAY,
    "hours": HOUR,
    "minutes": 60.0,
    "seconds": 1.0,
}
"""A year counts 365 days and a month 30: for retention and coarsening, never for a date that a person reads."""


def moment(text: object) -> float | None:
    """An RFC 3339 time with offset in seconds since 1970; ``None`` for anything else."""
    if isinstance(text, datetime):
        return text.timestamp() if text.tzinfo else None
    if not isinstance(text, str) or not RFC3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def month(at: float) -> str:
    """The month of a moment in Japan, ``2026-04``."""
    return datetime.fromtimestamp(at, TOKYO).strftime("%Y-%m")


def seconds(duration: str) -> float:
    """The length of an ISO 8601 duration; ``ValueError`` where it is none."""
    found = DURATION.fullmatch(duration)
    if not found or not any(found.groups()):
        raise ValueError("no ISO 8601 duration")
    return sum(SECONDS[unit] * int(count) for unit, count in found.groupdict().items() if count)


def written(at: float, like: str | None = None) -> str:
    """A moment as RFC 3339, in the offset of ``like`` where one is given."""
    zone = datetime.fromisoformat(like).tzinfo if like else UTC
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
