"""``--update-answers``: write the answers instead of comparing them."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-answers", action="store_true", help="write model/questions/*.expected.csv anew")
