"""The counting of records of which no table is kept: those about no person, and those that differential privacy protects.

Records become groups, and nothing but groups comes back. Module ``engines`` says what carries out the statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from machimori.privacy.decision import fields
from machimori.privacy.statistics import columns, reading
from machimori.privacy.statistics.executor import KEPT, Executor, Records
from machimori.privacy.statistics.query import Measure, Plan

Index = tuple[Any, ...]


@dataclass(frozen=True)
class Group:
    """What is known of a group before anything of it is released."""

    subjects: int
    records: int
    sums: tuple[float, ...]
    counts: tuple[int, ...]
    """Records that have a value, for each field summed."""
    quantiles: tuple[float | None, ...] = ()
    """For each quantile asked the value at its rank; ``None`` where no record has one."""


class Engine:
    """One pass over the records of a plan and of the earlier plans that it is compared with."""

    def __init__(self, executor: Executor, source: Records) -> None:
        self.executor, self.source = executor, source

    def load(self, plan: Plan) -> dict[str, int]:
        """Read every record once; the counts of what was kept and left out, by reason."""
        places = dict.fromkeys(path for _, path in plan.places) if plan.areas else {}
        relation = self.source.relation(self.executor.run, columns.leaves(plan), places, plan.entity)
        leaf = reading.leaf
        subject = f"hash({leaf(plan.subject)})" if plan.subject else "row_number() OVER ()"
        known = f"coalesce({leaf(plan.subject)}, '') <> ''" if plan.subject else "true"
        made = [f"{subject} AS subject", f"{_reason(plan, known)} AS reason"]
        made += [f"{columns.key_sql(k, leaf)} AS k{n}" for n, k in enumerate(plan.keys)]
        for n, m in enumerate(plan.sums):
            value = columns.number(leaf(m.path or ""))
            made += [f"{value} AS raw{n}", f"{columns.clamped(value, m.minimum, m.maximum)} AS v{n}"]
        missing = " OR ".join(f"k{n} IS NULL" for n in range(len(plan.keys))) or "false"
        read = f"SELECT class_name, {', '.join(made)} FROM ({relation})"
        reason = f"CASE WHEN reason = 'counted' AND ({missing}) THEN 'no-value' ELSE reason END AS reason"
        self.executor.keep(f"SELECT * EXCLUDE (class_name, reason), {reason} FROM ({read})")
        return self._notes(plan)

    def _notes(self, plan: Plan) -> dict[str, int]:
        counts = {
            row[0]: row[1]
            for row in self.executor.run(f"SELECT reason, count(*) FROM {KEPT} GROUP BY reason ORDER BY reason")
        }
        clamped = " OR ".join(f"raw{n} <> v{n}" for n in range(len(plan.sums)))
        if clamped:
            counts["clamped"] = self.executor.run(
                f"SELECT count(*) FROM {KEPT} WHERE reason = 'counted' AND ({clamped})"
            )[0][0]
        return {k: v for k, v in counts.items() if v}

    def groups(self, plan: Plan, *, capped: int | None = None) -> dict[Index, Group]:
        """The groups of the plan that hold anybody.

        ``capped`` keeps at most so many records of each person, chosen without regard to their content.
        """
        rows = f"(SELECT * FROM {KEPT} WHERE reason = 'counted')"
        if capped is not None:
            chosen = f"row_number() OVER (PARTITION BY subject ORDER BY hash(rowid)) AS nth FROM {KEPT} WHERE reason = 'counted'"
            rows = f"(SELECT * FROM (SELECT *, {chosen}) WHERE nth <= {capped})"
        return dict(self._grouped(plan, rows))

    def _grouped(self, plan: Plan, rows: str) -> Iterator[tuple[Index, Group]]:
        keys = [f"k{n}" for n in range(len(plan.keys))]
        sums = range(len(plan.sums))
        by_person = [f"sum(v{i}) AS s{i}, count(v{i}) AS c{i}" for i in sums]
        by_group = [f"coalesce(sum(s{i}), 0), sum(c{i})" for i in sums]
        person = ", ".join([*keys, "subject"])
        inner = f"SELECT {', '.join([person, 'count(*) AS n', *by_person])} FROM {rows} GROUP BY {person}"
        quantiles = [self._quantile(plan, m, keys, inner) for m in plan.quantiles]
        outer = ", ".join([*keys, "count(*)", "sum(n)", *by_group])
        grouped = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else " HAVING count(*) > 0"
        for row in self.executor.run(f"SELECT {outer} FROM ({inner}){grouped}"):
            subjects, records, *rest = row[len(keys) :]
            yield (
                tuple(row[: len(keys)]),
                Group(
                    subjects,
                    int(records),
                    tuple(float(s) for s in rest[::2]),
                    tuple(int(c or 0) for c in rest[1::2]),
                    tuple(found.get(tuple(row[: len(keys)])) for found in quantiles),
                ),
            )

    def _quantile(self, plan: Plan, measure: Measure, keys: list[str], by_record: str) -> dict[Index, float]:
        """By group the value at a rank."""
        i = [m.path for m in plan.sums].index(measure.path)
        group = f"PARTITION BY {', '.join(keys)}" if keys else ""
        ranked = (
            f"SELECT *, s{i} / c{i} AS v, row_number() OVER ({group} ORDER BY s{i} / c{i}, subject) AS nth, "
            f"count(*) OVER ({group}) AS records FROM ({by_record}) WHERE c{i} > 0"
        )
        rank = f"least(records, floor(records * {measure.probability!r}) + 1)"
        outer = ", ".join([*keys, "avg(v)"])
        grouped = f" GROUP BY {', '.join(keys)}" if keys else " HAVING count(*) > 0"
        statement = f"SELECT {outer} FROM ({ranked}) WHERE nth = {rank}{grouped}"
        return {tuple(row[:-1]): float(row[-1]) for row in self.executor.run(statement)}


def _stated(plan: Plan) -> int:
    """The group that a record must state where it is a statistic itself: the largest that any of its fields needs."""
    held = fields.all_fields(plan.entity)
    return max(
        f.axes.minimum_group for f in (fields.asked(plan.entity, p) for p in held) if f.data_class == "statistical"
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
    if at and plan.starts is not None:
        cases.append((f"{at} IS NULL", "unreadable"))
    if at and plan.starts is not None:
        cases.append((f"{at} < {plan.starts} OR {at} >= {plan.ends}", "outside-period"))
    for codes in plan.areas:
        cases.append((f"NOT {columns.inside(plan.places, codes, reading.leaf, reading.present)}", "outside-area"))
    return cases
