"""Release of records: only what is granted, at any depth; whatever cannot be read is counted and stays."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.privacy.gate.world import (
    AT,
    PERSON,
    agreement,
    emergency,
    holding,
    org,
    request,
    tokens,
)

from machimori.catalogue import catalogue
from machimori.errors import UnreadableError
from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import read_holding
from machimori.privacy.decision.signatures import documents
from machimori.privacy.disclosure import areas
from machimori.privacy.disclosure.disclosure import WrongFormError
from machimori.privacy.gate import Gate
from machimori.samples.sampling import sample
from machimori.standards.mesh import mesh_code

SECRET = b"a secret of the holder, thirty-two bytes"
CLASSES = sorted(n for n, e in catalogue.catalogue()["classes"].items() if e["root"])


def gate(holder: str = "power", lines: Any = (), agreements: Any = (), now: float = AT, **more: Any) -> Gate:
    known = read_holding(json.dumps(holding(holder)))
    register = Register(tuple(documents(lines, known)), tuple(agreements))
    return Gate(known, register=register, clock=lambda: now, secret=SECRET, **more)


def own(entity: str, form: str = "identified", **more: Any) -> dict[str, Any]:
    """The request of a person for what is held about them."""
    return request(PERSON, entity, "resident_access", form, role="data_subject", subject=PERSON, **more)


def of_person(entity: str, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Records about the one person."""
    owner = catalogue.class_data(entity)["data_subject"]
    records = list(sample(entity, count, seed))
    for record in records:
        if owner and owner != "trusted_keys":
            record[owner] = PERSON
    return records


def use(number: int, **more: Any) -> dict[str, Any]:
    record = next(iter(sample("ElectricityUse", 1, number)))
    return {**record, "id": f"urn:machimori:electricity-use:{number}", "customer": PERSON, **more}


def paths_of(value: Any, at: str = "") -> Iterator[str]:
    """Every path of a view, through lists, too."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            for name, inner in one.items():
                yield f"{at}{name}"
                yield from paths_of(inner, f"{at}{name}.")


# -- only what is granted, and as its schema says ------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["identified", "pseudonymised"])
@pytest.mark.parametrize("entity", CLASSES)
def test_a_view_has_granted_fields_alone_and_complies_with_its_schema(entity: str, form: str) -> None:
    holder = gate(agreements=[_supply(entity)])
    asked = own(entity, form) if catalogue.class_data(entity)["data_subject"] else request("power", entity, "research", form, role="own_service")  # fmt: skip
    disclosure = holder.disclose(of_person(entity, 6), asked)
    granted = {g.field for g in disclosure.decision.granted}
    schema = jsonschema_rs.validator_for(holder.view_schema(asked))
    for view in disclosure:
        assert set(view) <= granted
        assert schema.is_valid(view), next(iter(schema.iter_errors(view))).message[:200]
    assert not granted or "unreadable" not in disclosure.skipped


def _supply(entity: str) -> dict[str, Any]:
    return agreement("supply", [org("power"), PERSON], ["research"], [f"{entity}.id"])


@pytest.mark.full
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_view_of_some_fields_has_those_alone(data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from(["Trip", "SupportNeed", "RescueRequest", "Customer", "DamageReport"]))
    possible = list(_paths(entity))
    wanted = data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=5, unique=True))
    asked = own(entity, fields=wanted)
    disclosure = gate().disclose(of_person(entity, 4, data.draw(st.integers(0, 50))), asked)
    granted = {g.field for g in disclosure.decision.granted}
    schema = jsonschema_rs.validator_for(gate().view_schema(asked))
    for view in disclosure:
        for path in paths_of(view):
            assert any(path == g or path.startswith(f"{g}.") or g.startswith(f"{path}.") for g in granted), path
        assert schema.is_valid(view)


def _paths(entity: str, at: str = "") -> Iterator[str]:
    for name, field in catalogue.class_data(entity)["fields"].items():
        yield f"{at}{name}"
        if field["inlined"] and not catalogue.class_data(field["range"])["abstract"]:
            yield from _paths(field["range"], f"{at}{name}.")


def test_nothing_unknown_rides_along() -> None:
    record = {**use(1), "note": "canary", "nested": {"energy": "canary"}}
    trip = {**of_person("Trip", 1)[0], "origin": {"latitude": 34.69, "longitude": 135.19, "who": "canary"}}
    assert b"canary" not in b"".join(gate().disclose([json.dumps(record)], own("ElectricityUse")))
    assert b"canary" not in b"".join(gate("railway").disclose([json.dumps(trip)], own("Trip")))


def test_members_of_a_polymorphic_list_are_cut_too() -> None:
    records = [r for r in sample("DemandResponseEvent", 40) if r.get("signals")]
    for record in records:
        for signal in record["signals"]:
            signal["canary"] = "canary"
    holder = gate()
    asked = request("power", "DemandResponseEvent", "demand_response", role="own_service", fields=["signals"])
    found = list(holder.disclose(records, asked))
    schema = jsonschema_rs.validator_for(holder.view_schema(asked))
    assert len(found) == len(records)
    assert all(list(view) == ["signals"] for view in found)
    assert "canary" not in json.dumps(found)
    assert all(schema.is_valid(view) for view in found)


@pytest.mark.parametrize("path", ["signals.type", "signals.starts_at", "signals.energy_price", "signals.power_limit"])
def test_a_path_into_a_polymorphic_list_gives_that_alone(path: str) -> None:
    records = [r for r in sample("DemandResponseEvent", 40) if r.get("signals")]
    holder, name = gate(), path.partition(".")[2]
    asked = request("power", "DemandResponseEvent", "demand_response", role="own_service", fields=[path])
    found = list(holder.disclose(records, asked))
    schema = jsonschema_rs.validator_for(holder.view_schema(asked))
    assert len(found) == len(records)
    for view, record in zip(found, records, strict=True):
        assert view == {"signals": [{name: s[name]} if name in s else {} for s in record["signals"]]}
        assert schema.is_valid(view)


def test_a_denial_gives_nothing() -> None:
    disclosure = gate().disclose([use(1)], request("city", "ElectricityUse", "city_planning"))
    assert disclosure.decision.denied
    assert list(disclosure) == []
    assert disclosure.released == 0


def test_statistics_are_not_disclosed() -> None:
    with pytest.raises(WrongFormError):
        gate().disclose([], own("ElectricityUse", "statistics"))


# -- what is no record of the class or is not valid ------------------------------------------------------------------------

BROKEN: dict[str, bytes] = {
    "truncated": b'{"type":"ElectricityUse","customer":',
    "no object": b"17",
    "a list": b"[1]",
    "another type of value": json.dumps(use(2, energy="much")).encode(),
    "out of range": json.dumps(use(2, energy=-1)).encode(),
    "a pattern broken": json.dumps(use(2, interval_start="yesterday")).encode(),
    "a break after the pattern": json.dumps(use(2, interval_start="2026-04-01T00:00:00+09:00\n")).encode(),
    "a required field missing": json.dumps({k: v for k, v in use(2).items() if k != "energy"}).encode(),
    "a required field null": json.dumps(use(2, energy=None)).encode(),
    "an unknown value of an enum": json.dumps(use(2, quality="perfect")).encode(),
    "CP932": json.dumps(use(2, quality="実測"), ensure_ascii=False).encode("cp932"),
    "deep": b'{"type":"ElectricityUse","customer":' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_what_is_invalid_stays_and_is_counted(line: bytes) -> None:
    disclosure = gate().disclose(
        [json.dumps(use(1)).encode(), line, json.dumps(use(3)).encode()], own("ElectricityUse")
    )
    assert len(list(disclosure)) == disclosure.released == 2
    assert sum(disclosure.skipped.values()) == 1


def test_another_class_and_another_person_are_counted() -> None:
    records = [use(1), use(2, customer="urn:machimori:person:18"), use(3, type="GasUse"), use(4, customer=None)]
    disclosure = gate().disclose(records, own("ElectricityUse"))
    assert len(list(disclosure)) == 1
    assert disclosure.skipped == {"other-person": 2, "other-class": 1}


def test_an_escaped_person_is_the_same_person() -> None:
    line = json.dumps(use(1)).replace(":person:", "\\u003aperson\\u003a").encode()
    assert len(list(gate().disclose([line], own("ElectricityUse")))) == 1


def test_whole_numbers_may_be_floats() -> None:
    record = next(r for r in sample("RescueRequest", 50) if r.get("persons_in_danger"))
    record = {**record, "subject": PERSON, "persons_in_danger": 5.0}
    (view,) = gate().disclose([json.dumps(record)], own("RescueRequest", fields=["persons_in_danger"]))
    assert json.loads(view) == {"persons_in_danger": 5}


def test_counting_goes_on_with_the_views() -> None:
    disclosure = gate().disclose([use(1), use(2, energy="x"), use(3)], own("ElectricityUse"))
    assert disclosure.released == 0
    next(disclosure)
    assert disclosure.released == 1
    assert disclosure.skipped == {}
    next(disclosure)
    assert disclosure.released == 2
    assert disclosure.skipped == {"unreadable": 1}


# -- where records come from ---------------------------------------------------------------------------------------------------

RECORDS = [use(n) for n in range(5)]
NDJSON = b"\n".join(json.dumps(r).encode() for r in RECORDS)
SOURCES: dict[str, Any] = {
    "bytes": NDJSON,
    "text": NDJSON.decode(),
    "an array": json.dumps(RECORDS).encode(),
    "an array in text": json.dumps(RECORDS, indent=2),
    "blank lines": NDJSON.replace(b"\n", b"\r\n\r\n  \n"),
    "a byte order mark": b"\xef\xbb\xbf" + NDJSON,
    "a byte order mark before an array": b"\xef\xbb\xbf" + json.dumps(RECORDS).encode(),
    "an iterator of bytes": [json.dumps(r).encode() for r in RECORDS],
    "an iterator of text": (json.dumps(r) for r in RECORDS),
    "an iterator of records": RECORDS,
    "a record with a huge field": NDJSON
    + b"\n"
    + json.dumps({"type": "ElectricityUse", "x": "y" * 3_000_000}).encode(),
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source(source: str) -> None:
    disclosure = gate().disclose(SOURCES[source], own("ElectricityUse", fields=["energy"]))
    found = [json.loads(v) if isinstance(v, bytes) else v for v in disclosure]
    assert [f["energy"] for f in found] == [r["energy"] for r in RECORDS]


@pytest.mark.parametrize("name", ["plain.ndjson", "packed.ndjson.gz", "array.json", "array.json.gz", "one.json"])
def test_a_file(name: str, tmp_path: Path) -> None:
    text = {"array": json.dumps(RECORDS), "one": json.dumps(RECORDS[0], indent=2)}.get(name.split(".")[0])
    content = text.encode() if text else NDJSON
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    found = list(gate().disclose(path, own("ElectricityUse", fields=["energy"])))
    assert [json.loads(f)["energy"] for f in found] == [r["energy"] for r in RECORDS][: 1 if name == "one.json" else 5]
    assert list(gate().disclose(str(path), own("ElectricityUse", fields=["energy"]))) == found


def test_a_file_that_is_not_there_or_ends_early(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        list(gate().disclose(tmp_path / "none.ndjson", own("ElectricityUse")))
    path = tmp_path / "short.gz"
    path.write_bytes(gzip.compress(NDJSON)[:-20])
    with pytest.raises(UnreadableError):
        list(gate().disclose(path, own("ElectricityUse")))


def test_instances_go_out_as_data() -> None:
    from machimori.model.energy import ElectricityUse

    model = ElectricityUse.model_validate(RECORDS[0])
    (view,) = gate().disclose([model], own("ElectricityUse", fields=["energy"]))
    assert view == {"energy": RECORDS[0]["energy"]}


# -- areas, cells, groups --------------------------------------------------------------------------------------------------------

CODES = [
    ("281000", "281000", True),
    ("280003", "281107", True),
    ("270008", "281107", False),
    ("281000", "281107", True),
    ("281000", "281115", True),
    ("281107", "281107", True),
    ("281107", "281115", False),
    ("281107", "281000", False),
    ("281000", "282014", False),
    ("271004", "271403", False),
    ("271403", "271411", True),
    ("141003", "141305", False),
    ("221309", "221406", True),
    ("281000", "280003", False),
]


@pytest.mark.parametrize(("area", "code", "lies"), CODES)
def test_a_municipality_lies_in_an_area(area: str, code: str, lies: bool) -> None:
    """Prefecture, municipality, designated city with its wards; a ward holds its own alone."""
    assert areas.lies_in("LocalGovernmentCode", code, area) is lies


def test_a_square_lies_in_a_larger_one() -> None:
    assert areas.lies_in("MeshCode", "523501234", "52350123")
    assert not areas.lies_in("MeshCode", "52350123", "523501234")
    assert not areas.lies_in("MeshCode", "52350123", "281000")
    assert not areas.lies_in("LocalGovernmentCode", "281000", "2810")


def test_only_records_in_the_area_come_out() -> None:
    """Row 20: under an emergency order, persons in its area."""
    lines = tokens(emergency(["SupportNeed.name"], purposes=["disaster_response"], area=["281000"]))
    shared = agreement(
        "statutory_sharing",
        [org("city"), org("fire")],
        ["disaster_response"],
        ["SupportNeed.name"],
        statute="Basic Act on Disaster Management 49-11(3)",
    )
    homes = [{"local_government_code": c} for c in ("281107", "282014")]
    records = [{**r, "home": h} for r, h in zip(sample("SupportNeed", 2), homes, strict=True)]
    records.append({k: v for k, v in next(iter(sample("SupportNeed", 1, 9))).items() if k != "home"})
    asked = request("fire", "SupportNeed", "disaster_response", fields=["name"])
    disclosure = gate("city", lines, [shared]).disclose(records, asked)
    assert len(list(disclosure)) == 1
    assert disclosure.skipped["outside-area"] == 2


@pytest.mark.parametrize(("size", "out"), [(10, 1), (10.0, 1), (9, 0), (None, 0)])
def test_a_cell_states_its_group(size: float | None, out: int) -> None:
    record = next(
        r for r in sample("MeshPopulation", 40) if r.get("mesh_population") is not None and r.get("group_size")
    )
    record["group_size"] = size
    asked = request("urn:machimori:anyone", "MeshPopulation", "research", fields=["mesh_population"])
    disclosure = gate("telecom").disclose([{k: v for k, v in record.items() if v is not None}], asked)
    assert len(list(disclosure)) == out
    assert disclosure.skipped == ({} if out else {"small-group": 1})


def test_a_small_cell_does_not_hide_what_is_open() -> None:
    record = next(r for r in sample("ShelterStatus", 60) if r.get("evacuee_total") and r.get("group_size"))
    asked = request(
        "urn:machimori:anyone", "ShelterStatus", "research", fields=["opening_status", "evacuee_total", "group_size"]
    )
    (view,) = gate("city").disclose([{**record, "group_size": 3}], asked)
    assert "evacuee_total" not in view
    assert "group_size" not in view
    assert view.get("opening_status")


def test_anonymised_records_are_k_anonymous() -> None:
    """Counted again, by hand: every combination of quasi-identifiers that comes out is of ten people or more."""
    trips = [
        {
            "type": "Trip",
            "id": f"urn:machimori:trip:{n}",
            "traveller": f"urn:machimori:person:{n % 60}",
            "origin": {"latitude": 34.60 + (n % 7) / 100, "longitude": 135.19},
            "destination": {"latitude": 34.69, "longitude": 135.10 + (n % 3) / 1000},
            "started_at": f"2026-03-01T{8 + n % 2:02d}:{n % 60:02d}:00+09:00",
            "ended_at": f"2026-03-01T{11 + n % 2:02d}:{n % 60:02d}:00+09:00",
        }
        for n in range(400)
    ]
    asked = request("university", "Trip", "research", "anonymised", fields=["origin", "destination", "started_at"])
    disclosure = gate("railway").disclose(trips, asked)
    views = list(disclosure)
    assert views
    assert disclosure.decision.form == "anonymised"
    people: dict[str, set[str]] = defaultdict(set)
    for trip in trips:
        coarse = {
            "origin": mesh_code(trip["origin"]["latitude"], trip["origin"]["longitude"], 9),
            "destination": mesh_code(trip["destination"]["latitude"], trip["destination"]["longitude"], 9),
            "started_at": f"{trip['started_at'][:14]}00:00+09:00",
        }
        people[json.dumps(coarse, sort_keys=True)].add(trip["traveller"])
    for view in views:
        flat = {n: v["mesh_code"] if isinstance(v, dict) else v for n, v in view.items()}
        assert len(people[json.dumps(flat, sort_keys=True)]) >= 10
    assert len(views) + disclosure.skipped.get("small-group", 0) == 400


def test_too_few_people_make_a_denial() -> None:
    asked = request("university", "Trip", "research", "anonymised", fields=["origin"])
    disclosure = gate("railway").disclose(of_person("Trip", 50), asked)
    assert disclosure.decision.rule == "below-minimum-group"
    assert list(disclosure) == []
