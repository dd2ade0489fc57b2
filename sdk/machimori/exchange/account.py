"""The loss report: what was done with every row and every column of a conversion."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from machimori import messages
from machimori.exchange.reasons import LOSS_KINDS, LOSS_REASONS, ROW_KINDS
from machimori.findings.issue import Issue
from machimori.messages import Message

ROW_CODE = "MM601"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that did not come along as it was.

    ``row`` counts the rows of the file from 1, header included, as a spreadsheet shows them (features of GeoJSON from
    1; records, when writing); rows on end that are not converted for one reason are one loss, up to ``last``.
    ``reason`` is a key of ``LOSS_REASONS``. ``value`` is given only where the field is not person-related.
    """

    reason: str
    row: int | None = None
    column: str | None = None
    field: str | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    value: str | None = None
    last: int | None = None

    @property
    def count(self) -> int:
        """How many rows it is about; 1 where it is about the file."""
        return 1 if self.row is None or self.last is None else self.last - self.row + 1

    @property
    def rows(self) -> str:
        """The row, or the first and the last."""
        return str(self.row or "") if self.count == 1 else f"{self.row}-{self.last}"

    @property
    def kind(self) -> str:
        """What became of the value: one of the kinds of ``reasons``."""
        return LOSS_REASONS[self.reason].kind

    @property
    def code(self) -> str | None:
        """The issue code, for a row from which no record came."""
        return ROW_CODE if self.kind == "row-not-converted" else None

    @property
    def message(self) -> Message:
        """The reason and its facts."""
        return Message(LOSS_REASONS[self.reason].sentence, **self.facts)

    def why(self, language: str = "en") -> str:
        """The reason in a language."""
        return self.message.text(language)

    def data(self, language: str = "en") -> dict[str, object]:
        """The loss as JSON data, without what is absent."""
        held = {
            "kind": self.kind,
            "title": messages.text(language, LOSS_KINDS[self.kind].title),
            "code": self.code,
            "row": self.row,
            "last_row": self.last,
            "column": self.column,
            "field": self.field,
            "reason": self.why(language),
            "value": self.value,
        }
        return {k: v for k, v in held.items() if v is not None}


@dataclass(slots=True)
class ColumnAccount:
    """What became of the cells of one column.

    ``cells`` (those with a value) = ``carried`` + ``lost`` + ``unconverted`` (in rows from which no record came).
    ``field`` is ``None`` and ``reason`` set where the column is not carried over at all. ``changes`` counts quiet
    changes by reason.
    """

    column: str
    field: str | None = None
    reason: str | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    cells: int = 0
    carried: int = 0
    lost: int = 0
    unconverted: int = 0
    changes: Counter[str] = dataclasses.field(default_factory=Counter)

    def data(self, language: str = "en") -> dict[str, Any]:
        """The account as JSON data."""
        held: dict[str, Any] = {
            "column": self.column,
            "field": self.field,
            "reason": self.why(language) if self.reason else None,
            "cells": self.cells,
            "carried": self.carried,
            "lost": self.lost,
            "unconverted": self.unconverted,
            "changes": changes(self.changes, language) or None,
        }
        return {k: v for k, v in held.items() if v is not None}

    def why(self, language: str = "en") -> str:
        """Why the column is not carried over, in a language."""
        return messages.text(language, LOSS_REASONS[self.reason].sentence, **self.facts) if self.reason else ""


def changes(counted: Counter[str], language: str) -> list[dict[str, Any]]:
    """Counted quiet changes as JSON data, the most frequent first."""
    return [
        {"kind": LOSS_REASONS[key].kind, "reason": messages.text(language, LOSS_REASONS[key].sentence), "count": count}
        for key, count in counted.most_common()
    ]


@dataclass(slots=True)
class LossReport:
    """What a conversion read, made and lost. Every row is accounted for: ``rows == records + rows_lost``."""

    source: str
    format: str
    entity: str
    layout: str = ""
    encoding: str = ""
    writing: bool = False
    rows: int = 0
    records: int = 0
    losses: list[Loss] = dataclasses.field(default_factory=list)
    columns: list[ColumnAccount] = dataclasses.field(default_factory=list)
    derived: Counter[tuple[str, str]] = dataclasses.field(default_factory=Counter)
    """Fields filled from elsewhere than a column: counts by (field, reason)."""

    def lose_row(self, loss: Loss) -> None:
        """Book a row from which no record came, together with the row before it if that went the same way."""
        before = self.losses[-1] if self.losses else None
        if before is not None and (before.reason, before.facts) == (loss.reason, loss.facts):
            last = before.last or before.row
            if last is not None and loss.row == last + 1:
                self.losses[-1] = Loss(loss.reason, before.row, facts=loss.facts, last=loss.row)
                return
        self.losses.append(loss)

    @property
    def unconverted(self) -> list[Loss]:
        """The rows from which no record came, each with its reason."""
        return [loss for loss in self.losses if loss.kind in ROW_KINDS]

    @property
    def rows_lost(self) -> int:
        """How many rows gave no record."""
        return sum(loss.count for loss in self.unconverted)

    @property
    def summary(self) -> dict[str, int]:
        """How often each kind occurred, quiet kinds included."""
        counted: Counter[str] = Counter()
        for loss in self.losses:
            counted[loss.kind] += loss.count
        for account in self.columns:
            counted.update({"not-carried": 1} if account.reason else {})
            for key, count in account.changes.items():
                counted[LOSS_REASONS[key].kind] += count
        for (_, key), count in self.derived.items():
            counted[LOSS_REASONS[key].kind] += count
        return {kind: counted[kind] for kind in LOSS_KINDS if counted[kind]}

    @property
    def issues(self) -> tuple[Issue, ...]:
        """An issue ``MM601`` for the rows that were not converted; empty rows are no issue."""
        return tuple(
            Issue(
                ROW_CODE,
                facts={"row": loss.rows, "reason": loss.message},
                source=self.source,
                entity=self.entity,
            )
            for loss in self.losses
            if loss.code
        )

    def data(self, language: str = "en") -> dict[str, object]:
        """The report as JSON data, with its sentences in a language."""
        return {
            "source": self.source,
            "direction": "write" if self.writing else "read",
            "format": self.format,
            "layout": self.layout,
            "encoding": self.encoding,
            "entity": self.entity,
            "rows": self.rows,
            "records": self.records,
            "rows_lost": self.rows_lost,
            "summary": self.summary,
            "columns": [account.data(language) for account in self.columns],
            "derived": [
                {"field": name, **change}
                for (name, key), count in self.derived.items()
                for change in changes(Counter({key: count}), language)
            ],
            "losses": [loss.data(language) for loss in self.losses],
        }


def shown(entity: str, path: str, value: str) -> str | None:
    """The value if the field may be shown in a report, cut to 60 characters.

    A value of a person-related field never is. Nor is what was found in a contact field but is no contact of a desk:
    that is where names of persons end up.
    """
    from machimori.catalogue import catalogue, paths

    keys = path.split(".")
    if keys[0] == "contact_point":
        return None
    known = paths.ways(catalogue.class_(entity), keys)
    if not known or any(paths.person_related(path.profile) for path in known):
        return None
    return value if len(value) <= 60 else value[:60] + "…"


def grouped(losses: Iterable[Loss], language: str) -> list[tuple[Loss, list[Loss]]]:
    """Losses that differ only in row and value, together: the first of each and all of them."""
    groups: dict[tuple[Any, ...], list[Loss]] = {}
    for loss in losses:
        groups.setdefault((loss.kind, loss.column, loss.field, loss.why(language)), []).append(loss)
    return [(members[0], members) for members in groups.values()]
