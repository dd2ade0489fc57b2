"""Whatever comes in: an error of the project or records that comply, and every row and cell accounted for."""

from __future__ import annotations

import io
import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import machimori as mm
from machimori.errors import MachimoriError
from machimori.exchange.account_text import rendered
from machimori.exchange.containers.csv import quoted
from machimori.exchange.conversion import Conversion
from machimori.exchange.formats import FORMATS, read, write
from machimori.exchange.layouts.columns import LAYOUTS, SHELTER_SHEET, STANDARD, WRITTEN, Column

DIRTY = [
    "", " ", "　", "1", "1.0", "0", "○", "△", "×", "有", "無", "-", "282995", "28299", "92011", "12106", "172023",
    "港川中央公園", "港川\n公園", "34.6913", "135.1842", "34.6,135.1", "-9999", "369.5", "屋内191人／屋外0人(面積の1/2)",
    "2,736人", "約500人", "未定", "078-000-0101", "（078）000-0101", "650-0001", "1001", "https://example.jp/避難", "www",
    "a@example.jp", "E2829900001201", "本町;東町", ";", '"', 'a"b', "\x00", "\u200b", "兵庫県", "北海道", "１２３", "1e5", "99999999999",
    "←入力", "nan", "12.0",
]  # fmt: skip
CELLS = st.one_of(st.sampled_from(DIRTY), st.text(max_size=8))
HEADERS = [name for layout in LAYOUTS for column in layout.columns for name in column.names]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def accounted(conversion: Conversion) -> None:
    """The promises of every conversion."""
    report = conversion.losses
    assert report.rows == report.records + report.rows_lost
    assert report.records == len(conversion)
    for account in report.columns:
        assert account.cells == account.carried + account.lost + account.unconverted
        assert not (account.reason and account.carried)
    assert all(mm.validate(record).ok for record in conversion)
    assert len({record["id"] for record in conversion}) == len(conversion)
    assert "not-valid" not in {loss.reason for loss in report.losses}
    for language in ("en", "ja"):
        assert rendered(report, language)
        json.dumps(report.data(language))


def table(header: list[str], rows: list[list[str]]) -> bytes:
    return "".join(",".join(map(quoted, row)) + "\n" for row in [header, *rows]).encode("utf-8")


PLAUSIBLE: dict[str, list[str]] = {
    "hazard": ["1", "1", "1.0", "", "○", "△", "×", "0"],
    "flag": ["1", "0", "", "有", "無"],
    "code": ["282995", "28299", "131032", ""],
    "capacity": ["238", "1,234人", "屋内191人／屋外0人(面積の1/2)", "屋内1人屋外2人", "約500人", "未定", "12.0", ""],
    "metres": ["3.9", "12m", "－2", "-9999", "0", ""],
    "site_number": ["1", "2", "3.0", "CC01", "第１", "a/b:2"],
    "telephone": ["078-000-0101", "（078）000-0101", "公園課"],
    "iri": ["https://www.city.minatogawa.example.jp/避難", "http://a.example", "www"],
    "postal_code": ["650-0001", "600000", "〒6500001"],
    "town_id": ["0001001", "1001"],
    "email": ["bosai@city.minatogawa.example.jp", "bosai"],
    "list": ["本町自治会;東町自治会", "本町", ";"],
    "prose": ["夜間は閉鎖", "一行目\n二行目"],
    "address": ["本町１－２", "兵庫県港川市本町1"],
}
PLAUSIBLE_COLUMNS = {
    "名称": ["港川公園", "東町公園", "西町会館", " 港川　公園 ", "港川公園(南)"],
    "緯度": ["34.6913", "34.7", "135.1842", ""],
    "経度": ["135.1842", "135.2", "34.6913", ""],
    "全国地方公共団体コード": ["282995", "28299", "131032"],
}


KINDS = {known: column.cell for column in STANDARD.columns for known in column.names if column.field}


def good(name: str) -> list[str]:
    """What may well stand in a column."""
    return PLAUSIBLE_COLUMNS.get(name) or PLAUSIBLE.get(KINDS.get(name, ""), DIRTY)


def sure(name: str) -> bool:
    """Without these no row gives a record."""
    return name in ("名称", "全国地方公共団体コード")


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    header = draw(st.lists(st.one_of(st.sampled_from(HEADERS), st.text(max_size=4)), max_size=12))
    header = ["名称", "災害種別_地震", *header] if draw(st.integers(0, 3)) else header
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        cells = [draw(st.one_of(st.sampled_from(good(name)), CELLS)) for name in header]
        cut = draw(st.integers(-2, 1))
        rows.append(cells[:cut] if cut < 0 else cells + ["x"] * cut)
    return table(header, rows)


def standard_sheets(columns: tuple[Column, ...] = STANDARD.columns, never: str = "") -> st.SearchStrategy[bytes]:
    """Sheets with every column; drawn from a seed, since so many cells drawn singly take too long."""

    def sheet(seed: int) -> bytes:
        random = Random(seed)
        header = [column.names[0] for column in columns]
        pools = [good(name) if sure(name) or random.random() < 0.7 else DIRTY for name in header]
        rows = [[random.choice(pool) for pool in pools] for _ in range(random.randrange(5))]
        return table(header, [[cell if cell != never else "" for cell in row] for row in rows])

    return st.integers(0, 2**32).map(sheet)


@pytest.mark.parametrize("entity", [None, "EvacuationSite", "DesignatedShelter"])
@given(content=sheets())
@SLOW
def test_every_row_and_cell_of_a_dirty_sheet_is_accounted_for(entity: str | None, content: bytes) -> None:
    try:
        conversion = read(io.BytesIO(content), "municipal", entity, defaults={"local_government_code": "282995"})
    except MachimoriError:
        return
    accounted(conversion)


@given(content=standard_sheets())
@SLOW
def test_every_row_of_a_full_sheet_is_accounted_for(content: bytes) -> None:
    conversion = read(io.BytesIO(content), "municipal")
    accounted(conversion)


@pytest.mark.parametrize("format", FORMATS)
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(st.sampled_from('名称,災害種別_洪水"\n1{}[]:'), max_size=80).map(str.encode)
    )
)
@SLOW
def test_arbitrary_bytes_raise_nothing_but_errors_of_the_project(format: str, content: bytes) -> None:
    try:
        conversion = read(io.BytesIO(content), format)
    except MachimoriError:
        return
    accounted(conversion)


@given(content=standard_sheets(), damage=st.binary(min_size=1, max_size=3), at=st.integers(0, 2000))
@SLOW
def test_a_sheet_damaged_or_cut_off_anywhere_is_read_or_refused(content: bytes, damage: bytes, at: int) -> None:
    for broken in (content[:at] + damage + content[at:], content[:at], content[:at] + b'"' + content[at:]):
        try:
            conversion = read(io.BytesIO(broken), "municipal", defaults={"local_government_code": "282995"})
        except MachimoriError:
            continue
        accounted(conversion)


@pytest.mark.parametrize("entity", WRITTEN)
@given(data=st.data())
@SLOW
def test_a_sheet_in_the_standard_layout_comes_back_the_same(entity: str, data: st.DataObject) -> None:
    content = data.draw(standard_sheets(WRITTEN[entity], never="△"))
    records = read(io.BytesIO(content), "municipal", entity).records
    stream = io.BytesIO()
    report = write(records, "municipal", stream, entity)
    assert report.records == len(records)
    assert not report.losses
    assert read(io.BytesIO(stream.getvalue()), "municipal", entity).records == records


@given(content=standard_sheets())
@SLOW
def test_what_a_written_sheet_does_not_give_back_is_reported_field_by_field(content: bytes) -> None:
    records = read(io.BytesIO(content), "municipal").records
    stream = io.BytesIO()
    report = write(records, "municipal", stream)
    again = read(io.BytesIO(stream.getvalue()), "municipal").records if records else ()
    reported = {(loss.row, str(loss.field).partition(".")[0]) for loss in report.losses}
    held = {record["id"]: record for record in again}
    for number, before in enumerate(records, 1):
        if (number, "id") in reported:
            continue
        after = held.get(before["id"], {})
        assert {(number, key) for key in before if before[key] != after.get(key)} <= reported


@given(content=standard_sheets())
@SLOW
def test_geojson_gives_back_what_it_was_given(content: bytes) -> None:
    records = read(io.BytesIO(content), "municipal").records
    stream = io.BytesIO()
    assert not write(records, "geojson", stream).losses
    if records:
        assert read(io.BytesIO(stream.getvalue()), "geojson").records == records


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-200, 200), st.floats(allow_nan=False, allow_infinity=False), CELLS
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(HEADERS), inner, max_size=4)),
    max_leaves=6,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(["Feature", "Feature", "Feature", "x"])},
            optional={
                "properties": st.dictionaries(st.sampled_from([*HEADERS, "type", "place"]), JSON, max_size=8).map(
                    lambda d: {"施設・場所名": "港川公園", "地震": "1", "共通ID": "E2829900001201", **d}
                ),
                "geometry": st.one_of(JSON, st.fixed_dictionaries({"type": st.just("Point"), "coordinates": JSON})),
                "id": JSON,
            },
        ),
        max_size=4,
    )
)
@SLOW
def test_every_feature_is_accounted_for(features: list[Any]) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    try:
        conversion = read(io.BytesIO(content), "geojson")
    except MachimoriError:
        return
    accounted(conversion)


def test_the_shelter_sheet_has_no_hazards() -> None:
    assert not [column for column in SHELTER_SHEET if column.cell == "hazard"]
