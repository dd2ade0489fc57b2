"""Judge the records of a Spark DataFrame where they are, with the findings of one machine.

The DataFrame has one column ``value``, a record as JSON on each line (``spark.read.text``), or the fields of the records as its
columns (Parquet). Every executor needs this package with the extra ``spark``. One pass gives the findings and the counts, and no
accumulator, so that a task that is tried again or twice at a time counts once.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from machimori.catalogue import catalogue
from machimori.errors import MachimoriError
from machimori.extras import need
from machimori.findings.issue import Issue
from machimori.findings.severities import Severities
from machimori.messages import msgid
from machimori.records.arrow_tables import Rows
from machimori.records.json_text import MAXIMUM_BYTES
from machimori.records.pieces import too_long
from machimori.records.splitting import Lines, Run
from machimori.validation.judge import Judge

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

VALUE, SOURCE, BLOCK = "value", "_machimori_source", "_machimori_block"
JUDGED = {
    **dict.fromkeys(("source", "code", "path", "entity", "profile", "level"), "string"),
    **dict.fromkeys(("block", "partition", "number", "line", "records", "invalid", "lines"), "long"),
    "column": "int",
    "facts": "binary",
}
"""The columns of a finding or, without a code, of what one block of a file came to in one partition."""
PLACE = ("source", "block", "partition")
FINDINGS = {
    **{"source": "string", "line": "long", "column": "int"},
    **dict.fromkeys(("code", "name", "severity", "entity", "path", "profile", "message", "message_ja"), "string"),
}


class SparkJudgingError(MachimoriError):
    """A task could not judge its records; what it says is the kind of error alone, since the rest may quote a record."""

    message = msgid("records could not be judged ({kind})")

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Counts(NamedTuple):
    """How many records there are, how many of them have an error, and how many findings."""

    records: int
    invalid: int
    findings: int


def validate(df: DataFrame, entity: str | None = None, *, show_values: bool = False) -> DataFrame:
    """The findings of the records of ``df``, a row each with the columns of ``FINDINGS``.

    The class is ``entity``, or else what each record's ``type`` says. ``source`` and ``line`` are the file and the line, or the
    row of a table; a DataFrame that is not read from files has no source, and its lines count over its partitions. The column
    ``message`` shows no value of a person-related field unless ``show_values`` is set. The records are judged here and now, once;
    ``judged`` and ``findings`` leave that to the caller.

    Raises ``UnknownNameError`` for an ``entity`` that the model does not have, ``MissingExtraError`` without pyspark.
    """
    return findings(judged(df, entity, show_values=show_values).localCheckpoint())


def counts(of: DataFrame) -> Counts:
    """The exact counts of what ``judged`` gave."""
    return _counts(of.groupBy().agg(*_totals()).collect()[0])


def judged(
    df: DataFrame, entity: str | None = None, *, show_values: bool = False, severities: Severities | None = None
) -> DataFrame:
    """Findings and counts in one pass, with the columns of ``JUDGED``.

    To use them more than once, take a ``localCheckpoint`` first. A DataFrame that is persisted is found again by Spark when the
    same files are read another time, whatever they hold by then.
    """
    functions = _pyspark()
    if entity is not None:
        catalogue.class_(entity)
    placed = df.select(
        *(df[f"`{name}`"] for name in df.columns),
        functions.input_file_name().alias(SOURCE),
        functions.input_file_block_start().alias(BLOCK),
    )
    asked = (entity, show_values, tuple((severities or {}).items()))
    return placed.mapInArrow(lambda batches: _judged(batches, asked), _ddl(JUDGED))


def findings(of: DataFrame) -> DataFrame:
    """The findings of what ``judged`` gave, with their lines in the file and their messages."""
    functions = _pyspark()
    from pyspark.sql import Window

    before = Window.partitionBy("source").orderBy("block", "partition").rowsBetween(Window.unboundedPreceding, -1)
    first = functions.coalesce(functions.sum("lines").over(before), functions.lit(0))
    starts = of.where("code IS NULL").select(*PLACE, first.alias("before"))
    found = of.where("code IS NOT NULL").join(starts, list(PLACE), "left")
    placed = found.withColumn("line", functions.expr("line + coalesce(before, 0)")).select(
        "source", "line", "column", "code", "entity", "path", "profile", "level", "facts"
    )
    return placed.mapInArrow(_told, _ddl(FINDINGS))


def counts_by_file(of: DataFrame) -> dict[str, Counts]:
    """The exact counts of each file."""
    return {row["source"]: _counts(row) for row in of.groupBy("source").agg(*_totals()).toLocalIterator()}


def _totals() -> list[Any]:
    f = _pyspark()
    sums = [f.coalesce(f.sum(name), f.lit(0)).alias(name) for name in ("records", "invalid")]
    return [*sums, f.count("code").alias("findings")]


def _counts(row: Any) -> Counts:
    return Counts(*(row[name] for name in Counts._fields))


def in_file(of: DataFrame, source: str) -> Iterator[Issue]:
    """The findings of one file in its order."""
    before = 0
    for row in of.where(of["source"] == source).orderBy("block", "partition", "number").toLocalIterator():
        if row["code"] is None:
            before += row["lines"]
        else:
            issue = _issue(row.asDict())
            yield replace(issue, line=issue.line and issue.line + before)


def _judged(batches: Iterable[Any], asked: tuple[Any, ...]) -> Iterator[Any]:
    """What is found in a partition: the findings of a block, then what it came to."""
    import pyarrow as pa
    from pyspark import TaskContext

    judge = _judge(*asked)
    schema = _schema(JUDGED)
    task = TaskContext.get()
    partition = task.partitionId() if task else 0
    try:
        for (source, block), runs in groupby(_runs(batches), key=lambda run: run[:2]):
            place = dict(zip(PLACE, (source, block, partition), strict=True))
            number = lines = records = invalid = 0
            for _, _, batch in runs:
                rows = []
                for found in judge.judge(_of(batch, lines + 1)):
                    records += found.records
                    invalid += found.invalid
                    for issue in found.issues:
                        rows.append({**place, "number": number, **_row(issue)})
                        number += 1
                lines += batch.num_rows
                if rows:
                    yield pa.RecordBatch.from_pylist(rows, schema)
            count = {"records": records, "invalid": invalid, "lines": lines}
            yield pa.RecordBatch.from_pylist([{**place, "number": number, **count}], schema)
    except Exception as error:  # noqa: BLE001  whatever it is, its words may quote a record
        raise SparkJudgingError(type(error).__name__) from None


def _runs(batches: Iterable[Any]) -> Iterator[tuple[str, int, Any]]:
    """Parts of batches that come from one block of one file."""
    for batch in batches:
        start = 0
        sources, blocks = batch.column(SOURCE), batch.column(BLOCK)
        own = batch.drop_columns([SOURCE, BLOCK])
        while start < batch.num_rows:
            source, block = unquote(sources[start].as_py()), blocks[start].as_py()
            end = _end(sources, blocks, start)
            yield source, block, own.slice(start, end - start)
            start = end


def _end(sources: Any, blocks: Any, start: int) -> int:
    """Where another block begins."""
    from machimori.validation.fast_columns import pc

    same = pc.and_(pc.equal(sources, sources[start]), pc.equal(blocks, blocks[start]))
    other = pc.index(same.slice(start), value=False).as_py()
    return len(same) if other < 0 else start + other


def _of(batch: Any, first: int) -> Iterator[Run | Rows]:
    """The records of a part: lines of JSON, or rows."""
    import pyarrow as pa

    if batch.schema.names != [VALUE]:
        yield Rows(first, batch)
        return
    each = [b"" if v is None else v for v in batch.column(0).cast(pa.binary()).to_pylist()]
    yield from _lines(first, each)


def _lines(first: int, each: list[bytes]) -> Iterator[Run]:
    long = [n for n, text in enumerate(each) if len(text) > MAXIMUM_BYTES]
    start = 0
    for n in [*long, len(each)]:
        if n > start:
            yield Lines(first + start, b"\n".join(each[start:n]), each[start:n])
        if n < len(each):
            yield too_long(first + n)
        start = n + 1


def _row(issue: Issue) -> dict[str, Any]:
    return {
        "line": issue.line,
        "column": issue.column,
        "code": issue.code,
        "path": issue.path,
        "entity": issue.entity,
        "profile": issue.profile,
        "level": issue.level,
        "facts": pickle.dumps(dict(issue.facts)),
    }


def _issue(row: dict[str, Any]) -> Issue:
    names = ("code", "path", "line", "column", "source", "entity", "profile", "level")
    facts = pickle.loads(row["facts"])  # noqa: S301  this job wrote it itself; a fact is in no language yet
    return Issue(**{name: row[name] for name in names}, facts=facts)


def _told(batches: Iterable[Any]) -> Iterator[Any]:
    import pyarrow as pa

    for batch in batches:
        found = [_issue(row) for row in batch.to_pylist()]
        told = [i.data() | {"message_ja": i.text("ja")} for i in found]
        yield pa.RecordBatch.from_pydict({name: [t.get(name) for t in told] for name in FINDINGS}, _schema(FINDINGS))


@cache
def _judge(entity: str | None, show_values: bool, severities: tuple[Any, ...]) -> Judge:
    return Judge(entity, "", show_values, dict(severities))


def _ddl(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _schema(columns: dict[str, str]) -> Any:
    """The same columns for Arrow."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "long": pa.int64(), "int": pa.int32(), "binary": pa.binary()}
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _pyspark() -> Any:
    need("spark")
    from pyspark.sql import functions

    return functions
