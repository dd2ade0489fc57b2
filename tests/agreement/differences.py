"""Where the engines may differ for a stated reason: ``known_differences.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("known_differences.yaml")


@dataclass(frozen=True)
class Difference:
    """``engine`` alone judges otherwise what ``mutation`` makes; ``payload`` of ``class_name`` shows that it still does."""

    mutation: str
    engine: str
    class_name: str
    payload: str
    reason: str


@cache
def known() -> list[Difference]:
    """Every permitted difference."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["differences"]
    return [Difference(e["mutation"], e["engine"], e["class"], e["payload"], e["reason"]) for e in entries]


def excused(mutation: str, verdicts: dict[str, bool]) -> dict[str, bool]:
    """The verdicts without those that may differ for this mutation."""
    free = {d.engine for d in known() if d.mutation == mutation}
    return {engine: verdict for engine, verdict in verdicts.items() if engine not in free}
