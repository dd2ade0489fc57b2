"""Steps settled once: from the records of the first call that reaches a step, for every table of the class, for everyone and for ever.

What is kept of a step are figures that may be told and the places of hidden cells, so that a cell that holds somebody is never
taken for an empty one later.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from msgspec import Struct, json

from machimori.privacy.statistics import steps
from machimori.privacy.statistics.asked import Asked
from machimori.privacy.statistics.cells import PLACES, Figures, Perturbed
from machimori.privacy.statistics.grid import Grid, grid
from machimori.privacy.statistics.kept import Kept
from machimori.privacy.statistics.persons import Counting
from machimori.standards.time import seconds

YES, NO = b"yes", b"no"
"""What is kept of a year of a table: whether its cells may be listed."""


class Step(Struct, frozen=True, array_like=True):
    """A step of a table as it was settled."""

    settled_at: float
    """Seconds since 1970."""
    open: bool
    """Whether its cells may be listed where nobody can name all places there are."""
    cells: tuple[Figures, ...]
    """Those that hold somebody, shown or hidden."""


class NotSettledError(Exception):
    """A step that is asked for has not ended, or its settling time is not over."""


Opened = Callable[[Grid, bytes], AbstractContextManager[Counting]]
"""What reads the records of the call for the tables of a class, when it must."""


def settled(
    asked: Asked, kept: Kept, opened: Opened, now: float, notes: dict[str, int], *, live: bool
) -> dict[int, Step]:
    """The steps asked for by their starts, settled now where they were not before.

    A request that is ``live`` is answered up to the last step that can be. Raises ``NotSettledError`` where the period of another
    holds a step that cannot be settled yet, or that of this one holds no other.
    """
    wanted = None if asked.period is None else _wanted(asked, asked.period, now, live=live)
    if wanted is not None:
        found = kept.found(asked.grid.entity, asked.table, wanted)
        if all(at in found for at in wanted):
            return {at: _read(found[at]) for at in wanted}
    with opened(asked.grid, kept.secret()) as counting:
        notes.update(counting.notes())
        span = counting.span()
        if span is None:  # where there is no record of the class at all, nothing is taken for settled
            return {}
        kept.keep(asked.grid.entity, dict(_made(asked.grid, kept, counting, asked.period, span, now)), now)
    if wanted is None:
        wanted = _over(asked.grid, asked.level, _whole(span, asked.level), now)
    return {at: _read(content) for at, content in kept.found(asked.grid.entity, asked.table, wanted).items()}


def _wanted(asked: Asked, period: tuple[int, int], now: float, *, live: bool) -> list[int]:
    """The steps of a period. Raises ``NotSettledError``."""
    over = _over(asked.grid, asked.level, period, now)
    if not over or (not live and over != list(steps.within(*period, asked.level))):
        raise NotSettledError
    return over


def _made(
    found: Grid, kept: Kept, counting: Counting, period: tuple[int, int] | None, span: tuple[int, int], now: float
) -> Iterable[tuple[tuple[str, int], bytes]]:
    """The steps of every table that lie in the period asked for, or hold a record where none is; those that are over and not kept."""
    for name in found.statistics.tables:
        level = found.level(name)
        over = _over(found, level, period or _whole(span, level), now)
        if found.as_of is not None:  # how it stood at the end of an earlier step nobody can tell any more
            over = [at for at in over if at == found.as_of]
        held = kept.found(found.entity, name, over)
        if missing := [at for at in over if at not in held]:
            perturbed = Perturbed(kept.secret(), found, name)
            yield from _of_table(perturbed, counting, missing, _years(perturbed, kept, counting, missing, now), now)


def _of_table(
    perturbed: Perturbed, counting: Counting, wanted: Sequence[int], listed: Mapping[int, bool], now: float
) -> Iterable[tuple[tuple[str, int], bytes]]:
    written = {at: steps.written(at) for at in wanted}
    held: dict[int, list[Figures]] = {at: [] for at in wanted}
    for cell in counting.cells(perturbed.name, wanted):
        held[cell.step].append(perturbed.figures(cell, written[cell.step]))
    for at, figures in held.items():
        step = Step(now, listed[steps.start(at, steps.YEAR)], tuple(sorted(figures, key=lambda f: f.coordinates)))
        yield (perturbed.name, at), zlib.compress(json.encode(step))


def _years(perturbed: Perturbed, kept: Kept, counting: Counting, wanted: Sequence[int], now: float) -> dict[int, bool]:
    """Whether cells of a table may be listed, by the start of each year: judged once, or a year of answers would tell the count."""
    named, entity = f"{perturbed.name} {PLACES}", perturbed.of.entity
    least = perturbed.threshold - perturbed.of.statistics.looks
    last = {steps.start(at, steps.YEAR): at for at in sorted(wanted)}
    if not perturbed.of.keys_of(perturbed.name):
        return dict.fromkeys(last, True)
    held = kept.found(entity, named, list(last))
    for year in last.keys() - held.keys():
        listed = perturbed.listed(*counting.places(perturbed.name, least, last[year]), steps.written(year))
        kept.keep(entity, {(named, year): YES if listed else NO}, now)
    return {year: content == YES for year, content in kept.found(entity, named, list(last)).items()}


def touched(kept: Kept, found: Grid, starts: int, ends: int) -> bool:
    """Whether a step of any table of the class, or of one that holds the same facts, was settled for a part of a period."""
    classes = (found.entity, *found.statistics.same_facts_as)
    grids = [g for g in map(grid, classes) if g is not None]
    return any(
        kept.found(g.entity, name, list(steps.around(starts, ends, g.level(name))))
        for g in grids
        for name in g.statistics.tables
    )


def _read(content: bytes) -> Step:
    return json.decode(zlib.decompress(content), type=Step)


def _whole(span: tuple[int, int], level: str) -> tuple[int, int]:
    """The steps that hold two moments and all between."""
    return steps.start(span[0], level), steps.end(steps.start(span[1], level), level)


def _over(found: Grid, level: str, period: tuple[int, int], now: float) -> list[int]:
    """The steps that lie in a period, have ended, and whose settling time is over."""
    settling = round(seconds(found.statistics.settles_after) * steps.MICROS)
    last = round(now * steps.MICROS) - settling
    return list(steps.within(period[0], min(period[1], last), level))
