"""Each file of the model is parsed once in a process: most tests here change one of them, and read all of them."""

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

from machimori.build import composing, sources

COMPOSED: dict[bytes, Any] = {}
"""The trees of files; nothing changes them."""
PLAIN: dict[int, bytes] = {}
"""What those trees stand for, by their identity."""
ROOT = Path(__file__).parents[2]
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

    def of_the_model() -> dict[bytes, bytes]:
        return {path.read_bytes(): parsed(path) for path in sources.Sources(MODEL).schemas}

    return shared("schemas", state(), of_the_model)


def loaded_once(path: str, base_dir: str | None = None) -> Any:
    """A copy of the schema; the path is the one thing in it that LinkML takes from elsewhere than the bytes."""
    file = Path(base_dir or "", path)
    content = file.read_bytes()
    if content not in known():
        known()[content] = parsed(file)
    schema = pickle.loads(known()[content])
    schema.source_file = str(file)
    return schema


@cache
def shipped() -> frozenset[bytes]:
    """The contents that many tests read. Those that one test made up are not kept: a tree takes a lot of memory."""
    folders = (ROOT / "model", *(ROOT / "examples").glob("*/model"))
    return frozenset(path.read_bytes() for folder in folders for path in folder.rglob("*.yaml"))


def composed_once(content: bytes) -> Any:
    if content not in shipped():
        return composing.compose(content)
    if content not in COMPOSED:
        COMPOSED[content] = composing.compose(content)
        PLAIN[id(COMPOSED[content])] = pickle.dumps(composing.plain(COMPOSED[content]), pickle.HIGHEST_PROTOCOL)
    return COMPOSED[content]


def plain_once(node: Any) -> dict[str, Any]:
    """A copy, since whoever reads a document may change it."""
    held = PLAIN.get(id(node))
    return composing.plain(node) if held is None else pickle.loads(held)


@pytest.fixture(autouse=True)
def parsed_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if is_fast(request.node):  # and reads no model
        yield
        return
    load()
    usual = gc.get_threshold()
    monkeypatch.setattr("linkml_runtime.utils.schemaview.load_schema_wrap", loaded_once)
    monkeypatch.setattr(sources, "compose", composed_once)
    monkeypatch.setattr(sources, "plain", plain_once)
    gc.set_threshold(YOUNG)
    yield
    gc.set_threshold(*usual)
