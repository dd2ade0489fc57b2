"""Which fields the first records of a delivery have, by class and profile. No value is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from machimori import catalogue
from machimori.validation.loading import load
from machimori.validation.paths import INHERITED, stricter
from machimori.validation.pieces import Piece
from machimori.validation.splitting import Run
from machimori.validation.tables import Rows

FIRST = 1000
"""Records looked at."""


@dataclass(slots=True)
class Presence:
    """How many records were looked at, and how many values of each profile there were in how many fields."""

    entity: str | None = None
    """The class that every record is judged as, whatever its type says."""
    records: int = 0
    values: Counter[str] = field(default_factory=Counter)
    fields: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Class and field, by profile."""

    @property
    def full(self) -> bool:
        """Whether as many records were looked at as are."""
        return self.records >= FIRST

    def watched(self, runs: Iterable[Run | Rows]) -> Iterator[Run | Rows]:
        """Records on their way to be judged, of which the first are looked at."""
        for run in runs:
            if not self.full:
                self._look(run)
            yield run

    def _look(self, run: Run | Rows) -> None:
        for text in _texts(run):
            if self.full:
                return
            data = load(text).data if text else None
            if isinstance(data, dict):
                self.records += 1
                self._count(data, self.entity or data.get("type"))

    def _count(self, record: dict[str, Any], class_name: Any) -> None:
        for owner, name, profile in _present(record, class_name, INHERITED):
            self.values[profile] += 1
            self.fields.setdefault(profile, set()).add((owner, name))


def _texts(run: Run | Rows) -> Iterator[bytes]:
    if isinstance(run, Piece):
        yield run.text
    elif isinstance(run, Rows):
        yield from (run.piece(number).text for number in range(run.batch.num_rows))
    else:
        yield from map(bytes, run.each)


def _present(record: Any, class_name: Any, outer: str) -> Iterator[tuple[str, str, str]]:
    """Class, field and profile of what is there; inside value objects the profile of the field that holds them."""
    entry = catalogue.catalogue()["classes"].get(class_name) if isinstance(class_name, str) else None
    if entry is None or not isinstance(record, dict):
        return
    for name, value in record.items():
        data = entry["fields"].get(name)
        if data is None or value is None:
            continue
        profile = stricter(outer, data["privacy"]) or INHERITED
        inner = value if isinstance(value, list) else [value]
        if data["inlined"]:
            members = catalogue.class_data(data["range"])["members"]
            for one in inner:
                named = one.get("type") if members and isinstance(one, dict) else data["range"]
                yield from _present(one, named, profile)
        yield class_name, name, profile
