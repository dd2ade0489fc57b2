"""Columns in SQL: the values of a record, coarsened exactly as ``transforms`` and ``mesh`` do it, and where it lies.

Leaves of records arrive as text; a number that is no number, or a value that its type refuses, becomes NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from math import floor, log10
from typing import Any

from machimori.catalogue import catalogue
from machimori.privacy.disclosure.areas import LOCAL_GOVERNMENT, wards
from machimori.privacy.statistics.query import DAY_MICROS, JST, MICROS, PLACE_DIGITS, Key, Plan
from machimori.standards.time import DAY, TOKYO

Leaf = Callable[[str], str]
"""The SQL that reads the leaf at a path."""
GROUP = "group_size"
_COORDINATES = ("latitude", "longitude", "elevation")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ORDINAL = 719163
"""The proleptic Gregorian ordinal of 1 January 1970."""
MESH = r"[3-6][0-9]{3}([0-7]{2}([0-9]{2}([1-4]([1-4]([1-4])?)?)?)?)?"
RFC3339 = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
DATE = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"

FUNCTIONS = {
    "hex_number(digits)": "CAST('0x' || digits AS BIGINT)",
    "floored(n, whole)": "n - ((n % whole) + whole) % whole",
    "at_micros(said)": f"CASE WHEN regexp_full_match(said, '{RFC3339}') THEN epoch_us(TRY_CAST(said AS TIMESTAMPTZ)) END",
    "tenth(x)": "least(floor((x * 8 - floor(x * 8)) * 10), 9)",
    "eighth(x)": "least(floor(((x * 8 - floor(x * 8)) * 10 - tenth(x)) * 8), 7)",
    "part_of(x, y, bit)": "1 + (floor(eighth(y) / bit) % 2) + 2 * (floor(eighth(x) / bit) % 2)",
    "secondary(x, y)": "floor(x) * 10000 + floor(y) * 100 + (floor(x * 8) - 8 * floor(x)) * 10 + floor(y * 8) - 8 * floor(y)",
    "tertiary(x, y)": "secondary(x, y) * 100 + tenth(x) * 10 + tenth(y)",
    "square(x, y, digits)": """CAST(CASE digits
        WHEN 4 THEN floor(x) * 100 + floor(y)
        WHEN 6 THEN secondary(x, y)
        WHEN 8 THEN tertiary(x, y)
        WHEN 9 THEN tertiary(x, y) * 10 + part_of(x, y, 4)
        WHEN 10 THEN tertiary(x, y) * 100 + part_of(x, y, 4) * 10 + part_of(x, y, 2)
        WHEN 11 THEN tertiary(x, y) * 1000 + part_of(x, y, 4) * 100 + part_of(x, y, 2) * 10 + part_of(x, y, 1)
        END AS BIGINT)""",
    "mesh_code(lat, lon, digits)": """CASE WHEN lat >= 20 AND lat < 46 AND lon >= 122 AND lon < 154
        THEN square(lat * 1.5::DOUBLE, lon - 100, digits) END""",
    "shortened(code, digits)": f"""CASE WHEN regexp_full_match(code, '{MESH}') AND length(code) >= digits
        THEN CAST(left(code, digits) AS BIGINT) END""",
}
"""What the statements call that the engine does not know; each may call those before it."""
MACROS = ";".join(f"CREATE MACRO {name} AS {body}" for name, body in FUNCTIONS.items())


def quoted(text: str) -> str:
    """A literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name of SQL."""
    return '"' + name.replace('"', '""') + '"'


def leaves(plan: Plan) -> dict[str, bool]:
    """The paths of a record that a plan reads, and whether each is read as JSON (so that a number is told from a text)."""
    found: dict[str, bool] = {}
    if plan.subject:
        found[plan.subject] = False
    for key in plan.keys:
        found |= leaves_of(key)
    if statistical(plan):
        found[GROUP] = True
    for measure in plan.sums:
        found[measure.path or ""] = True
    if plan.time and plan.starts is not None:
        found[plan.time] = False
    for kind, path in plan.places if plan.areas else ():
        for leaf in _place_leaves(path) if kind == "Place" else (path,):
            found.setdefault(leaf, kind == "many" or leaf.endswith(_COORDINATES))
    return found


def leaves_of(key: Key) -> dict[str, bool]:
    """The paths of a record that a key reads, and whether each is read as JSON."""
    ends = _place_leaves(key.path) if key.kind == "place" else (_end(key),)
    return {path: key.kind in ("band", "boolean") or path.endswith(_COORDINATES) for path in ends}


def midnight(said: str) -> str:
    """The moment at which a date begins in Japan; NULL for what is no date."""
    date = f"CASE WHEN regexp_full_match({said}, '{DATE}') THEN TRY_CAST({said} AS DATE) END"
    return f"CAST(date_diff('day', DATE '1970-01-01', {date}) AS BIGINT) * {DAY_MICROS} - {JST}"


def statistical(plan: Plan) -> bool:
    """Whether the records are statistics themselves, each of which must state a group large enough."""
    return plan.subject is None and GROUP in catalogue.class_(plan.entity).fields


def _place_leaves(path: str) -> tuple[str, ...]:
    return (f"{path}.latitude", f"{path}.longitude", f"{path}.mesh_code")


def _end(key: Key) -> str:
    return f"{key.path}.local_government_code" if key.kind == "municipality" else key.path


def number(leaf: str) -> str:
    """A number of a record; NULL for anything else."""
    return f"TRY_CAST(CAST({leaf} AS VARCHAR) AS DOUBLE)"


def clamped(value: str, minimum: float, maximum: float) -> str:
    """A number within bounds; the engine's ``least`` and ``greatest`` would take a bound for a number that is not there."""
    return f"CASE WHEN {value} IS NOT NULL THEN least(greatest({value}, {minimum!r}::DOUBLE), {maximum!r}::DOUBLE) END"


def key_sql(key: Key, leaf: Leaf) -> str:
    """The group of a record, a whole number or a text; NULL where it has none."""
    if key.kind == "place":
        return place(key.path, key.step, leaf)
    value = leaf(_end(key))
    if key.kind == "mesh":
        return f"shortened({value}, {key.step})"
    if key.kind == "time":
        return step(f"at_micros({value})", key.step)
    if key.kind == "date":
        return _date(f"CASE WHEN regexp_full_match({value}, '{DATE}') THEN {value} END", key.step)
    if key.kind == "band":
        return f"CAST(floor(round({number(value)} / {key.step!r}::DOUBLE, 9)) AS BIGINT)"
    if key.kind == "boolean":
        return f"CASE CAST({value} AS VARCHAR) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END"
    text = _accepted(value, key.accepted)
    return f"left({text}, {key.step})" if key.kind == "prefix" else text


def _accepted(value: str, accepted: tuple[str, ...] | str | None) -> str:
    if isinstance(accepted, tuple):
        return f"CASE WHEN {value} IN ({', '.join(map(quoted, accepted))}) THEN {value} END"
    if accepted:
        return f"CASE WHEN regexp_full_match({value}, {quoted(accepted.removeprefix('^').removesuffix('$'))}) THEN {value} END"
    return value


def step(at: str, length: int) -> str:
    """The start of the step that holds a moment, as ``query.start_of_step`` has it."""
    local = f"({at} + {JST})"
    day = f"floored({local}, {DAY_MICROS})"
    if length > DAY:
        return f"floored({day} // {DAY_MICROS}, {round(length / DAY)}) * {DAY_MICROS} - {JST}"
    return f"{day} + ({local} - {day}) // {length * MICROS} * {length * MICROS} - {JST}"


def _date(text: str, length: Any) -> str:
    if length == "P1Y":
        return f"left({text}, 4) || '-01-01'"
    if length == "P1M":
        return f"left({text}, 7) || '-01'"
    days = f"(date_diff('day', DATE '1970-01-01', TRY_CAST({text} AS DATE)) + {ORDINAL})"
    return f"CAST(DATE '1970-01-01' + CAST(floored({days}, {length}) - {ORDINAL} AS INTEGER) AS VARCHAR)"


def place(path: str, digits: int, leaf: Leaf) -> str:
    """The grid square of a ``Place``: of its position where it has one, else of its square."""
    latitude, longitude, code = map(leaf, _place_leaves(path))
    lat, lon = number(latitude), number(longitude)
    return f"CASE WHEN {lat} IS NOT NULL AND {lon} IS NOT NULL THEN {mesh(lat, lon, digits)} ELSE shortened({code}, {digits}) END"


def mesh(latitude: str, longitude: str, digits: int) -> str:
    """The square of a position as ``mesh.mesh_code`` finds it."""
    return f"mesh_code({latitude}, {longitude}, {digits})"


def inside(plan_places: Iterable[tuple[str, str]], area: tuple[str, ...], leaf: Leaf, present: Leaf) -> str:
    """Whether every place of a record lies in one of the areas; a record that names none is outside."""
    some, every = [], []
    for kind, path in plan_places:
        some.append(present(path))
        code = place(path, PLACE_DIGITS, leaf) if kind == "Place" else "NULL" if kind == "many" else leaf(path)
        lies = " OR ".join(_lies_in(kind, f"CAST({code} AS VARCHAR)", a) for a in area) or "false"
        every.append(f"(NOT {present(path)} OR coalesce({lies}, false))")
    return f"(({' OR '.join(some) or 'false'}) AND {' AND '.join(every) or 'false'})"


def _lies_in(kind: str, code: str, area: str) -> str:
    """As ``areas`` has it: six digits are a prefecture, a municipality, or a designated city with its wards."""
    if len(area) != LOCAL_GOVERNMENT:
        return "false" if kind == "LocalGovernmentCode" else f"starts_with({code}, {quoted(area)})"
    if kind != "LocalGovernmentCode":
        return "false"
    if area[2:5] == "000":
        return f"left({code}, 2) = {quoted(area[:2])}"
    if block := wards(area):
        return f"(left({code}, 5) >= {quoted(block[0])} AND left({code}, 5) < {quoted(block[1])})"
    return f"{code} = {quoted(area)}"


def written(key: Key, value: Any) -> str:
    """The text of a group (``key_value``)."""
    if key.kind == "time":
        return (EPOCH + timedelta(microseconds=value)).astimezone(TOKYO).isoformat(timespec="seconds")
    if key.kind == "band":
        digits = max(0, -floor(log10(key.step))) if key.step < 1 else 0
        lower = round(value * key.step, digits + 3)
        return str(int(lower) if lower == int(lower) and digits == 0 else lower)
    return str(value)
