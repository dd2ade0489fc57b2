"""GeoJSON: what the Geospatial Information Authority publishes is read; what is written is read back whole."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from machimori.exchange.containers.text import SourceError
from machimori.exchange.formats import read, write

HAZARDS = ("洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫", "火山現象")


def feature(**changes: Any) -> dict[str, Any]:
    properties = {
        "NO": 590,
        "共通ID": "E2829900001201",
        "都道府県名及び市町村名": "兵庫県港川市",
        "施設・場所名": "港川中央公園",
        "住所": "兵庫県港川市本町1",
        **dict.fromkeys(HAZARDS, ""),
        "地震": "1",
        "指定避難所との住所同一": "1",
        "備考": "",
        **changes.pop("properties", {}),
    }
    point = {"type": "Point", "coordinates": [135.1842, 34.6913]}
    return {"type": "Feature", "geometry": point, "properties": properties, **changes}


def collection(*features: Any, **more: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features, **more}).encode())


def test_a_published_feature_becomes_a_site() -> None:
    conversion = read(collection(feature()), "geojson")
    assert conversion.records == (
        {
            "id": "urn:machimori:evacuation-site:282995:E2829900001201",
            "type": "EvacuationSite",
            "local_government_code": "282995",
            "national_shelter_id": "E2829900001201",
            "name": "港川中央公園",
            "address": {"full_address": "兵庫県港川市本町1"},
            "place": {"latitude": 34.6913, "longitude": 135.1842},
            "hazard_types": ["earthquake"],
            "also_designated_shelter": True,
        },
    )
    assert conversion.losses.derived == {("local_government_code", "code-from-national-id"): 1}


def test_a_collection_named_by_a_code_gives_it_to_features_without_national_id() -> None:
    conversion = read(collection(feature(properties={"共通ID": ""}), name="282995"), "geojson")
    assert conversion.records[0]["local_government_code"] == "282995"
    assert ("local_government_code", "code-from-collection") in conversion.losses.derived


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry-not-point"),
        ({"geometry": {"type": "Point", "coordinates": ["135", "34"]}}, "geometry-not-point"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "outside-japan"),
        ({"geometry": {"type": "Point", "coordinates": [34.6913, 135.1842]}}, "swapped"),
        ({"properties": {"備考": ["a"]}}, "nested-value"),
        ({"properties": {"施設・場所名": ""}}, "no-name"),
        ({"type": "Place"}, "not-a-feature"),
    ],
)
def test_what_is_wrong_with_a_feature_is_reported(changes: dict[str, Any], reason: str) -> None:
    other = feature(properties={"施設・場所名": "東町公園"})
    report = read(collection(other, feature(**changes)), "geojson").losses
    assert reason in [loss.reason for loss in report.losses if loss.row == 2]
    assert report.rows == report.records + report.rows_lost == 2


def test_no_geometry_is_no_fault() -> None:
    conversion = read(collection(feature(geometry=None)), "geojson")
    assert "place" not in conversion.records[0]
    assert not conversion.losses.losses


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"features": 1}',
        b'{"features": []}',
        b'{"features": [1, null]}',
        b"\xff",
        b"NaN",
        b"[" * 9999,
    ],
)
def test_what_is_no_collection_of_sites_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(io.BytesIO(content), "geojson")
    assert not caught.value.text("ja").isascii()


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert len(read(io.BytesIO(b"\xef\xbb\xbf" + collection(feature()).read()), "geojson")) == 1


def test_too_many_kinds_of_property_are_refused() -> None:
    with pytest.raises(SourceError, match="1000"):
        read(collection(*(feature(properties={f"x{n}": 1}) for n in range(1001))), "geojson")


def test_written_features_are_points_with_longitude_first(site: Any) -> None:
    stream = io.BytesIO()
    write(site(ID="1", 緯度="34.6913", 経度="135.1842", 標高="3.9"), "geojson", stream)
    [written] = json.loads(stream.getvalue())["features"]
    assert written["geometry"] == {"type": "Point", "coordinates": [135.1842, 34.6913]}
    assert written["id"] == "urn:machimori:evacuation-site:282995:1"
    assert written["properties"]["place"] == {"elevation": 3.9}
    assert written["properties"]["hazard_types"] == ["earthquake"]


def test_records_without_a_point_are_written_without_geometry_and_read_back(site: Any) -> None:
    stream = io.BytesIO()
    conversion = site(ID="1")
    assert not write(conversion, "geojson", stream).losses
    assert json.loads(stream.getvalue())["features"][0]["geometry"] is None
    assert read(io.BytesIO(stream.getvalue()), "geojson").records == conversion.records


def test_an_empty_collection_is_well_formed() -> None:
    stream = io.BytesIO()
    write([], "geojson", stream)
    assert json.loads(stream.getvalue()) == {"type": "FeatureCollection", "features": []}


def test_a_written_feature_with_a_foreign_field_is_reported(site: Any) -> None:
    stream = io.BytesIO()
    write(site(ID="1"), "geojson", stream)
    held = json.loads(stream.getvalue())
    held["features"][0]["properties"]["colour"] = "red"
    report = read(io.BytesIO(json.dumps(held).encode()), "geojson").losses
    assert [loss.why("en") for loss in report.unconverted] == ["the record does not comply with the model (MM102)"]
