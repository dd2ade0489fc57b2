"""The typhoon: who was told what and when, where people went, and one rescue."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.telecom import IN_DANGER
from machimori.samples.week.ward import DISTRICTS, SITE, WARD_CODE, address, area, contact, place, rectangle

SITES = (
    # key, name, in kana, district, where in it, block and number, people, hazards, also a shelter
    ("honmachi-school", "本町小学校", "ホンマチショウガッコウ", "honmachi", (0.7, 0.3), (2, "4番1号"), 1600, ["flood", "storm_surge", "earthquake"], True),
    ("midori-school", "緑台小学校", "ミドリダイショウガッコウ", "midori", (0.4, 0.6), (3, "8番2号"), 1400, ["flood", "storm_surge", "tsunami", "earthquake"], True),
    ("hama-park", "みなと公園", "ミナトコウエン", "hama", (0.4, 0.7), (2, "4番"), 8000, ["earthquake", "large_fire"], False),
)  # fmt: skip
SHELTERS = (
    # key, name, in kana, district, where in it, block and number, people, for those who need care
    ("honmachi-school", "本町小学校", "ホンマチショウガッコウ", "honmachi", (0.7, 0.3), (2, "4番1号"), 620, False),
    ("midori-school", "緑台小学校", "ミドリダイショウガッコウ", "midori", (0.4, 0.6), (3, "8番2号"), 540, False),
    ("welfare-hall", "総合福祉会館", "ソウゴウフクシカイカン", "yamate", (0.6, 0.2), (1, "10番3号"), 120, True),
)
STATUSES = (
    # shelter, day, time, state, crowding, evacuees, households, women, who need care (None: too few to tell), power
    ("honmachi-school", "fri", "18:00", "open", "vacant", 96, 41, 50, 24, "available"),
    ("honmachi-school", "fri", "22:00", "open", "crowded", 514, 211, 268, 131, "available"),
    ("honmachi-school", "sat", "03:00", "full", "full", 620, 254, 322, 158, "available"),
    ("midori-school", "fri", "22:00", "open", "vacant", 118, 52, 61, 27, "available"),
    ("midori-school", "sat", "03:00", "open", "crowded", 287, 120, 149, 70, "available"),
    ("welfare-hall", "sat", "03:00", "open", "vacant", 38, 20, None, None, "limited"),
)
CLOSED = ("sat", "16:00")
ORDERS = (
    # kind, action, level, issued, hazards, districts
    ("elderly_evacuation", "issued", "level_3", ("fri", "12:00"), ["flood", "storm_surge"], ("hama", "shiomi")),
    ("evacuation_order", "changed", "level_4", ("fri", "17:30"), ["flood", "storm_surge", "landslide"], ("hama", "shiomi", "higashiyama")),
    ("evacuation_order", "lifted", "level_4", ("sat", "09:00"), ["flood", "storm_surge", "landslide"], ("hama", "shiomi", "higashiyama")),
)  # fmt: skip
ALERTS = (
    # name, kind, stage, level, message, issued, ends, by, words
    ("台風第12号に関する情報", "storm_surge", "information", None, "alert", ("thu", "17:00"), None, "minatogawa-observatory", "台風第12号は21日夜から22日朝に最も接近する見込み。"),
    ("港川に氾濫危険警報", "river_flood", "danger_warning", "level_4", "alert", ("fri", "20:40"), ("sat", "09:00"), "minatogawa-observatory", "港川橋で氾濫危険水位に到達した。"),
    ("みなと区に避難指示", "river_flood", "danger_warning", "level_4", "alert", ("fri", "17:30"), ("sat", "09:00"), "minatogawa-city", "浜町、潮見町及び東山に避難指示を発令した。"),
    ("みなと区の避難指示を解除", "river_flood", "danger_warning", "level_4", "cancel", ("sat", "09:00"), None, "minatogawa-city", "避難指示を解除した。"),
)  # fmt: skip
HAZARD_AREAS = (
    # key, name, kind, hazards, district, ground, depth from, to, river
    ("flood-hama", "港川洪水浸水想定区域（0.5m以上3.0m未満）", "flood_inundation", ["flood"], "hama", (0.5, 0.1, 0.95, 0.9), 0.5, 3.0, "港川"),
    ("surge-shiomi", "高潮浸水想定区域（0.5m以上3.0m未満）", "storm_surge_inundation", ["storm_surge"], "shiomi", (0.05, 0.1, 0.6, 0.9), 0.5, 3.0, None),
    ("landslide-higashiyama", "東山土砂災害警戒区域", "landslide_warning_zone", ["landslide"], "higashiyama", (0.6, 0.5, 0.7, 0.6), None, None, None),
)  # fmt: skip
NEEDS = (
    ("204", "佐々木 ハル", "hama", 4, "12番3号", "要介護3。独居で、歩行に介助を要する。", "浜町四丁目町会"),
    ("205", "川口 正", "hama", 2, "3番5号", "視覚障害1級。誘導を要する。", "浜町二丁目町会"),
    ("206", "森田 由美", "shiomi", 1, "7番9号", "在宅で人工呼吸器を使用。電源を要する。", None),
    ("207", "大野 清", "higashiyama", 3, "2番2号", "認知症。声掛けと同行を要する。", "東山自主防災会"),
)
PLANS = (("204", "honmachi-school", "浜町四丁目町会の車で本町小学校へ。"), ("206", None, "福祉車両で総合福祉会館へ。"))
DAMAGE = (
    ("204", "hama", 4, "12番3号", "flood", "half", "above_floor", "床上40cmまで浸水し、床と内壁の張替えを要する。"),
    ("311", "higashi", 2, "5番8号", "wind", "partial", "none", "屋根瓦の一部が飛散した。"),
)  # fmt: skip


def records(_: Story) -> Iterator[Record]:
    """Places of refuge, orders and alerts, shelters by the hour, the rescue, damage."""
    yield from _sites()
    yield from _shelters()
    yield from _statuses()
    yield from _orders()
    yield from _alerts()
    yield from _hazard_areas()
    yield from _needs()
    yield from _plans()
    yield from _earthquake()
    yield from _rescue()
    yield from _damage()


def _sites() -> Iterator[Record]:
    for number, (key, name, kana, district, where, (block, house), people, hazards, shelter) in enumerate(SITES, 1):
        yield record(
            "EvacuationSite",
            key,
            local_government_code=WARD_CODE,
            site_number=f"{number}",
            name=name,
            name_kana=kana,
            address=address(district, block, house),
            place=place(district, *where),
            contact_point=contact("危機管理課", 500),
            hazard_types=hazards,
            capacity=people,
            also_designated_shelter=shelter,
            designated_shelter=ref("DesignatedShelter", key) if shelter else None,
            facility=ref("Facility", key),
            designated_on="2015-04-01",
            url=f"{SITE}/bosai/",
        )


def _shelters() -> Iterator[Record]:
    shared = {site[0] for site in SITES}
    for number, (key, name, kana, district, where, (block, house), people, welfare) in enumerate(SHELTERS, 1):
        yield record(
            "DesignatedShelter",
            key,
            local_government_code=WARD_CODE,
            site_number=f"{number}",
            name=name,
            name_kana=kana,
            address=address(district, block, house),
            place=place(district, *where),
            contact_point=contact("危機管理課", 500),
            capacity=people,
            welfare_shelter=welfare,
            intended_evacuees="高齢者及び障害者並びにその家族" if welfare else None,
            also_evacuation_site=key in shared,
            evacuation_site=ref("EvacuationSite", key) if key in shared else None,
            pets_allowed=not welfare,
            emergency_power=True,
            facility=ref("Facility", key),
            designated_on="2015-04-01",
        )


def _statuses() -> Iterator[Record]:
    for shelter, day, time, state, crowding, people, households, women, care, power in STATUSES:
        counts = [people, households, women, None if women is None else people - women, care]
        yield record(
            "ShelterStatus",
            f"{shelter}-{stamp(day, time)}",
            designated_shelter=ref("DesignatedShelter", shelter),
            local_government_code=WARD_CODE,
            observed_at=at(day, time),
            opening_status=state,
            shelter_opened_at=at("fri", "12:30"),
            crowding=crowding,
            evacuee_total=people,
            evacuee_households=households,
            evacuee_female=women,
            evacuee_male=counts[3],
            vulnerable_evacuees=care,
            group_size=min(count for count in counts if count is not None),
            suppressed=None in counts,
            shelter_power=power,
            shelter_water="available",
            shelter_telecom="available",
            supplies_needed=["毛布"] if crowding != "vacant" else None,
        )
    for shelter, *_ in SHELTERS:
        yield record(
            "ShelterStatus",
            f"{shelter}-{stamp(*CLOSED)}",
            designated_shelter=ref("DesignatedShelter", shelter),
            local_government_code=WARD_CODE,
            observed_at=at(*CLOSED),
            opening_status="closed",
            shelter_opened_at=at("fri", "12:30"),
            shelter_closed_at=at(*CLOSED),
            group_size=0,
            suppressed=False,
        )


def _orders() -> Iterator[Record]:
    for number, (kind, action, level, issued, hazards, districts) in enumerate(ORDERS, 1):
        persons = sum(DISTRICTS[district].residents for district in districts)
        yield record(
            "EvacuationOrder",
            f"{number}",
            local_government_code=WARD_CODE,
            issuing_authority=org("minatogawa-city"),
            evacuation_order_kind=kind,
            evacuation_order_action=action,
            alert_level=level,
            issued_at=at(*issued),
            hazard_types=hazards,
            target_areas=[area(district) for district in districts],
            target_households=sum(DISTRICTS[district].households for district in districts),
            target_persons=persons,
            group_size=persons,
            suppressed=False,
            replaces_order=None if action == "issued" else ref("EvacuationOrder", f"{number - 1}"),
            evacuation_destinations=[ref("EvacuationSite", key) for key in ("honmachi-school", "midori-school")],
            advised_action="危険な場所から全員避難してください。" if kind == "evacuation_order" else None,
            url=f"{SITE}/bosai/",
        )


def _alerts() -> Iterator[Record]:
    for number, (name, kind, stage, level, message, issued, ends, authority, words) in enumerate(ALERTS, 1):
        yield record(
            "DisasterAlert",
            f"{number}",
            name=name,
            disaster_alert_kind=kind,
            alert_stage=stage,
            alert_level=level,
            alert_handling="actual",
            alert_message_kind=message,
            replaces_alert=ref("DisasterAlert", f"{number - 1}") if message == "cancel" else None,
            issuing_authority=org(authority),
            issued_at=at(*issued),
            starts_at=at(*issued),
            ends_at=at(*ends) if ends else None,
            target_areas=[area()],
            description=words,
        )


def _hazard_areas() -> Iterator[Record]:
    for key, name, kind, hazards, district, ground, least, most, river in HAZARD_AREAS:
        yield record(
            "HazardArea",
            key,
            name=name,
            local_government_code=WARD_CODE,
            area={"geometry": rectangle(district, *ground)},
            hazard_area_kind=kind,
            hazard_types=hazards,
            flood_scale="maximum" if least is not None else None,
            inundation_depth_from=least,
            inundation_depth_to=most,
            river_name=river,
            designating_authority=org("minatogawa-city"),
            designated_on="2020-05-29",
        )


def _needs() -> Iterator[Record]:
    for number, name, district, block, house, condition, supporter in NEEDS:
        yield record(
            "SupportNeed",
            number,
            person=f"urn:machimori:resident:{number}",
            name=name,
            home=address(district, block, house),
            condition=condition,
            supporter=supporter,
        )


def _plans() -> Iterator[Record]:
    """With the consent of two of the four on the list: who takes them where."""
    for number, site, route in PLANS:
        condition, supporter = next((need[5], need[6]) for need in NEEDS if need[0] == number)
        yield record(
            "IndividualEvacuationPlan",
            number,
            person=f"urn:machimori:resident:{number}",
            condition=condition,
            plan_supporters=[supporter] if supporter else None,
            plan_destination=ref("EvacuationSite", site) if site else None,
            plan_route=route,
            plan_agreed_on="2025-09-01",
            plan_made_on="2025-10-15",
        )


def _earthquake() -> Iterator[Record]:
    """One that hardly anybody felt, and no tsunami after it."""
    yield record(
        "EarthquakeObservation",
        "tue",
        occurred_at=at("tue", "03:01"),
        local_government_code=WARD_CODE,
        seismic_intensity="intensity_1",
        earthquake_magnitude=3.1,
        issuing_authority=org("minatogawa-observatory"),
        issued_at=at("tue", "03:05"),
    )
    yield record(
        "TsunamiObservation",
        "tue",
        tsunami_station_name="港川港",
        place=place("hama", 0.1, 0.5),
        observed_at=at("tue", "04:00"),
        tsunami_height=0,
        tsunami_forecast=False,
        issuing_authority=org("minatogawa-observatory"),
        issued_at=at("tue", "04:10"),
    )


def _rescue() -> Iterator[Record]:
    """The call of one person; what her carrier knew of where she was is given under the rescue order for her alone."""
    yield record(
        "RescueRequest",
        "119-0821-07",
        subject="urn:machimori:caller:119-0821-07",
        at=at("fri", "20:58"),
        place=place("hama", 0.62, 0.31),
        rescue_kind="flooded",
        persons_in_danger=1,
        rescue_situation="1階が膝の高さまで浸水し、2階に上がれない。通話の途中で切れた。",
        mobility_need="歩行に介助を要する。",
        callback_number="080-0000-0417",
        rescue_state="rescued",
        responding_organisation=org("minatogawa-fire"),
        rescued_at=at("fri", "22:35"),
    )
    yield record(
        "LastKnownLocation",
        IN_DANGER,
        subject=ref("Subscriber", IN_DANGER),
        place=place("hama", 0.618, 0.305),
        at=at("fri", "21:04:30"),
        positioning_method="gnss",
        position_accuracy=30,
    )


def _damage() -> Iterator[Record]:
    for number, (resident, district, block, house, cause, grade, flooding, details) in enumerate(DAMAGE, 1):
        yield record(
            "DamageReport",
            f"{number}",
            subject=f"urn:machimori:resident:{resident}",
            at=at("sat", "02:00"),
            address=address(district, block, house),
            damage_cause=cause,
            damaged_object="dwelling",
            damage_grade=grade,
            house_flooding=flooding,
            damage_details=details,
            damage_reported_at=at("sun", "10:05"),
            damage_certificate_number=f"R8-{number:04}",
        )
