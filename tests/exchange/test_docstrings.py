"""The examples in docstrings hold."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = [
    "machimori.exchange.value_readers",
    "machimori.standards.local_government",
    "machimori.exchange.containers.csv",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed
