"""Break exactly one rule of a valid record: a table from issue code to what to change and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from machimori.catalogue import catalogue, paths
from machimori.catalogue.paths import Way
from machimori.catalogue.terms import Class, Field
from machimori.errors import WRONG_CALL, MachimoriError, UnknownNameError
from machimori.messages import msgid


class CannotBreakError(MachimoriError):
    """No record of the class can break the rule of this code; ``possible`` lists those that can be broken."""

    message = msgid("no record of {entity} can be made that breaks {code} alone; possible: {possible}")
    exit_status = WRONG_CALL

    def __init__(self, entity: str, code: str, possible: tuple[str, ...]) -> None:
        super().__init__(entity, code, possible)
        self.entity, self.code, self.possible = entity, code, possible


def cannot(entity: str, code: str, possible: list[str]) -> MachimoriError:
    """Why the rule of ``code`` cannot be broken: nobody knows the code, or not in this class."""
    if code not in catalogue.codes():
        return UnknownNameError("code", code, catalogue.close(code, catalogue.codes()))
    return CannotBreakError(entity, code, tuple(possible))


@dataclass(frozen=True, slots=True)
class Site:
    """One value in a record: the object (or list) that holds it, its key (or index), and its field."""

    holder: Any
    key: str | int
    field: Field
    class_: Class

    @property
    def value(self) -> Any:
        """What stands there now."""
        return self.holder[self.key]

    @property
    def is_type(self) -> bool:
        """Whether it says the class of its record."""
        return self.key == "type"

    @property
    def is_list(self) -> bool:
        """Whether it holds several values, and is not one of them."""
        return self.field.multivalued and isinstance(self.key, str)

    @property
    def scalar(self) -> bool:
        """Whether it is one value and no object."""
        return not self.field.inlined and not self.is_list and not self.is_type

    @property
    def json(self) -> str | None:
        """What its type is in JSON; ``None`` for what is no value of a type."""
        return self.field.type.json if self.scalar and self.field.type is not None else None

    @property
    def reference(self) -> bool:
        """Whether it names another record."""
        return self.scalar and self.field.reference

    def of(self, *types: str) -> bool:
        """Whether it is one value of one of these types."""
        return self.scalar and self.field.range in types


@dataclass(frozen=True, slots=True)
class Break:
    """Where a rule can be broken, and how."""

    where: Callable[[Site], bool]
    how: Callable[[Site], None]


def apply(code: str, record: dict[str, Any], entity: str, chance: Random) -> None:
    """Change ``record``, a valid one with every optional field, so that it breaks the rule of ``code`` and no other."""
    rule = BREAKS[code]
    rule.how(chance.choice([s for s in sites(record, entity) if rule.where(s)]))


def possible(code: str, record: dict[str, Any], entity: str) -> bool:
    """Whether a valid record with every optional field has a place where the rule of ``code`` can be broken."""
    return any(BREAKS[code].where(s) for s in sites(record, entity))


def sites(record: dict[str, Any], entity: str) -> list[Site]:
    """Every value of a valid record, those inside value objects and lists too, in the order of the record."""
    made: list[tuple[tuple[int, ...], Site]] = []
    for found in paths.objects(catalogue.class_(entity), record):
        for name, value in found.value.items():
            field, way = found.class_.fields[name], (*found.way, name)
            made.append((_position(record, way), Site(found.value, name, field, found.class_)))
            for index in range(len(value)) if field.multivalued and isinstance(value, list) else ():
                made.append((_position(record, (*way, index)), Site(value, index, field, found.class_)))
    return [site for _, site in sorted(made, key=lambda each: each[0])]


def _position(record: Any, way: Way) -> tuple[int, ...]:
    """The places of the keys on a way, each among its neighbours."""
    places = []
    for key in way:
        places.append(key if isinstance(key, int) else list(record).index(key))
        record = record[key]
    return tuple(places)


def _put(value: Any) -> Callable[[Site], None]:
    def how(site: Site) -> None:
        site.holder[site.key] = value

    return how


def _change(new: Callable[[Any], Any]) -> Callable[[Site], None]:
    def how(site: Site) -> None:
        site.holder[site.key] = new(site.value)

    return how


def _remove(site: Site) -> None:
    del site.holder[site.key]


def _needed(site: Site) -> bool:
    return isinstance(site.key, str) and site.field.required and not site.is_type


def _null(site: Site) -> bool:
    return _needed(site) or isinstance(site.key, int)


def _other_type(site: Site) -> None:
    site.holder[site.key] = 5 if site.json in (None, "string") and not site.is_list else "text"


def _beside(site: Site) -> None:
    site.holder["no_such_field"] = "text"


def _patterned(site: Site) -> bool:
    own_code = ("Iri", "Duration", "DateTime", "Date")
    pattern = site.field.pattern or (site.field.type.pattern if site.field.type is not None else None)
    named = site.field.range in own_code or site.reference
    return pattern is not None and site.scalar and not named and not re.fullmatch(pattern, MISSPELT)


def _abstract() -> str:
    return next(c.name for c in catalogue.model().classes.values() if c.abstract)


def _bound(limit: Callable[[Field], float | None], by: int) -> Break:
    def how(site: Site) -> None:
        site.holder[site.key] = (limit(site.field) or 0) + by

    return Break(lambda s: s.json in ("number", "integer") and limit(s.field) is not None, how)


def _swap(site: Site) -> None:
    first = next(a for a, b in _pairs(site) if b == site.key)
    held = site.holder
    held[first], held[site.key] = held[site.key], held[first]


def _pairs(site: Site) -> list[tuple[str, str]]:
    return [p for p in site.class_.ordered if p[0] in site.holder and p[1] in site.holder]


def _alone_in_pairs(site: Site) -> bool:
    """Whether the site ends one ordered pair whose members stand in no other."""
    if not isinstance(site.key, str):
        return False
    pairs = _pairs(site)
    ending = [p for p in pairs if p[1] == site.key]
    return len(ending) == 1 and sum(bool({*p} & {*ending[0]}) for p in pairs) == 1


MISSPELT = "!"
BREAKS: dict[str, Break] = {
    "MM101": Break(_needed, _remove),
    "MM102": Break(lambda s: isinstance(s.key, str), _beside),
    "MM103": Break(lambda s: not s.is_type, _other_type),
    "MM104": Break(_null, _put(None)),
    "MM105": Break(lambda s: s.is_type, _remove),
    "MM106": Break(lambda s: s.is_type, _put("NoSuchClass")),
    "MM107": Break(lambda s: s.is_type, lambda s: _put(_abstract())(s)),
    "MM201": Break(lambda s: s.scalar and s.field.enum is not None, _put("no_such_value")),
    "MM202": _bound(lambda f: f.minimum, -1),
    "MM203": _bound(lambda f: f.maximum, 1),
    "MM204": Break(_patterned, _put(MISSPELT)),
    "MM205": Break(lambda s: s.of("DateTime"), _put("2026-04-01 09:00")),
    "MM206": Break(lambda s: s.of("Date"), _put("2026-02-30")),
    "MM207": Break(lambda s: s.of("Iri") or s.reference, _put("customer-17")),
    "MM208": Break(lambda s: s.of("Duration"), _put("30 minutes")),
    "MM209": Break(lambda s: s.is_list and bool(s.field.minimum_items), _put([])),
    "MM210": Break(lambda s: s.json == "integer", _change(lambda v: v + 0.5)),
    "MM301": Break(lambda s: s.of("LocalGovernmentCode"), _change(lambda v: f"{v[:5]}{(int(v[5]) + 1) % 10}")),
    "MM302": Break(lambda s: s.of("CorporateNumber"), _change(lambda v: f"{int(v[0]) % 9 + 1}{v[1:]}")),
    "MM303": Break(lambda s: s.of("MeshCode"), _change(lambda v: f"9999{v[4:]}")),
    "MM304": Break(_alone_in_pairs, _swap),
}
"""Every code that a single record can break by itself; the others are of texts and files, or of a class asked for."""
CODES = tuple(BREAKS)
