"""The counting, done by an embedded DuckDB: records become groups, and nothing but groups comes back.

Every number is made in two steps, by person and then by group, so that who contributes most is known. Memory is bounded: what
does not fit goes to the same private folder as the spool.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

from machimori.errors import MissingExtraError, UnreadableError
from machimori.messages import Message
from machimori.privacy.decision import fields
from machimori.privacy.statistics import columns, reading
from machimori.privacy.statistics.query import Measure, Plan

MEMORY = "768MB"
ALL = None
"""The value of a grouping column in a total over it."""
Index = tuple[Any, ...]
KEPT = "kept"


@dataclass(frozen=True)
class Group:
    """What is known of a group before anything of it is released."""

    subjects: int
    records: int
    most_records: int
    """Records of the person who has most of them."""
    sums: tuple[float, ...]
    counts: tuple[int, ...]
    """Records that have a value, for each field summed."""
    contributors: tuple[int, ...]
    """Persons who have a value, for each field summed."""
    shares: tuple[float, ...]
    """The largest part of a sum that comes from one person."""
    quantiles: tuple[float | None, ...] = ()
    """For each quantile asked the mean of the persons around it; ``None`` where nobody has a value."""


class Records(Protocol):
    """Where the records are."""

    def relation(self, run: reading.Run, leaves: Mapping[str, bool], present: Iterable[str], entity: str) -> str:
        """As ``reading.Source`` has it."""
        ...


class Engine:
    """One pass over the records of a plan and of the earlier plans that it is compared with."""

    def __init__(self, connection: Any, source: Records) -> None:
        self._connection, self._source = connection, source

    def load(self, plans: Sequence[Plan]) -> dict[str, int]:
        """Read every record once; the counts of what was kept and left out, by reason.

        The first plan is the one asked; the others were released before and only mark which records were theirs.
        """
        plan = plans[0]
        leaves = {p: j for one in reversed(plans) for p, j in columns.leaves(one).items()}
        places = dict.fromkeys(path for one in plans if one.areas for _, path in one.places)
        relation = self._source.relation(self._run, leaves, places, plan.entity)
        leaf = reading.leaf
        subject = f"hash({leaf(plan.subject)})" if plan.subject else "row_number() OVER ()"
        known = f"coalesce({leaf(plan.subject)}, '') <> ''" if plan.subject else "true"
        made = [f"{subject} AS subject", f"{_reason(plan, known)} AS reason"]
        for i, one in enumerate(plans):
            made += [f"{columns.key_sql(k, leaf)} AS p{i}k{n}" for n, k in enumerate(one.keys)]
            made.append(f"coalesce({_within(one)}, false) AS p{i}")
        for n, m in enumerate(plan.sums):
            value = columns.number(leaf(m.path or ""))
            made += [f"{value} AS raw{n}", f"{columns.clamped(value, m.minimum, m.maximum)} AS v{n}"]
        missing = " OR ".join(f"p0k{n} IS NULL" for n in range(len(plan.keys))) or "false"
        read = f"SELECT class_name, {', '.join(made)} FROM ({relation})"
        reason = f"CASE WHEN reason = 'counted' AND ({missing}) THEN 'no-value' ELSE reason END AS reason"
        self._keep(f"SELECT * EXCLUDE (class_name, reason), {reason} FROM ({read})")
        return self._notes(plan)

    def _keep(self, statement: str) -> None:
        """Keep the rows of a statement as the table ``KEPT``."""
        self._run(f"CREATE OR REPLACE TABLE {KEPT} AS {statement}")

    def _notes(self, plan: Plan) -> dict[str, int]:
        counts = {
            row[0]: row[1] for row in self._run(f"SELECT reason, count(*) FROM {KEPT} GROUP BY reason ORDER BY reason")
        }
        clamped = " OR ".join(f"raw{n} <> v{n}" for n in range(len(plan.sums)))
        if clamped:
            counts["clamped"] = self._run(f"SELECT count(*) FROM {KEPT} WHERE reason = 'counted' AND ({clamped})")[0][0]
        return {k: v for k, v in counts.items() if v}

    def groups(self, plan: Plan, *, capped: int | None = None) -> dict[Index, Group]:
        """The groups of the plan asked; with its totals, also those over each set of its columns.

        ``capped`` keeps at most so many records of each person, chosen without regard to their content.
        """
        found: dict[Index, Group] = {}
        names = range(len(plan.keys))
        rows = f"(SELECT * FROM {KEPT} WHERE reason = 'counted')"
        if capped is not None:
            chosen = f"row_number() OVER (PARTITION BY subject ORDER BY hash(rowid)) AS nth FROM {KEPT} WHERE reason = 'counted'"
            rows = f"(SELECT * FROM (SELECT *, {chosen}) WHERE nth <= {capped})"
        for size in range(len(plan.keys), -1 if plan.totals else len(plan.keys) - 1, -1):
            for kept in combinations(names, size):
                found.update(self._grouped(plan, kept, rows))
        return found

    def _grouped(self, plan: Plan, kept: tuple[int, ...], rows: str) -> Iterator[tuple[Index, Group]]:
        keys = [f"p0k{n}" for n in kept]
        sums = range(len(plan.sums))
        by_person = [f"sum(v{i}) AS s{i}, count(v{i}) AS c{i}" for i in sums]
        by_group = [
            f"coalesce(sum(s{i}), 0), sum(c{i}), count(*) FILTER (c{i} > 0), max(abs(s{i})), sum(abs(s{i}))"
            for i in sums
        ]
        person = ", ".join([*keys, "subject"])
        inner = f"SELECT {', '.join([person, 'count(*) AS n', *by_person])} FROM {rows} GROUP BY {person}"
        quantiles = [self._quantile(plan, m, keys, inner) for m in plan.quantiles]
        outer = ", ".join([*keys, "count(*)", "sum(n)", "max(n)", *by_group])
        grouped = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else " HAVING count(*) > 0"
        for row in self._run(f"SELECT {outer} FROM ({inner}){grouped}"):
            index: list[Any] = [ALL] * len(plan.keys)
            for place, value in zip(kept, row, strict=False):
                index[place] = value
            subjects, records, most, *rest = row[len(keys) :]
            parts = [rest[i * 5 : i * 5 + 5] for i in sums]
            yield (
                tuple(index),
                Group(
                    subjects,
                    int(records),
                    int(most),
                    tuple(float(p[0]) for p in parts),
                    tuple(int(p[1]) for p in parts),
                    tuple(int(p[2]) for p in parts),
                    tuple(float(p[3] or 0) / float(p[4]) if p[4] else 0.0 for p in parts),
                    tuple(found.get(tuple(row[: len(keys)])) for found in quantiles),
                ),
            )

    def _quantile(self, plan: Plan, measure: Measure, keys: list[str], by_person: str) -> dict[Index, float]:
        """By group the mean of the persons around a rank: as many as the minimum group, half of them on either side.

        Each person counts once, with the mean of their values, so that no number is one person's.
        """
        i = [m.path for m in plan.sums].index(measure.path)
        group = f"PARTITION BY {', '.join(keys)}" if keys else ""
        ranked = (
            f"SELECT *, s{i} / c{i} AS v, row_number() OVER ({group} ORDER BY s{i} / c{i}, subject) AS nth, "
            f"count(*) OVER ({group}) AS persons FROM ({by_person}) WHERE c{i} > 0"
        )
        first = f"greatest(0, least(persons - {plan.minimum_group}, round(persons * {measure.probability!r} - {plan.minimum_group / 2!r})))"
        outer = ", ".join([*keys, "avg(v)"])
        grouped = f" GROUP BY {', '.join(keys)}" if keys else " HAVING count(*) > 0"
        around = f"nth > {first} AND nth <= {first} + {plan.minimum_group}"
        return {
            tuple(row[:-1]): float(row[-1])
            for row in self._run(f"SELECT {outer} FROM ({ranked}) WHERE {around}{grouped}")
        }

    def _run(self, statement: str) -> list[Any]:
        """The rows of a statement. What the engine says of an error may show a record, so nobody hears it."""
        import duckdb

        try:
            return list(self._connection.execute(statement).fetchall())
        except duckdb.Error as error:
            raise UnreadableError(Message("records"), type(error).__name__) from None

    def rows(self, statement: str) -> list[Any]:
        """The rows of a statement over the records kept (module ``differencing``)."""
        return self._run(statement)


@contextmanager
def opened(records: Any) -> Iterator[Engine]:
    """An engine over ``records``, which is Spark for a DataFrame of its; what it wrote is gone afterwards."""
    if type(records).__module__.startswith("pyspark."):
        from machimori.privacy.statistics import spark_engine

        with spark_engine.opened(records) as engine:
            yield engine
        return
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError(Message("statistics"), "duckdb") from None
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
            yield Engine(connection, source)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stated(plan: Plan) -> int:
    """The group that a record must state where it is a statistic itself: the largest that any of its fields needs."""
    held = fields.all_fields(plan.entity)
    return max(
        int(f.axes["minimum_group"])
        for f in (fields.asked(plan.entity, p) for p in held)
        if f.data_class == "statistical"
    )


def _reason(plan: Plan, known: str) -> str:
    """Why a record does not count, or ``counted``."""
    cases = [
        ("class_name IS NULL", "unreadable"),
        (f"class_name <> {columns.quoted(plan.entity)}", "other-class"),
        (f"NOT {known}", "unreadable"),
        *(
            [
                (
                    f"NOT coalesce({columns.number(reading.leaf(columns.GROUP))} >= {_stated(plan)}, false)",
                    "small-group",
                )
            ]
            if columns.statistical(plan)
            else []
        ),
        *_box(plan),
    ]
    return "CASE " + " ".join(f"WHEN {when} THEN '{then}'" for when, then in cases) + " ELSE 'counted' END"


def _box(plan: Plan) -> list[tuple[str, str]]:
    """What keeps a record out of the box of a plan, its period and areas."""
    cases = []
    at = f"at_micros({reading.leaf(plan.time)})" if plan.time else ""
    if at and (plan.starts is not None or plan.until is not None):
        cases.append((f"{at} IS NULL", "unreadable"))
    if at and plan.starts is not None:
        cases.append((f"{at} < {plan.starts} OR {at} >= {plan.ends}", "outside-period"))
    if at and plan.until is not None:
        cases.append((f"{at} >= {plan.until}", "unfinished-step"))
    for codes in plan.areas:
        cases.append((f"NOT {columns.inside(plan.places, codes, reading.leaf, reading.present)}", "outside-area"))
    return cases


def _within(plan: Plan) -> str:
    """Whether a record is in the box of a plan."""
    out = " OR ".join(f"({when})" for when, _ in _box(plan))
    return f"(class_name = {columns.quoted(plan.entity)}" + (f" AND NOT coalesce({out}, true))" if out else ")")
