"""What the statistics of a class may be: every fault is refused by name and place, in the model and in an extension."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build.shared import MODEL, model
from tests.lazily import Lazily

from machimori.build.sources import Sources
from machimori.build.statistics_tables import looks, same_facts

gate = Lazily("machimori.build.gate")
reading = Lazily("machimori.build.reading")
statistics_gate = Lazily("machimori.build.statistics_gate")

pytestmark = pytest.mark.full

TABLES = "privacy/tables.yaml"
EXTENSION = Path(__file__).parents[2] / "examples" / "heat-pump" / "model"
Document = dict[str, Any]
Change = Callable[[Document], object]


def to(name: str, **changes: Any) -> Change:
    """Set keys of the entry of a class; ``None`` takes one away."""

    def change(entries: Document) -> None:
        for key, value in changes.items():
            entries.setdefault(name, {}).pop(key, None)
            if value is not None:
                entries[name][key] = value

    return change


def one(name: str, *dimensions: Document, measures: tuple[Document, ...] = (), **more: Any) -> Change:
    """The one table of a class."""
    table = {"title": "Trial", "title_ja": "試行", "dimensions": list(dimensions), "measures": list(measures)}
    return to(name, tables={"trial": table}, **more)


def time(field: str, step: str = "P1D") -> Document:
    return {"field": field, "time_step": step}


def sums(field: str = "energy", **changes: Any) -> Document:
    whole = {"function": "sum", "field": field, "typical": 0.2, "source": "a survey"} | changes
    return {key: value for key, value in whole.items() if value is not None}


def quantile(field: str = "energy", bands: Any = (1, 2, 3)) -> Document:
    return {"function": "quantile", "field": field, "bands": list(bands)}


USE, HALF_HOUR = "ElectricityUse", time("interval_start", "PT30M")
COUNT = {"function": "count"}
FAULTS: list[tuple[str, str, str, str, Change]] = [
    ("no entry", "MM927", "Trip", "no entry", lambda d: (d.pop("Trip"), d["FareTransaction"].pop("same_facts_as"))),
    ("an empty entry", "MM927", "Customer", "neither tables nor why", lambda d: d.update(Customer=None)),
    ("no reason", "MM927", "Customer", "neither tables nor why", to("Customer", why=None, why_ja=None)),
    ("a reason in one language", "MM907", "Customer", "why_ja", to("Customer", why_ja=None)),
    ("tables and a reason", "MM929", USE, "tables, and why there are none", to(USE, why="x", why_ja="x")),
    ("a class that is not there", "MM914", "Moon", "Moon", to("Moon", why="x", why_ja="x")),
    ("a class about nobody", "MM929", "FeederLoad", "about nobody", to("FeederLoad", why="x", why_ja="x")),
    ("a class that stays on the device", "MM929", "ExposureContact", "never leave the device", one("ExposureContact", time("contact_on"), why=None, why_ja=None)),
    ("nine looks", "MM928", "BatteryState", "9 (", to("BatteryState", tables={
        f"t-{step.lower()}": {"title": "Trial", "title_ja": "試行", "dimensions": [time("observed_at", step)],
                              "measures": [quantile("storage_state_of_charge"), quantile("storage_health")]}
        for step in ("PT1H", "P1D", "P1M")})),
    ("nine looks over classes with the same facts", "MM928", "ElectricityMeterReading", "ElectricityUse.municipality-month", lambda d: d["ElectricityMeterReading"]["tables"].update({
        name: {"title": "Trial", "title_ja": "試行", "dimensions": [time("observed_at", step)]}
        for name, step in (("hour", "PT1H"), ("day", "P1D"), ("month", "P1M"))})),
    ("a table without Japanese", "MM907", f"{USE}.half-hour", "title_ja", lambda d: d[USE]["tables"]["half-hour"].pop("title_ja")),
    ("the same dimensions twice", "MM929", "GasUse.again", "the same dimensions as day", lambda d: d["GasUse"]["tables"].update(again=d["GasUse"]["tables"]["day"])),
    ("the same dimensions in another order", "MM929", "Trip.again", "the same dimensions as flows", lambda d: (
        d["Trip"]["tables"].pop("modes"),
        d["Trip"]["tables"].update(again=d["Trip"]["tables"]["flows"] | {"measures": [], "dimensions": d["Trip"]["tables"]["flows"]["dimensions"][::-1]}))),
    ("four dimensions", "MM929", "Trip.trial", "4 dimensions", one("Trip", *({"field": f, "space_step": 8} for f in ("origin", "destination")), {"field": "mode"}, time("started_at"))),
    ("two dimensions of time", "MM929", "Trip.trial", "two dimensions of time", one("Trip", time("started_at"), time("ended_at"))),
    ("one dimension twice", "MM929", "Trip.trial", "mode stands twice", one("Trip", time("started_at"), {"field": "mode"}, {"field": "mode"})),
    ("no dimension of time", "MM929", "Trip.trial", "no dimension of time", one("Trip", {"field": "mode"})),
    ("a time in a class that is counted as it stands", "MM929", "HomeAppliance.trial", "a dimension of time", one("HomeAppliance", time("installed_on", "P1Y"))),
    ("counted oftener than its profile allows", "MM929", "HomeAppliance", "P1M is finer than P1Y", to("HomeAppliance", every="P1M")),
    ("counted every day", "MM914", "HomeAppliance", "P1D: P1M or P1Y", to("HomeAppliance", every="P1D")),
    ("a step finer than the profile", "MM929", "Trip.trial", "PT30M is finer than PT1H of personal.trip", one("Trip", time("started_at", "PT30M"))),
    ("a step that there is not", "MM929", "Trip.trial", "started_at needs a time_step", one("Trip", time("started_at", "PT90M"))),
    ("a time without step", "MM929", "Trip.trial", "started_at needs a time_step", one("Trip", {"field": "started_at"}, time("ended_at"))),
    ("a square finer than the profile", "MM929", "Trip.trial", "10 is finer than 9 of personal.trip", one("Trip", {"field": "origin", "space_step": 10}, time("started_at"))),
    ("a place without square", "MM929", "Trip.trial", "origin needs a space_step", one("Trip", {"field": "origin"}, time("started_at"))),
    ("an hour of a date", "MM929", "DemandResponseEnrolment.trial", "enrolled_on needs a time_step", one("DemandResponseEnrolment", time("enrolled_on", "PT1H"), why=None, why_ja=None)),
    ("a square of a closed list", "MM929", "Trip.trial", "mode has no space_step", one("Trip", {"field": "mode", "space_step": 8}, time("started_at"))),
    ("half a municipality", "MM929", f"{USE}.trial", "local_government_code needs a prefix_length", one(USE, {"field": "local_government_code", "prefix_length": 5}, HALF_HOUR)),
    ("the data subject", "MM929", f"{USE}.trial", "customer is an identifier", one(USE, {"field": "customer"}, HALF_HOUR)),
    ("the id of the record", "MM929", f"{USE}.trial", "id is an identifier", one(USE, {"field": "id"}, HALF_HOUR)),
    ("a plate", "MM929", "Vehicle.trial", "plate is an identifier", one("Vehicle", {"field": "plate"}, every="P1Y", why=None, why_ja=None)),
    ("a stop", "MM929", "FareTransaction.trial", "refers to TransitStop", one("FareTransaction", {"field": "entry_stop"}, time("at"))),
    ("a latitude", "MM929", "Trip.trial", "origin.latitude is no time", one("Trip", {"field": "origin.latitude"}, time("started_at"))),
    ("a number", "MM929", f"{USE}.trial", "energy is no time", one(USE, {"field": "energy"}, HALF_HOUR)),
    ("several values", "MM929", "WaterHeaterState.trial", "holds several values", one("WaterHeaterState", {"field": "water_heater_alarms"}, time("observed_at"))),
    ("a dimension that is not there", "MM914", "Trip.trial", "moon", one("Trip", {"field": "moon"}, time("started_at"))),
    ("a function that there is not", "MM914", f"{USE}.trial", "max", one(USE, HALF_HOUR, measures=({"function": "max", "field": "energy"},))),
    ("a sum of what is not there", "MM914", f"{USE}.trial", "moon", one(USE, HALF_HOUR, measures=(sums("moon"),))),
    ("persons once more", "MM929", f"{USE}.trial", "persons are counted in every table", one(USE, HALF_HOUR, measures=({"function": "subjects"},))),
    ("a sum twice", "MM929", f"{USE}.trial", "sum of energy stands twice", one(USE, HALF_HOUR, measures=(sums(), sums(typical=1)))),
    ("a sum of no field", "MM929", f"{USE}.trial", "a sum needs a field", one(USE, HALF_HOUR, measures=({"function": "sum"},))),
    ("a count of a field", "MM929", f"{USE}.trial", "a count is of records", one(USE, HALF_HOUR, measures=(COUNT | {"field": "energy"},))),
    ("a sum that may be negative", "MM929", "VehicleChargerState.trial", "may be negative", one("VehicleChargerState", time("observed_at"), measures=(sums("vehicle_charging_power", typical=3000),))),
    ("a sum without typical value", "MM929", f"{USE}.trial", "no typical value of energy", one(USE, HALF_HOUR, measures=(sums(typical=None, source=None),))),
    ("a typical value of nothing", "MM929", f"{USE}.trial", "typical 0 of energy", one(USE, HALF_HOUR, measures=(sums(typical=0),))),
    ("a typical value above the bound", "MM929", f"{USE}.trial", "above its bound", one(USE, HALF_HOUR, measures=(sums(typical=100001),))),
    ("a typical value without source", "MM929", f"{USE}.trial", "typical of energy without a source", one(USE, HALF_HOUR, measures=(sums(source=None),))),
    ("a sum of a list", "MM929", f"{USE}.trial", "quality is no number", one(USE, HALF_HOUR, measures=(sums("quality"),))),
    ("a sum with bands", "MM929", f"{USE}.trial", "bands are of a quantile", one(USE, HALF_HOUR, measures=(sums(bands=[1, 2, 3]),))),
    ("a quantile without bands", "MM929", f"{USE}.trial", "0 borders of bands", one(USE, HALF_HOUR, measures=({"function": "quantile", "field": "energy"},))),
    ("bands that fall", "MM929", f"{USE}.trial", "bands of energy ascend", one(USE, HALF_HOUR, measures=(quantile(bands=(3, 2, 1)),))),
    ("bands beyond the bounds", "MM929", f"{USE}.trial", "bands of energy ascend", one(USE, HALF_HOUR, measures=(quantile(bands=(0, 1, 2)),))),
    ("a mean without count", "MM929", f"{USE}.trial", "a mean of energy needs", one(USE, HALF_HOUR, measures=(sums(), {"function": "mean", "field": "energy"}))),
    ("a mean without sum", "MM929", f"{USE}.trial", "a mean of energy needs", one(USE, HALF_HOUR, measures=(COUNT, {"function": "mean", "field": "energy"}))),
    ("a sum over changing ids", "MM929", "SharedVehicle.trial", "only counts are bounded", one("SharedVehicle", time("last_reported_at"), measures=(sums("remaining_range", typical=1),))),
    ("settled at once", "MM929", "Trip", "PT0S is for an emergency", to("Trip", settles_after="PT0S")),
    ("settled at a time that is none", "MM914", "Trip", "P1", to("Trip", settles_after="P1")),
    ("an emergency that waits", "MM929", "Trip", "like any other", to("Trip", emergency="a law")),
    ("an emergency of what no public body gets", "MM929", "ApplianceFault", "no public body gets fault_kind, started_at", to("ApplianceFault", settles_after="PT0S", emergency="a law")),
    ("the same facts as what is not there", "MM914", "Trip", "Moon", to("Trip", same_facts_as=["FareTransaction", "Moon"])),
    ("the same facts as itself", "MM929", "Trip", "the class itself", to("Trip", same_facts_as=["FareTransaction", "Trip"])),
    ("the same facts as what is about nobody", "MM929", "Trip", "FeederLoad is about nobody", to("Trip", same_facts_as=["FareTransaction", "FeederLoad"])),
]  # fmt: skip


def changed(path: Path, change: Change) -> Document:
    """Change the statistics in a file of a copy; the entries."""
    document: Document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    change(document["statistics"])
    path.write_text(yaml.dump(document, Dumper=Plain, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")
    entries: Document = document["statistics"]
    return entries


class Plain(yaml.CSafeDumper):
    """Writes what stands twice out, as the gate wants it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("examples", "*.py", "__pycache__"))
    return tmp_path / "model"


@pytest.mark.parametrize(
    ("code", "element", "detail", "change"), [f[1:] for f in FAULTS], ids=[f[0].replace(" ", "-") for f in FAULTS]
)
def test_what_tells_too_much_is_refused(copy: Path, code: str, element: str, detail: str, change: Change) -> None:
    entries = changed(copy / TABLES, change)

    faults = list(statistics_gate.faults(replace(model(), statistics=entries), Sources(copy), gate.Fault))

    found = [f for f in faults if (f.code, f.element) == (code, element) and detail in f.detail]
    assert found, faults
    assert {f.element.partition(".")[0] for f in faults} == {element.partition(".")[0]}
    if "no entry" not in detail:
        assert {f.place.file for f in found} == {TABLES}
        line = (copy / TABLES).read_text(encoding="utf-8").splitlines()[found[0].place.line - 1]
        assert line.startswith("  ")


@pytest.mark.parametrize("step", ["PT0S", "P1", "PT"])
@pytest.mark.parametrize(("name", "profile"), [("Trip", "personal.trip"), ("HomeAppliance", "personal.home_equipment")])
def test_a_profile_whose_step_is_none_lets_nothing_be_told(name: str, profile: str, step: str) -> None:
    held = model()
    profiles = held.profiles | {profile: held.profiles[profile] | {"granularity": {"time_step": step}}}
    faults = list(statistics_gate.faults(replace(held, profiles=profiles), Sources(MODEL), gate.Fault))
    assert {(f.code, f.element.partition(".")[0]) for f in faults if f.element.startswith(name)} == {("MM929", name)}


def test_the_model_says_of_every_class_about_people_what_may_be_asked() -> None:
    held = model()
    assert list(statistics_gate.faults(held, Sources(MODEL), gate.Fault)) == []
    about = {c.name for c in held.classes.values() if c.data_subject and not c.abstract}
    assert set(held.statistics) == about


EXTENSION_FAULTS: list[tuple[str, str, str, str, Change]] = [
    ("no entry", "MM927", "HeatPump", "no entry", lambda d: d.pop("HeatPump")),
    ("an entry of a class of the model", "MM909", "HomeAppliance", "defined by the model", to("HomeAppliance", why="x", why_ja="x")),
    ("tables beside those of the model", "MM929", "HeatPumpState", "ApplianceEnergyUse of the model counts these facts", to("HeatPumpState", same_facts_as=["ApplianceEnergyUse"])),
    ("an hour where the profile has three", "MM929", "HeatPumpState.trial", "PT1H is finer than PT3H", one("HeatPumpState", time("observed_at", "PT1H"))),
    ("a month of stock", "MM929", "HeatPump", "P1M is finer than P1Y", to("HeatPump", every="P1M")),
    ("the serial number", "MM929", "HeatPump.trial", "is an identifier", one("HeatPump", {"field": "serial_number"})),
    ("a temperature below zero", "MM929", "HeatPumpState.trial", "may be negative", one("HeatPumpState", time("observed_at"), measures=(sums("outdoor_temperature", typical=15),))),
    ("an emergency", "MM929", "HeatPumpState", "no public body gets", to("HeatPumpState", settles_after="PT30M", emergency="a law")),
    ("nine looks", "MM928", "HeatPumpState", "9 (", to("HeatPumpState", tables={
        f"t-{step.lower()}": {"title": "Trial", "title_ja": "試行", "dimensions": [time("observed_at", step)],
                              "measures": [COUNT, quantile("compressor_frequency")]} for step in ("P1D", "P7D", "P1M")})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "element", "detail", "change"),
    [f[1:] for f in EXTENSION_FAULTS],
    ids=[f[0].replace(" ", "-") for f in EXTENSION_FAULTS],
)
def test_an_extension_is_under_the_same_gate(
    tmp_path: Path, code: str, element: str, detail: str, change: Change
) -> None:
    shutil.copytree(EXTENSION, tmp_path / "model", ignore=shutil.ignore_patterns("examples"))
    changed(tmp_path / "model" / "tables.yaml", change)
    sources = Sources(tmp_path / "model")

    faults = gate.before_reading(sources) or gate.check(reading.read(sources), sources)

    found = [f for f in faults if (f.code, f.element) == (code, element) and detail in f.detail]
    assert found, faults
    assert {f.element.partition(".")[0] for f in faults} == {element.partition(".")[0]}


def test_an_extension_without_tables_of_its_own_may_name_what_the_model_counts(tmp_path: Path) -> None:
    shutil.copytree(EXTENSION, tmp_path / "model", ignore=shutil.ignore_patterns("examples"))
    same = {
        "same_facts_as": ["ApplianceEnergyUse"],
        "why": "Counted as energy of appliances.",
        "why_ja": "家電として数える。",
    }
    changed(tmp_path / "model" / "tables.yaml", lambda d: d.update(HeatPumpState=same))
    sources = Sources(tmp_path / "model")
    assert gate.check(reading.read(sources), sources) == []


CLASSES = tuple("ABCDEF")


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Document]:
    """Classes that name each other at will, with tables or without."""
    measures = st.lists(st.sampled_from(("count", "sum", "mean", "quantile")), max_size=3)
    return {
        name: {
            "same_facts_as": draw(st.lists(st.sampled_from(CLASSES), max_size=2, unique=True)),
            "tables": {
                str(n): {"measures": [{"function": f} for f in draw(measures)]} for n in range(draw(st.integers(0, 2)))
            },
        }
        for name in CLASSES
    }


def counted(entries: dict[str, Document], group: set[str]) -> Iterator[int]:
    """The looks of a group, spelled out: a table, and each figure that is not the quotient of two others."""
    for name in group:
        for table in entries[name]["tables"].values():
            yield 1
            yield from (1 for m in table["measures"] if m["function"] != "mean")


@settings(derandomize=True, max_examples=300, deadline=None)
@given(groups())
def test_the_same_facts_are_the_same_whoever_says_so(entries: dict[str, Document]) -> None:
    told = same_facts(entries)
    tabled = {name for name in CLASSES if entries[name]["tables"]}
    joined = {(a, b) for a, e in entries.items() for b in e["same_facts_as"]}
    joined |= {(b, a) for a, b in joined}
    for between in tabled:  # no walk, as the build has it: each class in turn joins those on its two sides
        joined |= {(a, b) for a, left in joined for right, b in joined if left == right == between}

    for a, b in permutations(CLASSES, 2):
        assert (b in told[a]) == ((a, b) in joined)
    for name in CLASSES:
        group = {name} | {other for other in tabled if (name, other) in joined}
        assert looks(entries, name) == (sum(counted(entries, group)) if name in tabled else 0)
