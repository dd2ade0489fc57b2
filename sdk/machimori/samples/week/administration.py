"""What the ward runs and counts: facilities, the festival that the typhoon cancelled, a fallen tree, residents, goals."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import DAYS, Record, at, cell, org, period, record, ref
from machimori.samples.week.story import Story
from machimori.samples.week.ward import DISTRICTS, HOUSEHOLDS, RESIDENTS, SITE, WARD_CODE, address, area, contact, place

CITY = "minatogawa-city"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
EVERY_DAY = [*WEEKDAYS, "saturday", "sunday"]
FACILITIES = (
    # key, name, in kana, point-of-interest code, district, where in it, block and number, opens, closes, people
    ("library", "港川市立みなと図書館", "ミナトトショカン", "1512", "chuo", (0.4, 0.6), (2, "5番1号"), "09:30", "20:00", 320),
    ("community-centre", "緑台地区センター", "ミドリダイチクセンター", "1508", "midori", (0.5, 0.5), (3, "1番4号"), "09:00", "21:00", 150),
)  # fmt: skip
AEDS = (
    # name, in kana, district, where in it, block and number, position, facility
    ("みなと区役所", "ミナトクヤクショ", "chuo", (0.5, 0.4), (1, "1番1号"), "1階 総合案内横", "ward-office"),
    ("本町小学校", "ホンマチショウガッコウ", "honmachi", (0.7, 0.3), (2, "4番1号"), "体育館入口", "honmachi-school"),
    ("みなと公園", "ミナトコウエン", "hama", (0.41, 0.7), (2, "4番"), "管理事務所の外壁", "hama-park"),
)
TOILETS = (
    ("みなと公園公衆トイレ", "ミナトコウエンコウシュウトイレ", "hama", (0.43, 0.68)),
    ("みなと中央駅前公衆トイレ", "ミナトチュウオウエキマエコウシュウトイレ", "chuo", (0.59, 0.67)),
)
EVENTS = (
    # key, name, in kana, kind, status, first and last day, starts, ends, note, facility
    ("festival", "第31回みなと夏まつり", "ダイサンジュウイッカイミナトナツマツリ", "festival", "cancelled", "sat", "sun", "13:00", "21:00", "台風第12号の接近に伴い、20日に中止を決定した。", "hama-park"),
    ("eve", "みなと夏まつり前夜の灯ろう流し", "ミナトナツマツリゼンヤノトウロウナガシ", "festival", "held", "thu", "thu", "18:00", "20:00", None, "hama-park"),
    ("cool-share", "クールシェアの日", "クールシェアノヒ", "other", "held", "wed", "wed", "13:00", "19:00", "暑さを避ける場所として区役所の1階を開放する。", "ward-office"),
)  # fmt: skip
SERVICES = (
    ("damage-certificate", "罹災証明書の交付", "notification", "災害による住家の被害の程度を証明する書面を交付する。"),
    ("battery-subsidy", "家庭用蓄電池設置費補助金", "allowance", "住宅に蓄電池を設置する費用の3分の1を補助する。"),
)  # fmt: skip
REQUESTS = (
    # key, what, words, district, where in it, state, asked, settled, answer, same matter as
    ("tree-1", "road_obstacle", "街路樹が倒れ、歩道をふさいでいる。", "hama", (0.52, 0.6), "settled", ("sat", "07:35"), ("sat", "16:20"), "撤去した。", None),
    ("tree-2", "road_obstacle", "浜町の公園の前で木が倒れている。", "hama", (0.52, 0.601), "settled", ("sat", "08:10"), ("sat", "16:20"), "撤去した。", "tree-1"),
    ("drain-1", "drainage", "側溝が詰まり、道路が冠水している。", "shiomi", (0.3, 0.4), "in_progress", ("sat", "09:02"), None, None, None),
    ("light-1", "street_light", "街灯が消えている。", "higashi", (0.4, 0.2), "transferred", ("sun", "20:14"), None, "停電の影響として電力会社に引き継いだ。", None),
)  # fmt: skip
GOALS = (
    # key, name, field, value, unit, from, to, direction, group, how, dataset
    ("household-electricity", "世帯当たり年間電力使用量", "脱炭素", 3712.4, "KWH", 4105, 3300, "lower", HOUSEHOLDS, "小売電気事業者ごとの統計の使用量の合計を、その世帯数の合計で除する。", "electricity-use"),
    ("evacuation-sites", "人口当たりの指定緊急避難場所の収容人数", "防災", 0.1, "C62", 0.08, 0.2, "higher", RESIDENTS, "収容人数の合計を住民の数で除する。", "evacuation-sites"),
)  # fmt: skip


def records(_: Story) -> Iterator[Record]:
    """Lists that a city publishes, the event, requests, statistics and goals."""
    yield from _facilities()
    yield from _aeds()
    yield from _toilets()
    yield from _events()
    yield from _services()
    yield from _requests()
    yield from _childcare()
    yield from _sights()
    yield from _population()
    yield from _goals()


def _facilities() -> Iterator[Record]:
    for number, (key, name, kana, code, district, where, (block, house), opens, closes, people) in enumerate(
        FACILITIES, 1
    ):
        yield record(
            "PublicFacility",
            key,
            list_number=f"{number:04}",
            local_government_code=WARD_CODE,
            name=name,
            name_kana=kana,
            poi_code=code,
            address=address(district, block, house),
            place=place(district, *where),
            contact_point=contact("区民課", 120),
            operator=org(CITY),
            available_days=EVERY_DAY[1:],
            opening_time=opens,
            closing_time=closes,
            capacity=people,
            accessibility={"wheelchair_access": True, "barrier_free_toilet": True, "assistance_dogs_allowed": True},
            url=f"{SITE}/{key}/",
        )


def _aeds() -> Iterator[Record]:
    for number, (name, kana, district, where, (block, house), position, facility) in enumerate(AEDS, 1):
        yield record(
            "AED",
            f"{number}",
            list_number=f"AED{number:04}",
            local_government_code=WARD_CODE,
            name=name,
            name_kana=kana,
            address=address(district, block, house),
            place=place(district, *where),
            installation_position=position,
            contact_point=contact("健康課", 130),
            operator=org(CITY),
            available_days=EVERY_DAY if facility == "hama-park" else WEEKDAYS,
            opening_time="00:00" if facility == "hama-park" else "08:30",
            closing_time="23:59" if facility == "hama-park" else "17:15",
            paediatric_support=True,
            facility=ref("Facility", facility),
            aed_pads_expire_on="2027-09-30",
        )


def _toilets() -> Iterator[Record]:
    for number, (name, kana, district, where) in enumerate(TOILETS, 1):
        yield record(
            "PublicToilet",
            f"{number}",
            list_number=f"T{number:04}",
            local_government_code=WARD_CODE,
            name=name,
            name_kana=kana,
            place=place(district, *where),
            male_toilets=4,
            female_toilets=5,
            barrier_free_toilets=1,
            wheelchair_toilet=True,
            infant_equipment_toilet=True,
            ostomate_toilet=True,
            opening_time="00:00",
            closing_time="23:59",
            operator=org(CITY),
        )


def _events() -> Iterator[Record]:
    for key, name, kana, kind, status, first, last, starts, ends, note, facility in EVENTS:
        yield record(
            "Event",
            key,
            local_government_code=WARD_CODE,
            name=name,
            name_kana=kana,
            event_kind=kind,
            event_status=status,
            event_start_date=DAYS[first],
            event_end_date=DAYS[last],
            event_start_time=starts,
            event_end_time=ends,
            event_time_note=note,
            event_attendance_mode="on_site",
            place=place("hama", 0.4, 0.7) if facility == "hama-park" else place("chuo", 0.5, 0.4),
            facility=ref("Facility", facility),
            event_organisers=["港川市みなと区"],
            basic_fee=0,
            contact_point=contact("地域振興課", 140),
            url=f"{SITE}/event/{key}/",
        )


def _services() -> Iterator[Record]:
    for key, name, kind, summary in SERVICES:
        yield record(
            "PublicService",
            key,
            name=name,
            competent_organisation=org(CITY),
            governing_laws=["災害対策基本法第90条の2"] if key == "damage-certificate" else None,
            service_areas=[WARD_CODE],
            service_summary=summary,
            public_service_kind=kind,
            basic_fee=0,
            application_method="窓口又は電子申請",
            contact_point=contact("区民課", 120),
            url=f"{SITE}/service/{key}/",
        )


def _requests() -> Iterator[Record]:
    for key, category, words, district, where, status, asked, settled, answer, same in REQUESTS:
        yield record(
            "ServiceRequest",
            key,
            local_government_code=WARD_CODE,
            service_request_category=category,
            description=words,
            service_request_status=status,
            service_request_answer=answer,
            requested_at=at(*asked),
            settled_at=at(*settled) if settled else None,
            responsible_organisation=org(CITY),
            place=place(district, *where),
            same_matter_as=ref("ServiceRequest", same) if same else None,
        )


def _childcare() -> Iterator[Record]:
    yield record(
        "ChildcareFacility",
        "midoridai",
        list_number="K0001",
        local_government_code=WARD_CODE,
        name="みどりだい保育所",
        name_kana="ミドリダイホイクショ",
        childcare_facility_kind="licensed_public_nursery",
        address=address("midori", 3, "10番2号"),
        place=place("midori", 0.45, 0.5),
        contact_point=contact("みどりだい保育所", 150),
        operator=org(CITY),
        licensed_on="1998-04-01",
        capacity=90,
        minimum_age="P57D",
        maximum_age="P5Y",
        available_days=[*WEEKDAYS, "saturday"],
        opening_time="07:00",
        closing_time="19:00",
        temporary_childcare=True,
    )


def _sights() -> Iterator[Record]:
    yield record(
        "TourismSpot",
        "lighthouse",
        list_number="S0001",
        local_government_code=WARD_CODE,
        name="浜町灯台",
        name_kana="ハママチトウダイ",
        name_en="Hamamachi Lighthouse",
        poi_code="0607",
        place=place("hama", 0.1, 0.8),
        available_days=["saturday", "sunday", "public_holiday"],
        opening_time="09:00",
        closing_time="16:30",
        opening_hours_note="強風のときは登れない。",
        basic_fee=300,
        description_en="A stone lighthouse of the Meiji era with a view over the harbour.",
        contact_point=contact("地域振興課", 140),
    )


def _population() -> Iterator[Record]:
    for key, district in DISTRICTS.items():
        yield record(
            "PopulationStatistics",
            key,
            area=area(key),
            surveyed_on="2026-07-31",
            population_basis="resident_register",
            resident_sex="all",
            age_class="all",
            **cell(district.residents, resident_population=district.residents, household_count=district.households),
        )
    yield record(
        "PopulationStatistics",
        "ward",
        area=area(),
        surveyed_on="2026-07-31",
        population_basis="resident_register",
        resident_sex="all",
        age_class="all",
        **cell(RESIDENTS, resident_population=RESIDENTS, household_count=HOUSEHOLDS),
    )


def _goals() -> Iterator[Record]:
    for key, name, policy, value, unit, before, target, direction, group, how, dataset in GOALS:
        yield record(
            "KeyPerformanceIndicator",
            key,
            name=name,
            policy_field=policy,
            area=area(),
            period=period("2025-04-01", "2026-04-01"),
            unit_code=unit,
            kpi_baseline_value=before,
            kpi_target_value=target,
            kpi_target_date="2031-03-31",
            kpi_direction=direction,
            kpi_calculation=how,
            source_datasets=[ref("Dataset", dataset)],
            responsible_organisation=org(CITY),
            issued_at=at("2026-07-01", "10:00"),
            **cell(group, kpi_value=value),
        )
