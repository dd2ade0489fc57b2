"""``machimori statistics``: numbers of groups from records, for people as a table with bars, for programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from machimori import messages
from machimori.cli import decide, options, statistics_tables
from machimori.cli.app import command
from machimori.cli.command import argument, option
from machimori.cli.exit_status import Status
from machimori.cli.gate_files import GateFiles, budget, gate_files, noted, refused, request
from machimori.cli.inputs import below, present, text_of
from machimori.cli.paths import INPUT
from machimori.errors import InvalidDocumentError
from machimori.extras import need
from machimori.files import is_folder, writing
from machimori.messages import msgid

if TYPE_CHECKING:
    from machimori.privacy.statistics import Statistics

BAR = 24
"""Characters of the longest bar."""


@command(
    "statistics",
    cls=statistics_tables.OrTables,
    details=msgid(
        "A query about people fits one of the tables that --tables lists. A step is settled once: its figures carry noise and are the same for everyone, for ever, and small groups are hidden. A table with bars, or JSON with --json or -o. Statistics of data about people take the holder's store, where they are logged and kept."
    ),
    examples=(
        "machimori statistics --tables Trip",
        "machimori statistics trips.ndjson --request request.json --holder holder.json --store gate.db --query query.json",
        "machimori statistics use/*.parquet --request r.json --holder h.json --store gate.db --query q.json --json > release.json",
    ),
)
@argument(
    "records",
    type=INPUT,
    required=True,
    nargs=-1,
    metavar="RECORDS...",
    help=msgid("Files or folders (NDJSON, JSON array, CSV, Parquet; .gz), or - for standard input."),
)
@statistics_tables.option
@request
@gate_files
@option(
    "--query",
    type=INPUT,
    required=True,
    metavar="F",
    help=msgid("What is to be counted (class StatisticsQuery)."),
)
@budget
@options.out
@option("--json", "as_json", is_flag=True, help=msgid("Print the release as JSON (class StatisticsRelease)."))
@options.engine
@options.master
@click.pass_obj
def statistics(
    language: str,
    *,
    tables: str | None,
    records: tuple[str, ...],
    request: str,
    files: GateFiles,
    query: str,
    budget: float | None,
    out: str,
    as_json: bool,
    engine: str,
    master: str | None,
) -> int:
    """Compute and print; 0 for a grant, 1 for a denial, 2 for what is no request or query. Or list tables."""
    if tables is not None:
        return statistics_tables.show(tables, language, as_json=as_json)
    asked, wanted = text_of(request), text_of(query)
    try:
        files.logs(asked, settles=True)
        _installed(asked, wanted, engine)
        present(records, remote=engine == "spark")
        with files.gate() as gate, _records(records, engine, master, out) as source:
            made = gate.statistics(source, asked, wanted, budget=budget)
    except InvalidDocumentError as error:
        return refused(error, language)
    files.say_unlogged(language)
    if made.notes:
        told = messages.text(language, "records: {notes}", notes=noted(made.notes, language))
        print(told, file=sys.stderr)
    if made.release is None:
        print(made.decision.json().decode()) if as_json else decide.show(made.decision, language)
        if made.nearest is not None:
            print(_near(made.nearest, wanted, language), file=sys.stderr)
        return Status.REFUSED
    if as_json or out != "-":
        with writing(out) as stream:
            stream.write(json.dumps(made.release, ensure_ascii=False).encode() + b"\n")
    else:
        show(made, made.release, language)
    return Status.GOOD


def _installed(request: str, query: str, engine: str) -> None:
    """Raise ``MissingExtraError`` for what the answer needs, before a store is touched; ``InvalidDocumentError`` for no query."""
    from machimori.privacy.decision.request import read_request
    from machimori.privacy.statistics.query import read_query

    need("spark-statistics" if engine == "spark" else "statistics")
    if read_query(query).get("epsilon") or read_request(request).epsilon:
        need("noise")


@contextmanager
def _records(records: tuple[str, ...], engine: str, master: str | None, out: str) -> Iterator[Any]:
    """The files, or with Spark a DataFrame of them."""
    if engine == "spark":
        from machimori.validation import spark_files

        with spark_files.session(master, None) as session:
            yield spark_files.frame(session, [str(file) for file in _files(records, out)])
    else:
        yield _files(records, out)


def _files(records: tuple[str, ...], out: str) -> list[Path]:
    """The files that are named, and those in folders; a release in one of them that this call replaces is none."""
    from machimori.privacy.statistics.reading import known

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

    from machimori.catalogue import catalogue
    from machimori.cli.terminal import console

    cells: list[dict[str, Any]] = list(release["cells"])
    keys = list(dict.fromkeys(k["field"] for c in cells for k in c.get("cell_keys", ())))
    numbers = list(dict.fromkeys(_name(v) for c in cells for v in c.get("cell_values", ())))
    sized = any("group_size" in c for c in cells) and "subjects" not in [n[0] for n in numbers]
    entity = catalogue.class_(release["entity"]).title
    title = messages.text(language, "{entity}: {groups} groups", entity=entity, groups=len(cells))
    table = Table(title=title, title_justify="left")
    for key in keys:
        table.add_column(key)
    for function, *of in numbers:
        label = catalogue.enumeration("AggregateFunction").values[function].title.text(language)
        table.add_column(" ".join([label, *(str(word) for word in of if word != "")]), justify="right")
    if sized:
        table.add_column(messages.text(language, "persons or households"), justify="right")
    table.add_column("")
    most = max((abs(_first(c, numbers)) for c in cells), default=0.0)
    suppressed = messages.text(language, "suppressed")
    for cell in cells:
        values = {_name(v): _shown(v) for v in cell.get("cell_values", ())}
        size = [f"{cell['group_size']:,}" if "group_size" in cell else ""] if sized else []
        bar = suppressed if cell["suppressed"] else _bar(_first(cell, numbers), most)
        held = [k["key_value"] for k in cell.get("cell_keys", ())]
        table.add_row(*held, *(values.get(n, "") for n in numbers), *size, bar)
    out = console()
    out.print(table)
    for line in _foot(release, language):
        out.print(line)
    out.print(made.decision.text(language))


def _foot(release: Mapping[str, Any], language: str) -> Iterator[str]:
    """How the figures were made, and what is hidden."""
    from machimori.catalogue import catalogue

    noise = catalogue.enumeration("NoiseKind").values[release["noise"]].title
    cells, group = release["cells"], release["minimum_group"]
    if "table" not in release and not any("group_size" in c for c in cells):
        yield messages.text(language, "no persons are counted; noise: {noise}", noise=noise)
        return
    if "suppressed_cells" in release:
        hidden = release["suppressed_cells"]
        yield messages.text(language, "{hidden} of {groups} groups suppressed", hidden=hidden, groups=len(cells))
    if "table" not in release:
        yield messages.text(
            language, "groups under {k} persons or households are suppressed; noise: {noise}", k=group, noise=noise
        )
        return
    statistics = catalogue.class_(release["entity"]).statistics
    assert statistics is not None  # the release is of one of its tables
    title = statistics.tables[release["table"]].title
    yield messages.text(language, "table {name}: {title}", name=release["table"], title=title)
    yield messages.text(
        language,
        "shown from {threshold} persons or households on ({k}, and {looks} looks)",
        threshold=group + release["looks"],
        k=group,
        looks=release["looks"],
    )
    variance = f"{release['noise_variance']:g}"
    yield messages.text(language, "noise: {noise}, of variance {variance}", noise=noise, variance=variance)
    if "suppressed_cells" in release:
        share = f"{release['expected_empty_share']:.1%}"
        yield messages.text(language, "of the groups shown, at most {share} may be expected to be empty", share=share)
    yield messages.text(language, "settled {at}: the same for everyone, for ever", at=release["settled_at"])


def _near(table: str, query: str, language: str) -> str:
    """The table that has most in common with a query that fits none, and the call that lists them all."""
    from machimori.privacy.statistics.query import read_query

    call = f"machimori statistics --tables {read_query(query)['entity']}"
    return messages.text(language, "the nearest table is {name}; {call} lists all", name=table, call=call)


def _name(value: Mapping[str, Any]) -> tuple[str, str, float | str]:
    return value["aggregate_function"], value.get("field", ""), value.get("probability", "")


def _shown(value: Mapping[str, Any]) -> str:
    """A figure, or the band in which it lies."""
    low = f"{value['released_value']:,g}"
    return f"{low}–{value['released_upper']:,g}" if "released_upper" in value else low


def _first(cell: Mapping[str, Any], numbers: Sequence[tuple[str, str, float | str]]) -> float:
    """The figure that the bar shows; 0 where it is not given."""
    values = {_name(v): float(v["released_value"]) for v in cell.get("cell_values", ())}
    return values.get(numbers[0], 0.0) if numbers else 0.0


def _bar(value: float, most: float) -> str:
    return "█" * round(BAR * abs(value) / most) if most else ""
