"""``machimori validate``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from machimori import catalogue
from machimori.cli.statuses import Status
from machimori.cli.terminal import ReadingBar
from machimori.validation.issue import Issue
from machimori.validation.reporters import Style, Totals, reporter
from machimori.validation.stream import validate_stream

SUFFIXES = (".json", ".ndjson", ".jsonl", ".gz", ".zst")
SHOWN = {
    "en": "note: values of person-related fields are shown; keep this output where the data is",
    "ja": "注意：個人に関する項目の値を表示します。出力はデータと同じ場所で扱ってください",
}


def validate(
    paths: list[str],
    *,
    entity: str | None,
    form: str,
    language: str,
    jobs: int,
    remedies: bool,
    show_values: bool,
) -> int:
    """Check every record of every file and report; 0 if all comply, else 1."""
    if entity is not None:
        catalogue.class_data(entity)
    if show_values:
        print(SHOWN[language], file=sys.stderr)
    out = reporter(form, sys.stdout, Style(language, sys.stdout.isatty(), remedies))
    totals, bar = Totals(), ReadingBar()
    for path in paths:
        for file in files(path):
            found = validate_stream(file, entity, jobs=jobs, show_values=show_values, progress=bar.follow(file))
            for issue in found:
                bar.clear()
                out.finding(issue)
            totals.records += found.records
            totals.invalid += found.invalid
            totals.findings += found.findings
            totals.ok &= found.ok
        if Path(path).is_dir() and not any(files(path)):
            out.finding(Issue("MM009", source=path))
            totals.findings += 1
            totals.ok = False
    bar.clear()
    out.end(totals)
    return Status.GOOD if totals.ok else Status.REFUSED


def files(path: str) -> Iterator[str]:
    """The path itself, or every file of records below it in order."""
    if path == "-" or not Path(path).is_dir():
        yield path
        return
    yield from sorted(str(p) for p in Path(path).rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
