"""How a record of the story is written: its id, its times, and chance that is the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, TypeVar

Record = dict[str, Any]
T = TypeVar("T")

JST = timezone(timedelta(hours=9))
DAYS = {
    "mon": "2026-08-17",
    "tue": "2026-08-18",
    "wed": "2026-08-19",
    "thu": "2026-08-20",
    "fri": "2026-08-21",
    "sat": "2026-08-22",
    "sun": "2026-08-23",
    "end": "2026-08-24",
}


def record(type_: str, key: str, **fields: Any) -> Record:
    """A record of a class; a field that is ``None`` is left out."""
    return {
        "id": ref(type_, key),
        "type": type_,
        **{name: value for name, value in fields.items() if value is not None},
    }


def ref(type_: str, key: str) -> str:
    """The id of a record: ``ref("TransitStop", "chuo")`` is ``urn:machimori:transit-stop:chuo``."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type_).lower()
    return f"urn:machimori:{'org' if type_ == 'Organisation' else kind}:{key}"


def org(key: str) -> str:
    """The id of an organisation of the story."""
    return ref("Organisation", key)


def at(day: str, time: str, minutes: int = 0) -> str:
    """A moment of the week (``at("wed", "18:00")``) or of history (``at("2026-07-01", "09:00")``).

    >>> at("fri", "23:50", 20)
    '2026-08-22T00:10:00+09:00'
    """
    seconds = "" if time.count(":") == 2 else ":00"
    moment = datetime.fromisoformat(f"{DAYS.get(day, day)}T{time}{seconds}").replace(tzinfo=JST)
    return (moment + timedelta(minutes=minutes)).isoformat()


def interval(day: str, time: str, minutes: int) -> dict[str, str]:
    """The fields that say a measuring interval."""
    return {"interval_start": at(day, time), "interval_end": at(day, time, minutes)}


def period(first: str, last: str) -> dict[str, str]:
    """A period of whole days, the last one not in it."""
    return {"starts_at": at(first, "00:00"), "ends_at": at(last, "00:00")}


def stamp(day: str, time: str) -> str:
    """The moment as it stands in an id: ``20260819T1800``."""
    return at(day, time)[:16].replace("-", "").replace(":", "")


def cell(group: int, minimum: int = 10, **values: Any) -> dict[str, Any]:
    """The values of a statistic with its group size; where the group is too small, neither is told.

    >>> cell(31, trips=60), cell(4, trips=8)
    ({'trips': 60, 'group_size': 31, 'suppressed': False}, {'group_size': 0, 'suppressed': True})
    """
    if group < minimum:
        return {"group_size": 0, "suppressed": True}
    return {**values, "group_size": group, "suppressed": False}


class Chance:
    """Invented values. Only ``Random.random`` is asked: its sequence is promised for every version of Python."""

    def __init__(self, seed: int, theme: str) -> None:
        self._random = Random(f"{seed} {theme}")  # noqa: S311 - the records are invented, not secret

    def between(self, low: float, high: float, digits: int = 1) -> float:
        """A number from ``low`` to ``high`` with so many decimals."""
        return round(low + (high - low) * self._random.random(), digits)

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible."""
        return low + int((high - low + 1) * self._random.random())

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.whole(0, len(items) - 1)]
