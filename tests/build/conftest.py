"""LinkML parses each content once: most tests here change one file of the model, and read all of them."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.build.shared import MODEL, shared, state
from tests.loops import is_fast

YOUNG = 100_000
"""Objects before a collection: reading the model makes a million that stay, and goes over them again and again."""


@cache
def load() -> Callable[[str], Any]:
    """LinkML's own."""
    from linkml_runtime.utils import schemaview

    return schemaview.load_schema_wrap


def parsed(file: Path) -> bytes:
    return pickle.dumps(load()(str(file)), pickle.HIGHEST_PROTOCOL)


@cache
def known() -> dict[bytes, bytes]:
    """The schema of each content: of the shipped model's from the start, of others once they were met."""

    def shipped() -> dict[bytes, bytes]:
        from machimori.build.sources import Sources

        return {path.read_bytes(): parsed(path) for path in Sources(MODEL).schemas}

    return shared("schemas", state(), shipped)


def loaded_once(path: str, base_dir: str | None = None) -> Any:
    """A copy of the schema; the path is the one thing in it that LinkML takes from elsewhere than the bytes."""
    file = Path(base_dir or "", path)
    content = file.read_bytes()
    if content not in known():
        known()[content] = parsed(file)
    schema = pickle.loads(known()[content])
    schema.source_file = str(file)
    return schema


@pytest.fixture(autouse=True)
def parsed_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if is_fast(request.node):  # and reads no model
        yield
        return
    load()
    usual = gc.get_threshold()
    monkeypatch.setattr("linkml_runtime.utils.schemaview.load_schema_wrap", loaded_once)
    gc.set_threshold(YOUNG)
    yield
    gc.set_threshold(*usual)
