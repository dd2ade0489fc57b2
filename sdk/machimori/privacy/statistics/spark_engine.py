"""The counting, done by Spark over a DataFrame where it lies: the same statements, translated, so that there is one of each.

The DataFrame has one column ``value``, a record as JSON on each line, or the fields of the records as its columns. Suppression,
noise and the ledger know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from machimori.errors import UnreadableError
from machimori.extras import need
from machimori.messages import Message
from machimori.privacy.statistics import columns, person_ids, reading
from machimori.privacy.statistics.engine import Engine
from machimori.privacy.statistics.executor import KEPT
from machimori.privacy.statistics.grid import Grid
from machimori.privacy.statistics.persons import PEOPLE

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

VALUE, RECORDS = "value", "machimori_records"
MOMENT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"
ZONE = "spark.sql.session.timeZone"


class Source:
    """The records of a DataFrame as leaves, a column each, as text."""

    def __init__(self, df: DataFrame) -> None:
        self._df = df

    def relation(self, run: reading.Run, leaves: Mapping[str, bool], present: Iterable[str], entity: str) -> str:
        """A query as ``reading.Source.relation`` gives it."""
        del run
        by_line = self._df.columns == [VALUE]
        read = (_lines if by_line else _table)(self._df, dict(leaves), tuple(present), entity)
        read.createOrReplaceTempView(RECORDS)
        return f"SELECT * FROM {RECORDS}"


class Spark:
    """Statements for Spark SQL (``engine.Executor``)."""

    def __init__(self, df: DataFrame) -> None:
        self._session = df.sparkSession
        self._names = {RECORDS}

    def run(self, statement: str) -> list[Any]:
        """The rows of a statement."""
        with _silently():
            return list(self._sql(statement).collect())

    def keep(self, statement: str, name: str = KEPT) -> None:
        """Keep the rows of a statement as a view."""
        from pyspark.sql.functions import monotonically_increasing_id

        with _silently():
            kept = self._sql(statement)
            if name == KEPT:
                kept = kept.withColumn("rowid", monotonically_increasing_id())
            self._keep(kept.localCheckpoint(), name)

    def values(self, name: str, titles: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
        """Keep rows as a view."""
        kinds = ", ".join(
            f"{t} {'string' if isinstance(v, str) else 'bigint'}" for t, v in zip(titles, rows[0], strict=True)
        )
        with _silently():
            self._keep(self._session.createDataFrame(list(rows), kinds), name)

    def people(self, subjects: str, secret: bytes, grid: Grid) -> None:
        """Keep ``PEOPLE``. Each key is made where the rows are, by the code that makes the others."""
        from pyspark.sql import functions as f
        from pyspark.sql.types import StringType

        pattern, facts = person_ids.pattern(grid), grid.statistics.facts
        keyed = f.udf(lambda subject: person_ids.key(subject, secret, pattern, facts), StringType())
        with _silently():
            made = self._sql(subjects).select("subject", keyed("subject").alias("key"))
            self._keep(made.where("key IS NOT NULL").localCheckpoint(), PEOPLE)

    def forget(self) -> None:
        """Drop every view that was kept."""
        for name in self._names:
            self._session.catalog.dropTempView(name)

    def _keep(self, kept: DataFrame, name: str) -> None:
        self._names.add(name)
        kept.createOrReplaceTempView(name)

    def _sql(self, statement: str) -> DataFrame:
        return self._session.sql(translated(statement))


@contextmanager
def _silently() -> Iterator[None]:
    """What Spark says of an error may show a record, so nobody hears it."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise UnreadableError(Message("records"), type(error).__name__) from None


@contextmanager
def opened(df: DataFrame) -> Iterator[Engine]:
    """An engine over the records of a DataFrame; its views are gone afterwards."""
    need("spark-statistics")
    session = df.sparkSession
    zone = str(session.conf.get(ZONE))
    session.conf.set(ZONE, "UTC")
    executor = Spark(df)
    try:
        yield Engine(executor, Source(df))
    finally:
        session.conf.set(ZONE, zone)
        executor.forget()


def translated(statement: str) -> str:
    """A statement of the embedded engine in the SQL of Spark."""
    import sqlglot

    tree = sqlglot.parse_one(statement, read="duckdb").transform(_known_to_spark)
    return str(tree.sql(dialect="spark"))


def _known_to_spark(node: Any) -> Any:
    """A call of what Spark does not know, as what it does."""
    from sqlglot import exp

    if isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber) and not node.args.get("order"):
        return exp.func("monotonically_increasing_id")
    if isinstance(node, exp.RegexpFullMatch):
        whole = exp.Literal.string(rf"\A(?:{node.expression.name})\z")
        return exp.RegexpLike(this=node.this, expression=whole)
    if not isinstance(node, exp.Anonymous):
        return node
    name, given = node.name.lower(), node.expressions
    if name == "hash":
        return exp.func("xxhash64", *given)
    if name == "hex_number":
        return exp.cast(exp.func("conv", *given, exp.Literal.number(16), exp.Literal.number(10)), "bigint")
    if name == "epoch_us":
        return exp.func("unix_micros", *given)
    if name not in _functions():
        return node
    parameters, body = _functions()[name]
    values = dict(zip(parameters, given, strict=True))

    def put(inner: Any) -> Any:
        value = values.get(inner.name) if isinstance(inner, exp.Column) else None
        return exp.paren(value.copy()) if value is not None else inner

    return exp.paren(body.transform(put).transform(_known_to_spark))


@cache
def _functions() -> dict[str, tuple[list[str], Any]]:
    import sqlglot

    found = {}
    for head, body in columns.FUNCTIONS.items():
        name, _, parameters = head.removesuffix(")").partition("(")
        found[name] = (parameters.split(", "), sqlglot.parse_one(body, read="duckdb"))
    return found


def _lines(df: DataFrame, leaves: dict[str, bool], present: tuple[str, ...], _entity: str) -> DataFrame:
    """The leaves of JSON; one that is read as JSON keeps the quotation marks of a text."""
    from pyspark.sql import functions as f

    record = f.try_parse_json(f.col(VALUE))

    def at(path: str) -> Column:
        return f.try_variant_get(record, f"$.{path}", "variant")

    def text(path: str) -> Column:
        return f.try_variant_get(record, f"$.{path}", "string")

    def written(path: str) -> Column:
        return f.when(~f.is_variant_null(at(path)), f.to_json(at(path)))

    made = [text(reading.TYPE).alias("class_name")]
    made += [(written if as_json else text)(path).alias(path) for path, as_json in leaves.items()]
    made += [written(path).isNotNull().alias(f"{path}?") for path in present]
    return df.where(f.trim(f.col(VALUE)) != "").select(*made)


def _table(df: DataFrame, leaves: dict[str, bool], present: tuple[str, ...], entity: str) -> DataFrame:
    """The leaves of columns, and of structures in them."""
    from pyspark.sql import functions as f

    def text(path: str) -> Column:
        kind = _kind(df.schema, path)
        if kind is None:
            return f.lit(None).cast("string")
        held = f.col(".".join(f"`{part}`" for part in path.split(".")))
        return f.date_format(held, MOMENT) if kind == "timestamp" else held.cast("string")

    made = [(text(reading.TYPE) if reading.TYPE in df.columns else f.lit(entity)).alias("class_name")]
    made += [text(path).alias(path) for path in leaves]
    for path in present:
        inner = [q for q in leaves if q == path or q.startswith(f"{path}.")] or [path]
        made.append(f.coalesce(*map(text, inner)).isNotNull().alias(f"{path}?"))
    return df.select(*made)


def _kind(schema: Any, path: str) -> str | None:
    """The type of a column, or of a field of a structure; ``None`` where there is none."""
    from pyspark.sql.types import StructType

    for part in path.split("."):
        if not isinstance(schema, StructType) or part not in schema.names:
            return None
        schema = schema[part].dataType
    return str(schema.typeName())
