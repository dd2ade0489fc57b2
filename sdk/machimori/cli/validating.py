"""``machimori validate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli.inputs import below, present
from machimori.cli.statuses import Status
from machimori.cli.terminal import ReadingBar
from machimori.files import STDIN, STREAM, is_folder, name_of, writing_text
from machimori.findings.issue import Issue
from machimori.findings.presence import Presence
from machimori.findings.reporters import Reporter, Style, Totals, is_report, reporter
from machimori.findings.severities import read_severities
from machimori.messages import Message
from machimori.records import arrow_tables
from machimori.validation import graph_files
from machimori.validation.stream import StreamReport, validate_stream

SUFFIXES = (".json", ".ndjson", ".jsonl", ".gz", ".zst", *arrow_tables.SUFFIXES, *graph_files.SUFFIXES)
SHOWN = {
    "en": "note: values of person-related fields are shown; keep this output where the data is",
    "ja": "注意：個人に関する項目の値を表示します。出力はデータと同じ場所で扱ってください",
}

LEFT_OUT = {
    "en": "note: {file} is a report and no delivery; it is not judged unless it is named",
    "ja": "注意：{file}は検査の報告であるため、検査の対象から除きます（直接指定すれば検査します）",
}


def validate(
    paths: list[str],
    *,
    entity: str | None,
    form: str,
    language: str,
    jobs: int | None,
    remedies: bool,
    show_values: bool,
    out: str = "-",
    most: int | None = None,
    fail_fast: bool = False,
    severity: str | None = None,
    engine: str = "local",
    master: str | None = None,
) -> int:
    """Check every record of every file and report; 0 if all comply, else 1."""
    severities = read_severities(Path(severity)) if severity else None
    if entity is not None:
        catalogue.class_(entity)
    present(paths, remote=engine == "spark")
    sources = [(path, _files(path, out, language)) for path in paths]
    if show_values:
        print(SHOWN[language], file=sys.stderr)
    with writing_text(out, private=show_values) as stream:
        style = Style(
            language,
            terminal=out == STREAM and sys.stdout.isatty(),
            remedies=remedies,
            examples=most,
            turtle=out.endswith(".ttl"),
            audience=_audience() if form == "html" else None,
        )
        report = reporter(form, stream, style)
        totals, bar = Totals(presence=Presence(entity)), ReadingBar()
        asked: dict[str, Any] = {"show_values": show_values, "severities": severities}
        if form == "html":
            asked["presence"] = totals.presence
        names = _sources(sources, report, totals)
        if engine == "spark":
            from machimori.validation import spark_files

            told = spark_files.reports(names, entity, master=master, jobs=jobs, **asked)
        else:
            one = jobs or 1
            told = ((f, validate_stream(f, entity, jobs=one, progress=bar.follow(f), **asked)) for f in names)
        for source, found in told:
            report.source(source)
            _told(found, report, bar, totals, fail_fast)
            if fail_fast and not totals.ok:
                break
        bar.clear()
        report.end(totals)
    return Status.GOOD if totals.ok else Status.REFUSED


def _sources(found: list[tuple[str, list[str]]], report: Reporter, totals: Totals) -> Iterator[str]:
    """Every file to check; a folder without any is a finding."""
    for path, files in found:
        yield from files
        if not files:
            report.source(path)
            report.finding(Issue("MM009", source=path))
            totals.findings += 1
            totals.ok = False


def _files(path: str, out: str, language: str) -> list[str]:
    """The path itself, or every file of records below it in order, but for reports; those of earlier calls are told."""
    if path in STDIN or not is_folder(path):
        return [path]
    found, reports = below(Path(path), lambda p: p.suffix.lower() in SUFFIXES, [out], is_report)
    for report in reports:
        print(LEFT_OUT[language].format(file=name_of(report)), file=sys.stderr)
    return list(map(str, found))


def _told(found: StreamReport, report: Reporter, bar: ReadingBar, totals: Totals, fail_fast: bool) -> None:
    """Tell the findings of one file; with ``fail_fast`` up to the first error."""
    for issue in found:
        bar.clear()
        report.finding(issue)
        totals.findings += 1
        totals.ok = totals.ok and issue.severity != "error"
        if fail_fast and not totals.ok:
            break
    totals.records += found.records
    totals.invalid += found.invalid


def _audience() -> Callable[[str], list[list[Message]]]:
    from machimori.cli.audience import audience

    return audience
