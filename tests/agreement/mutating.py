"""Payloads with one thing changed, at every place of a payload, and drawn payloads with two things changed."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.agreement.making import Maker
from tests.agreement.oddities import Raw, odd_values
from tests.agreement.shapes import Path, Place, member

MARK = "\ue000"
_MARKED = re.compile(rf'"{MARK}(.*?){MARK}"')
EXTRA_KEYS = (
    "unclassified",
    "Type",
    "@type",
    "@id",
    "@context",
    "$schema",
    "",
    " id",
    "備考",
    "iri",
    "domain",
    "abstract",
    "data_subject",
    "model_config",
    "__class__",
    "x-privacy",
)
WHOLE_TEXTS = (
    "",
    " ",
    "null",
    "true",
    "1",
    '"text"',
    "[]",
    "{}",
    "[{}]",
    "{",
    '{"id":}',
    "{'id': 1}",
    "{} {}",
    "{},",
    "//\n{}",
)


@dataclass(frozen=True)
class Mutant:
    """A changed payload: what was changed where, and the verdict demanded, ``None`` where any will do."""

    name: str
    path: Path
    text: str
    accepted: bool | None


def to_text(payload: Any) -> str:
    """JSON with raw tokens in place."""
    return _MARKED.sub(lambda m: json.loads(f'"{m[1]}"'), json.dumps(payload, ensure_ascii=False, default=_marked))


def every_mutant(maker: Maker, payload: dict[str, Any], classes: list[str]) -> Iterator[Mutant]:
    """Every change at every place of one payload that is valid itself."""
    for place in maker.schema.places(payload):
        value = _at(payload, place.path)
        if place.path:
            for odd in odd_values(place, value, classes):
                yield Mutant(odd.name, place.path, to_text(_with(payload, place.path, odd.value)), odd.accepted)
            if not place.in_list:
                for last in (True, False):
                    text = _twice(payload, place.path, [[1]], last=last)
                    yield Mutant(f"key twice, wrong {'last' if last else 'first'}", place.path, text, not last)
                yield Mutant("left out", place.path, to_text(_without(payload, place.path)), not place.required)
        if isinstance(value, dict):
            yield from _with_extra_key(payload, place, value)
    yield from (Mutant(f"whole text {t!r}", (), t, None if t == "{}" else False) for t in WHOLE_TEXTS)
    text = to_text(payload)
    yield Mutant("in a list", (), f"[{text}]", False)
    yield Mutant("in a text", (), json.dumps(text), False)
    yield Mutant("cut off", (), text[:-1], False)
    yield Mutant("two records", (), text + text, False)
    yield Mutant("trailing comma", (), text[:-1] + ",}", False)
    yield Mutant("byte order mark", (), "\ufeff" + text, False)
    yield Mutant("escaped", (), json.dumps(json.loads(text), ensure_ascii=True), True)
    yield Mutant("indented", (), json.dumps(json.loads(text), indent=1), True)
    yield Mutant("keys reversed", (), json.dumps(dict(reversed(payload.items()))), True)


def drawn_mutants(maker: Maker, classes: list[str], count: int) -> Iterator[Mutant]:
    """Drawn payloads, each with up to two changes at places of which neither holds the other."""
    for _ in range(count):
        payload: Any = maker.drawn()
        if all(value is None for value in payload.values()):
            payload = maker.full()
        given = [p for p in maker.schema.places(payload) if p.path and _at(payload, p.path) is not None]
        names: list[str] = []
        changed: Path = ()
        for place in maker.random.sample(given, min(2, len(given))):
            if not names or not _one_holds_other(place.path, changed):
                odd = maker.random.choice(list(odd_values(place, _at(payload, place.path), classes)))
                payload, changed = _with(payload, place.path, odd.value), place.path
                names.append(f"{'/'.join(map(str, place.path))}: {odd.name}")
        yield Mutant(" and ".join(names), (), to_text(payload), None)


def _one_holds_other(one: Path, other: Path) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _with_extra_key(payload: Any, place: Place, value: dict[str, Any]) -> Iterator[Mutant]:
    fields = member(place.shape, value)["properties"]
    wanted = {*EXTRA_KEYS, *(f"{k}_" for k in list(fields)[:3]), *(_camel(k) for k in fields)} - fields.keys()
    for key in sorted(wanted):
        for inner in ("x", None):
            changed = _with(payload, place.path, {**value, key: inner})
            yield Mutant(f"extra key {key!r}: {inner!r}", place.path, to_text(changed), False)


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(w.title() for w in rest) if rest else key.title()


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload


def _with(payload: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.copy(payload)
    changed[path[0]] = _with(payload[path[0]], path[1:], value)
    return changed


def _without(payload: Any, path: Path) -> Any:
    held = dict(_at(payload, path[:-1]))
    del held[path[-1]]
    return _with(payload, path[:-1], held)


def _twice(payload: Any, path: Path, value: Any, *, last: bool) -> str:
    pairs = list(_at(payload, path[:-1]).items())
    pairs.insert(len(pairs) if last else 0, (path[-1], value))
    text = "{" + ", ".join(f"{json.dumps(k)}: {to_text(v)}" for k, v in pairs) + "}"
    return to_text(_with(payload, path[:-1], Raw(text)))


def _marked(value: Any) -> str:
    assert isinstance(value, Raw)
    return f"{MARK}{value.token}{MARK}"
