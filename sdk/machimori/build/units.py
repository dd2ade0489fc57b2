"""The table of units (``model/units.yaml``): one unit a kind of quantity, over the whole model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machimori.build.sources import Sources

KEY = "units"
MUTUALLY_DEFINED = "ZZ"
"""The code of Recommendation 20 for a unit that it has no code for."""
KANJI = range(0x4E00, 0xA000)
Both = dict[str, str]
"""A text in both languages."""
Report = Callable[..., Any]


@dataclass(frozen=True)
class Unit:
    """A unit by UCUM and UN/CEFACT Recommendation 20."""

    ucum: str
    rec20: str
    symbol: str = ""

    def data(self) -> dict[str, str]:
        """The codes as the catalogue holds them."""
        return {"ucum": self.ucum, "rec20": self.rec20}


@dataclass(frozen=True)
class Quantity:
    """A kind of quantity and its one unit."""

    name: str
    title: Both
    reading: str
    ucum: str
    rec20: str
    symbol: Both
    reason: Both
    """Why it stands beside another unit of the same dimension."""
    note: Both
    """Why it has no code of its own in Recommendation 20."""

    def is_unit_of(self, unit: Unit) -> bool:
        """Whether a field states this very unit; its symbol may be left out."""
        return (unit.ucum, unit.rec20) == (self.ucum, self.rec20) and unit.symbol in ("", *self.symbol.values())

    def data(self) -> dict[str, Any]:
        """The quantity as the catalogue holds it; what is not said is left out."""
        held = {"title": self.title, "reading": self.reading, "ucum": self.ucum, "rec20": self.rec20}
        texts = {"symbol": self.symbol, "reason": self.reason, "note": self.note}
        return {k: v for k, v in (held | texts).items() if v}


def read(sources: Sources, base: dict[str, Any]) -> dict[str, Quantity]:
    """Every kind of quantity by its name; what is missing is empty here and a fault of the gate.

    ``base`` holds those of the model that the folder extends, as its catalogue has them.
    """
    held = {name: _quantity(name, _entry(data)) for name, data in base.items()}
    return held | {str(name): _quantity(str(name), entry or {}) for name, entry in sources.data(KEY).items()}


def _entry(data: dict[str, Any]) -> dict[str, Any]:
    """A kind of quantity of a catalogue as it stands in a table."""
    return {**data, "title": data["title"]["en"], "title_ja": data["title"]["ja"], "reading_ja": data.get("reading")}


def _quantity(name: str, entry: dict[str, Any]) -> Quantity:
    return Quantity(
        name,
        {"en": str(entry.get("title") or ""), "ja": str(entry.get("title_ja") or "")},
        str(entry.get("reading_ja") or ""),
        str(entry.get("ucum") or ""),
        str(entry.get("rec20") or ""),
        _both(entry.get("symbol") or ""),
        _both(entry.get("reason") or {}),
        _both(entry.get("note") or {}),
    )


def _both(text: Any) -> Both:
    return dict(text) if isinstance(text, dict) else {"en": str(text), "ja": str(text)}


def faults(quantities: dict[str, Quantity], sources: Sources, fault: Report) -> Iterator[Any]:
    """Entries that miss a text or a code, or give a unit that another kind of quantity has."""
    first: dict[tuple[str, str], str] = {}
    own = sources.data(KEY)
    for quantity in quantities.values():
        if quantity.name not in own:
            first[quantity.ucum, quantity.rec20] = quantity.name
            continue
        place = sources.at(_home(sources, quantity.name), KEY, quantity.name)
        for missing in _missing(quantity):
            yield fault("MM907", place, quantity.name, missing)
        same = first.setdefault((quantity.ucum, quantity.rec20), quantity.name)
        if same != quantity.name:
            yield fault("MM909", place, quantity.name, f"{quantity.ucum} is the unit of {same}")


def _missing(quantity: Quantity) -> Iterator[str]:
    needed: dict[str, Any] = {
        "ucum": quantity.ucum,
        "rec20": quantity.rec20,
        "title": quantity.title["en"],
        "title_ja": quantity.title["ja"],
        "reading_ja": quantity.reading or not any(ord(c) in KANJI for c in quantity.title["ja"]),
        "symbol": _whole(quantity.symbol),
        "reason": not quantity.reason or _whole(quantity.reason),
        "note": quantity.rec20 != MUTUALLY_DEFINED or _whole(quantity.note),
    }
    yield from (name for name, held in needed.items() if not held)


def _whole(text: Both) -> bool:
    return bool(text.get("en") and text.get("ja"))


def _home(sources: Sources, name: str) -> Path:
    return next(p for p in sources.files if p not in sources.schemas and name in (sources.document(p).get(KEY) or {}))
