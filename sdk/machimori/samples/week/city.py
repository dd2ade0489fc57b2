"""Who acts and where: organisations, facilities, devices, an observation."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, record, ref
from machimori.samples.week.story import Story
from machimori.samples.week.ward import CITY_CODE, SITE, WARD_CODE, address, contact, place

ORGANISATIONS = (
    # key, name, in kana, in English, kind, corporate number
    ("minatogawa-city", "港川市", "ミナトガワシ", "Minatogawa City", "municipality", "2000020282995"),
    ("minatogawa-fire", "港川市消防局", "ミナトガワシショウボウキョク", "Minatogawa Fire Bureau", "emergency_service", None),
    ("minatogawa-audit", "港川市監査事務局", "ミナトガワシカンサジムキョク", "Minatogawa Audit Office", "municipality", None),
    ("minatogawa-water", "港川市水道局", "ミナトガワシスイドウキョク", "Minatogawa Waterworks", "municipality", None),
    ("minato-power", "みなと電力株式会社", "ミナトデンリョク", "Minato Power", "company", "7999901000001"),
    ("minato-transit", "みなと交通株式会社", "ミナトコウツウ", "Minato Transit", "company", "6999901000002"),
    ("minato-telecom", "みなと通信株式会社", "ミナトツウシン", "Minato Telecom", "company", "5999901000003"),
    ("mimamori-care", "見守りケア株式会社", "ミマモリケア", "Mimamori Care", "company", "4999901000004"),
    ("minato-gas", "みなとガス株式会社", "ミナトガス", "Minato Gas", "company", "3999901000005"),
    ("minato-charge", "みなとチャージ株式会社", "ミナトチャージ", "Minato Charge", "company", "2999901000006"),
    ("minatogawa-university", "港川大学", "ミナトガワダイガク", "Minatogawa University", "research_institution", "1999901000007"),
    ("minatogawa-lab", "一般財団法人港川試験所", "ミナトガワシケンジョ", "Minatogawa Test Laboratory", "non_profit", "9999901000008"),
    ("minatogawa-observatory", "港川地方気象台", "ミナトガワチホウキショウダイ", "Minatogawa Observatory", "national_government", None),
    ("meti", "経済産業省", "ケイザイサンギョウショウ", "Ministry of Economy, Trade and Industry", "national_government", "4000012090001"),
)  # fmt: skip
OF_THE_CITY = ("municipality", "emergency_service")
FACILITIES = (
    # key, name, in kana, district, where in it, block and number, capacity, operator
    ("ward-office", "みなと区役所", "ミナトクヤクショ", "chuo", (0.5, 0.4), (1, "1番1号"), 900, "minatogawa-city"),
    ("hospital", "港川市立みなと病院", "ミナトビョウイン", "yamate", (0.3, 0.5), (2, "3番1号"), 420, "minatogawa-city"),
    ("sewage", "浜町下水処理場", "ハママチゲスイショリジョウ", "hama", (0.1, 0.2), (4, "9番1号"), None, "minatogawa-city"),
    ("honmachi-school", "港川市立本町小学校", "ホンマチショウガッコウ", "honmachi", (0.7, 0.3), (2, "4番1号"), 620, "minatogawa-city"),
    ("midori-school", "港川市立緑台小学校", "ミドリダイショウガッコウ", "midori", (0.4, 0.6), (3, "8番2号"), 540, "minatogawa-city"),
    ("welfare-hall", "みなと区総合福祉会館", "ミナトクソウゴウフクシカイカン", "yamate", (0.6, 0.2), (1, "10番3号"), 120, "minatogawa-city"),
    ("hama-park", "みなと公園", "ミナトコウエン", "hama", (0.4, 0.7), (2, "4番"), 8000, "minatogawa-city"),
    ("central-station", "みなと中央駅", "ミナトチュウオウエキ", "chuo", (0.6, 0.7), (2, "1番1号"), None, "minato-transit"),
)  # fmt: skip
DEVICES = (
    # key, name, product code, district, where in it, operator, battery in percent
    ("water-level-1", "港川橋水位計", "MK-WL200", "honmachi", (0.2, 0.8), "minatogawa-city", 81.0),
    ("weather-1", "みなと区役所気象計", "MK-WX10", "chuo", (0.5, 0.41), "minatogawa-observatory", None),
    ("air-1", "東町測定局大気計", "MK-AQ30", "higashi", (0.5, 0.5), "minatogawa-city", None),
    ("detector-1102", "本町交差点感知器", "MK-TD5", "honmachi", (0.5, 0.6), "minatogawa-city", None),
    ("people-counter-1", "駅前歩行者計数器", "MK-PC2", "chuo", (0.58, 0.68), "minatogawa-city", 64.5),
    ("indoor-1", "区役所3階環境計", "MK-IE4", "chuo", (0.5, 0.4), "minatogawa-city", None),
    ("strain-1", "港川橋ひずみ計", "MK-ST1", "honmachi", (0.2, 0.81), "minatogawa-city", 77.0),
)


def records(story: Story) -> Iterator[Record]:
    """Organisations, facilities, devices and an observation."""
    for key, name, kana, english, kind, number in ORGANISATIONS:
        yield record(
            "Organisation",
            key,
            name=name,
            name_kana=kana,
            name_en=english,
            organisation_kind=kind,
            corporate_number=number,
            local_government_code=CITY_CODE if kind in OF_THE_CITY else None,
            url=f"https://www.{key}.example/",
        )
    for key, name, kana, district, where, (block, house), capacity, operator in FACILITIES:
        yield record(
            "Facility",
            key,
            name=name,
            name_kana=kana,
            local_government_code=WARD_CODE,
            address=address(district, block, house),
            place=place(district, *where),
            contact_point=contact(name, 100),
            capacity=capacity,
            operator=org(operator),
            url=f"{SITE}/facility/{key}",
        )
    for key, name, product, district, where, operator, battery in DEVICES:
        yield record(
            "Device",
            key,
            name=name,
            manufacturer="港川計測株式会社",
            product_code=product,
            place=place(district, *where),
            operator=org(operator),
            installed_on="2025-06-18",
            battery_level=battery,
            last_reported_at=at("thu", "08:50"),
        )
    for day, time in (("thu", "12:00"), ("sat", "05:00")):
        yield record(
            "Observation",
            f"bridge-{day}",
            observed_property="https://example.org/vocabulary/strain",
            feature_of_interest="urn:machimori:bridge:minatogawa",
            observed_at=at(day, time),
            observed_value=story.chance("strain " + day).between(11, 14, 2),
            unit_code="C62",
            quality="measured",
            device=ref("Device", "strain-1"),
        )
