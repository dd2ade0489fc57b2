"""Which fields the first records of a delivery have, by class and profile. No value is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

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

    def count(self, class_name: str, field_name: str, profile: str) -> None:
        """A value of this field was there."""
        self.values[profile] += 1
        self.fields.setdefault(profile, set()).add((class_name, field_name))
