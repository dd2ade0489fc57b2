"""LinkML parses each content once in a process: most tests here change one file of the model, and read all of them."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from linkml_runtime.utils import schemaview

load = schemaview.load_schema_wrap
PICKLED: dict[bytes, bytes] = {}
YOUNG = 100_000
"""Objects before a collection: reading the model makes a million that stay, and goes over them again and again."""


def loaded_once(path: str, base_dir: str | None = None) -> Any:
    """A copy of the schema; the path is the one thing in it that LinkML takes from elsewhere than the bytes."""
    file = Path(base_dir or "", path)
    content = file.read_bytes()
    if content not in PICKLED:
        PICKLED[content] = pickle.dumps(load(str(file)), pickle.HIGHEST_PROTOCOL)
    schema = pickle.loads(PICKLED[content])
    schema.source_file = str(file)
    return schema


@pytest.fixture(autouse=True)
def parsed_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    usual = gc.get_threshold()
    monkeypatch.setattr(schemaview, "load_schema_wrap", loaded_once)
    gc.set_threshold(YOUNG)
    yield
    gc.set_threshold(*usual)
