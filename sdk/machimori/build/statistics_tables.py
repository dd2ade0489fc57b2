"""The tables of each class about people, from ``model/privacy/tables.yaml``, as the catalogue holds them.

What follows from an entry is worked out here and written in none: the persons that every table counts, the step in which a
table is settled, the classes that hold the same facts, and the looks. ``statistics_gate`` says what an entry may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from machimori.build.model import Model
from machimori.catalogue import terms

KEY = "statistics"
SUBJECTS, COUNT, SUM, MEAN, QUANTILE = "subjects", "count", "sum", "mean", "quantile"
MOST_LOOKS = 8
"""Figures of one fact that there may be: more would, put together, tell what is in a cell."""
SETTLES_AFTER = "P1D"
ONE_RECORD = 1.0
"""What a count takes for typical where the model says nothing: one record of one person."""
Entry = Mapping[str, Any]


def of_class(model: Model, name: str) -> terms.ClassStatistics | None:
    """What statistics tell of a class that the folder itself defines."""
    entry = model.statistics.get(name)
    if entry is None:
        return None
    same = same_facts(model.statistics)[name]
    tabled = [other for other in same if tables(model.statistics.get(other, {}))]
    return terms.ClassStatistics(
        facts=min([name, *tabled]) if tables(entry) else name,
        same_facts_as=tuple(sorted(same)),
        settles_after=entry.get("settles_after") or SETTLES_AFTER,
        emergency=entry.get("emergency"),
        every=entry.get("every"),
        looks=looks(model.statistics, name),
        why=terms.Text(entry["why"], entry["why_ja"]) if entry.get("why") else None,
        tables={title: _table(title, table, entry.get("every")) for title, table in tables(entry).items()},
    )


def tables(entry: Entry) -> Mapping[str, Entry]:
    """The tables of an entry as they are written."""
    return entry.get("tables") or {}


def same_facts(entries: Mapping[str, Entry]) -> dict[str, frozenset[str]]:
    """For each class the others that hold the same facts: whichever of them says so, and over any number of classes.

    Classes without tables join no others to each other: a bill tells of electricity and of gas.
    """
    near: dict[str, set[str]] = {name: set() for name in entries}
    for name, entry in entries.items():
        for other in entry.get("same_facts_as") or ():
            near[name].add(other)
            near.setdefault(other, set()).add(name)
    tabled = {name for name, entry in entries.items() if tables(entry)}
    return {name: frozenset(_reached(name, near, tabled)) for name in near}


def _reached(name: str, near: Mapping[str, set[str]], tabled: set[str]) -> set[str]:
    reached, waiting = {name}, [name]
    while waiting:
        found = near[waiting.pop()] - reached
        reached |= found
        waiting += found & tabled
    return reached - {name}


def looks(entries: Mapping[str, Entry], name: str) -> int:
    """How many figures of one fact the tables of a class and of those with the same facts give; 0 for a class without tables."""
    if not tables(entries[name]):
        return 0
    group = (name, *same_facts(entries)[name])
    return sum(_looks(table) for member in group for table in tables(entries.get(member, {})).values())


def _looks(table: Entry) -> int:
    """Persons are always counted; each other measure is a look, except a mean, which is two of them divided."""
    functions = [m.get("function") for m in table.get("measures") or ()]
    return 1 + sum(function not in (SUBJECTS, MEAN) for function in functions)


def _table(name: str, table: Entry, every: str | None) -> terms.Table:
    dimensions = tuple(_dimension(d) for d in table.get("dimensions") or ())
    steps = [d.granularity.time_step for d in dimensions if d.granularity and d.granularity.time_step]
    return terms.Table(
        name=name,
        title=terms.Text(table["title"], table["title_ja"]),
        dimensions=dimensions,
        measures=(terms.TableMeasure(SUBJECTS), *(_measure(m) for m in table.get("measures") or ())),
        step=steps[0] if steps else str(every),
    )


def _dimension(entry: Entry) -> terms.Dimension:
    steps = {axis: entry[axis] for axis in ("time_step", "space_step", "prefix_length") if entry.get(axis) is not None}
    return terms.Dimension(entry["field"], terms.Granularity(**steps) if steps else None)


def _measure(entry: Entry) -> terms.TableMeasure:
    typical = entry.get("typical")
    if typical is None and entry["function"] == COUNT:
        typical = ONE_RECORD
    return terms.TableMeasure(
        entry["function"],
        entry.get("field"),
        None if typical is None else float(typical),
        entry.get("source"),
        tuple(map(float, entry.get("bands") or ())),
    )
