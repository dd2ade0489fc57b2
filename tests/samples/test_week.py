"""The week in Minato ward is one story: every record complies, refers to what is there, and agrees with the others."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests import raw

import machimori as mm
from machimori.samples import week
from machimori.samples.plausible import mesh_code

Record = dict[str, Any]
ROOT = Path(__file__).parents[2]
WEEK = list(week.records())
IDS = {record["id"]: record for record in WEEK}
CLASSES = raw.catalogue()["classes"]
FILES = sorted((ROOT / "model" / "examples" / "week").iterdir())
SQUARES = {f"523501{row}{column}" for row in (1, 2, 3) for column in (3, 4, 5)}
"""Nine grid squares of about 1 km (JIS X 0410, third level), three by three, each a district."""
WARD_CODE, CITY_CODE = "282987", "282995"
DAYS = {"tue": "2026-08-18", "wed": "2026-08-19"}
ABSENT = {
    "PrivacyProfile": "a part of the model itself",
    "PolicyRule": "a part of the model itself",
    "Decision": "made by the gate, from these records and documents",
    "LogEntry": "made by the gate",
    "ReleaseEntry": "made by the gate",
    "NoticeEntry": "made by the holder's desk, in its log",
    "DeletionEntry": "made by the holder's desk, in its log",
    "StatisticsRelease": "made by the gate",
    "TransparencyReport": "counts what a gate did in a year",
    "Warrant": "nobody in the story is suspected of anything",
}
HISTORY = {
    "ConsentRecord": "given before, in force during the week",
    "Agreement": "in force over years",
    "DemandResponseProgramme": "a season",
    "HomeEnergySettings": "a season",
    "GasUse": "read once a month",
    "Bill": "made out once a month",
    "AreaHealthIndicator": "four weeks, of which this is the last",
    "WastewaterSample": "four weeks, of which this is the last",
    "TestingStatistics": "two weeks, of which this is the last",
    "VaccinationCoverage": "a fiscal year",
    "KeyPerformanceIndicator": "a fiscal year",
    "AccessCredential": "valid to the end of the fiscal year",
    "Dataset": "published in April",
    "Distribution": "published in April",
    "ConformanceStatement": "tested in May",
    "TestOutcome": "tested in May",
}


def of(*names: str) -> list[Record]:
    return [record for record in WEEK if record["type"] in names]


def walk(value: Any, entity: str) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Every value in a record with the field of the model that holds it."""
    for name, held in value.items():
        field = CLASSES[entity]["fields"][name]
        for item in held if isinstance(held, list) else [held]:
            yield field, name, item
            if isinstance(item, dict):
                yield from walk(item, item.get("type", field["range"]))


EVERY_VALUE = [(record, *found) for record in WEEK for found in walk(record, record["type"])]


@pytest.mark.parametrize("entity", sorted({record["type"] for record in WEEK}))
def test_every_record_complies(entity: str) -> None:
    found = {r["id"]: [i.text("en") for i in report.issues] for r in of(entity) if not (report := mm.validate(r)).ok}
    assert found == {}


def test_every_class_that_travels_on_its_own_is_in_the_story_or_has_a_reason_not_to_be() -> None:
    roots = {name for name, class_ in CLASSES.items() if class_["root"] and not class_["abstract"]}
    assert roots - {record["type"] for record in WEEK} == ABSENT.keys()


def test_the_size_is_some_hundreds() -> None:
    count = sum(1 for _ in week.records())
    assert 400 <= count <= 1200
    print(dict(Counter(CLASSES[record["type"]]["domain"] for record in WEEK)))


def test_an_id_stands_once() -> None:
    assert [i for i, n in Counter(record["id"] for record in WEEK).items() if n > 1] == []


def test_a_reference_leads_to_a_record_of_the_class_that_the_field_names() -> None:
    for record, field, name, value in EVERY_VALUE:
        if field["range"] in CLASSES and not field["inlined"]:
            assert IDS.get(value, {}).get("type") == field["range"], f"{record['id']} {name}: {value}"


def test_an_id_of_a_kind_that_the_story_has_is_in_it_even_where_the_field_takes_any() -> None:
    kinds = {identifier.rpartition(":")[0] for identifier in IDS}
    named = {v for _, _, _, v in EVERY_VALUE if isinstance(v, str) and v.rpartition(":")[0] in kinds}
    assert named - IDS.keys() == set()


def test_times_lie_in_the_week_or_in_history_with_a_reason() -> None:
    used = set()
    for record, field, name, value in EVERY_VALUE:
        if field["range"] != "DateTime":
            continue
        if "2026-08-17T00:00:00+09:00" <= value <= "2026-08-24T00:00:00+09:00":
            continue
        assert record["type"] in HISTORY, f"{record['id']} {name}: {value}"
        used.add(record["type"])
    assert used == HISTORY.keys()
    assert all(value.endswith("+09:00") for _, field, _, value in EVERY_VALUE if field["range"] == "DateTime")


def test_places_lie_in_the_squares_of_the_ward() -> None:
    for record, field, _, value in EVERY_VALUE:
        if field["range"] == "MeshCode":
            assert value in SQUARES, record["id"]
        elif field["range"] == "Place" and "latitude" in value:
            square = mesh_code(value["latitude"], value["longitude"])
            assert square in SQUARES, record["id"]
            assert value.get("mesh_code", square) == square, record["id"]
        elif field["range"] == "Wkt":
            points = re.findall(r"([0-9.]+) ([0-9.]+)", value)
            assert {mesh_code(float(north), float(east)) for east, north in points} <= SQUARES, record["id"]


def test_codes_are_those_of_the_ward_and_its_city() -> None:
    codes = {v for _, field, _, v in EVERY_VALUE if field["range"] in ("LocalGovernmentCode", "AreaCode")}
    assert codes == {WARD_CODE, CITY_CODE}


def homes_of(feeder: Record) -> set[str]:
    square = feeder["area"]["mesh_code"]
    return {point["customer"] for point in of("SupplyPoint") if point["place"]["mesh_code"] == square}


@pytest.mark.full
def test_a_line_carries_at_least_what_its_households_use_and_nothing_while_it_is_down() -> None:
    for load in of("FeederLoad"):
        used = [
            use["energy"]
            for use in of("ElectricityUse")
            if use["customer"] in homes_of(load) and use["interval_start"] == load["interval_start"]
        ]
        assert load["feeder_load"] >= sum(used) * 2000
        assert (load["feeder_load"] == 0) == (used == [])
        assert load["feeder_load"] <= load["feeder_capacity"]


def test_there_are_lines_above_and_below_the_smallest_group() -> None:
    sizes = {load["feeder_code"]: (len(homes_of(load)), load["suppressed"]) for load in of("FeederLoad")}
    assert max(size for size, _ in sizes.values()) >= 12
    assert [suppressed for size, suppressed in sizes.values() if size < 5] == [True]
    reporting = Counter(use["interval_start"] for use in of("ElectricityUse"))
    assert min(reporting.values()) < 10 < 12 <= max(reporting.values())


def test_the_saving_is_the_difference_between_two_evenings() -> None:
    for participation in of("DemandResponseParticipation"):
        evenings = {
            day: sum(
                use["energy"]
                for use in of("ElectricityUse")
                if use["customer"] == participation["customer"] and use["interval_start"].startswith(f"{DAYS[day]}T18")
            )
            for day in ("tue", "wed")
        }
        if participation["dr_response"] == "opt_in":
            assert participation["dr_measured_energy"] == pytest.approx(evenings["wed"])
            assert participation["dr_delivered_energy"] == pytest.approx(evenings["tue"] - evenings["wed"])
            assert participation["dr_delivered_energy"] > 0
    assert sum(p["dr_response"] == "opt_in" for p in of("DemandResponseParticipation")) >= 12


def test_a_flow_is_the_count_of_the_trips_of_ten_people_or_more() -> None:
    trips: dict[tuple[str, str, str], list[str]] = {}
    for trip in of("Trip"):
        pair = (trip["origin"]["mesh_code"], trip["destination"]["mesh_code"], trip["mode"])
        trips.setdefault(pair, []).append(trip["traveller"])
    flows = {
        (f["origin_area"]["mesh_code"], f["destination_area"]["mesh_code"], f["mode"]): f
        for f in of("OriginDestinationFlow")
    }
    assert flows.keys() == trips.keys()
    for pair, flow in flows.items():
        people = len({*trips[pair]})
        told = (flow.get("trips"), flow["group_size"], flow["suppressed"])
        assert told == ((len(trips[pair]), people, False) if people >= 10 else (None, 0, True))
    assert max(flow["group_size"] for flow in flows.values()) >= 12
    assert sum(flow["suppressed"] for flow in flows.values()) >= 2


def test_a_suppressed_cell_tells_neither_its_size_nor_what_would_give_it_away() -> None:
    for record in WEEK:
        if record.get("suppressed") and record["type"] != "ShelterStatus":
            assert record["group_size"] == 0, record["id"]
            statistics = {
                name
                for name in record
                if (profile := CLASSES[record["type"]]["fields"][name]["privacy"]).startswith("statistical.")
                and profile != "statistical.cell"
                and name != "group_size"
            }
            assert not statistics, record["id"]
    population = {record["area"]["name"]: record for record in of("PopulationStatistics")}
    whole = population.pop("みなと区")
    for field, hidden in (("resident_population", 8), ("household_count", 6)):
        rest = whole[field] - sum(record.get(field, 0) for record in population.values())
        assert rest != hidden
        assert whole[field] % 100 == 0


def test_no_shelter_holds_more_people_than_it_may() -> None:
    capacity = {shelter["id"]: shelter["capacity"] for shelter in of("DesignatedShelter")}
    for status in of("ShelterStatus"):
        assert status.get("evacuee_total", 0) <= capacity[status["designated_shelter"]]
        if "evacuee_female" in status:
            assert status["evacuee_female"] + status["evacuee_male"] == status["evacuee_total"]


def test_beds_spaces_and_docks_add_up() -> None:
    for beds in of("HospitalCapacity"):
        if not beds["suppressed"]:
            assert beds["beds_occupied"] + beds["beds_available"] <= beds["beds_total"]
    spaces = {park["id"]: park["parking_spaces"] for park in of("ParkingFacility")}
    assert all(a["available_spaces"] <= spaces[a["parking_facility"]] for a in of("ParkingAvailability"))
    docks = {station["id"]: station["station_capacity"] for station in of("SharedMobilityStation")}
    for state in of("StationAvailability"):
        taken = state["vehicles_available"] + state["vehicles_disabled"] + state["docks_available"]
        assert taken == docks[state["shared_station"]]


def test_no_number_of_a_person_is_common_to_two_holders() -> None:
    holders = {key: {*ids} for key, ids in _subjects().items()}
    assert all(not one & other for a, one in holders.items() for b, other in holders.items() if a < b)


def _subjects() -> dict[str, list[str]]:
    power = [r["customer"] for r in of("ElectricityUse")]
    water = [r["customer"] for r in of("WaterUse")]
    gas = [r["customer"] for r in of("GasUse")]
    travel = [r["traveller"] for r in of("Trip")]
    cards = [r["card"] for r in of("FareTransaction")]
    return {"power": power, "water": water, "gas": gas, "travel": travel, "cards": cards}


def test_the_catalogue_of_holders_names_the_profiles_that_the_fields_have() -> None:
    for dataset in of("Dataset"):
        profiles = {mm.privacy_of(field).name for field in dataset["fields"]}
        assert profiles == {*dataset["profiles"]}, dataset["id"]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_holds_the_records_of_its_domain_a_line_each(file: Path) -> None:
    text = file.read_bytes().decode()
    records = [json.loads(line) for line in text.splitlines()]
    assert {CLASSES[record["type"]]["domain"] for record in records} == {file.stem}
    assert text == "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.mark.full
def test_the_records_are_those_of_all_files_and_a_file_is_opened_when_its_turn_comes() -> None:
    assert [file.suffix for file in FILES] == [".ndjson"] * len(FILES)
    assert [json.loads(line) for file in FILES for line in file.read_text("utf-8").splitlines()] == WEEK
    program = (
        "import sys; from machimori.samples import week; told = week.records()\n"
        "sys.addaudithook(lambda event, what: event == 'open' and print(what[0]))\n"
        "next(told)"
    )
    opened = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()
    assert [Path(path).name for path in opened if path.endswith(".ndjson")] == [FILES[0].name]


@pytest.mark.full
def test_importing_it_loads_nothing_else() -> None:
    program = (
        "import sys, machimori.samples.week; print(*({'pydantic', 'msgspec', 'rdflib', 'click'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.strip() == b""


def test_the_example_holds() -> None:
    assert doctest.testmod(import_module(week.__name__)) == (0, 1)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_tells_how_many_records_a_domain_has(language: str) -> None:
    page = (ROOT / "docs" / language / "week.md").read_text(encoding="utf-8")
    told = {domain: int(count) for domain, count in re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+) \|", page, re.MULTILINE)}
    assert told == Counter(CLASSES[record["type"]]["domain"] for record in WEEK)
