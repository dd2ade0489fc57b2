"""The loss report as text, in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.exchange.account import ColumnAccount, Loss, LossReport, changes, grouped
from machimori.exchange.reasons import KINDS, REASONS

ROWS_SHOWN = 8
VALUES_SHOWN = 3
GROUPS_SHOWN = 200

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "read": "{source} ({format}: {layout}{encoding}): rows read {rows}, records of {entity} made {records}",
        "write": "{format} ({layout}{encoding}): records of {entity} given {rows}, written {records}",
        "lost": "rows not converted: {count}",
        "columns": "Columns",
        "carried": "{column} → {field}: {carried} of {cells}",
        "dropped": "{column}: not carried over ({reason}), cells {cells}",
        "derived": "{field}: {count} × {kind} ({reason})",
        "change": "{count} × {reason}",
        "losses": "Losses",
        "nothing": "Nothing was lost.",
        "rows": "rows {rows}",
        "row": "row {rows}",
        "records": "records {rows}",
        "record": "record {rows}",
        "more": " and {count} more",
        "found": " (found: {values})",
        "between": "; ",
        "comma": ", ",
        "colon": ": ",
    },
    "ja": {
        "read": "{source}（{format}：{layout}{encoding}）：読み取った行 {rows}、作成した{entity}の記録 {records}件",
        "write": "{format}（{layout}{encoding}）：渡された{entity}の記録 {rows}件、書き出した記録 {records}件",
        "lost": "変換しなかった行 {count}",
        "columns": "列",
        "carried": "{column} → {field}：{cells}件中{carried}件",
        "dropped": "{column}：引き継がない（{cells}件。{reason}）",
        "derived": "{field}：{kind} {count}件（{reason}）",
        "change": "{reason} {count}件",
        "losses": "失われたもの",
        "nothing": "失われたものはありません。",
        "rows": "{rows}行目",
        "row": "{rows}行目",
        "records": "記録{rows}",
        "record": "記録{rows}",
        "more": "ほか{count}件",
        "found": "（値：{values}）",
        "between": "、",
        "comma": "、",
        "colon": "：",
    },
}


def rendered(report: LossReport, language: str = "en") -> str:
    """The report for a reader, in ``en`` or ``ja``."""
    return "\n".join(_lines(report, language))


def _lines(report: LossReport, language: str) -> Iterator[str]:
    words = WORDS[language]
    encoding = (words["comma"] if report.layout and report.encoding else "") + report.encoding
    facts = {
        "source": report.source,
        "rows": report.rows,
        "records": report.records,
        "entity": report.entity,
        "format": report.format,
        "layout": report.layout,
        "encoding": encoding,
    }
    yield words["write" if report.writing else "read"].format_map(facts)
    if report.rows_lost:
        yield words["lost"].format(count=report.rows_lost)
    if report.columns:
        yield words["columns"]
        for account in report.columns:
            if account.cells:
                yield "  " + _column(account, language)
    for (name, key), count in report.derived.items():
        kind, reason = getattr(KINDS[REASONS[key].kind], language), getattr(REASONS[key], language)
        yield "  " + words["derived"].format(field=name, count=count, kind=kind, reason=reason)
    if not report.losses:
        if not any(a.reason and a.cells for a in report.columns):
            yield words["nothing"]
        return
    yield words["losses"]
    groups = grouped(report.losses, language)
    for first, members in groups[:GROUPS_SHOWN]:
        yield "  " + _group(first, members, language, writing=report.writing)
    if len(groups) > GROUPS_SHOWN:
        yield "  " + words["more"].format(count=len(groups) - GROUPS_SHOWN).strip()


def _column(account: ColumnAccount, language: str) -> str:
    words = WORDS[language]
    if account.reason:
        return words["dropped"].format(column=account.column, cells=account.cells, reason=account.why(language))
    line = words["carried"].format(
        column=account.column, field=account.field, cells=account.cells, carried=account.carried
    )
    done = [words["change"].format_map(change) for change in changes(account.changes, language)]
    return line + (words["between"] + words["between"].join(done) if done else "")


def _group(first: Loss, members: list[Loss], language: str, *, writing: bool) -> str:
    words = WORDS[language]
    parts = [_where(first, members, language, writing=writing)]
    if first.column or first.field:
        parts.append(" → ".join(p for p in (first.column, first.field) if p))
    parts.append(str(getattr(KINDS[first.kind], language)))
    parts.append(first.why(language))
    values = list(dict.fromkeys(m.value for m in members if m.value is not None))
    found = words["found"].format(values=words["comma"].join(values[:VALUES_SHOWN])) if values else ""
    return words["colon"].join(p for p in parts if p) + found


def _where(first: Loss, members: list[Loss], language: str, *, writing: bool) -> str:
    if first.row is None:
        return ""
    words = WORDS[language]
    key = ("record" if writing else "row") + ("s" if len(members) > 1 or first.count > 1 else "")
    rows = words["comma"].join(m.rows for m in members[:ROWS_SHOWN])
    more = len(members) - ROWS_SHOWN
    return words[key].format(rows=rows) + (words["more"].format(count=more) if more > 0 else "")
