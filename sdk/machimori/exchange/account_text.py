"""The loss report as text."""

from __future__ import annotations

from collections.abc import Iterator

from machimori import messages
from machimori.exchange.account import ColumnAccount, Loss, LossReport, changes, grouped
from machimori.exchange.reasons import LOSS_KINDS, LOSS_REASONS
from machimori.messages import Message, msgid

ROWS_SHOWN = 8
VALUES_SHOWN = 3
GROUPS_SHOWN = 200

BETWEEN, COLON = msgid("; ", context="between parts"), msgid(": ", context="after the place of a loss")
READ = msgid("{source} ({format}: {layout}): rows read {rows}, records of {entity} made {records}")
WRITTEN = msgid("{format} ({layout}): records of {entity} given {rows}, written {records}")
ROW, RECORD = msgid("row {rows}", plural="rows {rows}"), msgid("record {rows}", plural="records {rows}")


def rendered(report: LossReport, language: str = "en") -> str:
    """The report for a reader, in ``en`` or ``ja``."""
    return "\n".join(_lines(report, language))


def _lines(report: LossReport, language: str) -> Iterator[str]:
    layout = messages.joined(language, filter(None, (report.layout, report.encoding)))
    facts = {
        "source": report.source,
        "rows": report.rows,
        "records": report.records,
        "entity": report.entity,
        "format": report.format,
        "layout": layout,
    }
    yield messages.text(language, WRITTEN if report.writing else READ, **facts)
    if report.rows_lost:
        yield messages.text(language, "rows not converted: {count}", count=report.rows_lost)
    if report.columns:
        yield messages.text(language, "Columns")
        for account in report.columns:
            if account.cells:
                yield "  " + _column(account, language)
    for (name, key), count in report.derived.items():
        said = {
            "kind": Message(LOSS_KINDS[LOSS_REASONS[key].kind].title),
            "reason": Message(LOSS_REASONS[key].sentence),
        }
        yield "  " + messages.text(language, "{field}: {count} × {kind} ({reason})", field=name, count=count, **said)
    if not report.losses:
        if not any(a.reason and a.cells for a in report.columns):
            yield messages.text(language, "Nothing was lost.")
        return
    yield messages.text(language, "Losses")
    groups = grouped(report.losses, language)
    for first, members in groups[:GROUPS_SHOWN]:
        yield "  " + _group(first, members, language, writing=report.writing)
    if len(groups) > GROUPS_SHOWN:
        yield "  " + messages.text(language, " and {count} more", count=len(groups) - GROUPS_SHOWN).strip()


def _column(account: ColumnAccount, language: str) -> str:
    facts = {"column": account.column, "field": account.field, "cells": account.cells, "carried": account.carried}
    if account.reason:
        why = account.why(language)
        return messages.text(language, "{column}: not carried over ({reason}), cells {cells}", reason=why, **facts)
    line = messages.text(language, "{column} → {field}: {carried} of {cells}", **facts)
    done = [messages.text(language, "{count} × {reason}", **change) for change in changes(account.changes, language)]
    return messages.joined(language, [line, *done], BETWEEN)


def _group(first: Loss, members: list[Loss], language: str, *, writing: bool) -> str:
    parts = [_where(first, members, language, writing=writing)]
    if first.column or first.field:
        parts.append(" → ".join(p for p in (first.column, first.field) if p))
    parts.append(messages.text(language, LOSS_KINDS[first.kind].title))
    parts.append(first.why(language))
    values = list(dict.fromkeys(m.value for m in members if m.value is not None))
    found = messages.text(language, " (found: {values})", values=tuple(values[:VALUES_SHOWN])) if values else ""
    return messages.joined(language, filter(None, parts), COLON) + found


def _where(first: Loss, members: list[Loss], language: str, *, writing: bool) -> str:
    if first.row is None:
        return ""
    rows, count = tuple(m.rows for m in members[:ROWS_SHOWN]), max(len(members), first.count)
    where = messages.text(language, RECORD if writing else ROW, rows=rows, count=count)
    more = len(members) - ROWS_SHOWN
    return where + (messages.text(language, " and {count} more", count=more) if more > 0 else "")
