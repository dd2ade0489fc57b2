"""What a query asks, read against the model: which columns, how coarse, within which bounds.

A query that the model does not allow is refused with a name (``QueryRefusedError``), before any record is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec

from machimori import messages
from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Field, Granularity
from machimori.errors import WRONG_CALL, InvalidDocumentError, ReasonedError
from machimori.files import content
from machimori.messages import msgid
from machimori.privacy.decision import fields
from machimori.records.lines import Instance
from machimori.standards.mesh import LENGTHS
from machimori.standards.time import DAY, moment, seconds
from machimori.validation.record import validate

QUANTILE = "quantile"
COUNTS = ("count", "subjects")
MOST_KEYS = 4
"""Grouping fields of one query."""
PLACE_DIGITS = 8
"""The square by which a record lies in an area (as ``disclosure`` does it)."""

REFUSALS = {
    "finer-than-granularity": msgid("finer than the profile of {field} allows"),
    "not-a-multiple": msgid("the step of {field} is no whole multiple of its profile's"),
    "granularity-needed": msgid("{field} can be grouped with a granularity only"),
    "cannot-be-grouped": msgid("records cannot be grouped by {field}"),
    "cannot-be-summed": msgid("{field} is no number with bounds"),
    "measure-needed": msgid("a query needs a measure"),
    "field-needed": msgid("a sum, mean or quantile needs a field"),
    "probability-needed": msgid("a quantile needs a probability"),
    "probability-of-quantile": msgid("a probability belongs to a quantile only"),
    "field-not-requested": msgid("the request does not name {field}"),
    "other-entity": msgid("the request is for another class"),
    "no-data-subject": msgid("the class has no data subject to count"),
    "no-time": msgid("the class has no time for a period"),
    "no-place": msgid("the class names no single place for an area"),
    "area-without-code": msgid("an area is given by a local-government or grid square code"),
    "too-many-groupings": msgid("at most {field} grouping fields"),
    "one-measure-with-noise": msgid("with noise a query has one measure"),
    "no-mean-with-noise": msgid("a mean is not given with noise; ask sum and count"),
    "no-quantile-with-noise": msgid("a quantile is not given with noise"),
    "open-with-noise": msgid("with noise {field} needs a period or an area, so that all its groups are known"),
    "epsilon-not-offered": msgid("epsilon is one of 0.1, 0.2, 0.5 and 1"),
    "too-many-groups": msgid("with noise a query has at most {field} groups"),
    "two-epsilons": msgid("request and query name different epsilons"),
    "not-statistics": msgid("the request asks for another form than statistics"),
}  # fmt: skip
"""Why a query is refused."""


class QueryRefusedError(ReasonedError):
    """The model does not allow this query. ``reason`` is a key of ``REFUSALS``; ``field`` names what it is about."""

    REASONS = REFUSALS
    exit_status = WRONG_CALL

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason, field=field)
        self.args, self.field = (reason, field), field

    def text(self, language: str = messages.ENGLISH) -> str:
        """The reason by name and in a language."""
        return messages.text(language, "{reason}: {said}", reason=self.reason, said=super().text(language))


@dataclass(frozen=True)
class Key:
    """A grouping column: ``kind`` says how a value becomes a group, ``step`` how coarsely."""

    path: str
    kind: str
    """``time``, ``date``, ``place``, ``mesh``, ``municipality``, ``band``, ``prefix``, ``boolean`` or ``value``."""
    step: Any = None
    accepted: tuple[str, ...] | str | None = None
    """The values of an enum, or the pattern of a type: what else a record says is no value."""


@dataclass(frozen=True)
class Measure:
    """A number asked for each group; all but counts clamp values to the bounds of the model."""

    function: str
    path: str | None = None
    minimum: float = 0.0
    maximum: float = 0.0
    probability: float | None = None
    """Of a quantile: the share of persons below it."""


@dataclass(frozen=True)
class Plan:
    """A query as the engine computes it. Times are microseconds since 1970."""

    query: str
    entity: str
    subject: str | None
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    time: str | None
    starts: int | None
    ends: int | None
    areas: tuple[tuple[str, ...], ...]
    """Codes of places; a record lies in one of each: of those asked, and of those that the document behind the grant opens."""
    places: tuple[tuple[str, str], ...]
    minimum_group: int

    @property
    def sums(self) -> tuple[Measure, ...]:
        """The measures of a field, each field once."""
        return tuple({m.path: m for m in self.measures if m.path}.values())

    @property
    def quantiles(self) -> tuple[Measure, ...]:
        """The measures that ask for a quantile."""
        return tuple(m for m in self.measures if m.function == QUANTILE)


QueryLike = Mapping[str, object] | str | bytes | Path | Instance
"""A query as its record, its JSON, a file, or an instance of the model's class."""


def read_query(source: QueryLike) -> dict[str, Any]:
    """The record of class ``StatisticsQuery``.

    Raises ``CannotReadError`` where there is no file, ``InvalidDocumentError`` with the findings where it is none.
    """
    if isinstance(source, Mapping):
        query: Any = dict(source)
    else:
        text = _text_of(source)
        try:
            query = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            raise InvalidDocumentError("StatisticsQuery") from None
    report = validate(query, "StatisticsQuery")
    if not report.ok:
        raise InvalidDocumentError("StatisticsQuery", report.issues)
    return {k: v for k, v in query.items() if v is not None}


def _text_of(source: str | bytes | Path | Instance) -> str | bytes:
    if isinstance(source, Path):
        return content(source)
    if not isinstance(source, str | bytes) and hasattr(source, "model_dump_json"):
        return source.model_dump_json(exclude_none=True)
    return cast("str | bytes", source)  # whatever else it may be is no JSON, and refused as such


def has_subject(entity: str) -> bool:
    """Whether records of a class are about persons."""
    return catalogue.class_(entity).data_subject is not None


def used_fields(query: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose values a query shows, measured or grouped by."""
    paths = [g["field"] for g in query.get("group_by") or ()]
    paths += [m["field"] for m in query["measures"] if m.get("field") and m["aggregate_function"] not in COUNTS]
    return tuple(dict.fromkeys(paths))


def plan(query: Mapping[str, Any], named: tuple[str, ...]) -> Plan:
    """The plan of a query of which every field is known; ``named`` are the fields of the request."""
    entity = query["entity"]
    subject = catalogue.class_(entity).data_subject
    groupings = query.get("group_by") or ()
    if not query["measures"]:
        raise QueryRefusedError("measure-needed")
    if len(groupings) > MOST_KEYS:
        raise QueryRefusedError("too-many-groupings", str(MOST_KEYS))
    keys = tuple(
        key_of(entity, g["field"], msgspec.convert(g.get("granularity") or {}, Granularity)) for g in groupings
    )
    measures = tuple(_measure(entity, subject, m) for m in query["measures"])
    period, area = query.get("period"), query.get("area")
    time = _time(entity, keys)
    bounds = _bounds(entity, time, period) if period else (None, None)
    codes = codes_of(area) if area else None
    places = tuple(_places(entity))
    if codes and not places:
        raise QueryRefusedError("no-place")
    filters = ((time,) if period and time else ()) + (tuple(p for _, p in places) if codes else ())
    shown = dict.fromkeys((*used_fields(query), *named, *filters))
    for code in codes or ():
        _area_fits(entity, places, code)
    return Plan(
        query=query["id"],
        entity=entity,
        subject=subject,
        keys=keys,
        measures=measures,
        time=time,
        starts=bounds[0],
        ends=bounds[1],
        areas=(codes,) if codes else (),
        places=places,
        minimum_group=minimum_group(entity, subject, tuple(shown)),
    )


def minimum_group(entity: str, subject: str | None, paths: tuple[str, ...]) -> int:
    """The largest group that a field used asks for.

    Records of a class without data subject are about no person: one record is group enough. Statistics that others made
    carry their own group, which each record must state.
    """
    if subject is None:
        return 1
    asked = [fields.asked(entity, p) for p in paths or fields.all_fields(entity)]
    return max(f.axes.minimum_group for f in asked)


@cache
def field_at(entity: str, path: str) -> Field:
    """The field at the end of a path on which there is one value; ``QueryRefusedError`` where there are several."""
    found = paths.resolve(f"{entity}.{path}")
    if found.path.many:
        raise QueryRefusedError("cannot-be-grouped", path)
    return found.field


def _measure(entity: str, subject: str | None, entry: Mapping[str, Any]) -> Measure:
    function, path = entry["aggregate_function"], entry.get("field")
    if function == "subjects" and subject is None:
        raise QueryRefusedError("no-data-subject")
    probability = entry.get("probability")
    if function == QUANTILE and probability is None:
        raise QueryRefusedError("probability-needed")
    if function != QUANTILE and probability is not None:
        raise QueryRefusedError("probability-of-quantile")
    if function in COUNTS:
        return Measure(function)
    if not path:
        raise QueryRefusedError("field-needed")
    field = field_at(entity, path)
    if field.range not in ("double", "integer") or field.minimum is None or field.maximum is None:
        raise QueryRefusedError("cannot-be-summed", path)
    return Measure(function, path, float(field.minimum), float(field.maximum), probability)


def key_of(entity: str, path: str, granularity: Granularity | None) -> Key:
    """The column of a grouping; ``QueryRefusedError`` where the field's profile does not allow it."""
    wanted = granularity or Granularity()
    asked, field = fields.asked(entity, path), field_at(entity, path)
    own = asked.axes.granularity
    person, range_name = asked.facts.person_related, field.range
    if person and (asked.facts.identifiability == "direct" or asked.reference):
        raise QueryRefusedError("cannot-be-grouped", path)
    if field.enum is not None:
        return Key(path, "value", accepted=tuple(field.enum.values))
    if range_name == "boolean":
        return Key(path, "boolean")
    if range_name == "DateTime":
        return Key(path, "time", _duration(path, own.time_step, wanted.time_step) or 1)
    if range_name == "Date":
        return Key(path, "date", _calendar(path, own.time_step, wanted.time_step))
    if range_name in ("Place", "MeshCode"):
        digits = _digits(path, own.space_step, wanted.space_step)
        if digits is None:
            raise QueryRefusedError("granularity-needed", path)
        return Key(path, "place" if range_name == "Place" else "mesh", digits)
    if range_name == "Address":
        return Key(path, "municipality", accepted=catalogue.pattern("LocalGovernmentCode"))
    if range_name in ("double", "integer"):
        return _number_key(path, own, wanted)
    return _text_key(path, field, own, wanted, person=bool(person))


def _number_key(path: str, own: Granularity, wanted: Granularity) -> Key:
    if own.space_step:  # a coordinate is grouped as the square of its place
        place, _, coordinate = path.rpartition(".")
        if place and coordinate in ("latitude", "longitude", "elevation"):
            raise QueryRefusedError("cannot-be-grouped", path)
    band = _multiple(path, own.band, wanted.band)
    if not band:
        raise QueryRefusedError("granularity-needed", path)
    return Key(path, "band", float(band))


def _text_key(path: str, field: Field, own: Granularity, wanted: Granularity, *, person: bool) -> Key:
    if field.range == "Wkt" or (person and not field.range.endswith("Code")):
        raise QueryRefusedError("cannot-be-grouped", path)
    prefix, asked = own.prefix_length, wanted.prefix_length
    if prefix and asked and asked > prefix:
        raise QueryRefusedError("finer-than-granularity", path)
    length = asked or prefix
    return Key(path, "prefix" if length else "value", length, field.type.pattern if field.type else None)


def _duration(path: str, own: str | None, wanted: str | None) -> int | None:
    if wanted and seconds(wanted) <= 0:
        raise QueryRefusedError("finer-than-granularity", path)
    found = _multiple(path, seconds(own) if own else None, seconds(wanted) if wanted else None)
    if found and found > DAY and found % DAY:
        raise QueryRefusedError("not-a-multiple", path)
    return None if found is None else round(found)


def _calendar(path: str, own: str | None, wanted: str | None) -> str | int | None:
    """A step of dates: whole months or years by the calendar (``P1M``, ``P1Y``), else days; a day where nobody says more."""
    order = ("P1M", "P1Y")
    chosen = wanted or own
    if chosen is None or (chosen == own and seconds(chosen) <= DAY):
        return 1
    if own in order and (wanted or own) not in order[order.index(own) :]:
        raise QueryRefusedError("finer-than-granularity", path)
    if chosen in order:
        return chosen
    days = _duration(path, own if own not in order else None, wanted)
    if not days or days % DAY:
        raise QueryRefusedError("not-a-multiple", path)
    return round(days / DAY)


def _digits(path: str, own: int | None, wanted: int | None) -> int | None:
    if wanted is not None and wanted not in LENGTHS:
        raise QueryRefusedError("not-a-multiple", path)
    if own and wanted and wanted > own:
        raise QueryRefusedError("finer-than-granularity", path)
    return wanted or own


def _multiple(path: str, own: float | None, wanted: float | None) -> float | None:
    """The coarser step; one that does not fit the other would show, by differences, something finer than both."""
    if wanted is None or own is None:
        return wanted or own
    if wanted < own:
        raise QueryRefusedError("finer-than-granularity", path)
    times = wanted / own
    if abs(times - round(times)) > 1e-9:
        raise QueryRefusedError("not-a-multiple", path)
    return wanted


def _time(entity: str, keys: tuple[Key, ...]) -> str | None:
    """The time of a record: the one that is grouped by, else the first that the class has."""
    grouped = [k.path for k in keys if k.kind == "time"]
    own = [name for name, f in catalogue.class_(entity).fields.items() if f.range == "DateTime" and not f.multivalued]
    return next(iter([*grouped, *own]), None)


def _bounds(entity: str, time: str | None, period: Mapping[str, Any]) -> tuple[int, int]:
    if time is None:
        raise QueryRefusedError("no-time")
    step = fields.asked(entity, time).axes.granularity.time_step
    ends = []
    for name in ("starts_at", "ends_at"):
        at = moment(period[name])
        assert at is not None  # the query complies with its class
        micros = round(at * 1_000_000)
        if step and micros != start_of_step(micros, round(seconds(step))):
            raise QueryRefusedError("finer-than-granularity", f"period.{name}")
        ends.append(micros)
    return ends[0], ends[1]


JST = 9 * 3600 * 1_000_000
MICROS = 1_000_000
DAY_MICROS = 86400 * MICROS


def start_of_step(at: int, step: int) -> int:
    """The start of the step, in Japan's time, that holds a moment; both moments in microseconds since 1970."""
    local = at + JST
    day = local - local % DAY_MICROS
    if step > DAY:
        days = round(step / DAY)
        return day - (day // DAY_MICROS % days) * DAY_MICROS - JST
    return day + (local - day) // (step * MICROS) * step * MICROS - JST


def codes_of(area: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes by which an area is named."""
    codes = tuple(area[k] for k in ("local_government_code", "mesh_code") if area.get(k))
    if not codes:
        raise QueryRefusedError("area-without-code")
    return codes


def _area_fits(entity: str, places: tuple[tuple[str, str], ...], code: str) -> None:
    if len(code) == 6:  # a municipality or a square of 10 km
        return
    for _, path in places:
        step = fields.asked(entity, path).axes.granularity.space_step
        if len(code) > min(step or PLACE_DIGITS, PLACE_DIGITS):
            raise QueryRefusedError("finer-than-granularity", "area")


def _places(entity: str) -> Iterator[tuple[str, str]]:
    """Where records of a class say that they are: the kind of each place and its path."""
    for path in paths.below(catalogue.class_(entity), lambda field: field.range != "Place" and not field.multivalued):
        field = path.fields[-1]
        if field.range in ("LocalGovernmentCode", "MeshCode", "Place"):
            yield "many" if field.multivalued else field.range, path.name
