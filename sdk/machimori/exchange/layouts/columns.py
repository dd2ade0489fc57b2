"""The columns of sheet 03 指定緊急避難場所一覧, and of the other layouts in which the same list is published.

A layout is data: the field that each column fills, how its cells are read, and every name under which the column is
found. The first name is the one that is written.

Sources: 自治体標準オープンデータセット（デジタル庁）; 推奨データセット（its predecessor, for the old names）; 国土地理院
指定緊急避難場所・指定避難所データ; LinkData（the layout of 高松市）.
"""

from __future__ import annotations

from dataclasses import dataclass

from machimori.messages import msgid

HAZARD = "hazard_types."
"""A column of one kind of hazard fills ``hazard_types`` and ``conditional_hazard_types``."""
NAME, FLOOD, PLACE_NAME = "名称", "災害種別_洪水", "施設・場所名"
"""Columns that a refusal names as what is looked for."""
POINT = ("緯度", "経度")
"""The columns that the geometry of GeoJSON stands for."""
CONDITIONAL, CONDITIONS, KIND, BETWEEN = "条件付き：", "／", "{kind}（{marks}）", "、"
"""How a remark in the record says which kinds of hazard a site is open for under a condition."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``field`` is a path in the record, or ``None`` with the ``reason`` why nothing holds it."""

    names: tuple[str, ...]
    field: str | None = None
    cell: str = "text"
    reason: str = "no-field"


@dataclass(frozen=True, slots=True)
class Layout:
    """A way in which the list is published."""

    name: str
    title: str
    columns: tuple[Column, ...]


def _hazard(kind: str, *names: str) -> Column:
    return Column(names, HAZARD + kind, "hazard")


_SHARED = (
    Column(("全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード", "団体コード", "localGovernmentCode"),
           "local_government_code", "code"),
    Column(("ID", "NO", "No.", "番号", "管理番号", "identifier", "#property"), "site_number", "site_number"),
    Column(("名称", "施設名", "施設名称", "避難場所名", "避難所名", "name"), "name"),
    Column(("名称_カナ", "名称_フリガナ", "名称カナ", "フリガナ", "nameKana"), "name_kana"),
    Column(("名称_英字", "名称_英語", "nameEn"), "name_en"),
    Column(("所在地_全国地方公共団体コード", "addressLocalGovernmentCode"), "address.local_government_code", "code"),
    Column(("町字ID", "streetAddressId"), "address.town_id", "town_id"),
    Column(("所在地_連結表記", "住所", "所在地", "fullAddress"), "address.full_address", "address"),
    Column(("所在地_都道府県", "都道府県名", "都道府県", "prefecture"), "address.prefecture"),
    Column(("所在地_市区町村", "市区町村名", "市区町村", "city"), "address.city"),
    Column(("所在地_町字", "町字", "streetAddress"), "address.town", "address"),
    Column(("所在地_番地以下", "番地以下", "cityBlock"), "address.street_number", "address"),
    Column(("建物名等(方書)", "建物名等", "方書", "buildingNameEtc"), "address.building_name"),
    Column(("緯度", "latitude"), "place.latitude", "number"),
    Column(("経度", "longitude"), "place.longitude", "number"),
    Column(("標高", "height", "elevation"), "place.elevation", "metres"),
    Column(("電話番号", "telephoneNumber"), "contact_point.telephone", "telephone"),
    Column(("内線番号", "extensionNumber")),
    Column(("連絡先メールアドレス", "email"), "contact_point.email", "email"),
    Column(("連絡先FormURL", "formURL"), "contact_point.url", "iri"),
    Column(("連絡先備考(その他、SNSなど)", "連絡先備考")),
    Column(("郵便番号", "postalCode"), "address.postal_code", "postal_code"),
)  # fmt: skip

_AFTER_POSTAL_CODE = (
    Column(("市区町村コード",), reason="implied"),
    Column(("地方公共団体名",), reason="implied"),
)

_HAZARDS = (
    _hazard("flood", "災害種別_洪水", "洪水", "typeOfDisasterFlood"),
    _hazard("landslide", "災害種別_崖崩れ、土石流及び地滑り", "災害種別_がけ崩れ、土石流及び地滑り",
            "災害種別_崖崩れ・土石流・地滑り", "崖崩れ、土石流及び地滑り", "災害種別_土砂災害", "typeOfDisasterLandslide"),
    _hazard("storm_surge", "災害種別_高潮", "高潮", "typeOfDisasterStormSurge"),
    _hazard("earthquake", "災害種別_地震", "地震", "typeOfDisasterEarthquake"),
    _hazard("tsunami", "災害種別_津波", "津波", "typeOfDisasterTsunami"),
    _hazard("large_fire", "災害種別_大規模な火事", "災害種別_大規模火災", "大規模な火事", "typeOfDisasterFire"),
    _hazard("inland_flood", "災害種別_内水氾濫", "内水氾濫", "typeOfDisasterInlandFlood"),
    _hazard("volcanic_phenomena", "災害種別_火山現象", "火山現象", "typeOfDisasterEruption"),
)  # fmt: skip

_ALSO_SHELTER = Column(
    ("指定避難所との重複", "指定避難所との住所同一", "alsoForShelter"), "also_designated_shelter", "flag"
)
_ALSO_SITE = Column(("指定緊急避難場所との重複", "指定緊急避難場所との住所同一"), "also_evacuation_site", "flag")

_RECEPTION = (
    Column(("想定収容人数", "収容人数", "想定収容人数(人)", "maxCapacity"), "capacity", "capacity"),
    Column(("対象となる町会・自治会", "対象となる町会･自治会", "対象町会・自治会", "receptionTargetLocalCommunity"),
           "reception_target", "list"),
)  # fmt: skip

_SHELTER_ONLY = (
    Column(("福祉避難所",), "welfare_shelter", "flag"),
    Column(("受入対象者",), "intended_evacuees"),
    Column(("ペットの同行避難可否",), "pets_allowed", "flag"),
    Column(("非常用電源",), "emergency_power", "flag"),
)

_LAST = (
    Column(("URL",), "url", "iri"),
    Column(("画像", "image")),
    Column(("画像_ライセンス", "imageLicense")),
    Column(("備考", "remarks", "note"), "remarks", "prose"),
)

_NATIONAL = (Column(("共通ID", "全国共通避難所・避難場所ID"), "national_shelter_id", "national_id"),)

SHEET_03: tuple[Column, ...] = (*_SHARED, *_AFTER_POSTAL_CODE, *_HAZARDS, _ALSO_SHELTER, *_RECEPTION, *_LAST)
"""The columns of the sheet in the standard's order."""

SHELTER_SHEET: tuple[Column, ...] = (*_SHARED, *_AFTER_POSTAL_CODE, _ALSO_SITE, *_RECEPTION, *_SHELTER_ONLY, *_LAST)
"""The standard has no sheet of designated shelters: sheet 03 without hazards, with what only shelters have."""

STANDARD = Layout(
    "standard",
    msgid("municipal standard open-data set, sheet 03"),
    (*SHEET_03, _ALSO_SITE, *_SHELTER_ONLY, *_NATIONAL),
)

LINKDATA = Layout(
    "linkdata",
    msgid("LinkData table of evacuation spaces (Takamatsu)"),
    (
        Column(("#property",), "site_number", "site_number"),
        Column(("name",), "name"),
        Column(("address",), "address.full_address", "address"),
        Column(("telephoneNumber",), "contact_point.telephone", "telephone"),
        _hazard("flood", "flood_L1"),
        _hazard("flood", "flood_L2"),
        _hazard("inland_flood", "inundation"),
        _hazard("landslide", "sedimentDisaster"),
        _hazard("storm_surge", "stormSurge"),
        _hazard("tsunami", "tunami", "tsunami"),
        _hazard("large_fire", "fire"),
        _hazard("earthquake", "earthquake"),
        Column(("evacuationSpace",), reason="meaning-unstated"),
        Column(("jurisdiction",)),
        Column(("location",), "place", "point"),
        Column(("elevation",), "place.elevation", "metres"),
        Column(("capacity",), "capacity", "capacity"),
        Column(("residentsAssociation",), "reception_target", "list"),
    ),
)

GSI = Layout(
    "gsi",
    msgid("Geospatial Information Authority, evacuation sites and shelters"),
    (
        Column(("NO",), reason="running-number"),
        *_NATIONAL,
        Column(("都道府県名及び市町村名",), reason="implied"),
        Column(("施設・場所名",), "name"),
        Column(("住所",), "address.full_address", "address"),
        *_HAZARDS,
        _ALSO_SHELTER,
        _ALSO_SITE,
        Column(("その他市町村長が必要と認める事項",), "remarks", "prose"),
        Column(("受入対象者",), "intended_evacuees"),
        Column(("緯度",), "place.latitude", "number"),
        Column(("経度",), "place.longitude", "number"),
        Column(("備考",), "remarks", "prose"),
    ),
)

LAYOUTS: tuple[Layout, ...] = (STANDARD, LINKDATA, GSI)

SIGNATURES: dict[str, tuple[str, ...]] = {
    "EvacuationSite": (HAZARD, "also_designated_shelter"),
    "DesignatedShelter": ("also_evacuation_site", "intended_evacuees", "welfare_shelter"),
}
"""Fields by which a sheet is known for a list of this class, so that a list of other places is not taken for one."""

EITHER = ("capacity", "reception_target")
"""Fields that sheets of both classes have: enough where the class is named by the caller."""

JOINED = ("remarks",)
"""Fields that several columns may fill together."""

WRITTEN: dict[str, tuple[Column, ...]] = {"EvacuationSite": SHEET_03, "DesignatedShelter": SHELTER_SHEET}
