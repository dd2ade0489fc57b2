"""Which fields the first records of a file have, by class and profile. No value is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from machimori import catalogue
from machimori.validation import splitting
from machimori.validation.loading import load
from machimori.validation.opening import Bytes, opened
from machimori.validation.paths import INHERITED, stricter

FIRST = 1000
"""Records looked at."""


@dataclass(slots=True)
class Presence:
    """How many records were looked at, and how many values of each profile there were in how many fields."""

    records: int = 0
    values: Counter[str] = field(default_factory=Counter)
    fields: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Class and field, by profile."""

    def add(self, path: str, entity: str | None) -> None:
        """Look at a file until ``FIRST`` records have been seen; standard input is not read twice."""
        if path == "-":
            return
        try:
            with opened(path) as stream:
                for piece in splitting.records(Bytes(stream, path)):
                    if self.records >= FIRST:
                        return
                    data = load(piece.text).data if piece.text else None
                    if isinstance(data, dict):
                        self.records += 1
                        self._count(data, entity or data.get("type"))
        except OSError:
            return

    def _count(self, record: dict[str, Any], class_name: Any) -> None:
        for owner, name, profile in _present(record, class_name, INHERITED):
            self.values[profile] += 1
            self.fields.setdefault(profile, set()).add((owner, name))


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
