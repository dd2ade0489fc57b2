"""Rows of a sheet to records of ``EvacuationSite`` or ``DesignatedShelter``.

The id of a record is ``urn:machimori:evacuation-site:CODE:NUMBER`` (``designated-shelter`` for a shelter), with the code
of the municipality and its own number of the site; without a number the national shelter ID; without either ``name:``
and the name. Characters other than ASCII letters, digits and ``-._~`` are percent-encoded. Where a file gives one number
to two places, the second gets ``:2`` after it.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from machimori.catalogue import catalogue
from machimori.exchange.account import Loss, LossReport
from machimori.exchange.containers.csv import Row, heading
from machimori.exchange.conversion import Record
from machimori.exchange.draft import Cell, Draft, commit, drafted, hazard_cells
from machimori.exchange.layouts.columns import BETWEEN, CONDITIONAL, CONDITIONS, HAZARD, JOINED, KIND
from machimori.exchange.layouts.header import Bound
from machimori.standards import local_government

ID_PREFIXES = {
    "EvacuationSite": "urn:machimori:evacuation-site:",
    "DesignatedShelter": "urn:machimori:designated-shelter:",
}
LATITUDES, LONGITUDES = (20.0, 46.0), (122.0, 154.0)
"""Within these bounds a point can lie in Japan; no latitude is also a longitude."""
MARKS = {"yes": "○", "no": "×", "conditional": "△"}
ASSEMBLED = ("local_government_code", "address.local_government_code", "place", "place.latitude", "place.longitude",
             "place.elevation", "capacity", *JOINED)  # fmt: skip


class RowConverter:
    """Converts the rows of one sheet, one call a row, and books each to the report."""

    def __init__(
        self,
        entity: str,
        columns: list[Bound],
        report: LossReport,
        defaults: dict[str, str],
        collection: str | None = None,
    ) -> None:
        self.entity, self.columns, self.report = entity, columns, report
        self.defaults, self.collection = defaults, collection
        self._selects = any(bound.selects for bound in columns)
        self._stated: dict[str, int] = {}
        self._ids: dict[str, int] = {}
        self._numbered: dict[str, int] = {}
        report.columns = [bound.account for bound in columns]

    def convert(self, row: Row, *notes: Loss) -> Record | None:
        """The record of a row, or ``None`` where the report says why there is none; ``notes`` are already known."""
        self.report.rows += 1
        if row.empty:
            self.report.lose_row(Loss("no-value", row.number))
            return None
        draft = Draft(self.entity, row)
        reason, facts = self._refused(row)
        record: Record = {}
        if not reason:
            draft = drafted(self.entity, row, self.columns)
            draft.losses.extend([*notes, *self._ragged(row)])
            reason, facts, record = self._assembled(draft)
        refusal = Loss(reason, row.number, facts=facts) if reason else None
        commit(draft, self.columns, self.report, refusal)
        if refusal is not None:
            return None
        self.report.records += 1
        self._stated[_stated(record)] = row.number
        self._ids[record["id"]] = row.number
        return record

    def _refused(self, row: Row) -> tuple[str, dict[str, str]]:
        """Why the cells of a row are not looked at, if so."""
        if row.unclosed:
            return "quote-not-closed", {}
        held = [b for b in self.columns if b.field and b.index < len(row.cells) and row.cells[b.index].strip()]
        if len(held) > 1 and all(heading(row.cells[b.index]) == heading(b.account.column) for b in held):
            return "header-again", {}
        return "", {}

    def _ragged(self, row: Row) -> list[Loss]:
        width = len(self.columns)
        beyond = sum(bool(cell.strip()) for cell in row.cells[width:])
        short = width - len(row.cells)
        counted = {"cells-beyond": beyond, "cells-short": short}
        return [Loss(key, row.number, facts={"count": str(n)}) for key, n in counted.items() if n > 0]

    def _assembled(self, draft: Draft) -> tuple[str, dict[str, str], Record]:
        selecting = [cell for cells in draft.cells.values() for cell in cells if cell.bound.selects]
        if self._selects and not any(cell.value for cell in selecting):
            return "not-a-shelter" if self.entity == "DesignatedShelter" else "not-a-site", {}, {}
        name = draft.one("name")
        if name is None:
            return "no-name", {}, {}
        code = self._code(draft)
        if code is None:
            return "no-code", {}, {}
        values = self._values(draft, code)
        before = self._stated.get(_stated(values))
        if before is not None:
            return "row-repeated", {"other": str(before)}, {}
        values["id"] = self._id(values, draft)
        record = ordered(values, self.entity)
        from machimori.validation.record import validate

        found = validate(record, self.entity)
        if not found.ok:
            return "not-valid", {"codes": ", ".join(sorted({i.code for i in found.issues}))}, {}
        return "", {}, record

    def _values(self, draft: Draft, code: str) -> Record:
        values: Record = {"type": self.entity, "local_government_code": code}
        for path, cells in draft.cells.items():
            if path not in ASSEMBLED and not path.startswith(HAZARD):
                put(values, path, cells[0].value)
        own = draft.one("address.local_government_code")
        if own is not None and (decided := self._decided(draft, own)):
            put(values, "address.local_government_code", decided)
        place = _place(draft)
        if place:
            values["place"] = place
        capacity = draft.one("capacity")
        if capacity is not None:
            values |= capacity.value
        remarks = [cell.value for path in JOINED for cell in draft.cells.get(path, [])]
        if "hazard_types" in catalogue.class_(self.entity).fields:
            remarks += _hazards(draft, values, self.columns)
        if remarks:
            values["remarks"] = "\n".join(remarks)
        return values

    def _code(self, draft: Draft) -> str | None:
        """The code of the municipality: its own column, or else the best evidence there is for it."""
        own = draft.one("local_government_code")
        if own is not None and (code := self._decided(draft, own)):
            return code
        evidence = (
            ("code-from-address", self._of_address(draft)),
            ("code-from-national-id", _of_national_id(draft)),
            ("code-from-collection", self.collection),
            ("code-from-default", self.defaults.get("local_government_code")),
        )
        for reason, code in evidence:
            if code:
                draft.derived.append(("local_government_code", reason))
                return code
        return None

    def _of_address(self, draft: Draft) -> str | None:
        cell = draft.one("address.local_government_code")
        return self._decided(draft, cell, quiet=True) if cell else None

    def _decided(self, draft: Draft, cell: Cell, *, quiet: bool = False) -> str | None:
        """The one code that a cell stands for, by its prefecture where two fit; ``quiet`` books nothing."""
        candidates: dict[str, tuple[str, ...]] = cell.value
        fitting = list(candidates)
        if len(fitting) > 1:
            prefecture = self._prefecture(draft)
            fitting = [code for code in candidates if code[:2] == prefecture]
        if len(fitting) == 1:
            if not quiet:
                draft.change(cell, *candidates[fitting[0]])
            return fitting[0]
        if not quiet:
            draft.lose(cell, "code-ambiguous", candidates=", ".join(candidates))
        return None

    def _prefecture(self, draft: Draft) -> str | None:
        for path in ("address.prefecture", "address.full_address"):
            cell = draft.one(path)
            if cell is not None and (code := local_government.prefecture_code(cell.value)):
                return code
        known = _of_national_id(draft) or self.collection or self.defaults.get("local_government_code")
        return known[:2] if known else None

    def _id(self, values: Record, draft: Draft) -> str:
        number = values.get("site_number") or values.get("national_shelter_id")
        if not number:
            draft.derived.append(("id", "id-from-name"))
        last = quote(number, safe="") if number else "name:" + quote(values["name"], safe="")
        plain = f"{ID_PREFIXES[self.entity]}{values['local_government_code']}:{last}"
        iri, place = plain, self._numbered.get(plain, 1)
        while iri in self._ids:
            place += 1
            iri = f"{plain}:{place}"
        if iri != plain:
            self._numbered[plain] = place
            facts = {"other": str(self._ids[plain]), "suffix": f":{place}"}
            draft.losses.append(Loss("id-used", draft.row.number, field="id", facts=facts))
        return iri


def _stated(record: Record) -> str:
    """What a record states but for its id, to tell whether a row says again what another said."""
    return json.dumps({key: value for key, value in record.items() if key != "id"}, sort_keys=True)


def put(values: Record, path: str, value: Any) -> None:
    """Set a value at a path; an empty list is left out, since JSON-LD does not tell it from absence."""
    if value == []:
        return
    *holders, last = path.split(".")
    for holder in holders:
        values = values.setdefault(holder, {})
    values[last] = value


def ordered(values: Record, entity: str) -> Record:
    """The record with its fields, and those of its value objects, in the order of the model."""
    fields = catalogue.class_(entity).fields
    return {
        name: ordered(values[name], known.range) if isinstance(values[name], dict) else values[name]
        for name, known in fields.items()
        if name in values
    }


def _of_national_id(draft: Draft) -> str | None:
    """National shelter IDs are a letter, the code of the municipality without check digit, and eight digits."""
    cell = draft.one("national_shelter_id")
    digits = cell.value[1:6] if cell is not None else ""
    if not digits.isdecimal():
        return None
    return next((code for code, done in local_government.readings(digits).items() if "leading-zero" not in done), None)


def _hazards(draft: Draft, values: Record, columns: list[Bound]) -> list[str]:
    """Fill the kinds of hazard; the remarks that the conditional ones need."""
    sure: list[str] = []
    conditional: dict[str, str] = {}
    titles = catalogue.enumeration("HazardType").values
    held = hazard_cells(draft)
    for kind in titles:
        of_kind = [bound for bound in columns if bound.field == HAZARD + kind]
        cells = held.get(kind, [])
        states = {cell.value for cell in cells} | ({"no"} if len(cells) < len(of_kind) else set())
        if not cells or states == {"no"}:
            continue
        if states == {"yes"}:
            sure.append(kind)
            for cell in cells if len(of_kind) > 1 else ():
                draft.change(cell, "flood-merged")
            continue
        for cell in cells:
            if cell.value == "conditional":
                draft.note(cell, "conditional")
        if "conditional" not in states:
            draft.note(cells[0], "flood-scales")
        marks = [(f"{c.bound.account.column} " if len(of_kind) > 1 else "") + MARKS[c.value] for c in cells]
        conditional[kind] = KIND.format(kind=titles[kind].title.ja, marks=BETWEEN.join(marks))
    put(values, "hazard_types", sure)
    put(values, "conditional_hazard_types", list(conditional))
    return [CONDITIONAL + CONDITIONS.join(conditional.values())] if conditional else []


def _place(draft: Draft) -> Record:
    """The point with its elevation, or nothing where there is no point in Japan."""
    both, north, east = (draft.one(p) for p in ("place", "place.latitude", "place.longitude"))
    height = draft.one("place.elevation")
    found = [cell for cell in (both, north, east) if cell is not None]
    latitude, longitude = None, None
    if both is not None:
        latitude, longitude = both.value
    elif north is not None and east is not None:
        latitude, longitude = north.value, east.value
    else:
        for cell in found:
            draft.lose(cell, "half-a-point")
    if latitude is not None and longitude is not None:
        if _in_japan(longitude, latitude):
            latitude, longitude = longitude, latitude
            draft.note(found[0], "swapped")
        if not _in_japan(latitude, longitude):
            for cell in found:
                draft.lose(cell, "outside-japan")
            latitude = None
    if latitude is None:
        if height is not None:
            draft.lose(height, "elevation-alone")
        return {}
    return {"latitude": latitude, "longitude": longitude} | _elevation(draft, height)


def _elevation(draft: Draft, height: Cell | None) -> Record:
    if height is None:
        return {}
    if not catalogue.field("Place", "elevation").allows(height.value):
        draft.lose(height, "out-of-range")
        return {}
    return {"elevation": height.value}


def _in_japan(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
