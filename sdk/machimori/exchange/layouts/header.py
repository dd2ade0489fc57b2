"""Which row is the header, which layout it belongs to, and what each column fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from machimori.catalogue import catalogue
from machimori.exchange.account import ColumnAccount
from machimori.exchange.containers.csv import Row, heading
from machimori.exchange.containers.text import SourceError
from machimori.exchange.layouts.columns import EITHER, FLOOD, HAZARD, JOINED, LAYOUTS, SIGNATURES, Column, Layout
from machimori.messages import Message

ROWS_SEARCHED = 30
NAMES_NEEDED = 2
MOST_COLUMNS = 1000
HELP_MARKS = ("←", "※", "→")

COUNTERPARTS: dict[str, tuple[str, str]] = {
    "DesignatedShelter": ("also_designated_shelter", "also_evacuation_site"),
    "EvacuationSite": ("also_evacuation_site", "also_designated_shelter"),
}
"""In a list of the other class, the flag that says which rows are of this class too, and the field that it then fills."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet: its place among the rows, its cells, and the layout they belong to."""

    index: int
    cells: tuple[str, ...]
    layout: Layout


@dataclass(slots=True)
class Bound:
    """A column of a sheet bound to what it fills. ``field`` is ``None`` where it fills nothing."""

    index: int
    account: ColumnAccount
    field: str | None = None
    cell: str = "text"
    selects: bool = False
    """Whether the column decides that a row is of the class at all."""


def find(rows: Sequence[Row]) -> Header | None:
    """The row among the first that names most columns of one layout, or ``None`` where no row names enough."""
    best: tuple[int, Header] | None = None
    for index, row in enumerate(rows[:ROWS_SEARCHED]):
        names = [heading(cell) for cell in row.cells[:MOST_COLUMNS]]
        for layout in LAYOUTS:
            known = map(_columns(layout).get, names)
            fields = [column.field for column in known if column]
            if "name" in fields and len(fields) >= NAMES_NEEDED and (best is None or len(fields) > best[0]):
                best = len(fields), Header(index, row.cells, layout)
    return best[1] if best else None


def entity_of(header: Header, asked: str | None, source: str) -> str:
    """The class that the sheet lists; ``SourceError`` where it lists other places or cannot tell which are of it."""
    fields = _fields(header)
    listed = _listed(fields)
    if asked is None:
        if listed:
            return listed[0]
        raise SourceError(
            source,
            Message(
                "not a list of evacuation sites or shelters: no column of the kinds of hazard, such as {name}",
                name=FLOOD,
            ),
        )
    selectable = COUNTERPARTS[asked][0] in fields
    if asked in listed or selectable or (not listed and any(f in EITHER for f in fields)):
        return asked
    raise SourceError(
        source,
        Message("not a list from which {asked} can be told: no column says which rows are one", asked=asked),
    )


def bounded(count: int, source: str) -> None:
    """``SourceError`` for more columns than a list of places can have."""
    if count > MOST_COLUMNS:
        raise SourceError(source, Message("more than {limit} columns", limit=MOST_COLUMNS))


def bound(header: Header, entity: str) -> list[Bound]:
    """What each column fills in a record of ``entity``."""
    fields = catalogue.class_data(entity)["fields"]
    selecting, selected = ("", "") if entity in _listed(_fields(header)) else COUNTERPARTS[entity]
    used: set[str] = set()
    columns = []
    for index, cell in enumerate(header.cells):
        account = ColumnAccount(_shown(cell, index))
        columns.append(Bound(index, account))
        known = _columns(header.layout).get(heading(cell))
        account.reason = _unbound(cell, known, fields, selecting)
        account.facts = {"entity": entity}
        if account.reason or known is None or known.field is None:
            continue
        selects = known.field == selecting
        path = selected if selects else known.field
        if path in used and not path.startswith((HAZARD, *JOINED)):
            account.reason = "column-repeated"
            continue
        used.add(path)
        account.field = path.partition(".")[0] if path.startswith(HAZARD) else path
        columns[-1] = Bound(index, account, path, known.cell, selects)
    return columns


def _fields(header: Header) -> list[str]:
    known = map(_columns(header.layout).get, map(heading, header.cells))
    return [column.field for column in known if column and column.field]


def _listed(fields: list[str]) -> list[str]:
    """The classes that columns with these fields are a list of."""
    return [entity for entity, signs in SIGNATURES.items() if any(field.startswith(signs) for field in fields)]


def _unbound(cell: str, known: Column | None, fields: dict[str, object], selecting: str) -> str | None:
    if known is None:
        name = heading(cell)
        if not name:
            return "no-header"
        return "help-column" if name.startswith(HELP_MARKS) else "unknown-column"
    if known.field is None:
        return known.reason
    return None if known.field == selecting or known.field.partition(".")[0] in fields else "no-field"


def _shown(cell: str, index: int) -> str:
    name = " ".join(cell.replace("\ufeff", "").split())
    return (name if len(name) <= 60 else name[:60] + "…") or f"({index + 1})"


@cache
def _columns(layout: Layout) -> dict[str, Column]:
    """The columns by every name; a name that two columns have is the first one's."""
    return {heading(name): column for column in reversed(layout.columns) for name in column.names}
