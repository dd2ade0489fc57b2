"""Records to CSV in the standard's columns. Each row is read back at once, so that no loss can go unreported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO, Any

from machimori.errors import UnknownNameError
from machimori.exchange import writer
from machimori.exchange.account import ColumnAccount, Loss, LossReport
from machimori.exchange.containers import csv
from machimori.exchange.containers.csv import Row
from machimori.exchange.conversion import Record
from machimori.exchange.engine import RowConverter
from machimori.exchange.layouts import header as headers
from machimori.exchange.layouts.columns import HAZARD, STANDARD, WRITTEN, Column
from machimori.exchange.layouts.header import Header

ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "cp932": "CP932"}
MISSING_CHARACTER = "\N{GETA MARK}"
FLAGS = {True: "1", False: "0"}


def write(
    records: Iterable[Mapping[str, Any]], stream: IO[bytes], entity: str | None = None, encoding: str = "utf-8"
) -> LossReport:
    """Write records of one class as CSV with CRLF, the columns in the standard's order.

    ``encoding`` is ``utf-8`` (the standard's), ``utf-8-sig`` for spreadsheets that need the byte order mark, or
    ``cp932``. Records of another class, and those that do not comply with the model, are reported and left out.
    """
    if encoding not in ENCODINGS:
        raise UnknownNameError("encoding", encoding, tuple(ENCODINGS))
    named, given = writer.entity_of(records, entity, tuple(WRITTEN))
    columns = WRITTEN[named]
    report = LossReport("<records>", "municipal", named, STANDARD.name, ENCODINGS[encoding], writing=True)
    accounts = [ColumnAccount(column.names[0], _field(column)) for column in columns]
    report.columns = [account for account in accounts if account.field]
    mark = "\ufeff" if encoding == "utf-8-sig" else ""
    codec = "cp932" if encoding == "cp932" else "utf-8"
    stream.write((mark + _line([c.names[0] for c in columns])).encode(codec))
    readback = _Readback(columns, named)
    for number, record in writer.sound(given, named, report):
        cells = [_cell(record, column) for column in columns]
        line = _encoded(_line(cells), codec, number, report)
        stream.write(line)
        for account, cell in zip(accounts, cells, strict=True):
            account.cells += bool(cell)
            account.carried += bool(cell)
        report.losses.extend(readback.losses(number, record, line.decode(codec)))
    return report


class _Readback:
    """Reads a written row as any reader would, and tells what differs from the record."""

    def __init__(self, columns: tuple[Column, ...], entity: str) -> None:
        names = tuple(column.names[0] for column in columns)
        bound = headers.bound(Header(0, names, STANDARD), entity)
        self._held = {str(b.field).partition(".")[0] for b in bound if b.field}
        self._converter = RowConverter(entity, bound, LossReport("<records>", "municipal", entity), {})

    def losses(self, number: int, record: Record, line: str) -> list[Loss]:
        row = next(csv.rows(line))
        read = self._converter.convert(Row(number, row.cells)) or {}
        return [
            Loss("not-kept" if path.partition(".")[0] in (*self._held, "id") else "no-column", number, field=path)
            for path in writer.differences(record, read)
        ]


def _field(column: Column) -> str | None:
    return "hazard_types" if column.field and column.field.startswith(HAZARD) else column.field


def _cell(record: Record, column: Column) -> str:
    if column.field is None:
        return ""
    if column.field.startswith(HAZARD):
        return "1" if column.field.removeprefix(HAZARD) in record.get("hazard_types", []) else ""
    if column.cell == "capacity":
        return str(record.get("capacity_note", _plain(record.get("capacity"))))
    value: Any = record
    for key in column.field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return ";".join(map(str, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    """A value as the standard writes it: flags as 1 and 0, numbers without needless decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return FLAGS[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, "f") if "e" in repr(value) else repr(value)
    return str(value)


def _line(cells: list[str]) -> str:
    return ",".join(map(csv.quoted, cells)) + "\r\n"


def _encoded(line: str, codec: str, number: int, report: LossReport) -> bytes:
    try:
        return line.encode(codec)
    except UnicodeEncodeError:
        lacking = Counter(c for c in line if _lacks(c, codec))
        for character in lacking:
            line = line.replace(character, MISSING_CHARACTER)
        facts = {"encoding": ENCODINGS[codec], "count": str(lacking.total()), "mark": MISSING_CHARACTER}
        report.losses.append(Loss("not-in-encoding", number, facts=facts))
        return line.encode(codec)


def _lacks(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return True
    return False
