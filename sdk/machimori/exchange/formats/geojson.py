"""GeoJSON (RFC 7946): a ``FeatureCollection`` of evacuation sites or shelters.

Two kinds are read, told apart by content: the files of the Geospatial Information Authority (properties such as 共通ID and
施設・場所名), and those that ``write`` makes, whose properties are the fields of the record. The elevation of a place
stays among the properties: the third coordinate of RFC 7946 is a height above the ellipsoid, not above sea level.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from machimori.exchange import writer
from machimori.exchange.account import Loss, LossReport
from machimori.exchange.containers.csv import Row
from machimori.exchange.containers.text import Source, SourceError, decoded
from machimori.exchange.conversion import Conversion, Record
from machimori.exchange.engine import RowConverter
from machimori.exchange.layouts import header as headers
from machimori.exchange.layouts.columns import PLACE_NAME, POINT, WRITTEN
from machimori.exchange.layouts.header import Header
from machimori.messages import Message
from machimori.records.json_text import load

CLASSES = tuple(WRITTEN)


def read(source: Source, entity: str | None, defaults: dict[str, str]) -> Conversion:
    """Read a ``FeatureCollection``; ``SourceError`` where it is none, or lists other things."""
    text = decoded(source)
    loaded = load(text.text)
    if loaded.issues:
        issue = loaded.issues[0]
        raise SourceError(source.name, issue)
    features = loaded.data.get("features") if isinstance(loaded.data, dict) else None
    if not isinstance(features, list):
        raise SourceError(source.name, Message("not a GeoJSON FeatureCollection"))
    own = _own(features)
    if own is not None and (entity or own) == own:
        return _restored(features, LossReport(source.name, "geojson", own, "machimori", text.encoding))
    names = tuple(dict.fromkeys(name for feature in features for name in _properties(feature) or {}))
    headers.bounded(len(names), source.name)
    header = headers.find([Row(1, (*names, *POINT))])
    if header is None:
        raise SourceError(
            source.name,
            Message("no feature has the properties of an evacuation site, such as {name}", name=PLACE_NAME),
        )
    named = headers.entity_of(header, entity, source.name)
    report = LossReport(source.name, "geojson", named, header.layout.name, text.encoding)
    return _converted(features, header, report, defaults, _collection(loaded.data))


def _converted(
    features: list[Any], header: Header, report: LossReport, defaults: dict[str, str], collection: str | None
) -> Conversion:
    columns = headers.bound(header, report.entity)
    converter = RowConverter(report.entity, columns, report, defaults, collection)
    records = []
    for number, feature in enumerate(features, 1):
        properties = _properties(feature)
        if properties is None:
            report.rows += 1
            report.lose_row(Loss("not-a-feature", number))
            continue
        cells, notes = _cells(feature, properties, header, number)
        record = converter.convert(Row(number, tuple(cells)), *notes)
        if record is not None:
            records.append(record)
    return Conversion(tuple(records), report)


def _cells(feature: Any, properties: dict[str, Any], header: Header, number: int) -> tuple[list[str], list[Loss]]:
    """The values of a feature as the cells of a row, and what cannot be one."""
    notes = []
    cells = []
    for name in header.cells[: -len(POINT)]:
        value = properties.get(name)
        if isinstance(value, (dict, list)):
            notes.append(Loss("nested-value", number, column=name[:60]))
            value = None
        cells.append("" if value is None else str(int(value)) if isinstance(value, bool) else str(value))
    point = _point(feature.get("geometry"))
    if point is None and feature.get("geometry") is not None:
        notes.append(Loss("geometry-not-point", number, column="geometry", field="place"))
    return [*cells, *(map(str, point) if point else ("", ""))], notes


def _restored(features: list[Any], report: LossReport) -> Conversion:
    """Records of this model, as ``write`` makes them."""
    records = []
    held = [_record(feature) for feature in features]
    for _, record in writer.sound(held, report.entity, report):
        records.append(record)
    return Conversion(tuple(records), report)


def write(records: Iterable[Mapping[str, Any]], stream: IO[bytes], entity: str | None = None) -> LossReport:
    """Write a ``FeatureCollection`` with a feature a line: a ``Point``, or no geometry where a record has no point.

    Records of another class, and those that do not comply with the model, are reported and left out.
    """
    named, given = writer.entity_of(records, entity, CLASSES)
    report = LossReport("<records>", "geojson", named, "machimori", "UTF-8", writing=True)
    stream.write(b'{"type": "FeatureCollection", "features": [')
    for number, record in writer.sound(given, named, report):
        feature = _feature(record)
        separator = b"\n" if report.records == 1 else b",\n"
        stream.write(separator + json.dumps(feature, ensure_ascii=False, allow_nan=False).encode())
        report.losses.extend(
            Loss("not-kept", number, field=path) for path in writer.differences(record, _record(feature))
        )
    stream.write(b"\n]}\n")
    return report


def _feature(record: Record) -> dict[str, Any]:
    place = dict(record.get("place", {}))
    geometry = None
    if "latitude" in place and "longitude" in place:
        latitude, longitude = place.pop("latitude"), place.pop("longitude")
        geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    properties = {key: value for key, value in record.items() if key not in ("id", "place")}
    if place:
        properties["place"] = place
    return {"type": "Feature", "id": record["id"], "geometry": geometry, "properties": properties}


def _record(feature: Any) -> Record:
    properties = _properties(feature)
    if properties is None:
        return {}
    record = {"id": feature.get("id"), **properties}
    point = _point(feature.get("geometry"))
    if point is not None:
        place = properties.get("place")
        latitude, longitude = point
        record["place"] = {"latitude": latitude, "longitude": longitude, **(place if isinstance(place, dict) else {})}
    return record


def _own(features: list[Any]) -> str | None:
    """The class of the model that the features say they are of."""
    named = (properties.get("type") for properties in _held(features))
    return next((name for name in named if name in CLASSES), None)


def _held(features: list[Any]) -> Iterator[dict[str, Any]]:
    for feature in features:
        properties = _properties(feature)
        if properties is not None:
            yield properties


def _properties(feature: Any) -> dict[str, Any] | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return None
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _point(geometry: Any) -> tuple[float, float] | None:
    """Latitude and longitude of a ``Point``."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None
    longitude, latitude = coordinates[:2]
    if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in (longitude, latitude)):
        return None
    return latitude, longitude


def _collection(data: dict[str, Any]) -> str | None:
    """The code of the municipality that a collection is named by."""
    from machimori.standards.local_government import readings

    name = data.get("name")
    return next(iter(readings(name)), None) if isinstance(name, str) and _is_code(name) else None


def _is_code(name: str) -> bool:
    return len(name) == 6 and name.isascii() and name.isdecimal()
