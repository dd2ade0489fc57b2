"""Steps are those of Japan's clock and calendar, in Python and in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machimori.privacy.statistics import columns, steps

TOKYO = ZoneInfo("Asia/Tokyo")
MOMENTS = st.datetimes(
    datetime(1952, 6, 1), datetime(2199, 12, 30), timezones=st.just(UTC)
)  # no summer time since 1952


def micros(at: datetime) -> int:
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def expected(at: datetime, level: str) -> datetime:
    local = at.astimezone(TOKYO)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match level:
        case "PT30M":
            return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
        case "PT1H":
            return local.replace(minute=0, second=0, microsecond=0)
        case "P7D":
            return midnight - timedelta(days=midnight.weekday())
        case "P1M":
            return midnight.replace(day=1)
        case "P1Y":
            return midnight.replace(month=1, day=1)
    return midnight


@pytest.mark.parametrize("level", steps.LEVELS)
@given(MOMENTS)
def test_a_step_begins_where_the_calendar_says(level: str, at: datetime) -> None:
    begins = steps.start(micros(at), level)
    assert begins == micros(expected(at, level))
    assert begins <= micros(at) < steps.end(begins, level)
    assert steps.start(steps.end(begins, level), level) == steps.end(begins, level)
    assert steps.start(steps.end(begins, level) - 1, level) == begins
    assert steps.written(begins) == expected(at, level).isoformat()


@pytest.mark.parametrize("level", steps.LEVELS)
@given(MOMENTS, st.integers(0, 90))
def test_a_period_has_the_steps_that_lie_in_it_whole(level: str, at: datetime, days: int) -> None:
    starts, ends = micros(at), micros(at + timedelta(days=days))
    found = list(steps.within(starts, ends, level))
    assert found == sorted(set(found))
    assert all(starts <= one and steps.end(one, level) <= ends for one in found)
    assert all(steps.end(a, level) == b for a, b in pairwise(found))
    around = list(steps.around(starts, ends, level))
    assert set(found) <= set(around)
    assert len(around) - len(found) <= 2
    if found:
        assert steps.start(found[0] - 1, level) < starts
        assert steps.end(steps.end(found[-1], level), level) > ends


def test_a_season_is_level_time_of_day_and_month() -> None:
    at = micros(datetime(2026, 3, 3, 8, 30, tzinfo=TOKYO))
    assert steps.season(at, "PT30M") == "PT30M|08:30|2026-03"
    assert steps.season(steps.start(at, "P1M"), "P1M") == "P1M|00:00|2026-03"


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(columns.MACROS)
        yield connection


@pytest.mark.full
@pytest.mark.parametrize("level", steps.LEVELS)
@settings(max_examples=60, deadline=None)
@given(MOMENTS)
def test_the_engine_says_the_same(engine: duckdb.DuckDBPyConnection, level: str, at: datetime) -> None:
    (found,) = engine.execute(f"SELECT {steps.sql(f'CAST({micros(at)} AS BIGINT)', level)}").fetchone() or (None,)
    assert found == steps.start(micros(at), level)
