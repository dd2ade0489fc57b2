"""What the tests of the exchange share: reading text as if it were a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from machimori.exchange.conversion import Conversion
from machimori.exchange.formats import read

Reader = Callable[..., Conversion]


@pytest.fixture
def municipal() -> Reader:
    """Read CSV text (or bytes) as ``municipal``."""

    def reader(content: str | bytes, entity: str | None = None, **options: Any) -> Conversion:
        data = content.encode() if isinstance(content, str) else content
        return read(io.BytesIO(data), "municipal", entity, **options)

    return reader


@pytest.fixture
def site(municipal: Reader) -> Callable[..., Conversion]:
    """Read one row of sheet 03, given by column; code and name are there unless given."""

    def reader(entity: str | None = None, **cells: str) -> Conversion:
        row = {"全国地方公共団体コード": "282995", "名称": "港川中央公園", "災害種別_地震": "1", **cells}
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in row.values()]
        return municipal(",".join(f'"{name}"' for name in row) + "\n" + ",".join(quoted) + "\n", entity)

    return reader
