"""Whether a release, laid beside an earlier one to the same recipient, would single out a small group.

What is remembered of a release is what was asked, its box: period, area, grouping. Nothing of a record is kept. The earlier boxes
are counted again over the records at hand. Two groups of the two releases may not differ by fewer persons than the minimum,
and no more may a group and the released groups of the other release that lie within it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import combinations
from typing import Any

from machimori.privacy.statistics.engine import KEPT, Engine
from machimori.privacy.statistics.query import Key, Measure, Plan


def fingerprint(plan: Plan) -> str:
    """What is remembered of a release: its plan, without a name of its own."""
    return json.dumps(asdict(replace(plan, query="")), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_fingerprint(text: str) -> Plan:
    """A plan from what was remembered of it."""
    held = json.loads(text)
    return Plan(
        **{
            **held,
            "keys": tuple(Key(**{**k, "accepted": _tuple(k["accepted"])}) for k in held["keys"]),
            "measures": tuple(Measure(**m) for m in held["measures"]),
            "areas": tuple(map(tuple, held["areas"])),
            "places": tuple(map(tuple, held["places"])),
        }
    )


def to_compare(plan: Plan, remembered: Sequence[str]) -> list[Plan]:
    """The earlier plans that may share records with this one and are not the same: the same again tells nothing new."""
    own = fingerprint(plan)
    earlier = [read_fingerprint(text) for text in dict.fromkeys(remembered) if text != own]
    return [e for e in earlier if e.entity == plan.entity and _overlap(plan, e)]


def singles_out(engine: Engine, plans: Sequence[Plan]) -> bool:
    """Whether the first plan, beside any of the others, differs by a small group. All must have been loaded together."""
    return any(
        _differs(engine, (0, mine), (i, theirs), max(plans[0].minimum_group, earlier.minimum_group))
        for i, earlier in enumerate(plans[1:], 1)
        for mine in _groupings(plans[0])
        for theirs in _groupings(earlier)
    )


def _overlap(one: Plan, other: Plan) -> bool:
    if one.time != other.time or one.starts is None or one.ends is None or other.starts is None or other.ends is None:
        return True
    return one.starts < other.ends and other.starts < one.ends


def _groupings(plan: Plan) -> list[tuple[int, ...]]:
    sizes = range(len(plan.keys), -1, -1) if plan.totals else (len(plan.keys),)
    return [kept for size in sizes for kept in combinations(range(len(plan.keys)), size)]


def _differs(engine: Engine, a: tuple[int, tuple[int, ...]], b: tuple[int, tuple[int, ...]], minimum: int) -> bool:
    return bool(engine.rows(_SMALL.format(kept=KEPT, a=_key(*a), b=_key(*b), k=minimum))[0][0])


def _key(plan: int, kept: tuple[int, ...]) -> str:
    """The group of a record under a plan as one text; NULL where the record is not in it."""
    parts = [f"CAST(p{plan}k{n} AS VARCHAR)" for n in kept]
    some = " AND ".join([f"p{plan}", *(f"{p} IS NOT NULL" for p in parts)])
    return f"CASE WHEN {some} THEN concat_ws(chr(31), 'of', {', '.join(parts) or chr(39) * 2}) END"


_SMALL = """
WITH held AS (SELECT subject, {a} AS a, {b} AS b FROM {kept} WHERE reason NOT IN ('unreadable', 'other-class')),
t AS (SELECT DISTINCT subject, a, b FROM held WHERE a IS NOT NULL OR b IS NOT NULL),
of_a AS (SELECT a, count(DISTINCT subject) AS n FROM t WHERE a IS NOT NULL GROUP BY a HAVING n >= {k}),
of_b AS (SELECT b, count(DISTINCT subject) AS n FROM t WHERE b IS NOT NULL GROUP BY b HAVING n >= {k}),
only_a AS (SELECT a, b, count(*) AS n FROM (SELECT a, subject, any_value(b) AS b FROM t WHERE a IS NOT NULL
  GROUP BY a, subject HAVING count(*) = 1 AND count(b) = 1) GROUP BY a, b),
only_b AS (SELECT a, b, count(*) AS n FROM (SELECT b, subject, any_value(a) AS a FROM t WHERE b IS NOT NULL
  GROUP BY b, subject HAVING count(*) = 1 AND count(a) = 1) GROUP BY a, b),
pairs AS (SELECT greatest(of_a.n - only_a.n, of_b.n - only_b.n) AS difference
  FROM only_a JOIN only_b USING (a, b) JOIN of_a USING (a) JOIN of_b USING (b)),
b_in_a AS (SELECT b, any_value(a) AS a FROM t WHERE b IS NOT NULL GROUP BY b HAVING count(DISTINCT a) = 1 AND count(a) = count(*)),
a_in_b AS (SELECT a, any_value(b) AS b FROM t WHERE a IS NOT NULL GROUP BY a HAVING count(DISTINCT b) = 1 AND count(b) = count(*)),
rest_a AS (SELECT count(DISTINCT t.subject) AS difference FROM t JOIN of_a USING (a)
  WHERE a IN (SELECT a FROM b_in_a JOIN of_b USING (b))
  AND (t.b IS NULL OR t.b NOT IN (SELECT b FROM b_in_a JOIN of_b USING (b))) GROUP BY a),
rest_b AS (SELECT count(DISTINCT t.subject) AS difference FROM t JOIN of_b USING (b)
  WHERE b IN (SELECT b FROM a_in_b JOIN of_a USING (a))
  AND (t.a IS NULL OR t.a NOT IN (SELECT a FROM a_in_b JOIN of_a USING (a))) GROUP BY b)
SELECT count(*) FROM (SELECT * FROM pairs UNION ALL SELECT * FROM rest_a UNION ALL SELECT * FROM rest_b)
WHERE difference > 0 AND difference < {k}
"""
"""``of_`` are groups that may have been shown, ``only_`` the persons of one group who are nowhere in it but in one of the other
release, ``_in_`` groups that lie within one of the other release, ``rest_`` what those leave of it."""


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
