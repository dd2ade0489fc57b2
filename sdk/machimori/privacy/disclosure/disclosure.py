"""Release of records: what a decision grants of each record, and nothing else of it.

Only records of the class asked, of the person named, in the area of the document behind the grant, and of a stated group where
the value is a statistic. What cannot be read is not released, and is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from machimori.catalogue import catalogue
from machimori.errors import MachimoriError
from machimori.messages import msgid
from machimori.privacy.decision import fields as asked_fields
from machimori.privacy.decision.decision import COARSEN, PSEUDONYMISE, STATISTICAL, Decision
from machimori.privacy.decision.policy import ANONYMISED, STATISTICS, shipped
from machimori.privacy.disclosure import areas, coarsening, figures, views
from machimori.privacy.disclosure.release_account import Account, accounted
from machimori.privacy.disclosure.transforms import Pseudonyms
from machimori.validation.record import validate

RELEASED = "released"


class Given(NamedTuple):
    """A field that is given, what is done to it, and whether counts of people are given as they stand."""

    path: str
    transform: str
    in_full: bool


Granted = tuple[Given, ...]
Finish = Callable[[Any], Any]
View = dict[str, object] | bytes
"""What comes out of a record: a record, or JSON where the records came as text."""


class Disclosure(Iterator[View]):
    """The permitted views of records, one after the other; ``decision`` says by what right.

    ``released`` and ``skipped`` count, as it goes on, what came out and what did not: ``other-class``, ``other-person``, ``outside-area``,
    ``small-group``, ``same-hour`` (figures of a facility that gave others in that hour; in both, a record that holds more than
    statistics comes out without them), ``unreadable``. A denial gives nothing.

    Where the holder has a log, it is told at the end how many came out. Whoever takes fewer closes the disclosure, or uses it
    in a ``with`` statement. Raises ``UnaccountedError`` where the log cannot be told.
    """

    def __init__(self, decision: Decision, views: Iterator[View], counts: Counter[str]) -> None:
        self.decision = decision
        self.counts = counts
        self._views = views
        self._account: Account | None = None

    def accounted(self, account: Account) -> Disclosure:
        """The same disclosure, whose end ``account`` is told."""
        self._account = account
        counts = self.counts
        self._views = accounted(self._views, lambda: counts[RELEASED], account)
        return self

    def close(self) -> None:
        """Take no more of it."""
        if isinstance(self._views, Generator):
            self._views.close()
        if self._account is not None:
            self._account.settle(self.released)

    def __enter__(self) -> Disclosure:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def released(self) -> int:
        """How many views have come out."""
        return self.counts[RELEASED]

    @property
    def skipped(self) -> dict[str, int]:
        """How many records were left out, by reason."""
        return {reason: count for reason, count in self.counts.items() if reason != RELEASED}

    def __iter__(self) -> Iterator[View]:
        return self._views

    def __next__(self) -> View:
        return next(self._views)


class Projector:
    """Turns a record into what a decision grants of it; made once for each class and decision."""

    def __init__(self, entity: str, granted: Granted) -> None:
        self.entity = entity
        self.granted = granted
        self.struct = views.struct(entity, tuple(g.path for g in granted))
        self.decode = msgspec.json.Decoder(self.struct).decode
        self.changes = tuple((g.path, g.transform) for g in granted if g.transform in (COARSEN, PSEUDONYMISE))
        asked = [asked_fields.asked(entity, g.path) for g in granted]
        self.quasi = tuple(f.path.split(".") for f in asked if f.axes.identifiability in ("quasi", "direct"))
        self.group = max((self.group_needed(g) for g in granted), default=0)
        class_ = catalogue.class_(entity)
        self.figures = figures.Reader(class_) if class_.figures is not None and self.group else None

    def group_needed(self, given: Given) -> int:
        """The group that a record must state for the field to be given: none for what is no statistic, or is given in full."""
        field = asked_fields.asked(self.entity, given.path)
        return int(field.axes.minimum_group) if field.data_class == STATISTICAL and not given.in_full else 0

    def within(self, group: float) -> Projector | None:
        """What is left of a record with so many people behind its statistics."""
        left = tuple(g for g in self.granted if self.group_needed(g) <= group)
        return projector(self.entity, left) if left else None

    def slowly(self, line: bytes) -> Any:
        """The view of a record that the decoder refuses, if the record is valid: a whole number may be written as 5.0."""
        record = msgspec.json.decode(line)
        if not validate(record, self.entity).ok:
            raise ValueError("not a valid record")
        return msgspec.convert(_whole_numbers(record), self.struct)

    def changed(self, pseudonyms: Pseudonyms | None) -> Callable[[Any], dict[str, Any]]:
        """What makes plain data of a view, with the transforms applied."""
        changes = [
            (tuple(path.split(".")), coarsening.change(self.entity, path, transform, pseudonyms))
            for path, transform in self.changes
        ]

        def change(view: Any) -> dict[str, Any]:
            data: dict[str, Any] = {k: v for k, v in msgspec.to_builtins(view).items() if v is not None}
            for keys, made_of in changes:
                coarsening.apply(data, keys, made_of)
            return data

        return change


@lru_cache(maxsize=1024)
def projector(entity: str, granted: Granted) -> Projector:
    """The projector of a decision, from the cache."""
    return Projector(entity, granted)


def disclosed(
    lines: Iterable[bytes],
    as_text: bool,
    decision: Decision,
    entity: str,
    subject: str | None,
    pseudonyms: Pseudonyms | None,
    account: figures.FiguresGiven,
    group: int = 0,
) -> Disclosure:
    """The views of records under a decision; ``group`` is the smallest group that anonymised records may be in."""
    counts: Counter[str] = Counter()
    if decision.denied or decision.form == STATISTICS:
        return Disclosure(decision, iter(()), counts)
    project = projector(entity, given(decision))
    finish = msgspec.json.Encoder().encode if as_text else msgspec.to_builtins
    if decision.form == ANONYMISED:
        made = _in_groups(lines, project, decision.area, group, finish, counts, account)
    else:
        change = project.changed(pseudonyms) if project.changes else None
        whole: Finish = (lambda view: finish(change(view))) if change else finish
        made = _chosen(lines, project, subject, decision.area, whole, counts, account)
    return Disclosure(decision, made, counts)


def given(decision: Decision) -> Granted:
    """What a decision gives."""
    rules = shipped().by_name
    return tuple(Given(g.field, g.transform, rules[g.rule].in_full) for g in decision.granted)


def group_sizes(lines: Iterable[bytes], granted: Granted, entity: str) -> list[int]:
    """How many people stand behind each set of records that are alike in their coarsened quasi-identifiers."""
    project = projector(entity, granted)
    return [len(people) for _, people in _groups(lines, project, None, Counter(), figures.FiguresGiven())]


def _in_groups(
    lines: Iterable[bytes],
    project: Projector,
    area: tuple[str, ...] | None,
    group: int,
    finish: Finish,
    counts: Counter[str],
    account: figures.FiguresGiven,
) -> Iterator[Any]:
    """Coarsened records that share their quasi-identifiers with enough other people; the rest is suppressed."""
    for members, people in _groups(lines, project, area, counts, account):
        if len(people) < group:
            counts["small-group"] += len(members)
            continue
        for record in members:
            made = finish(record)
            counts[RELEASED] += 1
            yield made


def _groups(
    lines: Iterable[bytes],
    project: Projector,
    area: tuple[str, ...] | None,
    counts: Counter[str],
    account: figures.FiguresGiven,
) -> Iterable[tuple[list[dict[str, Any]], set[str | None]]]:
    """Coarsened records that are alike in their quasi-identifiers, and whom they are about; all that name nobody count as one."""
    found: dict[Any, tuple[list[dict[str, Any]], set[str | None]]] = defaultdict(lambda: ([], set()))
    for whose, record in _chosen(lines, project, None, area, project.changed(None), counts, account, with_person=True):
        members, people = found[tuple(repr(_at(record, keys)) for keys in project.quasi)]
        members.append(record)
        people.add(None if whose is None else views.named(whose))
    return found.values()


def _at(node: Any, keys: list[str]) -> Any:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _chosen(
    lines: Iterable[bytes],
    project: Projector,
    subject: str | None,
    area: tuple[str, ...] | None,
    finish: Finish,
    counts: Counter[str],
    account: figures.FiguresGiven,
    *,
    with_person: bool = False,
) -> Iterator[Any]:
    """The finished views of the records that the decision is about, with the raw data subject where it is wanted."""
    entity, owner = project.entity, catalogue.class_(project.entity).data_subject
    read, person = views.KeyOf(entity, owner).read, None if owner is None else subject
    quoted = msgspec.json.encode(person)
    for line in lines:
        by = project
        try:
            key: Any = read(line)
            if key.class_name != entity:
                counts["other-class"] += 1
                continue
            if person is not None and bytes(key.whose) != quoted and views.named(key.whose) != person:
                counts["other-person"] += 1
                continue
            if area is not None and not areas.inside(line, entity, area):
                counts["outside-area"] += 1
                continue
            if by.figures is not None and not ((step := by.figures.step(line)) and account.gives(*step)):
                counts["same-hour"] += 1
                left = by.within(0)
                if left is None:
                    continue
                by = left
            if by.group and (stated := _stated_group(line)) < by.group:
                counts["small-group"] += 1
                left = by.within(stated)
                if left is None:
                    continue
                by = left
            try:
                view = by.decode(line)
            except msgspec.ValidationError:
                view = by.slowly(line)
            made = finish(view)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, TypeError, OverflowError):
            counts["unreadable"] += 1
            continue
        if with_person:  # to be put in groups, of which only some come out
            yield key.whose if owner else None, made
            continue
        counts[RELEASED] += 1
        yield made


class _Group(msgspec.Struct):
    group_size: float | None = None


_GROUP = msgspec.json.Decoder(_Group)


def _stated_group(line: bytes) -> float:
    """How many people a statistical record says that it is about."""
    return _GROUP.decode(line).group_size or 0


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _whole_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class WrongFormError(MachimoriError):
    """Records were asked for in a form that is none of records."""

    message = msgid("{form} are computed by Gate.statistics, not disclosed record by record")

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form
