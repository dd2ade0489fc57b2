"""One row on its way to a record: its cells as read, and what was lost or changed so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from machimori.exchange.account import Loss, LossReport, shown
from machimori.exchange.containers.csv import Row
from machimori.exchange.layouts.columns import HAZARD
from machimori.exchange.layouts.header import Bound
from machimori.exchange.value_readers import READERS, Reading, prose


@dataclass(slots=True)
class Cell:
    """A cell with a value: what it says and where it stands."""

    bound: Bound
    raw: str
    reading: Reading

    @property
    def value(self) -> Any:
        """The value that was read, or ``None`` where nothing could be made of the cell."""
        return self.reading.value


@dataclass(slots=True)
class Draft:
    """The readable cells of a row by field, in the order of the columns; ``commit`` books them to the report."""

    entity: str
    row: Row
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    derived: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[Bound, str]] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)

    def one(self, path: str) -> Cell | None:
        """The cell of a field that one column fills."""
        held = self.cells.get(path)
        return held[0] if held else None

    def lose(self, cell: Cell, reason: str, **facts: str) -> None:
        """Note that the value of a cell did not come along."""
        self.lost.add(cell.bound.index)
        self.note(cell, reason, **facts)

    def note(self, cell: Cell, reason: str, **facts: str) -> None:
        """Note something about a cell whose value came along all the same."""
        account = cell.bound.account
        value = shown(self.entity, str(account.field), prose(cell.raw).value)
        self.losses.append(Loss(reason, self.row.number, account.column, account.field, facts, value))

    def change(self, cell: Cell, *reasons: str) -> None:
        """Count quiet changes of a cell."""
        self.changes.extend((cell.bound, reason) for reason in reasons)


def drafted(entity: str, row: Row, columns: list[Bound]) -> Draft:
    """Read every cell that fills a field."""
    draft = Draft(entity, row)
    for bound in columns:
        raw = row.cells[bound.index] if bound.index < len(row.cells) else ""
        if bound.field is None or not prose(raw).value:
            continue
        cell = Cell(bound, raw, READERS[bound.cell](raw))
        if cell.reading.fault:
            book = draft.lose if cell.value is None else draft.note
            book(cell, cell.reading.fault, **cell.reading.facts)
        if cell.value is not None:
            draft.cells.setdefault(bound.field, []).append(cell)
            draft.change(cell, *cell.reading.changes)
    return draft


def hazard_cells(draft: Draft) -> dict[str, list[Cell]]:
    """The cells of the columns of hazards by kind of hazard."""
    return {path.removeprefix(HAZARD): held for path, held in draft.cells.items() if path.startswith(HAZARD)}


def commit(draft: Draft, columns: list[Bound], report: LossReport, refusal: Loss | None) -> None:
    """Book a row: its cells to the accounts of their columns, and its losses or why no record came of it.

    Of a row that is not converted only what was wrong with its code is told as well, where that is why.
    """
    for bound in columns:
        raw = draft.row.cells[bound.index] if bound.index < len(draft.row.cells) else ""
        if not prose(raw).value:
            continue
        account = bound.account
        account.cells += 1
        if refusal is not None:
            account.unconverted += 1
        elif bound.field is None or bound.index in draft.lost:
            account.lost += 1
        else:
            account.carried += 1
    if refusal is not None:
        told = refusal.reason == "no-code"
        report.losses.extend(loss for loss in draft.losses if told and loss.field == "local_government_code")
        report.lose_row(refusal)
        return
    report.losses.extend(draft.losses)
    for bound, reason in draft.changes:
        bound.account.changes[reason] += 1
    report.derived.update(draft.derived)
