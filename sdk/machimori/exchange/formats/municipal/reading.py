"""CSV of a municipality to records."""

from __future__ import annotations

from itertools import islice

from machimori.exchange.account import Loss, LossReport
from machimori.exchange.containers import csv
from machimori.exchange.containers.csv import Row
from machimori.exchange.containers.text import Source, SourceError, decoded
from machimori.exchange.conversion import Conversion
from machimori.exchange.engine import RowConverter
from machimori.exchange.layouts import header as headers
from machimori.exchange.layouts.columns import NAME
from machimori.exchange.layouts.header import Header
from machimori.messages import Message

PREAMBLE_SHOWN = ("#lang", "#attribution_name", "#license", "#file_name", "#download_from")
"""Keys of a LinkData preamble whose value a report repeats, so that attribution is not lost unseen."""


def read(source: Source, entity: str | None, defaults: dict[str, str]) -> Conversion:
    """Read sheet 03 in any of its layouts.

    The class is ``entity``, or what the columns show. A list of evacuation sites asked for as ``DesignatedShelter``
    gives the rows flagged as shelters too. Raises ``SourceError`` where no known header is found.
    """
    text = decoded(source)
    if not text.text.strip():
        raise SourceError(source.name, Message("there is nothing in it"))
    parts = csv.rows(text.text)
    first = list(islice(parts, headers.ROWS_SEARCHED))
    header = headers.find(first)
    if header is None:
        raise SourceError(
            source.name,
            Message("no header of a known layout ({name} and other columns of sheet 03) in the first rows", name=NAME),
        )
    headers.bounded(len(header.cells), source.name)
    named = headers.entity_of(header, entity, source.name)
    report = LossReport(source.name, "municipal", named, header.layout.name, text.encoding)
    converter = RowConverter(named, headers.bound(header, named), report, defaults)
    report.losses.extend(loss for row in first[: header.index] for loss in _preamble(row))
    records = []
    for row in (*first[header.index + 1 :], *parts):
        if _commented(row, header):
            report.losses.extend(_preamble(row))
        elif (record := converter.convert(row)) is not None:
            records.append(record)
    return Conversion(tuple(records), report)


def _commented(row: Row, header: Header) -> bool:
    """Whether a row belongs to a LinkData preamble, which goes on below its row of names."""
    return header.cells[0].startswith("#") and row.cells[0].startswith("#")


def _preamble(row: Row) -> list[Loss]:
    if row.empty:
        return []
    key, stated = row.cells[0].strip(), row.cells[1].strip() if len(row.cells) > 1 else ""
    if key in PREAMBLE_SHOWN and stated:
        return [Loss("preamble", row.number, facts={"key": key.removeprefix("#"), "stated": stated[:200]})]
    return [Loss("preamble-row", row.number)]
