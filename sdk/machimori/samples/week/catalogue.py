"""The catalogue of holders: who has which data, how private they are, and in which form they are offered."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, period, record, ref
from machimori.samples.week.story import Story
from machimori.samples.week.ward import SITE, area, contact

DATASETS = (
    # key, holder, name, in English, class, fields, their profiles, strictest data class, forms, purposes, access, category
    (
        "electricity-use", "minato-power", "家庭の30分ごとの電力使用量", "Half-hourly electricity use of households",
        "ElectricityUse", ("customer", "energy", "interval_start"), ("personal.identifier", "personal.energy_use"),
        "personal", ("statistics", "identified"), ("demand_response", "city_planning", "resident_access", "welfare_watch"),
        "restricted", "energy_and_water",
    ),
    (
        "trips", "minato-transit", "移動の記録", "Trips",
        "Trip", ("traveller", "origin", "destination", "started_at"), ("personal.identifier", "personal.trip"),
        "personal", ("statistics",), ("transport_planning", "city_planning", "research"),
        "restricted", "transport_and_tourism",
    ),
    (
        "od-flows", "minato-transit", "地区間の移動の量", "Flows between districts",
        "OriginDestinationFlow", ("origin_area", "destination_area", "period", "trips", "group_size", "suppressed"),
        ("statistical.movement", "statistical.cell"),
        "statistical", ("statistics", "identified"), None,
        "public", "transport_and_tourism",
    ),
    (
        "mesh-population", "minato-telecom", "メッシュ人口", "Population by grid square",
        "MeshPopulation", ("mesh_code", "interval_start", "mesh_population", "group_size", "suppressed"),
        ("statistical.population", "statistical.cell"),
        "statistical", ("statistics", "identified"), None,
        "public", "population_and_households",
    ),
    (
        "water-use", "minatogawa-water", "使用水量", "Water use",
        "WaterUse", ("customer", "volume", "interval_start"), ("personal.identifier", "personal.water_use"),
        "personal", ("statistics", "identified"), ("billing", "maintenance_and_safety", "resident_access"),
        "restricted", "energy_and_water",
    ),
    (
        "support-needs", "minatogawa-city", "避難行動要支援者名簿", "List of persons requiring support for evacuation",
        "SupportNeed", ("person", "condition"), ("special_care.support_register", "special_care.support_need"),
        "special_care", ("identified",), ("disaster_response", "rescue"),
        "non_public", "social_security_and_health",
    ),
    (
        "evacuation-sites", "minatogawa-city", "指定緊急避難場所一覧", "Designated emergency evacuation sites",
        "EvacuationSite", ("name", "place.latitude", "place.longitude", "hazard_types"), ("open",),
        "open", ("identified",), None,
        "public", "justice_safety_environment",
    ),
)  # fmt: skip
SERVICES = (
    # key, operator, name, in English, datasets, how one signs in, whether the gate decides, forms
    ("power-gate", "minato-power", "みなと電力データゲート", "Minato Power data gate", ("electricity-use",), "signed_request", True, ("statistics", "identified")),
    ("transit-gate", "minato-transit", "みなと交通データゲート", "Minato Transit data gate", ("trips", "od-flows"), "signed_request", True, ("statistics",)),
    ("open-data", "minatogawa-city", "港川市オープンデータ", "Minatogawa open data", ("evacuation-sites",), "none", False, ("identified",)),
)  # fmt: skip
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FILES = (
    ("evacuation-sites-csv", "evacuation-sites", "municipal", "text/csv"),
    ("evacuation-sites-geojson", "evacuation-sites", "geojson", "application/geo+json"),
    ("od-flows-ndjson", "od-flows", "machimori", "application/x-ndjson"),
)


def records(_: Story) -> Iterator[Record]:
    """Datasets, the services that give them, and files."""
    yield from _datasets()
    yield from _services()
    yield from _files()


def _datasets() -> Iterator[Record]:
    for (
        key, holder, name, english, entity, fields, profiles, data_class, forms, purposes, access, category,
    ) in DATASETS:  # fmt: skip
        yield record(
            "Dataset",
            key,
            name=name,
            name_en=english,
            entity=entity,
            fields=[f"{entity}.{field}" for field in fields],
            profiles=list(profiles),
            data_class=data_class,
            offered_forms=list(forms),
            purposes=list(purposes) if purposes else None,
            access_rights=access,
            dataset_category=category,
            update_frequency="irregular" if data_class == "open" else "daily",
            licence=LICENCE if access == "public" else None,
            area=area(),
            period=period("mon", "end") if data_class != "open" else None,
            issued_at=at("2026-04-01", "09:00"),
            conforms_to=["https://w3id.org/machimori/"],
            distributions=[ref("Distribution", file) for file, dataset, *_ in FILES if dataset == key] or None,
            contact_point=contact("データ窓口", 600),
            holder=org(holder),
        )


def _services() -> Iterator[Record]:
    for key, operator, name, english, served, method, gate, forms in SERVICES:
        yield record(
            "DataService",
            key,
            name=name,
            name_en=english,
            operator=org(operator),
            serves_datasets=[ref("Dataset", dataset) for dataset in served],
            endpoint_url=f"https://data.{operator}.example/v1",
            authentication_method=method,
            decided_by_gate=gate,
            offered_forms=list(forms),
            exchange_format="machimori",
            conforms_to=["https://w3id.org/machimori/"],
        )


def _files() -> Iterator[Record]:
    for key, dataset, form, media_type in FILES:
        yield record(
            "Distribution",
            key,
            dataset=ref("Dataset", dataset),
            distributed_form="identified",
            exchange_format=form,
            media_type=media_type,
            character_encoding="utf_8",
            download_url=f"{SITE}/opendata/{key}",
            licence=LICENCE,
            issued_at=at("2026-04-01", "09:00"),
        )
