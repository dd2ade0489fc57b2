"""What carries out the statements of the counting: an embedded DuckDB, or Spark where the records are a DataFrame of its.

Memory is bounded: what does not fit goes to the same private folder as the spool.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from machimori.errors import UnreadableError
from machimori.extras import need
from machimori.messages import Message
from machimori.privacy.statistics import columns, person_ids, reading
from machimori.privacy.statistics.engine import Engine
from machimori.privacy.statistics.executor import KEPT
from machimori.privacy.statistics.grid import Grid
from machimori.privacy.statistics.persons import PEOPLE, Counting
from machimori.records.lines import Records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Counted: TypeAlias = "Records | Sequence[str | Path] | DataFrame"
"""What can be counted: a file, a folder, several of them, records from memory, or a DataFrame of Spark."""
MEMORY = "768MB"
BATCH = 1000
"""Rows of one statement that writes them."""


class DuckDB:
    """Statements for an embedded DuckDB (``engine.Executor``)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str) -> list[Any]:
        """The rows of a statement. What DuckDB says of an error may show a record, so nobody hears it."""
        import duckdb

        try:
            return list(self._connection.execute(statement).fetchall())
        except duckdb.Error as error:
            raise UnreadableError(Message("records"), type(error).__name__) from None

    def keep(self, statement: str, name: str = KEPT) -> None:
        """Keep the rows of a statement as a table."""
        self.run(f"CREATE OR REPLACE TABLE {name} AS {statement}")

    def values(self, name: str, titles: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
        """Keep rows as a table."""
        self.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM (VALUES {_rows(rows)}) AS t({', '.join(titles)})")

    def people(self, subjects: str, secret: bytes, grid: Grid) -> None:
        """Keep ``PEOPLE``. What is in its folded form already is hashed where it lies, the rest one by one."""
        plain = person_ids.plain_sql("subject", grid)
        for name, pad in (("inner", 0x36), ("outer", 0x5C)):
            self._connection.execute(f"SET VARIABLE {name}_pad = ?", [bytes(b ^ pad for b in secret.ljust(64, b"\0"))])
        message = f"concat({columns.quoted(person_ids.before(grid))}, subject)"
        self.keep(
            f"SELECT subject, sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode({message})))) AS key FROM ({subjects}) WHERE {plain}",
            PEOPLE,
        )
        rest = [str(row[0]) for row in self.run(f"SELECT subject FROM ({subjects}) WHERE NOT {plain}")]
        pattern, facts = person_ids.pattern(grid), grid.statistics.facts
        folded = [(one, key) for one in rest if (key := person_ids.key(one, secret, pattern, facts)) is not None]
        for n in range(0, len(folded), BATCH):
            self.run(f"INSERT INTO {PEOPLE} VALUES {_rows(folded[n : n + BATCH])}")


def _rows(rows: Sequence[tuple[int | str, ...]]) -> str:
    return ", ".join(f"({', '.join(columns.quoted(v) if isinstance(v, str) else str(v) for v in row)})" for row in rows)


@contextmanager
def counting(records: Counted, grid: Grid, secret: bytes) -> Iterator[Counting]:
    """The records read for the tables of a class; what was written of them is gone afterwards."""
    with opened(records) as engine:
        yield Counting(engine.executor, engine.source, grid, secret)


@contextmanager
def opened(records: Counted) -> Iterator[Engine]:
    """An engine over ``records``, which is Spark for a DataFrame of its; what it wrote is gone afterwards.

    Raises ``MissingExtraError`` where what carries it out is not installed.
    """
    if type(records).__module__.startswith("pyspark."):
        from machimori.privacy.statistics import spark_engine

        with spark_engine.opened(cast("DataFrame", records)) as engine:
            yield engine
        return
    need("statistics")
    import duckdb

    folder = Path(tempfile.mkdtemp(prefix="machimori-"))
    try:
        settings = {
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": "false",
        }
        source = reading.Source(records, folder)
        with duckdb.connect(":memory:", config={**settings, "autoinstall_known_extensions": "false"}) as connection:
            connection.execute(columns.MACROS)
            yield Engine(DuckDB(connection), source)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
