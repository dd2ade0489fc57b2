"""Which groups are not released: the small ones, and those that would tell them by a difference.

Primary: fewer persons than the minimum, or one person behind most of a number. Complementary, where totals are given: the
hypercube method (Repsilber; Giessing, *GHMITER*; Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.4). A
hidden group is a corner of boxes of hidden groups; numbers may move around a box without changing any total, so an observer
of all that is published cannot bound the hidden one more tightly than the boxes allow. Boxes are found until that room is at
least the minimum group in persons and records, and a share of each sum. A total of everything above is always such a box, so
the search ends: a group and every total over it may grow together.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from machimori.privacy.statistics.engine import ALL, Group, Index
from machimori.privacy.statistics.query import Plan

DOMINANT = 0.85
"""One person's share of a number above which it is not released: the (1, 85) dominance rule, within the 75 to 90 per cent that
national offices use (Hundepool et al., *Handbook on Statistical Disclosure Control*, 2010, section 4.2). *Profile*."""
SHARE = 1 - DOMINANT
"""How far, as a share of itself, a hidden sum must stay uncertain."""
CANDIDATES = 8
"""Neighbours tried along each column: of those hidden the largest, which give most room, of the others the smallest."""
EFFORT = 100_000
"""Boxes looked at in one table; then the totals over whatever is left go, so that a large sparse table ends in seconds."""
Line = tuple[int, Index]
Box = list[tuple[Index, bool]]
"""Its corners, and whether each moves the same way as the group that is protected."""
TINY = 1e-9
COUNTS = 2
"""The first weights are persons and records."""


@dataclass(frozen=True)
class Room:
    """How far a hidden number must be able to move, up and down, in the eyes of an observer."""

    up: tuple[float, ...]
    down: tuple[float, ...]


def primary(plan: Plan, group: Group) -> bool:
    """Whether a group is too small to be shown, too small on one side of a quantile, or shows one person."""
    if plan.subject is None:
        return False
    if group.subjects < plan.minimum_group or any(0 < c < plan.minimum_group for c in group.contributors):
        return True
    places = {m.path: i for i, m in enumerate(plan.sums)}
    for m in plan.quantiles:
        least = min(m.probability or 0.0, 1 - (m.probability or 0.0)) * group.contributors[places[m.path]]
        if least < plan.minimum_group / 2:
            return True
    counted = any(m.function == "count" for m in plan.measures)
    return (counted and group.most_records > DOMINANT * group.records) or any(
        share > DOMINANT for share in group.shares
    )


def suppressed(plan: Plan, groups: Mapping[Index, Group]) -> set[Index]:
    """The groups that are not released."""
    hidden = {index for index, group in groups.items() if primary(plan, group)}
    if not plan.totals or not plan.keys or not hidden:
        return hidden
    return Table({i: weights(plan, g) for i, g in groups.items()}, hidden, plan.minimum_group).protected()


def weights(plan: Plan, group: Group) -> tuple[float, ...]:
    """The numbers of a group that add up to those of its total, each as far as it could fall."""
    sums = (s - min(m.minimum, 0.0) * c for s, c, m in zip(group.sums, group.counts, plan.sums, strict=True))
    return (float(group.subjects), float(group.records), *sums)


class Table:
    """Groups and totals of one query. ``minimum`` is in persons and records, the first two weights."""

    def __init__(self, table: Mapping[Index, tuple[float, ...]], hidden: set[Index], minimum: int) -> None:
        self._table, self._minimum, self._effort = table, float(minimum), EFFORT
        self._hidden = set(hidden)
        self._rank = {index: n for n, index in enumerate(sorted(table, key=self._size))}
        self._shown: dict[Line, list[Index]] = defaultdict(list)
        self._dark: dict[Line, list[Index]] = defaultdict(list)
        for index in self._rank:
            for line in _lines(index):
                (self._dark if index in hidden else self._shown)[line].append(index)
        for dark in self._dark.values():
            dark.reverse()
        self._first = sorted(hidden, key=self._rank.__getitem__, reverse=True)

    def protected(self) -> set[Index]:
        """The groups hidden at first, and those that must go with them."""
        for index in self._first:
            self._protect(index)
        return self._hidden

    def _size(self, index: Index) -> tuple[bool, float, str]:
        return ALL in index, self._table[index][0], repr(index)

    def _hide(self, indexes: Iterable[Index]) -> None:
        rank = self._rank.__getitem__
        for index in indexes:
            if index in self._hidden:
                continue
            self._hidden.add(index)
            for line in _lines(index):
                shown = self._shown[line]
                del shown[bisect_left(shown, rank(index), key=rank)]
                insort(self._dark[line], index, key=lambda i: -rank(i))

    def _protect(self, index: Index) -> None:
        """Hide what it takes. Persons who are in several groups make a total of persons smaller than the sum of its groups; a
        total that would still tell how many there are at most goes too.
        """
        room = self._room(index)
        most = self._table[index][0] + self._minimum
        self._hide(total for total in _above(index) if self._table[total][0] < most)
        up, down = _Account(self._table, room.up, listed=1), _Account(self._table, room.down, listed=0)
        for box in self._tried(index):
            falling, rising = [c for c, same in box if not same], [c for c, same in box if same]
            if up.could(falling) or down.could(rising):
                self._hide(corner for corner, _ in box)
                up.take(falling)
                down.take(rising)
            if up.settled and down.settled:
                return
        for inner in self._within(index):
            corners = list(_above(inner))
            if not up.settled or down.could(corners):
                self._hide(corners)
                up.take([])
                down.take(corners)

    def _within(self, index: Index) -> Iterator[Index]:
        """The groups that a total is made of, largest first; a group of no total is itself."""
        if ALL not in index:
            yield index
            return
        i = index.index(ALL)
        line = (i, (*index[:i], *index[i + 1 :]))
        for part in sorted([*self._dark[line], *self._shown[line]], key=self._rank.__getitem__, reverse=True):
            if part[i] is not ALL:
                yield from self._within(part)

    def _tried(self, index: Index) -> Iterator[Box]:
        """Boxes in the order in which they are tried: those that cost nothing, then the others by what they cost."""
        yield from self._boxes(index, others=0)
        yield from sorted(self._boxes(index, others=CANDIDATES), key=self._loss)

    def _room(self, index: Index) -> Room:
        persons, records, *sums = self._table[index]
        shares = tuple(max(SHARE * s, TINY) for s in sums)
        fewer = tuple(SHARE * s for s in sums)
        k = self._minimum
        return Room((k, k, *shares), (min(persons, k), min(records, k), *fewer))

    def _boxes(self, index: Index, *, others: int) -> Iterator[Box]:
        """Boxes with this corner, of hidden groups and of ``others`` a column; each corner says whether it moves the same way."""
        if self._effort <= 0:
            return
        axes = []
        for line, i in zip(_lines(index), range(len(index)), strict=True):
            near = [o for o in self._dark[line][: CANDIDATES + 1] if o != index]
            if others:
                shown = self._shown[line]
                near += shown[:others] + ([shown[-1]] if shown and shown[-1][i] is ALL else [])
            axes.append([o[i] for o in near])
        for opposite in product(*axes):
            self._effort -= 1
            if self._effort <= 0:
                return
            corners = []
            for chosen in product((False, True), repeat=len(index)):
                corner = tuple(o if c else own for c, own, o in zip(chosen, index, opposite, strict=True))
                if corner not in (self._table if others else self._hidden):
                    break
                turns = sum(
                    c and own is not ALL and o is not ALL for c, own, o in zip(chosen, index, opposite, strict=True)
                )
                corners.append((corner, turns % 2 == 0))
            else:
                yield corners

    def _loss(self, box: Box) -> tuple[int, float]:
        """What hiding a box costs: totals first, then persons."""
        new = [corner for corner, _ in box if corner not in self._hidden]
        return sum(prod(3 if v is ALL else 1 for v in c) - 1 for c in new), sum(self._table[c][0] for c in new)


class _Account:
    """How much of the room is found, and what each corner can still give up.

    ``listed`` is what an observer knows to be in a hidden group at least, since it is listed: one person and one record.
    """

    def __init__(self, table: Mapping[Index, tuple[float, ...]], need: tuple[float, ...], *, listed: int) -> None:
        self._table, self._need, self._listed = table, list(need), listed
        self._given: dict[Index, list[float]] = {}

    @property
    def settled(self) -> bool:
        return all(n <= TINY / 2 for n in self._need)

    def could(self, falling: list[Index]) -> bool:
        """Whether a move in which these fall gives some of the room that is wanted."""
        return any(n > TINY / 2 and self._least(falling, w) > TINY / 2 for w, n in enumerate(self._need))

    def take(self, falling: list[Index]) -> None:
        for w, need in enumerate(self._need):
            given = min(self._least(falling, w), max(need, 0.0)) if falling else max(need, 0.0)
            for corner in falling:
                self._given.setdefault(corner, [0.0] * len(self._need))[w] += given
            self._need[w] = need - given

    def _least(self, falling: list[Index], w: int) -> float:
        if not falling:
            return float("inf")
        return min(
            self._table[c][w] - self._given.get(c, _NOTHING)[w] - (self._listed if w < COUNTS else 0) for c in falling
        )


_NOTHING = (0.0,) * 64


def _lines(index: Index) -> list[Line]:
    """The lines that a group is in: one a column, of the groups that differ in it alone, their total included."""
    return [(i, (*index[:i], *index[i + 1 :])) for i in range(len(index))]


def _above(index: Index) -> Iterator[Index]:
    """The group with every total over it: hidden together, nothing that is published speaks of the group."""
    for kept in product((True, False), repeat=len(index)):
        yield tuple(own if k else ALL for k, own in zip(kept, index, strict=True))
