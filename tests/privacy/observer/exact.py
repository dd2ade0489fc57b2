"""What follows from answers for certain: linear algebra in fractions, bounds of whole numbers, and what the list of cells says.

``facts`` takes the answers of a history whoever got them, with no word on how they were made, and says each number that follows
from them and was not said. Every attack of the trial on the first edition is one of its four ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

MINIMUM_GROUP = 10
ALWAYS = (0, 1 << 30)


@dataclass
class Facts:
    """What the observer knows in the end."""

    figures: dict[tuple[str, str, Hashable], float] = field(default_factory=dict)
    """By function, field and atom: a sum or a number of persons."""
    values: list[float] = field(default_factory=list)
    """Values of single persons, in ascending order."""
    present: set[tuple[str, ...]] = field(default_factory=set)
    """Cells that hold somebody, and fewer than a minimum group."""
    persons: dict[int, int] = field(default_factory=dict)
    """By step: how many persons it holds."""


def facts(told: Sequence[Mapping[str, Any]], *, known: Sequence[float] = ()) -> Facts:
    """What follows from answers. ``known`` are the smallest values of persons, which the observer knows."""
    found = Facts()
    found.figures = by_difference(told)
    found.values = by_windows(told, known)
    found.present = by_listing(told)
    found.persons = by_threshold(told)
    return found


def by_difference(told: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, Hashable], float]:
    """Sums and counts of the pieces of time, and of those who came between two answers."""
    borders = sorted({border for answer in told for border in answer["steps"] or ALWAYS})
    batches = sorted({answer["snapshot"] for answer in told})
    systems: dict[tuple[str, str], list[tuple[dict[Hashable, int], Fraction]]] = defaultdict(list)
    for answer in told:
        first, end = answer["steps"] or ALWAYS
        atoms = [
            (start, batch)
            for start in borders
            if first <= start < end
            for batch in batches
            if batch <= answer["snapshot"]
        ]
        for cell in answer["cells"]:
            for measure, figure in zip(answer["measures"], cell["figures"], strict=False):
                if measure["aggregate_function"] in ("sum", "count", "subjects") and not cell["keys"]:
                    named = measure["aggregate_function"], measure.get("field", "")
                    systems[named].append((dict.fromkeys(atoms, 1), Fraction(str(figure))))
    return {
        (*named, atom): float(value)
        for named, system in systems.items()
        for atom, value in determined(system).items()
    }  # fmt: skip


def by_windows(told: Sequence[Mapping[str, Any]], known: Sequence[float]) -> list[float]:
    """Values of persons from quantiles that are means of overlapping windows of a minimum group."""
    values: list[float] = []
    for answer in told:
        asked = [m["probability"] for m in answer["measures"] if m["aggregate_function"] == "quantile"]
        for cell in answer["cells"] if len(asked) > 1 else ():
            people, window = cell["persons"], MINIMUM_GROUP
            system: list[tuple[dict[Hashable, int], Fraction]] = [
                ({rank: 1}, Fraction(str(value))) for rank, value in enumerate(known)
            ]
            for probability, figure in zip(asked, cell["figures"], strict=True):
                first = min(max(int(people * probability - window / 2 + 0.5), 0), people - window)
                system.append((dict.fromkeys(range(first, first + window), 1), window * Fraction(str(figure))))
            told_ranks = determined(system)
            values += [float(told_ranks[rank]) for rank in range(len(known), people) if rank in told_ranks]
    return values


def by_listing(told: Iterable[Mapping[str, Any]]) -> set[tuple[str, ...]]:
    """Hidden cells of which the list of cells says that they are not empty: some of what could be asked for is not listed."""
    hidden = set()
    for answer in told:
        listed = [tuple(cell["keys"].values()) for cell in answer["cells"] if cell["keys"]]
        domain = 1
        for values in zip(*listed, strict=True):
            domain *= len(set(values))
        if len(listed) < domain:
            hidden |= {
                tuple(cell["keys"].values())
                for cell in answer["cells"]
                if not cell["figures"]
            }  # fmt: skip
    return hidden


def by_threshold(told: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Persons of single steps from nothing but which periods were answered: at most one comes in each step.

    With P(i) persons before step i, an answer is ``P(end) - P(first) >= 10`` and a refusal ``<= 9``: difference constraints,
    whose tightest bounds are shortest paths (Floyd and Warshall) and whole.
    """
    asked = [a for a in told if a["steps"] and [m["aggregate_function"] for m in a["measures"]] == ["subjects"]]
    if len(asked) < MINIMUM_GROUP:
        return {}
    last = max(a["steps"][1] for a in asked)
    steps = np.arange(last + 1)
    above = np.maximum(steps[None, :] - steps[:, None], 0)
    """The most that P(j) - P(i) can be."""
    for answer in asked:
        first, end = answer["steps"]
        if any(cell["figures"] for cell in answer["cells"]):
            above[end, first] = min(above[end, first], -MINIMUM_GROUP)
        else:
            above[first, end] = min(above[first, end], MINIMUM_GROUP - 1)
    for via in steps:
        above = np.minimum(above, above[:, via, None] + above[None, via, :])
    return {int(i): int(above[i, i + 1]) for i in steps[:-1] if above[i, i + 1] == -above[i + 1, i]}


def determined(system: Sequence[tuple[Mapping[Hashable, int], Fraction]]) -> dict[Hashable, Fraction]:
    """The unknowns that a linear system fixes, in exact fractions (Gauss and Jordan)."""
    unknowns = sorted({u for row, _ in system for u in row}, key=repr)
    rows = [[Fraction(row.get(u, 0)) for u in unknowns] + [side] for row, side in system]
    done = 0
    for column in range(len(unknowns)):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        lead = rows[done][column]
        rows[done] = [x / lead for x in rows[done]]
        for r, row in enumerate(rows):
            if r != done and (times := row[column]):
                rows[r] = [x - times * y for x, y in zip(row, rows[done], strict=True)]
        done += 1
    fixed = {}
    for row in rows[:done]:
        held = [n for n, x in enumerate(row[:-1]) if x]
        if len(held) == 1:
            fixed[unknowns[held[0]]] = row[-1]
    return fixed
