"""The mutator of documents makes documents, and the same ones from the same seed, whatever it made before."""

from __future__ import annotations

import json

import pytest
from tests.fuzz.mutating import json_mutator

pytestmark = pytest.mark.full

DOCUMENTS = (b"[[], [], {}]", b'{"id": "urn:a", "at": [{"@id": "x"}, []]}', b'{"@context": {"a": []}, "a": [1]}')
LONGEST = 4096


def bytes_unchanged(data: bytes, longest: int) -> bytes:
    return data[:longest]


def made(seeds: range) -> list[bytes]:
    """What a long search makes: each document is changed again and again."""
    mutated, documents = json_mutator(bytes_unchanged), list(DOCUMENTS)
    out = []
    for seed in seeds:
        place = seed % len(documents)
        documents[place] = mutated(documents[place], LONGEST, seed)
        out.append(documents[place])
    return out


def test_a_long_search_makes_documents_and_makes_them_again() -> None:
    first, second = made(range(5000)), made(range(5000))
    assert first == second
    assert len(set(first)) > 1000
    for text in first:
        json.loads(text)
