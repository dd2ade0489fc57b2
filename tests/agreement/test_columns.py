"""What is accepted by its columns is valid as JSON, what is valid is accepted, and a row is the record that it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.engines import schema
from tests.agreement.making import Maker
from tests.agreement.mutating import drawn_mutants, every_mutant, to_text
from tests.agreement.test_payloads import other_classes
from tests.names import concrete_classes

from machimori.records.arrow_tables import Rows
from machimori.validation.fast_columns import Columns
from machimori.validation.record import validate

pytestmark = pytest.mark.full

VALID, EVERY, DRAWN = 30, 23, 20
"""Valid payloads of each class in a batch; every which mutant is taken; mutants with two changes."""


def plain(value: Any) -> Any:
    """Without the nulls of objects, which a table does not tell from what is not there."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if v is not None}
    return [plain(v) for v in value] if isinstance(value, list) else value


def rows(records: list[dict[str, Any]]) -> Rows:
    return Rows(1, pa.RecordBatch.from_struct_array(pa.array(records)))


def held(text: str) -> Rows | None:
    """One record as a row, unless a table cannot hold it: no object, items of several types, a number of more than 64 bits."""
    try:
        record = plain(json.loads(text))
        found = rows([record]) if isinstance(record, dict) and record else None
    except (ValueError, pa.ArrowException, OverflowError, RecursionError):
        return None
    return found if found and written(found.piece(0).text) == written(json.dumps(record)) else None


def written(text: str | bytes) -> str:
    """JSON with its whole numbers as any other, since the items of a list in a table are of one type."""
    return json.dumps(json.loads(text, parse_int=float), sort_keys=True)


@pytest.mark.parametrize("class_name", concrete_classes())
def test_valid_payloads_are_accepted_by_their_columns(class_name: str) -> None:
    maker = Maker(schema(class_name), f"columns {class_name}")
    drawn = [*(maker.drawn() for _ in range(VALID)), maker.full(), maker.minimal()]
    batch = rows([p for p in (plain(json.loads(to_text(d))) for d in drawn) if p])
    wanted = [n for n in range(batch.batch.num_rows) if not validate(batch.piece(n).text, class_name).ok]
    assert Columns(class_name).doubtful(batch.batch) == wanted
    assert len(wanted) < batch.batch.num_rows


@pytest.mark.parametrize("class_name", concrete_classes())
def test_no_mutant_is_accepted_that_is_invalid(class_name: str) -> None:
    maker, others = Maker(schema(class_name), f"columns {class_name}"), other_classes(class_name)
    mutants = [*islice(every_mutant(maker, maker.full(), others), 0, None, EVERY), *drawn_mutants(maker, others, DRAWN)]
    judged = 0
    for mutant in mutants:
        row = held(mutant.text)
        if row is None:
            continue
        valid = validate(json.dumps(plain(json.loads(mutant.text))), class_name).ok
        assert validate(row.piece(0).text, class_name).ok == valid, mutant
        assert (Columns(class_name).doubtful(row.batch) == []) <= valid, mutant
        judged += 1
    assert judged > len(mutants) / 3


STOP = {"id": "urn:example:stop:1", "type": "TransitStop", "name": "本町"}
USE: dict[str, Any] = {
    "id": "urn:example:use:1",
    "type": "ElectricityUse",
    "customer": "urn:example:customer:1",
    "meter": "urn:example:meter:1",
    "interval_start": "2026-01-01T00:00:00Z",
    "interval_end": "2026-01-01T00:30:00Z",
    "energy": 1.5,
    "quality": "measured",
}
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(lambda n: pa.array([n])),
    st.integers(0, 2**64 - 1).map(lambda n: pa.array([n], pa.uint64())),
    st.integers(-100, 100_100).map(lambda n: pa.array([n], pa.int32())),
    st.floats(width=64).map(lambda n: pa.array([n])),
    st.floats(-1, 100_001, width=32).map(lambda n: pa.array([n], pa.float32())),
    st.decimals(-1, 100_001, places=3).map(lambda n: pa.array([n])),
    st.booleans().map(lambda n: pa.array([n])),
    st.text(max_size=3).map(lambda n: pa.array([n])),
    st.binary(max_size=3).map(lambda n: pa.array([n])),
)
MOMENTS = st.builds(
    lambda value, unit, zone: pa.array([value], pa.timestamp(unit, zone)),
    st.one_of(
        st.integers(-(2**63), 2**63 - 1), st.integers(0, 4 * 10**9), st.integers(0, 4 * 10**9).map(lambda n: n * 10**9)
    ),
    st.sampled_from(["s", "ms", "us", "ns"]),
    st.sampled_from([None, "UTC", "Asia/Tokyo", "+09:00"]),
)
TIMES = MOMENTS | st.integers(-(2**31), 2**31 - 1).map(lambda n: pa.array([n], pa.int32()).cast(pa.date32()))


def with_columns(record: dict[str, Any], columns: dict[str, pa.Array]) -> Rows:
    arrays = {k: pa.array([v]) for k, v in record.items()} | columns
    return Rows(1, pa.RecordBatch.from_pydict(arrays))


@settings(max_examples=400, deadline=None)
@given(energy=NUMBERS)
def test_a_number_of_any_column_gets_the_verdict_of_its_json(energy: pa.Array) -> None:
    row = with_columns(USE, {"energy": energy})
    assert (Columns("ElectricityUse").doubtful(row.batch) == []) <= validate(row.piece(0).text).ok


@settings(max_examples=400, deadline=None)
@given(start=TIMES, end=TIMES)
def test_a_time_of_any_column_gets_the_verdict_of_its_json(start: pa.Array, end: pa.Array) -> None:
    row = with_columns(USE, {"interval_start": start, "interval_end": end})
    assert (Columns("ElectricityUse").doubtful(row.batch) == []) <= validate(row.piece(0).text).ok


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_moments_of_every_unit_are_accepted_and_written_as_they_are(unit: str, zone: str) -> None:
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    start, end = (pa.array([n * per_second], pa.timestamp(unit, zone)) for n in (1_767_225_600, 1_767_227_400))
    row = with_columns(USE, {"interval_start": start, "interval_end": end})
    assert Columns(None).doubtful(row.batch) == []
    assert json.loads(row.piece(0).text) == USE


def as_dictionary(column: pa.Array) -> pa.Array:
    return column.dictionary_encode()


def as_large(column: pa.Array) -> pa.Array:
    return column.cast(pa.large_string())


def as_view(column: pa.Array) -> pa.Array:
    return column.cast(pa.string_view())


def as_bytes(column: pa.Array) -> pa.Array:
    return column.cast(pa.binary())


@pytest.mark.parametrize("way", [as_dictionary, as_large, as_view, as_bytes], ids=lambda f: f.__name__)
def test_texts_may_be_stored_in_any_way(way: Callable[[pa.Array], pa.Array]) -> None:
    row = with_columns(STOP, {name: way(pa.array([value])) for name, value in STOP.items()})
    assert Columns(None).doubtful(row.batch) == []
    assert json.loads(row.piece(0).text) == STOP


def test_a_column_that_stands_twice_is_a_key_that_stands_twice() -> None:
    arrays = [*(pa.array([v]) for v in STOP.values()), pa.array(["本町"])]
    row = Rows(1, pa.RecordBatch.from_arrays(arrays, names=[*STOP, "name"]))
    assert Columns(None).doubtful(row.batch) == [0]
    assert [i.code for i in validate(row.piece(0).text).issues] == ["MM004"]


@settings(max_examples=100, deadline=None)
@given(data=st.data(), size=st.integers(1, 30))
def test_a_part_of_a_batch_is_judged_as_itself(data: st.DataObject, size: int) -> None:
    records = [dict(data.draw(st.sampled_from(KINDS))) for _ in range(size)]
    batch = rows(records).batch
    start = data.draw(st.integers(0, size - 1))
    found = Columns(None).doubtful(batch.slice(start))
    assert found == [n for n, r in enumerate(records[start:]) if not validate(r).ok]


def _kinds() -> Iterator[dict[str, Any]]:
    place = {"latitude": 34.68, "longitude": 135.5}
    yield STOP | {"place": place}
    yield STOP
    yield STOP | {"place": place | {"latitude": 91.0}}
    yield STOP | {"id": "stop-1"}
    yield {k: v for k, v in STOP.items() if k != "type"}
    yield USE
    yield USE | {"energy": -1.0}
    yield USE | {"interval_end": USE["interval_start"]}


KINDS = list(_kinds())
