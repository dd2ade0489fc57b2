"""Weather, air and water: the heat, then the typhoon."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, interval, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import SITE, WARD_CODE, address, contact, place

WEATHER = (
    # day, time, °C, humidity, rain in mm, wind from, m/s, gust, hPa at sea level, WBGT
    ("mon", "14:00", 33.1, 61, 0, 180, 3.2, 6.8, 1011.2, 30.1),
    ("tue", "14:00", 34.6, 58, 0, 180, 3.0, 6.1, 1010.4, 31.0),
    ("wed", "14:00", 36.8, 54, 0, 202.5, 2.4, 5.5, 1008.9, 33.1),
    ("wed", "18:00", 34.9, 59, 0, 202.5, 2.9, 6.0, 1008.2, 31.2),
    ("thu", "14:00", 32.2, 68, 1.5, 112.5, 6.4, 12.0, 1003.5, 29.9),
    ("fri", "14:00", 28.0, 88, 14.5, 67.5, 11.8, 21.4, 993.1, 27.2),
    ("fri", "21:00", 26.4, 95, 42.0, 90, 17.9, 31.2, 981.6, None),
    ("sat", "03:00", 25.9, 96, 51.5, 135, 24.6, 41.8, 971.3, None),
    ("sat", "12:00", 28.7, 78, 2.0, 225, 9.4, 18.2, 992.8, None),
    ("sun", "12:00", 31.0, 60, 0, 247.5, 3.8, 7.7, 1007.9, 28.4),
)
WARNINGS = (
    # kind, stage, level, state, issued, ends, words
    ("extreme_heat", "information", None, "issued", ("tue", "17:00"), ("wed", "23:59"), "明日は気温が著しく高くなり、熱中症の危険性が極めて高くなる見込み。"),
    ("heavy_rain", "warning", "level_3", "issued", ("fri", "11:20"), ("sat", "12:00"), "低い土地の浸水に厳重に警戒してください。"),
    ("landslide", "danger_warning", "level_4", "switched", ("fri", "17:10"), ("sat", "09:00"), "土砂災害の危険度が高まっています。"),
    ("storm_surge", "danger_warning", "level_4", "switched", ("fri", "17:10"), ("sat", "06:00"), "高潮による浸水のおそれが高まっています。"),
    ("strong_wind", "warning", None, "issued", ("fri", "15:00"), ("sat", "12:00"), "暴風に厳重に警戒してください。"),
    ("landslide", "danger_warning", "level_4", "lifted", ("sat", "09:00"), None, "土砂災害の危険度は低くなりました。"),
)  # fmt: skip
LEVELS = (
    # day, time, metres, level
    ("thu", "12:00", 0.62, None),
    ("fri", "12:00", 1.41, None),
    ("fri", "16:00", 2.63, "level_2"),
    ("fri", "18:00", 3.38, "level_3"),
    ("fri", "21:00", 3.87, "level_4"),
    ("sat", "03:00", 4.12, "level_4"),
    ("sat", "09:00", 2.35, None),
    ("sun", "12:00", 0.94, None),
)
AIR = (("mon", "14:00", 14, 31, 58), ("wed", "14:00", 24, 46, 92), ("sun", "14:00", 7, 15, 33))


def records(story: Story) -> Iterator[Record]:
    """What stations measured and the observatory warned of."""
    yield from _weather()
    yield from _warnings()
    yield from _water_levels()
    yield from _water_quality()
    yield from _air()
    yield from _noise(story)
    yield from _waste()


def _weather() -> Iterator[Record]:
    for day, time, temperature, humidity, rain, direction, wind, gust, pressure, heat in WEATHER:
        yield record(
            "WeatherObservation",
            stamp(day, time),
            name="みなと",
            monitoring_station_code="63998",
            local_government_code=WARD_CODE,
            place=place("chuo", 0.5, 0.41, elevation=5.3),
            operator=org("minatogawa-observatory"),
            device=ref("Device", "weather-1"),
            observed_at=at(day, time),
            air_temperature=temperature,
            relative_humidity=humidity,
            precipitation=rain,
            wind_direction=direction,
            wind_speed=wind,
            peak_gust=gust,
            sea_level_pressure=pressure,
            wet_bulb_globe_temperature=heat,
            quality="measured",
        )


def _warnings() -> Iterator[Record]:
    for number, (kind, stage, level, status, issued, ends, words) in enumerate(WARNINGS, 1):
        yield record(
            "WeatherWarning",
            f"{number}",
            local_government_code=WARD_CODE,
            weather_warning_kind=kind,
            alert_stage=stage,
            alert_level=level,
            weather_warning_status=status,
            alert_handling="actual",
            issuing_authority=org("minatogawa-observatory"),
            issued_at=at(*issued),
            starts_at=at(*issued) if ends else None,
            ends_at=at(*ends) if ends else None,
            description=words,
        )


def _water_levels() -> Iterator[Record]:
    for day, time, metres, level in LEVELS:
        yield record(
            "WaterLevel",
            stamp(day, time),
            name="港川橋",
            monitoring_station_code="2199000400098",
            river_name="港川",
            water_body_kind="river",
            local_government_code=WARD_CODE,
            place=place("honmachi", 0.2, 0.8),
            operator=org("minatogawa-city"),
            device=ref("Device", "water-level-1"),
            observed_at=at(day, time),
            water_level=metres,
            alert_level=level,
            flood_standby_level=1.8,
            flood_caution_level=2.5,
            evacuation_decision_level=3.3,
            flood_danger_level=3.8,
            design_high_water_level=4.6,
            quality="measured",
        )


def _water_quality() -> Iterator[Record]:
    for day, solids in (("mon", 4), ("sun", 61)):
        yield record(
            "WaterQuality",
            f"minatogawa-bridge-{day}",
            name="港川橋",
            water_body_name="港川",
            water_body_kind="river",
            local_government_code=WARD_CODE,
            place=place("honmachi", 0.2, 0.8),
            operator=org("minatogawa-city"),
            observed_at=at(day, "10:20"),
            water_temperature=27.4,
            ph=7.6,
            dissolved_oxygen=7.8,
            biochemical_oxygen_demand=1.4,
            suspended_solids=solids,
            quality="measured",
        )


def _air() -> Iterator[Record]:
    for day, time, fine, coarse, ozone in AIR:
        yield record(
            "AirQuality",
            stamp(day, time),
            name="東町測定局",
            monitoring_station_code="28181010",
            local_government_code=WARD_CODE,
            place=place("higashi", 0.5, 0.5),
            operator=org("minatogawa-city"),
            device=ref("Device", "air-1"),
            **interval(day, time, 60),
            pm25=fine,
            suspended_particulate_matter=coarse,
            photochemical_oxidants=ozone / 1000,
            quality="measured",
        )


def _noise(story: Story) -> Iterator[Record]:
    chance = story.chance("noise")
    for day in ("tue", "sun"):
        level = chance.between(58, 66)
        yield record(
            "NoiseLevel",
            f"honmachi-dori-{day}",
            name="本町通",
            local_government_code=WARD_CODE,
            place=place("honmachi", 0.49, 0.6),
            operator=org("minatogawa-city"),
            **interval(day, "06:00", 960),
            noise_level_equivalent=level,
            noise_level_max=level + 22,
            sonometer_class="class_1",
            noise_area_type="roadside",
            noise_source="road_traffic",
            quality="measured",
        )


def _waste() -> Iterator[Record]:
    for number, (district, town, group) in enumerate(
        (("midori", "緑台三丁目", "緑台三丁目自治会"), ("hama", "浜町二丁目", "浜町二丁目町会")), 1
    ):
        yield record(
            "WasteCollectionPoint",
            f"{number}",
            name=f"{town}{number + 2}番角",
            local_government_code=WARD_CODE,
            address=address(district, 3 if district == "midori" else 2, f"{number + 2}番"),
            place=place(district, 0.4, 0.4),
            served_districts=[group],
            collection_schedule=[
                {"waste_category": "burnable", "collection_days": "毎週火・金曜日", "put_out_by": "08:00"},
                {"waste_category": "plastic", "collection_days": "毎週水曜日", "put_out_by": "08:00"},
            ],
            waste_container="net",
            managing_association=group,
            contact_point=contact("環境局収集課", 200),
            url=f"{SITE}/gomi/",
        )
