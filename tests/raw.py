"""The model's catalogue as data: what the tests hold the typed terms and all that is made of them against."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from machimori.catalogue.catalogue import artefact


@cache
def catalogue() -> dict[str, Any]:
    """``catalogue.json``, as it was written."""
    found: dict[str, Any] = json.loads(artefact("catalogue.json"))
    return found


def class_data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = catalogue()["classes"][name]
    return found


def field_data(class_name: str, field: str) -> dict[str, Any]:
    found: dict[str, Any] = class_data(class_name)["fields"][field]
    return found
