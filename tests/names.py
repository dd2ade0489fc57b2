"""The names that tests are parametrized with, from a file that the build writes: collecting tests reads no model.

That they are the names of the model is held in ``tests/build/test_privacy_carriers.py``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "generated" / "names.json"


@cache
def names() -> dict[str, list[str]]:
    """Names of the model by their kind, sorted."""
    held: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return held


def concrete_classes() -> list[str]:
    """Every class of the model that has instances."""
    return names()["concrete"]


def abstract_classes() -> list[str]:
    """Every class that has none of its own."""
    return names()["abstract"]


def every_class() -> list[str]:
    """Every class of the model."""
    return sorted(concrete_classes() + abstract_classes())
