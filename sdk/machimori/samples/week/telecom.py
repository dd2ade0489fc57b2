"""The network of みなと通信: people in each square, quality, and what the typhoon cut."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, interval, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import DISTRICTS, RESIDENTS, SITE, WARD_CODE, address, area, contact, place

CARRIER = "minato-telecom"
IN_DANGER = "0417"
"""The subscriber whom the fire bureau looks for on Friday night."""
SUBSCRIBERS = (
    # number, name, contact, line
    (IN_DANGER, "佐々木 ハル", "兵庫県港川市みなと区浜町四丁目12番3号", "080-0000-0417"),
    ("3340", "有限会社浜町製作所", "兵庫県港川市みなと区浜町一丁目5番6号 総務係", "080-0000-3340"),
    ("3341", "田村 次郎", "兵庫県港川市みなと区東町二丁目7番8号", "090-0000-3341"),
)
CALLS = (("3340", "mon", "09:22:05", 184), ("3341", "thu", "18:40:12", 61), (IN_DANGER, "fri", "20:58:10", 42))
SITES = (
    # key, name, district, where in it, kind, backup, state on Saturday morning
    ("mt-0101", "本町局", "honmachi", (0.4, 0.5), "macro", "PT24H", "in_service"),
    ("mt-0102", "浜町局", "hama", (0.5, 0.4), "macro", "PT24H", "on_backup_power"),
    ("mt-0103", "東町局", "higashi", (0.5, 0.6), "macro", "PT2H", "down"),
    ("mt-0104", "みなと中央駅構内局", "chuo", (0.6, 0.7), "indoor", "PT3H", "in_service"),
)
PRESENCE = {
    # people present for every hundred residents: at noon on Wednesday, in the night of Friday
    "hama": (60, 21), "shiomi": (55, 34), "futo": (9000, 75), "honmachi": (92, 96), "chuo": (171, 88),
    "higashi": (58, 62), "midori": (49, 71), "yamate": (52, 74), "higashiyama": (50, 73),
}  # fmt: skip
SHARE = 34
"""Of a hundred people so many carry a handset of this carrier."""
MOMENTS = (("wed", "12:00"), ("fri", "22:00"))
QUALITY = (("chuo", 5204, 3110), ("hama", 1480, 122), ("higashi", 2093, 16), ("futo", 318, 3))
"""Handsets behind the medians on Wednesday at noon and in the night of the storm."""


def records(story: Story) -> Iterator[Record]:
    """Subscribers and the network."""
    yield from _subscribers()
    yield from _sites()
    yield from _coverage()
    yield from _presence(story)
    yield from _quality(story)
    yield from _outages()
    yield from _wifi()


def _subscribers() -> Iterator[Record]:
    for number, name, where, line_number in SUBSCRIBERS:
        yield record("Subscriber", number, name=name, contact=where, line_number=line_number)
    for number, day, time, seconds in CALLS:
        yield record(
            "ConnectionRecord",
            f"{number}-{day}",
            line=f"urn:machimori:line:{number}",
            peer="0780000119" if number == IN_DANGER else "0780000123",
            cell=ref("RadioSite", "mt-0102"),
            connection_kind="voice",
            connection_direction="outgoing",
            started_at=at(day, time),
            duration=seconds,
        )


def _sites() -> Iterator[Record]:
    for key, name, district, where, kind, backup, state in SITES:
        yield record(
            "RadioSite",
            key,
            name=name,
            operator=org(CARRIER),
            radio_site_kind=kind,
            supported_technologies=["lte", "nr_sub6"],
            local_government_code=WARD_CODE,
            place=place(district, *where),
            installed_on="2021-06-01",
            backup_power_duration=backup,
            transmission_link="optical_fibre",
            observed_at=at("sat", "04:00"),
            radio_site_state=state,
        )


def _coverage() -> Iterator[Record]:
    for technology, of_area, of_people in (("lte", 99.8, 100), ("nr_sub6", 91.4, 98.7)):
        yield record(
            "NetworkCoverage",
            technology.replace("_", "-"),
            operator=org(CARRIER),
            network_technology=technology,
            local_government_code=WARD_CODE,
            coverage_as_of="2026-03-31",
            area_coverage=of_area,
            population_coverage=of_people,
        )


def _presence(story: Story) -> Iterator[Record]:
    chance = story.chance("presence")
    for key, district in DISTRICTS.items():
        for share, (day, time) in zip(PRESENCE[key], MOMENTS, strict=True):
            people = district.residents * share * chance.whole(97, 103) // 10000
            yield record(
                "MeshPopulation",
                f"{district.mesh_code}-{stamp(day, time)}",
                mesh_code=district.mesh_code,
                **interval(day, time, 60),
                mesh_population_kind="present",
                operator=org(CARRIER),
                **cell(people * SHARE // 100, mesh_population=people),
            )


def _quality(story: Story) -> Iterator[Record]:
    chance = story.chance("quality")
    for key, *handsets in QUALITY:
        for group, (day, time), slow in zip(handsets, (("wed", "12:00"), ("sat", "02:00")), (1, 6), strict=True):
            yield record(
                "NetworkQuality",
                f"{DISTRICTS[key].mesh_code}-{stamp(day, time)}",
                operator=org(CARRIER),
                network_technology="nr_sub6",
                mesh_code=DISTRICTS[key].mesh_code,
                **interval(day, time, 60),
                **cell(
                    group,
                    downlink_rate=round(chance.between(120, 220) / slow, 1),
                    uplink_rate=round(chance.between(14, 28) / slow, 1),
                    latency=chance.between(18, 32) * slow,
                    packet_loss=round(chance.between(0.1, 0.5) * slow, 1),
                ),
            )


def _outages() -> Iterator[Record]:
    for day, time, down, lines, ended_at in (
        ("sat", "03:00", 1, 2840, None),
        ("sat", "16:00", 0, 0, at("sat", "15:20")),
    ):
        yield record(
            "TelecomOutage",
            stamp(day, time),
            local_government_code=WARD_CODE,
            operator=org(CARRIER),
            carrier_service="みなとモバイル（携帯電話）",
            telecom_services=["mobile_voice", "mobile_data"],
            telecom_damage="停電により、東町地区で音声通話及びデータ通信が利用しづらい。",
            lines_affected=lines,
            group_size=RESIDENTS,
            radio_sites_down=down,
            started_at=at("sat", "02:40"),
            ended_at=ended_at,
            telecom_outage_cause="台風による停電",
            telecom_restoration_expected_at=None if ended_at else at("sat", "16:00"),
            emergency_roaming="none" if ended_at else "emergency_calls_only",
            service_interrupted_areas=None if ended_at else [area("higashi")],
            issued_at=at(day, time),
            url="https://www.minato-telecom.example/outage",
        )


def _wifi() -> Iterator[Record]:
    for key, name, district, where, (block, house), people in (
        ("ward-office", "みなと区役所", "chuo", (0.5, 0.4), (1, "1番1号"), 44),
        ("honmachi-school", "本町小学校体育館", "honmachi", (0.7, 0.31), (2, "4番1号"), 137),
        ("welfare-hall", "総合福祉会館", "yamate", (0.6, 0.2), (1, "10番3号"), 6),
    ):
        yield record(
            "PublicWifiAccessPoint",
            key,
            name=name,
            local_government_code=WARD_CODE,
            address=address(district, block, house),
            place=place(district, *where),
            wifi_installer="港川市",
            contact_point=contact("デジタル推進課", 110),
            ssids=["00000JAPAN"],
            wifi_authentication="none",
            disaster_free_access=True,
            wifi_state="opened_for_disaster",
            observed_at=at("fri", "22:00"),
            **cell(people, clients_connected=people),
            url=f"{SITE}/wifi/",
        )
