"""Sheet 03 as municipalities publish it becomes records of the model, and what does not come along is reported."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from machimori.errors import CannotReadError
from machimori.exchange.account_text import rendered
from machimori.exchange.containers.text import SourceError
from machimori.exchange.formats import read, write
from machimori.exchange.layouts.columns import SHEET_03, STANDARD

TAKAMATSU = """#LINK,,,,,
#lang,ja,,,,
#attribution_name,港川市,,,,
#property,name,address,flood_L1,flood_L2,tunami,location,capacity,jurisdiction,,←データの項目名を入力
#object_type_xsd,string,string,string,string,string,string,string,string
1,港川小学校,港川市本町１−２,○,△,○,"34.6913,135.1842",238,教育総務課,,←2行目以降にデータを入力
2,港川中学校,港川市本町2,○,○,△,"34.6914,135.1843",,教育総務課,,
3,港川高校,港川市本町3,○,×,×,"34.6915,135.1844",12,教育総務課,,
"""


def test_a_row_becomes_a_record_with_everything_that_the_standard_states(site: Any) -> None:
    conversion = site(
        **{
            "ID": "CC01",
            "名称_カナ": "ミナトガワチュウオウコウエン",
            "所在地_全国地方公共団体コード": "282995",
            "町字ID": "0001002",
            "所在地_連結表記": "兵庫県港川市本町1",
            "緯度": "34.6913",
            "経度": "135.1842",
            "標高": "3.9",
            "電話番号": "078-000-0101",
            "郵便番号": "650-0001",
            "災害種別_火山現象": "1",
            "指定避難所との重複": "1",
            "想定収容人数": "4850",
            "対象となる町会・自治会": "本町自治会;東町自治会",
            "URL": "https://www.city.minatogawa.example.jp/1",
            "備考": "夜間は閉鎖",
        }
    )
    assert conversion.records == (
        {
            "id": "urn:machimori:evacuation-site:282995:CC01",
            "type": "EvacuationSite",
            "local_government_code": "282995",
            "site_number": "CC01",
            "name": "港川中央公園",
            "name_kana": "ミナトガワチュウオウコウエン",
            "address": {
                "full_address": "兵庫県港川市本町1",
                "postal_code": "6500001",
                "local_government_code": "282995",
                "town_id": "0001002",
            },
            "place": {"latitude": 34.6913, "longitude": 135.1842, "elevation": 3.9},
            "contact_point": {"telephone": "078-000-0101"},
            "hazard_types": ["earthquake", "volcanic_phenomena"],
            "capacity": 4850,
            "also_designated_shelter": True,
            "reception_target": ["本町自治会", "東町自治会"],
            "url": "https://www.city.minatogawa.example.jp/1",
            "remarks": "夜間は閉鎖",
        },
    )
    assert not conversion.losses.losses


@pytest.mark.parametrize("name", [name for column in STANDARD.columns if column.field for name in column.names])
def test_every_name_of_a_column_fills_its_field(name: str, municipal: Any) -> None:
    account = municipal(f"{name},名称,災害種別_地震,全国地方公共団体コード\n1,港川公園,1,282995\n").losses.columns[0]
    assert account.field or account.reason == "no-field"


def test_the_old_recommended_layout_is_read(municipal: Any) -> None:
    text = "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,住所,方書,緯度,経度,災害種別_洪水\n"
    [record] = municipal(text + "282995,7,兵庫県,港川市,港川公園,港川市本町1,2階,34.6,135.1,1\n").records
    assert record["id"].endswith(":282995:7")
    assert record["address"] == {
        "full_address": "港川市本町1",
        "prefecture": "兵庫県",
        "city": "港川市",
        "building_name": "2階",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_make_no_difference(municipal: Any, encoding: str, end: str) -> None:
    text = "全国地方公共団体コード,名称,災害種別_地震\n282995,港川公園①,1\n".replace("\n", end)
    [record] = municipal(text.encode(encoding)).records
    assert record["name"] == "港川公園①"


def test_rows_above_the_header_are_no_obstacle_and_are_reported(municipal: Any) -> None:
    conversion = municipal("指定緊急避難場所一覧\n\n全国地方公共団体コード,名称,災害種別_地震\n282995,港川公園,1\n")
    assert len(conversion) == 1
    assert [(loss.row, loss.kind) for loss in conversion.losses.losses] == [(1, "metadata-not-carried")]


def test_a_lost_leading_zero_is_restored_and_counted(site: Any) -> None:
    conversion = site(**{"全国地方公共団体コード": "92011"})
    assert conversion.records[0]["local_government_code"] == "092011"
    assert conversion.losses.columns[0].changes == {"leading-zero": 1}


def test_exchanged_coordinates_are_put_right_and_reported(site: Any) -> None:
    conversion = site(緯度="135.1842", 経度="34.6913")
    assert conversion.records[0]["place"] == {"latitude": 34.6913, "longitude": 135.1842}
    assert [loss.kind for loss in conversion.losses.losses] == ["corrected"]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("0", "0"), ("369.56", "139.8"), ("51.5", "-0.1"), ("34.6", "13.5")]
)
def test_a_point_outside_japan_is_left_out_and_reported(site: Any, latitude: str, longitude: str) -> None:
    conversion = site(緯度=latitude, 経度=longitude, 標高="3")
    assert "place" not in conversion.records[0]
    assert [loss.reason for loss in conversion.losses.losses] == ["outside-japan", "outside-japan", "elevation-alone"]


def test_half_a_point_is_no_point(site: Any) -> None:
    conversion = site(緯度="34.6", 経度="")
    assert "place" not in conversion.records[0]
    assert [loss.reason for loss in conversion.losses.losses] == ["half-a-point"]


def test_an_elevation_beyond_belief_is_left_out(site: Any) -> None:
    conversion = site(緯度="34.6", 経度="135.1", 標高="-9999")
    assert conversion.records[0]["place"] == {"latitude": 34.6, "longitude": 135.1}
    assert [loss.reason for loss in conversion.losses.losses] == ["out-of-range"]


def test_a_blank_flag_is_not_a_no(site: Any) -> None:
    assert "also_designated_shelter" not in site(指定避難所との重複="").records[0]
    assert site(指定避難所との重複="無").records[0]["also_designated_shelter"] is False


def test_a_conditional_mark_is_never_a_plain_yes(site: Any) -> None:
    conversion = site(災害種別_洪水="△")
    record = conversion.records[0]
    assert record["hazard_types"] == ["earthquake"]
    assert record["conditional_hazard_types"] == ["flood"]
    assert record["remarks"] == "条件付き：洪水（△）"
    assert [loss.kind for loss in conversion.losses.losses] == ["conditional-value"]


def test_columns_without_a_field_are_counted_and_their_values_not_shown(site: Any) -> None:
    report = site(画像="https://example.jp/1.jpg", 担当者="山田太郎").losses
    assert [(c.column, c.reason, c.cells) for c in report.columns if c.reason] == [
        ("画像", "no-field", 1),
        ("担当者", "unknown-column", 1),
    ]
    assert "山田" not in str(report.data("ja")) + rendered(report, "ja")


def test_what_stands_in_a_contact_cell_but_is_no_contact_is_not_shown(site: Any) -> None:
    report = site(ID="1", 電話番号="山田太郎 携帯").losses
    assert report.summary == {"unreadable-value": 1}
    assert "山田" not in str(report.data("en")) + rendered(report, "en")


def test_an_unreadable_value_is_shown_where_its_field_is_open(site: Any) -> None:
    [loss] = site(標高="不明", 緯度="34.6", 経度="135.1").losses.losses
    assert (loss.row, loss.column, loss.field, loss.value) == (2, "標高", "place.elevation", "不明")


ROWS = [
    ("282995,,1", "no-name"),
    (",港川公園,1", "no-code"),
    ("282994,港川公園,1", "no-code"),
    ("全国地方公共団体コード,名称,災害種別_地震", "header-again"),
    ('282995,"港川公園,1', "quote-not-closed"),
    (",,", "no-value"),
    ("", "no-value"),
]


@pytest.mark.parametrize(("row", "reason"), ROWS)
def test_a_row_that_gives_no_record_is_reported_with_its_number(municipal: Any, row: str, reason: str) -> None:
    conversion = municipal(f"全国地方公共団体コード,名称,災害種別_地震\n282995,東町公園,1\n{row}\n282995,西町公園,1\n")
    assert [record["name"] for record in conversion] == ["東町公園", "西町公園"]
    assert [(loss.row, loss.reason) for loss in conversion.losses.unconverted] == [(3, reason)]
    assert len(conversion.losses.issues) == (reason != "no-value")


def test_rows_on_end_that_fail_alike_are_one_entry(municipal: Any) -> None:
    report = municipal("全国地方公共団体コード,名称,災害種別_地震\n" + "282995,,1\n" * 5).losses
    [loss] = report.losses
    assert (loss.rows, report.rows, report.rows_lost) == ("2-6", 5, 5)
    assert report.issues[0].text("ja") == "2-6行目は変換できません（名称がありません）"


def test_a_row_given_twice_is_taken_once(municipal: Any) -> None:
    rows = "282995,1,港川公園,1\n28299,1.0,　港川公園,○\n"
    conversion = municipal("全国地方公共団体コード,ID,名称,災害種別_地震\n" + rows)
    assert [loss.why("en") for loss in conversion.losses.unconverted] == ["says the same as row 2"]


def test_one_number_on_two_places_keeps_both_and_tells(municipal: Any) -> None:
    conversion = municipal(
        "全国地方公共団体コード,ID,名称,災害種別_地震\n282995,9,本館,1\n282995,9,屋上,1\n282995,9,別館,1\n"
    )
    assert [r["id"].rsplit(":282995:")[1] for r in conversion] == ["9", "9:2", "9:3"]
    assert {r["site_number"] for r in conversion} == {"9"}
    assert conversion.losses.summary["duplicate-id"] == 2


def test_ragged_rows_are_read_and_reported(municipal: Any) -> None:
    head = "全国地方公共団体コード,名称,災害種別_地震,備考\n"
    conversion = municipal(head + "282995,東町公園,1\n282995,西町公園,1,夜間閉鎖,秘密,,\n")
    assert len(conversion) == 2
    assert [(loss.row, loss.reason) for loss in conversion.losses.losses] == [(2, "cells-short"), (3, "cells-beyond")]
    assert "秘密" not in str(conversion.losses.data())


def test_ids_are_ascii_whatever_the_number(site: Any) -> None:
    assert site(ID="第１/2").records[0]["id"] == "urn:machimori:evacuation-site:282995:%E7%AC%AC1%2F2"


def test_without_a_number_the_id_is_made_of_the_name_and_that_is_told(site: Any) -> None:
    conversion = site()
    assert conversion.records[0]["id"].startswith("urn:machimori:evacuation-site:282995:name:%E6%B8%AF")
    assert conversion.losses.derived == {("id", "id-from-name"): 1}


def test_the_linkdata_layout_is_told_by_its_content(municipal: Any) -> None:
    conversion = municipal(TAKAMATSU, defaults={"local_government_code": "282995"})
    report = conversion.losses
    assert (report.layout, report.rows, len(conversion)) == ("linkdata", 3, 3)
    first, second, third = conversion
    assert first["place"] == {"latitude": 34.6913, "longitude": 135.1842}
    assert first["conditional_hazard_types"] == ["flood"]
    assert first["hazard_types"] == ["tsunami"]
    assert first["remarks"] == "条件付き：洪水（flood_L1 ○、flood_L2 △）"
    assert second["hazard_types"] == ["flood"]
    assert third["conditional_hazard_types"] == ["flood"]
    reasons = {account.column: account.reason for account in report.columns if account.reason}
    assert reasons == {"jurisdiction": "no-field", "(10)": "no-header", "←データの項目名を入力": "help-column"}
    stated = [loss.why("ja") for loss in report.losses if loss.reason == "preamble"]
    assert stated == ["lang：ja", "attribution_name：港川市"]


def test_without_a_code_anywhere_a_default_is_asked_for(municipal: Any) -> None:
    conversion = municipal(TAKAMATSU)
    assert len(conversion) == 0
    [loss] = conversion.losses.unconverted
    assert loss.rows == "6-8"
    assert "local_government_code" in loss.why("ja")


def test_a_default_fills_only_what_is_missing(municipal: Any) -> None:
    text = "全国地方公共団体コード,名称,災害種別_地震\n131032,東町公園,1\n,西町公園,1\n"
    conversion = municipal(text, defaults={"local_government_code": "282995"})
    assert [r["local_government_code"] for r in conversion] == ["131032", "282995"]
    assert conversion.losses.derived[("local_government_code", "code-from-default")] == 1


def test_a_list_of_other_places_is_not_taken_for_evacuation_sites(municipal: Any) -> None:
    with pytest.raises(SourceError) as caught:
        municipal("全国地方公共団体コード,名称,住所,緯度,経度\n282995,港川図書館,港川市本町1,34.6,135.1\n")
    assert "避難場所" in caught.value.text("ja")


def test_shelters_come_from_a_list_of_sites_only_where_it_says_so(municipal: Any) -> None:
    text = "全国地方公共団体コード,名称,災害種別_地震,指定避難所との重複\n282995,港川小学校,1,1\n282995,港川公園,1,\n"
    conversion = municipal(text, "DesignatedShelter")
    assert [(r["name"], r["also_evacuation_site"]) for r in conversion] == [("港川小学校", True)]
    assert [loss.reason for loss in conversion.losses.unconverted] == ["not-a-shelter"]
    with pytest.raises(SourceError, match="no column says which rows"):
        municipal("全国地方公共団体コード,名称,災害種別_地震\n282995,港川公園,1\n", "DesignatedShelter")


def test_sites_come_from_a_list_of_shelters_only_where_it_says_so(municipal: Any) -> None:
    text = "共通ID,施設・場所名,住所,受入対象者,指定緊急避難場所との住所同一,緯度,経度\n"
    text += (
        "E2829900001111,港川小学校,港川市本町1,,1,34.6,135.1\nE2829900002111,福祉会館,港川市本町2,高齢者,,34.6,135.1\n"
    )
    shelters = municipal(text)
    assert shelters.losses.layout == "gsi"
    assert [r["type"] for r in shelters] == ["DesignatedShelter"] * 2
    assert shelters.records[1]["intended_evacuees"] == "高齢者"
    sites = municipal(text, "EvacuationSite")
    assert [r["name"] for r in sites] == ["港川小学校"]
    assert [loss.reason for loss in sites.losses.unconverted] == ["not-a-site"]


UNREADABLE: list[tuple[bytes, str]] = [
    (b"", "nothing in it"),
    (b"\xef\xbb\xbf", "nothing in it"),
    (b"\n\n \n", "nothing in it"),
    (b"a,b\n1,2\n", "no header"),
    ("名称\n港川公園\n".encode(), "no header"),
    ("全国地方公共団体コード,名称".encode() + b"\xff\xff", "byte 41 is not UTF-8"),
    ("名称".encode("utf-16"), "UTF-16"),
    (b"\xef\xbb\xbf\x83\x41", "byte 4 is not UTF-8"),
    (("名称,災害種別_洪水," + "x," * 1000).encode(), "more than 1000 columns"),
]


@pytest.mark.parametrize(("content", "reason"), UNREADABLE)
def test_what_cannot_be_read_at_all_is_refused_in_both_languages(municipal: Any, content: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        municipal(content)
    assert not caught.value.text("ja").isascii()


def test_an_undecodable_file_names_the_byte(municipal: Any) -> None:
    with pytest.raises(SourceError) as caught:
        municipal("名称".encode("cp932") + b"\x81")
    assert caught.value.position == 5


@pytest.mark.parametrize(
    ("name", "reason"), [("", "directory"), ("missing.csv", "no such file"), ("a\0b", "no such file")]
)
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(CannotReadError, match=reason):
        read(tmp_path / name if name != "a\0b" else name, "municipal")


def test_a_header_alone_is_a_list_of_nothing(municipal: Any) -> None:
    report = municipal("全国地方公共団体コード,名称,災害種別_地震\n").losses
    assert (report.rows, report.records, report.rows_lost) == (0, 0, 0)


def test_a_written_sheet_has_the_columns_of_the_standard_in_its_order(site: Any) -> None:
    stream = io.BytesIO()
    write(site(), "municipal", stream)
    header = stream.getvalue().decode().split("\r\n")[0].split(",")
    assert header == [column.names[0] for column in SHEET_03]
    assert (header[0], header[24], header[-1], len(header)) == ("全国地方公共団体コード", "災害種別_洪水", "備考", 39)


@pytest.mark.parametrize(
    ("encoding", "start"), [("utf-8", b"\xe5"), ("utf-8-sig", b"\xef\xbb\xbf"), ("cp932", b"\x91")]
)
def test_the_encoding_of_a_written_sheet_can_be_chosen(site: Any, encoding: str, start: bytes) -> None:
    stream = io.BytesIO()
    written = site(名称="港川公園")
    write(written, "municipal", stream, encoding=encoding)
    assert stream.getvalue().startswith(start)
    assert read(io.BytesIO(stream.getvalue()), "municipal").records == written.records


def test_characters_that_an_encoding_lacks_are_replaced_and_reported(site: Any) -> None:
    stream = io.BytesIO()
    report = write(site(ID="1", 名称="𠮷野公園"), "municipal", stream, encoding="cp932")
    assert read(io.BytesIO(stream.getvalue()), "municipal").records[0]["name"] == "〓野公園"
    assert [(loss.reason, loss.field) for loss in report.losses] == [("not-in-encoding", None), ("not-kept", "name")]


def test_fields_without_a_column_are_reported_as_not_written(site: Any) -> None:
    [record] = site(ID="1").records
    more = {
        **record,
        "id": "urn:machimori:evacuation-site:own-name",
        "national_shelter_id": "E2829900001201",
        "conditional_hazard_types": ["flood"],
        "designated_on": "2015-04-01",
    }
    report = write([more], "municipal", io.BytesIO())
    assert {(loss.field, loss.reason) for loss in report.losses} == {
        ("id", "not-kept"),
        ("national_shelter_id", "no-column"),
        ("conditional_hazard_types", "no-column"),
        ("designated_on", "no-column"),
    }


def test_records_of_other_classes_and_faulty_ones_are_reported_and_not_written(site: Any) -> None:
    [record] = site(ID="1").records
    stream = io.BytesIO()
    report = write([record, {"type": "Trip"}, {**record, "capacity": "many"}], "municipal", stream)
    assert (report.rows, report.records, report.rows_lost) == (3, 1, 2)
    assert [loss.why("en") for loss in report.unconverted] == [
        "not a record of EvacuationSite",
        "the record does not comply with the model (MM103)",
    ]
    assert stream.getvalue().count(b"\r\n") == 2
