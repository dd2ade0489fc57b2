"""``machimori statistics``: numbers of groups from records, for people as a table with bars, for programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli import deciding
from machimori.cli.inputs import below, text_of
from machimori.cli.statuses import Status
from machimori.errors import InvalidDocumentError
from machimori.extras import need
from machimori.files import is_folder, writing
from machimori.privacy.statistics import Statistics
from machimori.privacy.statistics.reading import known

SAID = {
    "en": {
        "title": "{entity}: {groups} groups",
        "foot": "groups under {k} persons or households, or that would tell one: {hidden} suppressed; noise: {noise}",
        "foot_open": "no persons are counted; noise: {noise}",
        "hidden": "suppressed",
        "total": "(all)",
        "size": "persons or households",
        "read": "records: {notes}",
    },
    "ja": {
        "title": "{entity}：{groups}の集団",
        "foot": "{k}人（世帯）未満の集団及びそれを明らかにする集団を秘匿：{hidden}件。ノイズ：{noise}",
        "foot_open": "人を数える統計ではない。ノイズ：{noise}",
        "hidden": "秘匿",
        "total": "（計）",
        "size": "人又は世帯の数",
        "read": "記録：{notes}",
    },
}
NOTES = {
    "counted": "集計",
    "other-class": "別のクラス",
    "unreadable": "読めない",
    "outside-period": "期間外",
    "outside-area": "区域外",
    "unfinished-step": "終わっていない時間帯",
    "no-value": "分類する値がない",
    "small-group": "小さい集団",
    "clamped": "上下限に収めた",
}
BAR = 24


def statistics(
    records: list[str],
    *,
    request: str,
    holder: str,
    query: str,
    consents: str | None,
    orders: str | None,
    agreements: str | None,
    budget: float | None,
    now: str | None,
    totals: bool,
    out: str,
    as_json: bool,
    language: str,
    engine: str = "local",
    master: str | None = None,
) -> int:
    """Compute and print; 0 for a grant, 1 for a denial, 2 for what is no request or query."""
    asked, wanted = text_of(request), text_of(query)
    try:
        gate = deciding.gate_of_files(holder, consents, orders, agreements, now)
        with _records(records, engine, master, out) as source:
            made = gate.statistics(source, asked, wanted, totals=totals, budget=budget)
    except InvalidDocumentError as error:
        deciding.refused(error, language)
        return Status.WRONG_CALL
    if made.notes:
        notes = ", ".join(f"{n if language == 'en' else NOTES[n]} {count}" for n, count in made.notes.items())
        print(SAID[language]["read"].format(notes=notes), file=sys.stderr)
    if made.release is None:
        print(made.decision.json().decode()) if as_json else deciding.show(made.decision, language)
        return Status.REFUSED
    if as_json or out != "-":
        with writing(out) as stream:
            stream.write(json.dumps(made.release, ensure_ascii=False).encode() + b"\n")
    else:
        show(made, made.release, language)
    return Status.GOOD


@contextmanager
def _records(records: list[str], engine: str, master: str | None, out: str) -> Iterator[Any]:
    """The files, or with Spark a DataFrame of them."""
    if engine == "spark":
        need("spark-statistics")
        from machimori.validation import spark_files

        with spark_files.session(master, None) as session:
            yield spark_files.frame(session, [str(file) for file in _files(records, out)])
    else:
        yield _files(records, out)


def _files(records: list[str], out: str) -> list[Path]:
    """The files that are named, and those in folders; a release in one of them that this call replaces is none."""
    return [
        file
        for path in records
        for file in (below(Path(path), known, [out], _is_release)[0] if is_folder(path) else [Path(path)])
    ]


def _is_release(start: bytes) -> bool:
    return b'"type": "StatisticsRelease"' in start


def show(made: Statistics, release: Mapping[str, Any], language: str) -> None:
    """Print a release for people."""
    from rich.table import Table

    from machimori.cli.terminal import console

    said = SAID[language]
    cells: list[dict[str, Any]] = list(release["cells"])
    keys = list(dict.fromkeys(k["field"] for c in cells for k in c.get("cell_keys", ())))
    numbers = list(dict.fromkeys(_name(v) for c in cells for v in c.get("cell_values", ())))
    sized = any("group_size" in c for c in cells) and "subjects" not in [f for f, _ in numbers]
    table = Table(
        title=said["title"].format(entity=_title(release["entity"], language), groups=len(cells)), title_justify="left"
    )
    for key in keys:
        table.add_column(key)
    for function, field in numbers:
        label = catalogue.enumeration("AggregateFunction").values[function].title.text(language)
        table.add_column(f"{label} {field}" if field else label, justify="right")
    if sized:
        table.add_column(said["size"], justify="right")
    table.add_column("")
    inner = [c for c in cells if len(c.get("cell_keys", ())) == len(keys)]
    most = max((abs(_numbers(c).get(numbers[0], 0.0)) for c in inner if numbers), default=0.0)
    for cell in cells:
        values = _numbers(cell)
        of = {k["field"]: k["key_value"] for k in cell.get("cell_keys", ())}
        shown = [f"{values[n]:,g}" if n in values else "" for n in numbers]
        size = [f"{cell['group_size']:,}" if "group_size" in cell else ""] if sized else []
        whole = len(of) == len(keys)
        bar = said["hidden"] if cell["suppressed"] else _bar(values.get(numbers[0], 0.0), most) if whole else ""
        table.add_row(*(of.get(k, said["total"]) for k in keys), *shown, *size, bar)
    out = console()
    out.print(table)
    noise = catalogue.enumeration("NoiseKind").values[release["noise"]].title.text(language)
    foot = said["foot" if any("group_size" in c for c in cells) else "foot_open"]
    out.print(foot.format(k=release["minimum_group"], hidden=release["suppressed_cells"], noise=noise))
    out.print(made.decision.text(language))


def _name(value: Mapping[str, Any]) -> tuple[str, str]:
    return value["aggregate_function"], value.get("field", "")


def _numbers(cell: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    return {_name(v): v["released_value"] for v in cell.get("cell_values", ())}


def _title(entity: str, language: str) -> str:
    return catalogue.class_(entity).title.text(language)


def _bar(value: float, most: float) -> str:
    return "█" * round(BAR * abs(value) / most) if most else ""
