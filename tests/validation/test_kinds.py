"""A file that holds no JSON is one finding that says what it is and what reads it; no JSON is taken for another format."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import raw

import machimori as mm
from machimori.records.content_kinds import ENOUGH, OTHER_FORMAT, SIGNATURES, kind_of

EXAMPLES = Path(__file__).parents[2] / "model" / "examples"
STOP = '{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "港町"}\n'
SHEET = "全国地方公共団体コード,名称,緯度,経度\n372013,港小学校,34.34,134.05\n372013,港公園,34.35,134.06\n"


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, SHEET)
    return held.getvalue()


def tape() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as made:
        made.addfile(tarfile.TarInfo("trips.ndjson"))
    return held.getvalue()


def database(folder: Path) -> bytes:
    connection = sqlite3.connect(folder / "gate.db")
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    return (folder / "gate.db").read_bytes()


KINDS: dict[str, tuple[bytes, str]] = {
    "UTF-16 by PowerShell": (STOP.encode("utf-16"), "UTF-16"),
    "UTF-16 big end first": (b"\xfe\xff" + STOP.encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": (STOP.encode("utf-16-le"), "UTF-16"),
    "UTF-16 big end first, without a mark": (STOP.encode("utf-16-be"), "UTF-16"),
    "UTF-32": (STOP.encode("utf-32"), "UTF-32"),
    "UTF-32 without a mark": (STOP.encode("utf-32-be"), "UTF-32"),
    "CSV": (SHEET.encode(), "CSV"),
    "CSV with a mark": (SHEET.encode("utf-8-sig"), "CSV"),
    "CSV in CP932": (SHEET.encode("cp932"), "CSV"),
    "CSV in UTF-16": (SHEET.encode("utf-16"), "UTF-16"),
    "TSV": (SHEET.replace(",", "\t").encode(), "CSV"),
    "semicolons": (SHEET.replace(",", ";").encode(), "CSV"),
    "CSV with breaks in cells": (b'"a\nb","c, d"\n"1\n2","3"\n', "CSV"),
    "CSV of many columns": ((",".join(map(str, range(1000))) + "\n").encode() * 3, "CSV"),
    "GeoJSON": (b'{"type": "FeatureCollection", "features": []}', "GeoJSON"),
    "GeoJSON with its type last": (
        b'{"name": "x", "crs": {"type": "name"},\n "features": [], "type": "FeatureCollection"}',
        "GeoJSON",
    ),
    "a feature": (b'{"type":"Feature","geometry":null,"properties":{}}', "GeoJSON"),
    "ZIP": (archive("stops.txt"), "ZIP"),
    "an empty ZIP": (archive(), "ZIP"),
    "xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "Excel"),
    "xz": (lzma.compress(STOP.encode()), "xz"),
    "bzip2": (bz2.compress(STOP.encode()), "bzip2"),
    "tar": (tape(), "tar"),
    "XML": (b"<?xml version='1.0'?>\n<root/>", "XML"),
    "HTML": (b"\n<!DOCTYPE html><title>404</title>", "HTML"),
    "XML without a declaration": (b'<gml:FeatureCollection xmlns:gml="x"/>', "XML"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
}


@pytest.mark.parametrize("how", ["a file", "a stream", "two processes"])
@pytest.mark.parametrize(("content", "name"), KINDS.values(), ids=KINDS)
def test_another_format_is_one_finding(content: bytes, name: str, how: str, tmp_path: Path) -> None:
    path = tmp_path / "delivery.json"
    path.write_bytes(content * 3 if "UTF" in name or name == "CSV" else content)
    source: Any = io.BytesIO(path.read_bytes()) if how == "a stream" else path
    (issue,) = mm.validate_stream(source, jobs=2 if how == "two processes" else 1).issues
    assert (issue.code, issue.line) == (OTHER_FORMAT, 1)
    assert name in issue.text("en")
    assert name in issue.text("ja")
    assert issue.text("en") != issue.text("ja")


@pytest.mark.parametrize("name", ["ragged", "with JSON", "one column", "a title above"])
def test_a_csv_by_name_is_one_finding_however_it_is_written(name: str, tmp_path: Path) -> None:
    texts = {
        "ragged": "a,b\n1,2,3\n4\n",
        "with JSON": 'name,geometry\n港,"{""type"": ""Point""}"\n',
        "one column": "名称\n港\n山\n",
        "a title above": "避難所一覧\n名称,緯度\n港,34\n",
    }
    (tmp_path / "list.csv").write_text(texts[name], encoding="utf-8")
    (issue,) = mm.validate_stream(tmp_path / "list.csv").issues
    assert (issue.code, "CSV" in issue.message) == (OTHER_FORMAT, True)


def test_lines_of_json_that_are_called_csv_are_judged(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(STOP * 3, encoding="utf-8")
    assert mm.validate_stream(tmp_path / "list.csv").ok


def test_a_store_is_told_from_records(tmp_path: Path) -> None:
    kind = kind_of(database(tmp_path)[:ENOUGH])
    assert kind is not None
    assert "SQLite" in str(kind.form)


@pytest.mark.parametrize("content", [c for c, n in KINDS.values() if n.startswith("UTF")], ids=lambda c: c[:4].hex())
def test_wide_text_is_told_in_a_record_too(content: bytes) -> None:
    (issue,) = mm.validate(content).issues
    assert issue.code == OTHER_FORMAT or b"\x00" in content[:4]


def test_a_record_of_the_model_is_no_other_format() -> None:
    for file in EXAMPLES.glob("*/*.json"):
        assert kind_of(file.read_bytes()[:ENOUGH]) is None, file
    assert len(list(EXAMPLES.glob("*/*.json"))) > 900


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["type", "features"]), inner),
    max_leaves=5,
)


@pytest.mark.full
@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.dictionaries(st.text() | st.sampled_from(["type", "id"]), VALUES),
    st.sampled_from([None, 1, "\t"]),
    st.integers(1, ENOUGH),
)
def test_no_object_is_another_format(record: dict[str, Any], indent: Any, cut: int) -> None:
    for ascii_alone in (True, False):
        text = json.dumps(record, indent=indent, ensure_ascii=ascii_alone).encode("utf-8", "surrogatepass")
        assert kind_of(text[:cut]) is None
        assert kind_of(b"[" + text[:cut]) is None


def test_a_first_line_of_geojson_does_not_take_the_others_with_it() -> None:
    lines = [KINDS["GeoJSON"][0], KINDS["a feature"][0], STOP.encode().strip()]
    assert [i.line for i in mm.validate_stream(io.BytesIO(b"\n".join(lines))).issues] == [1, 2]


@pytest.mark.full
@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.binary(max_size=64), st.sampled_from(list(raw.catalogue()["classes"])))
def test_a_bad_first_line_does_not_take_the_others_with_it(line: bytes, name: str) -> None:
    rest = f'{{"type": "{name}"}}\n'.encode() * 3
    kind = kind_of(line.replace(b"\n", b"") + b"\n" + rest)
    binary = (*(signature for signature, _ in SIGNATURES), b"PK\x03\x04", b"BZh")
    assert kind is None or b"\x00" in line or line.startswith(binary)
