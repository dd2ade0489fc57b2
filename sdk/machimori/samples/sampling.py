"""Records made from the catalogue alone: valid ones, and ones that break exactly one rule.

The same seed gives the same records, on any day and any machine: neither the clock nor the network is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from machimori.catalogue import catalogue
from machimori.catalogue.terms import Field
from machimori.samples import breaking
from machimori.samples.plausible import Plausible, mesh_code

OPTIONAL_PRESENT = 0.6
DEEPEST = 4
"""Levels of value objects inside one another; optional ones below are left out."""
ITEMS = 3
STEPS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
TOGETHER = (("latitude", "longitude"),)
"""Optional fields that say nothing one without the other."""


def sample(
    entity: str, count: int, seed: int = 0, invalid: bool = False, code: str | None = None
) -> Iterator[dict[str, object]]:
    """``count`` records of a class (of the members of an abstract one) as JSON data, the same for the same seed.

    With ``invalid`` each breaks exactly one rule: the one of ``code``, or in turn every one that the class can break
    (``machimori.samples.breaking.CODES`` has them all).

    Raises ``UnknownNameError`` for a class or code that the model does not have, and ``CannotBreakError`` for a code
    that no record of the class can break.
    """
    if invalid or code is not None:
        return (record for _, record in broken(entity, count, seed, code))
    return valid(entity, count, seed)


def valid(entity: str, count: int, seed: int = 0) -> Iterator[dict[str, object]]:
    """Valid records; optional fields are there or not."""
    members = [c.name for c in catalogue.class_(entity).concrete]
    return _valid(members, count, seed)


def broken(entity: str, count: int, seed: int = 0, code: str | None = None) -> Iterator[tuple[str, dict[str, object]]]:
    """Records with the code of the one rule that each breaks."""
    members = [c.name for c in catalogue.class_(entity).concrete]
    possible = breakable(entity)
    if code is not None and code not in possible:
        raise breaking.cannot(entity, code, possible)
    return _broken(members, count, seed, [code] if code else possible)


def breakable(entity: str) -> list[str]:
    """The codes that records of the class can break."""
    chance = _chance(entity)
    members = [c.name for c in catalogue.class_(entity).concrete]
    full = {member: _Maker(chance, whole=True).record(member, 0) for member in members}
    return [c for c in breaking.CODES if all(breaking.possible(c, full[m], m) for m in members)]


def _chance(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - the records are invented, not secret


def _valid(members: list[str], count: int, seed: int) -> Iterator[dict[str, Any]]:
    chance = _chance(f"{members} {seed}")
    for number in range(count):
        yield _Maker(chance).record(chance.choice(members), number)


def _broken(members: list[str], count: int, seed: int, codes: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    chance = _chance(f"{members} {seed} broken")
    for number in range(count):
        member, code = chance.choice(members), codes[number % len(codes)]
        record = _Maker(chance, whole=True).record(member, number)
        breaking.apply(code, record, member, chance)
        yield code, record


class _Maker:
    """Makes one record; ``whole`` gives every optional field."""

    def __init__(self, chance: Random, *, whole: bool = False) -> None:
        self._chance, self._whole = chance, whole
        now = datetime(2026, 4, 1, tzinfo=timezone(timedelta(hours=9)))
        self._now = now + timedelta(minutes=30) * chance.randrange(48 * 30)
        self._plausible = Plausible(chance, self._now)

    def record(self, entity: str, number: int, depth: int = 0) -> dict[str, Any]:
        fields = catalogue.class_(entity).fields
        names = self._present(fields, depth)
        made: dict[str, Any] = {}
        for name in names:
            if name == "type":
                made[name] = entity
            elif name == "id":
                made[name] = f"urn:machimori:{kebab(entity)}:{number + 1}"
            else:
                made[name] = self._field(entity, name, fields[name], depth)
        if "mesh_code" in made and "latitude" in made:
            made["mesh_code"] = mesh_code(made["latitude"], made["longitude"])
        self._order(entity, made)
        return made

    def _present(self, fields: dict[str, Field], depth: int) -> list[str]:
        wanted = {n for n, f in fields.items() if f.required or self._wanted(f, depth)}
        for pair in TOGETHER:
            if wanted & {*pair}:
                wanted |= {*pair} & fields.keys()
        plain = [n for n, f in fields.items() if not f.inlined]
        if not wanted:
            wanted = {self._chance.choice(plain)}
            wanted |= {other for pair in TOGETHER if wanted & {*pair} for other in pair}
        return [n for n in fields if n in wanted]

    def _wanted(self, field: Field, depth: int) -> bool:
        if field.inlined and depth >= DEEPEST:
            return False
        return self._whole or self._chance.random() < OPTIONAL_PRESENT

    def _field(self, entity: str, name: str, field: Field, depth: int) -> Any:
        if not field.multivalued:
            return self._value(entity, name, field, depth)
        least = 1 if field.minimum_items is None else field.minimum_items
        items: list[Any] = []
        for _ in range(max(least, self._chance.randint(1, ITEMS))):
            item = self._value(entity, name, field, depth)
            if item not in items or len(items) < least:
                items.append(item)
        return items

    def _value(self, entity: str, name: str, field: Field, depth: int) -> Any:
        if field.inlined:
            return self.record(self._chance.choice(field.classes).name, self._chance.randrange(20), depth + 1)
        if field.reference:
            return f"urn:machimori:{kebab(field.range)}:{self._chance.randint(1, 20)}"
        return self._plausible.value(entity, name, field)

    def _order(self, entity: str, made: dict[str, Any]) -> None:
        """Move the later of each ordered pair behind the earlier; chains need as many passes as there are pairs."""
        pairs = [p for p in catalogue.class_(entity).ordered if p[0] in made and p[1] in made]
        for _ in pairs:
            for first, second in pairs:
                start = datetime.fromisoformat(made[first])
                if not start < datetime.fromisoformat(made[second]):
                    dated = "T" in made[second]
                    later = start + (self._chance.choice(STEPS) if dated else timedelta(days=7))
                    made[second] = later.isoformat() if dated else later.date().isoformat()


def kebab(name: str) -> str:
    """``ElectricityUse`` as ``electricity-use``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
