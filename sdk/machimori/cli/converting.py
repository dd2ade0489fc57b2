"""``machimori convert``: read one format, write another, and account for what is lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.errors import UnknownNameError
from machimori.exchange import formats
from machimori.exchange.account import LossReport
from machimori.exchange.account_text import rendered
from machimori.files import writing, writing_text
from machimori.findings.issue import Issue
from machimori.findings.reporters import Style, reporter
from machimori.records import splitting
from machimori.records.content_kinds import kind_of
from machimori.records.json_text import load
from machimori.records.opening import Bytes, Input, held, unreadable
from machimori.validation.record import validate

OWN = "machimori"
"""The model's own form: NDJSON, or a JSON document or array when it is read."""
SUMMARY = {
    "en": "{written} records written, {lost} not converted",
    "ja": "{written}件を書き出し、{lost}件は変換していません",
}
HINT = {"en": "; --loss-report tells everything", "ja": "。詳細は--loss-reportで出力できます"}


def convert(
    path: str,
    source: str,
    target: str,
    *,
    entity: str | None,
    loss_report: str | None,
    out: str,
    defaults: list[str],
    language: str,
) -> int:
    """Convert ``path``; 1 if nothing could be converted, else 0, with a note on what was not."""
    if entity is not None:
        catalogue.class_(entity)
    _known(source, "reads")
    _known(target, "writes")
    given = _given(defaults)
    reports: list[LossReport] = []
    skipped = _Skipped(language)
    records: Iterable[dict[str, Any]]
    with ExitStack() as opened:
        if source == OWN:
            records = _own(opened.enter_context(held(path)), entity, skipped)
        else:
            conversion = formats.read(path, source, entity, defaults=given)
            reports.append(conversion.losses)
            records = conversion
        counted = _Counted(records)
        told = opened.enter_context(writing_text(loss_report)) if loss_report else None
        stream = opened.enter_context(writing(out, private=source == target == OWN))
        if target == OWN:
            for record in counted:
                stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        else:
            reports.append(formats.write(counted, target, stream, entity))
        if told and loss_report:
            told.write(_account(reports, language, as_text=loss_report.endswith(".txt")))
    written = reports[-1].records if target != OWN else counted.count
    lost = skipped.count + sum(r.rows_lost for r in reports)
    hint = HINT[language] if reports and not loss_report and any(r.summary for r in reports) else ""
    print(SUMMARY[language].format(written=written, lost=lost) + hint, file=sys.stderr)
    return Status.GOOD if written else Status.REFUSED


def _known(name: str, use: str) -> None:
    """Refuse an unknown format before anything is read or written."""
    able = [OWN, *(n for n, f in formats.FORMATS.items() if getattr(f, use))]
    if name not in able:
        raise UnknownNameError("format", name, catalogue.close(name, able) or tuple(able))


class _Counted:
    """Records that are counted as they go by."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for record in self._records:
            self.count += 1
            yield record


class _Skipped:
    """Records that do not comply are told on standard error and left out."""

    def __init__(self, language: str) -> None:
        self._out = reporter("text", sys.stderr, Style(language, sys.stderr.isatty()))
        self.count = 0

    def add(self, issues: Iterable[Issue], line: int, source: str) -> None:
        self.count += 1
        for issue in issues:
            self._out.finding(replace(issue, source=source, line=(issue.line or 1) + line - 1))


def _own(source: Input, entity: str | None, skipped: _Skipped) -> Iterator[dict[str, Any]]:
    """The valid records of what is open, in the model's own form."""
    plain = Bytes(source.plain(), source.name)
    kind = kind_of(plain.start())
    if kind:
        skipped.add([kind.issue(source.name)], 1, source.name)
        return
    for piece in splitting.records(plain):
        report = validate(piece.text, entity) if piece.text else None
        issues = [*filter(None, [piece.fault]), *(report.issues if report is not None else ())]
        if any(i.severity == "error" for i in issues):
            skipped.add(issues, piece.line, source.name)
        else:
            yield load(piece.text).data
    if plain.fault:
        skipped.add([unreadable(source.name, plain.fault)], 1, source.name)


def _given(defaults: list[str]) -> dict[str, str]:
    given = {}
    for default in defaults:
        field, equals, value = default.partition("=")
        if not equals or not field:
            raise CallError(
                f"--default takes FIELD=VALUE, not {default!r}",
                f"--defaultは「項目=値」の形で指定してください（{default}）",
            )
        given[field] = value
    return given


def _account(reports: list[LossReport], language: str, *, as_text: bool) -> str:
    if as_text:
        return "\n\n".join(rendered(r, language) for r in reports) + "\n"
    data = [r.data(language) for r in reports]
    return json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=1) + "\n"
