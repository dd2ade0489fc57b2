"""Files judged by Spark: plain files of a record a line, and Parquet; whatever else there is, by the engine of this machine.

A path with a scheme (``hdfs://…``, ``s3a://…``) is Spark's alone, and may be a folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path
from typing import Any

from machimori.errors import CannotReadError, UnreadableError
from machimori.extras import need
from machimori.files import STDIN
from machimori.findings.presence import Presence
from machimori.findings.severities import Severities
from machimori.messages import Message
from machimori.records import arrow_tables, splitting
from machimori.records.content_kinds import kind_of
from machimori.records.opening import Bytes, compressed, held
from machimori.validation import graph_files, spark
from machimori.validation.judge import Judged
from machimori.validation.stream import StreamReport, look, validate_stream

PATTERN = re.compile(r"([*?\[\]{}\\,])")
"""What Hadoop reads as a pattern in a name."""
HIDDEN = ("_", ".")
"""How names begin that Spark passes over."""
PACKED = (".gz", ".zst", ".bz2", ".lz4", ".snappy", ".deflate")
"""How names end that Hadoop takes to be compressed, whatever they hold."""
HERE = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}
"""The environment of a session on this machine."""
SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


def reports(
    paths: Iterable[str],
    entity: str | None = None,
    *,
    master: str | None = None,
    jobs: int | None = None,
    show_values: bool = False,
    severities: Severities | None = None,
    presence: Presence | None = None,
) -> Iterator[tuple[str, StreamReport]]:
    """What is found in each file, in the order given; those that Spark finds in remote folders come last, by their names.

    ``presence`` is shown the first records of the files of this machine. ``master`` is the address of a cluster; without one, ``jobs`` threads of this machine share the work, or as many as it has.
    """
    given = list(paths)
    kinds = {path: _kind(path) for path in given}
    asked: dict[str, Any] = {"show_values": show_values, "severities": severities}
    with session(master, jobs) as spark_session:
        found: dict[str, tuple[Any, spark.Counts]] = {}
        for kind in ("text", "parquet"):
            if names := [p for p in given if kinds[p] == kind]:
                judged = spark.judged(_read(spark_session, kind, names), entity, **asked).localCheckpoint()
                found |= {source: (judged, counts) for source, counts in spark.counts_by_file(judged).items()}
        for path in given:
            if "://" not in path:
                known = found.pop(_address(path), None)
                if known is None:
                    yield path, validate_stream(path, entity, presence=presence, **asked)
                    continue
                if presence is not None:
                    look(path, presence)
                yield path, _report(path, _address(path), *known)
        for source in sorted(found):
            yield source, _report(source, source, *found[source])


def frame(spark_session: Any, paths: Sequence[str]) -> Any:
    """The records of files as one DataFrame: all lines of JSON, or all Parquet.

    Raises ``UnreadableError`` for a file that Spark does not read, or not as it is written.
    """
    kinds = {path: _kind(path) for path in paths}
    other = [path for path, kind in kinds.items() if kind == "other"]
    if other or len(set(kinds.values())) != 1:
        raise UnreadableError(
            ", ".join(other or paths), Message("Spark reads lines of JSON or Parquet, of one kind at a time")
        )
    return _read(spark_session, next(iter(kinds.values())), paths)


def _report(path: str, source: str, judged: Any, counts: spark.Counts) -> StreamReport:
    found = (replace(issue, source=path) for issue in spark.in_file(judged, source)) if counts.findings else ()
    return StreamReport(chain([Judged(counts.records, counts.invalid, [])], (Judged(0, 0, [i]) for i in found)))


def _kind(path: str) -> str:
    """How Spark reads a file, or that it does not, or not as it is written."""
    if "://" in path:
        return "parquet" if path.rstrip("/").endswith(".parquet") else "text"
    name = Path(path).name
    if path in STDIN or not Path(path).is_file() or name.startswith(HIDDEN) or graph_files.is_graph(path):
        return "other"
    try:
        with held(path) as source:
            start = source.start()
            if start.startswith(arrow_tables.PARQUET):
                return "parquet"
            if not start or compressed(start) or kind_of(start) or Path(path).suffix.lower() in PACKED:
                return "other"
            return "text" if splitting.has_a_record_on_each_line(Bytes(source.plain(), path)) else "other"
    except CannotReadError:
        return "other"


def _read(spark_session: Any, kind: str, paths: Sequence[str]) -> Any:
    names = [p if "://" in p else "file://" + PATTERN.sub(r"\\\1", str(Path(p).resolve())) for p in paths]
    if kind == "text":
        return spark_session.read.text(names, lineSep="\n")
    return spark_session.read.option("mergeSchema", value=True).parquet(*names)


def _address(path: str) -> str:
    """How Spark names a file."""
    return f"file://{Path(path).resolve()}"


@contextmanager
def session(master: str | None, jobs: int | None, settings: Mapping[str, str] | None = None) -> Iterator[Any]:
    """The session that there is, or one for this work alone."""
    need("spark")
    from pyspark.sql import SparkSession

    held = SparkSession.getActiveSession()
    if held is not None:
        yield held
        return
    if master is None:
        for name, value in HERE.items():
            os.environ.setdefault(name, value)
    with as_file(files("machimori.validation") / "log4j2.properties") as quiet:
        logged = {"spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet.as_uri()}"}
        builder = SparkSession.builder.appName("machimori").master(master or f"local[{jobs or '*'}]")
        for key, value in {**SETTINGS, **logged, **(settings or {})}.items():
            builder = builder.config(key, value)
        made = builder.getOrCreate()
    try:
        yield made
    finally:
        made.stop()
