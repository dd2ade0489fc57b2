"""What SQL makes of a value is what ``transforms`` and ``mesh`` make of it in Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machimori.privacy.disclosure.transforms import coarsening
from machimori.privacy.statistics import columns
from machimori.privacy.statistics.query import Key, start_of_step
from machimori.standards.mesh import LENGTHS, mesh_code, shortened
from machimori.standards.time import seconds

pytestmark = pytest.mark.full

TOKYO = timezone(timedelta(hours=9))


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(columns.MACROS)
        yield connection


def made(engine: duckdb.DuckDBPyConnection, key: Key, value: Any) -> str | None:
    leaf = columns.quoted(str(value))
    (found,) = engine.execute(f"SELECT {columns.key_sql(key, lambda _: leaf)}").fetchone() or (None,)
    return None if found is None else columns.written(key, found)


edges = st.integers(0, 80 * 8 * 26).map(lambda n: 20 + n / (80 * 8 * 1.5)) | st.floats(19.5, 46.5)
columns_of_japan = st.integers(0, 80 * 8 * 32).map(lambda n: 122 + n / (80 * 8)) | st.floats(121.5, 154.5)


@given(edges, columns_of_japan, st.sampled_from(LENGTHS))
@settings(max_examples=400, deadline=None)
def test_squares(engine: duckdb.DuckDBPyConnection, latitude: float, longitude: float, digits: int) -> None:
    try:
        expected: str | None = mesh_code(latitude, longitude, digits)
    except ValueError:
        expected = None
    (found,) = engine.execute(
        f"SELECT mesh_code({latitude!r}::DOUBLE, {longitude!r}::DOUBLE, {digits})"
    ).fetchone() or (None,)
    assert (None if found is None else str(found)) == expected


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)),
    st.sampled_from(["PT1M", "PT15M", "PT30M", "PT1H", "PT5H", "PT6H", "P1D", "P2D", "P7D", "P1M"]),
)
@settings(max_examples=300, deadline=None)
def test_times(engine: duckdb.DuckDBPyConnection, at: datetime, step: str) -> None:
    text = at.replace(tzinfo=TOKYO).isoformat()
    reference = coarsening("DateTime", {"time_step": step}, free_text=False)
    assert reference is not None
    assert made(engine, Key("at", "time", round(seconds(step))), text) == reference(text)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.integers(-11, 12),
    st.sampled_from(["PT30M", "PT1H", "P1D"]),
)
@settings(max_examples=200, deadline=None)
def test_the_same_moment_in_another_offset_is_in_the_same_group(
    engine: duckdb.DuckDBPyConnection, at: datetime, offset: int, step: str
) -> None:
    here, there = at.replace(tzinfo=TOKYO), at.replace(tzinfo=TOKYO).astimezone(timezone(timedelta(hours=offset)))
    key = Key("at", "time", round(seconds(step)))
    assert made(engine, key, here.isoformat()) == made(engine, key, there.isoformat())


@given(st.integers(-(2**50), 2**50), st.sampled_from([60, 1800, 3600, 18000, 86400, 172800, 604800]))
@settings(deadline=None)
def test_the_steps_of_a_period_are_those_of_a_group(engine: duckdb.DuckDBPyConnection, at: int, step: int) -> None:
    (found,) = engine.execute(f"SELECT {columns.step(f'({at}::BIGINT)', step)}").fetchone() or (None,)
    assert found == start_of_step(at, step)


@given(
    st.dates(datetime(1900, 1, 1).date(), datetime(2199, 12, 31).date()),
    st.sampled_from(["P1Y", "P1M", "P2D", "P7D", "P30D"]),
)
@settings(max_examples=200, deadline=None)
def test_dates(engine: duckdb.DuckDBPyConnection, day: Any, step: str) -> None:
    reference = coarsening("Date", {"time_step": step}, free_text=False)
    assert reference is not None
    length: Any = step if step in ("P1Y", "P1M") else round(seconds(step) / 86400)
    assert made(engine, Key("on", "date", length), day.isoformat()) == reference(day.isoformat())


@given(st.floats(-1000, 1000, allow_nan=False).map(lambda v: round(v, 4)), st.sampled_from([0.1, 0.5, 1.0, 5.0, 10.0]))
@settings(max_examples=300, deadline=None)
def test_bands(engine: duckdb.DuckDBPyConnection, value: float, band: float) -> None:
    reference = coarsening("double", {"band": band}, free_text=False)
    assert reference is not None
    found = made(engine, Key("energy", "band", band), value)
    assert found is not None
    assert float(found) == reference(value)


@given(st.from_regex(columns.MESH, fullmatch=True), st.sampled_from(LENGTHS))
@settings(deadline=None)
def test_squares_of_squares(engine: duckdb.DuckDBPyConnection, code: str, digits: int) -> None:
    found = made(engine, Key("mesh_code", "mesh", digits), code)
    assert found == shortened(code, digits)


@pytest.mark.parametrize(
    "text", ["2026-04-01", "infinity", "2026-04-01 09:00:00Z", "2026-04-01T09:00:00", "2026-02-30T00:00:00Z", "x"]
)
def test_what_is_no_moment_has_no_group(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert made(engine, Key("at", "time", 3600), text) is None
