"""The plain result of reading a foreign format: records of the model, and what did not come along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from machimori.exchange.account import LossReport

Record = dict[str, Any]
"""A record while a converter makes it."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Iterate for the records, each a dict that is valid JSON of the model; ``losses`` accounts for all else."""

    records: tuple[dict[str, object], ...]
    losses: LossReport

    def __iter__(self) -> Iterator[dict[str, object]]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)
