"""A row of a table as the JSON record that it is.

A null is a field that is not there. A moment is written in UTC; one without a zone stays without, which the model refuses. Bytes
are read as text, as Parquet files often hold it; a column that stands twice is a key that stands twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_json(pairs: Iterable[tuple[str, Any]]) -> str:
    """Names and values, Arrow scalars, as a JSON object."""
    return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in pairs if v.is_valid) + "}"


def _json(scalar: Any) -> str:
    """A value as JSON; one that JSON has not as something that is told when the record is read."""
    kind = scalar.type
    if not scalar.is_valid:
        return "null"
    if pa.types.is_struct(kind):
        return as_json((kind.field(n).name, scalar[n]) for n in range(kind.num_fields))
    if pa.types.is_map(kind):
        return as_json((str(pair[0].as_py()), pair[1]) for pair in scalar.values)
    if pa.types.is_nested(kind) and hasattr(scalar, "values"):
        return "[" + ", ".join(map(_json, scalar.values)) + "]"
    if isinstance(scalar, (pa.DictionaryScalar, pa.ExtensionScalar, pa.RunEndEncodedScalar, pa.UnionScalar)):
        return _json(scalar.value)
    if pa.types.is_decimal(kind):
        return str(scalar.as_py())
    return json.dumps(_plain(scalar), ensure_ascii=False)


def _plain(scalar: Any) -> Any:
    kind = scalar.type
    if pa.types.is_timestamp(kind):
        return _moment(scalar.value, SECOND[kind.unit], zone="Z" if kind.tz else "")
    if pa.types.is_duration(kind):
        return f"PT{Decimal(scalar.value) / SECOND[kind.unit]:f}S"
    try:
        value = scalar.as_py()
    except (OverflowError, ValueError):
        return str(scalar.value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def _moment(count: int, each_second: int, zone: str) -> str:
    """A time since 1970 as RFC 3339 has it, with as many digits as it needs."""
    seconds, part = divmod(count, each_second)
    try:
        text = (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return str(count)
    digits = f"{part:0{len(str(each_second)) - 1}d}".rstrip("0") if part else ""
    return text + (f".{digits}" if digits else "") + zone
