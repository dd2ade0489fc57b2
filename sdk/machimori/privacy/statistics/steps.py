"""Steps of time by Japan's clock: half hours, hours, days, weeks from Monday, months, years. Moments are microseconds since 1970."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from machimori.standards.time import TOKYO

MICROS = 1_000_000
DAY_MICROS = 86400 * MICROS
JST = 9 * 3600 * MICROS
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIXED = {"PT30M": 1800 * MICROS, "PT1H": 3600 * MICROS}
"""Levels below a day."""
DAY, WEEK, MONTH, YEAR = "P1D", "P7D", "P1M", "P1Y"
LEVELS = (*FIXED, DAY, WEEK, MONTH, YEAR)
"""From the finest to the coarsest."""
MONDAY = 4
"""The first Monday since 1970, in days."""


def start(at: int, level: str) -> int:
    """The start of the step that holds a moment."""
    if level in FIXED:
        return at - (at + JST) % FIXED[level]
    day = (at + JST) // DAY_MICROS
    if level == WEEK:
        day -= (day - MONDAY) % 7
    elif level != DAY:
        held = (EPOCH + timedelta(days=day)).replace(day=1)
        day = ((held if level == MONTH else held.replace(month=1)) - EPOCH).days
    return day * DAY_MICROS - JST


def end(begins: int, level: str) -> int:
    """The end of the step that starts at a moment, which is the start of the next."""
    if level in FIXED:
        return begins + FIXED[level]
    days = {DAY: 1, WEEK: 7, MONTH: 31, YEAR: 366}[level]
    return start(begins + days * DAY_MICROS, level)


def within(starts: int, ends: int, level: str) -> Iterator[int]:
    """The starts of the steps that lie wholly in a period."""
    at = start(starts, level)
    if at < starts:
        at = end(at, level)
    while (after := end(at, level)) <= ends:
        yield at
        at = after


def around(starts: int, ends: int, level: str) -> Iterator[int]:
    """The starts of the steps that a period has any part of."""
    at = start(starts, level)
    while at < ends:
        yield at
        at = end(at, level)


def season(begins: int, level: str) -> str:
    """What the second factor of a person is kept for: level, time of day and month."""
    local = moment(begins)
    return f"{level}|{local:%H:%M}|{local:%Y-%m}"


def moment(at: int) -> datetime:
    """A moment by Japan's clock."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(TOKYO)


def written(begins: int) -> str:
    """The start of a step as text (RFC 3339)."""
    return moment(begins).isoformat(timespec="seconds")


def sql(at: str, level: str) -> str:
    """The start of the step that holds a moment, in SQL."""
    if level in FIXED:
        return f"floored({at} + {JST}, {FIXED[level]}) - {JST}"
    day = f"(floored({at} + {JST}, {DAY_MICROS}) // {DAY_MICROS})"
    if level == WEEK:
        day = f"(floored({day} - {MONDAY}, 7) + {MONDAY})"
    elif level != DAY:
        unit = "month" if level == MONTH else "year"
        held = f"CAST(DATE '1970-01-01' + CAST({day} AS INTEGER) AS DATE)"
        day = f"date_diff('day', DATE '1970-01-01', CAST(date_trunc('{unit}', {held}) AS DATE))"
    return f"CAST({day} AS BIGINT) * {DAY_MICROS} - {JST}"
