"""Cutting a stream into records gives back the records that were joined, however they are laid out and read."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from machimori.records import array_batches, splitting
from machimori.records.brackets import left_open
from machimori.records.opening import Bytes
from machimori.records.pieces import Piece

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=4)
INDENTS = st.sampled_from([None, 0, 1, 2])


def cut(content: bytes, block: int) -> list[Any]:
    """The records of a stream that is read in small blocks."""
    before, splitting.BLOCK = splitting.BLOCK, block
    try:
        pieces = list(splitting.records(Bytes(io.BytesIO(content), "test")))
    finally:
        splitting.BLOCK = before
    assert not any(p.fault for p in pieces)
    return [json.loads(p.text) for p in pieces]


def dumped(value: Any, indent: int | None, ascii_only: bool) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only)


@pytest.mark.full
@settings(max_examples=100, deadline=None)
@given(records=st.lists(OBJECTS, min_size=1, max_size=6), ascii_only=st.booleans(), block=st.integers(3, 200))
def test_a_line_a_record(records: list[Any], ascii_only: bool, block: int) -> None:
    text = "\n".join(dumped(r, None, ascii_only) for r in records)
    assert cut(text.encode("utf-8", "surrogatepass"), block) == records


@pytest.mark.full
@settings(max_examples=100, deadline=None)
@given(records=st.lists(OBJECTS, min_size=1, max_size=4), indent=INDENTS, block=st.integers(3, 200))
def test_documents_one_after_another(records: list[Any], indent: int | None, block: int) -> None:
    text = "\n".join(dumped(r, indent, ascii_only=True) for r in records)
    assert cut(text.encode(), block) == records


@pytest.mark.full
@settings(max_examples=300, deadline=None)
@given(value=VALUES, end=st.integers(0, 200))
def test_the_brackets_that_a_line_leaves_open(value: Any, end: int) -> None:
    line = json.dumps(value)[:end]
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
    assert left_open(line.encode()) == len(re.findall(r"[\[{]", outside)) - len(re.findall(r"[\]}]", outside))


@pytest.mark.full
@settings(max_examples=150, deadline=None)
@given(records=st.lists(VALUES, max_size=6), indent=INDENTS, ascii_only=st.booleans(), block=st.integers(3, 200))
def test_the_elements_of_an_array(records: list[Any], indent: int | None, ascii_only: bool, block: int) -> None:
    assert cut(dumped(records, indent, ascii_only).encode("utf-8", "surrogatepass"), block) == records


@settings(max_examples=100, deadline=None)
@given(
    content=st.binary(max_size=300), start=st.sampled_from([b"", b"[", b"{", b"\xef\xbb\xbf"]), block=st.integers(3, 50)
)
def test_any_bytes_are_cut_without_an_error(content: bytes, start: bytes, block: int) -> None:
    whole = start + content
    before, splitting.BLOCK = splitting.BLOCK, block
    try:
        pieces = list(splitting.records(Bytes(io.BytesIO(whole), "test")))
    finally:
        splitting.BLOCK = before
    assert sum(len(p.text) for p in pieces) <= len(whole)
    assert all(p.text or p.fault for p in pieces)
    assert all(1 <= p.line <= whole.count(b"\n") + 1 for p in pieces)


@pytest.mark.parametrize("size", [1, 10, 70_000])
def test_an_array_in_one_long_line_needs_no_memory_for_it(size: int) -> None:
    class Endless(io.RawIOBase):
        """An array without end; it tells how far ahead it was read."""

        def __init__(self) -> None:
            self.given = 0
            self.ready = b"["

        def read(self, count: int = -1, /) -> bytes:
            while len(self.ready) < count:
                self.ready += b'{"a": "' + b"x" * size + b'"}, '
            data, self.ready = self.ready[:count], self.ready[count:]
            self.given += len(data)
            return data

    stream = Endless()
    pieces = splitting.records(Bytes(stream, "test"))
    for _ in range(50):
        assert len(next(pieces).text) == size + 9
    assert stream.given < 51 * (size + 13) + 2 * splitting.BLOCK


ALIKE = st.fixed_dictionaries(
    {"id": st.text(max_size=8), "x": VALUES, "inner": st.lists(st.fixed_dictionaries({"id": VALUES}), max_size=3)}
)


def slowly(content: bytes) -> list[Any]:
    """The pieces of an array as they are cut one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_batches, "LEARNED_FROM", -1)
        return list(splitting.records(Bytes(io.BytesIO(content), "test")))


@pytest.mark.full
@settings(max_examples=200, deadline=None)
@given(
    records=st.lists(ALIKE, min_size=2, max_size=12),
    indent=INDENTS,
    block=st.integers(3, 400),
    fault=st.none() | st.tuples(st.integers(0, 10_000), st.sampled_from(["}", "]", '"', ",", "{", "x", "\n", ""])),
)
def test_elements_that_are_alike_are_cut_many_at_a_time_to_the_same_end(
    records: list[Any], indent: int | None, block: int, fault: tuple[int, str] | None
) -> None:
    text = dumped(records, indent, ascii_only=False)
    if fault:
        at = fault[0] % len(text)
        text = text[:at] + fault[1] + text[at + 1 :]
    content = text.encode("utf-8", "surrogatepass")
    wanted = slowly(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "BLOCK", block)
        runs = list(splitting.runs(Bytes(io.BytesIO(content), "test")))
    found = [p for r in runs for p in ([r] if isinstance(r, Piece) else r.pieces())]
    assert found == wanted
    event(f"many at a time: {any(not isinstance(r, Piece) for r in runs)}")


def test_a_long_array_is_cut_many_at_a_time() -> None:
    records = [{"id": str(n), "x": [{"id": n}]} for n in range(2000)]
    for indent in (None, 2):
        runs = list(splitting.runs(Bytes(io.BytesIO(dumped(records, indent, True).encode()), "test")))
        assert sum(isinstance(r, Piece) for r in runs) < 1000
        assert any(isinstance(r, array_batches.Elements) for r in runs)
