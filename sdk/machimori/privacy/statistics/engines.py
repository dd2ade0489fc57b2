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
from machimori.privacy.statistics import columns, reading
from machimori.privacy.statistics.engine import KEPT, Engine
from machimori.records.lines import Records

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Counted: TypeAlias = "Records | Sequence[str | Path] | DataFrame"
"""What can be counted: a file, a folder, several of them, records from memory, or a DataFrame of Spark."""
MEMORY = "768MB"


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

    def keep(self, statement: str) -> None:
        """Keep the rows of a statement as the table ``KEPT``."""
        self.run(f"CREATE OR REPLACE TABLE {KEPT} AS {statement}")


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
