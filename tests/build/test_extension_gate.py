"""The gate refuses an extension that changes or widens the model, and says in which line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.lazily import Lazily

from machimori.build.sources import Sources

gate = Lazily("machimori.build.gate")
reading = Lazily("machimori.build.reading")

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "examples" / "heat-pump" / "model"
SCHEMA, PROFILES = "heatpump.yaml", "profiles.yaml"
USE = "personal.heat_pump_use"
Document = dict[str, Any]
Change = Callable[[Document], object]


def at(*keys: str, **changes: Any) -> Change:
    """Set (or with ``None`` take away) keys of the element at this path; ``__`` stands for a colon."""

    def change(document: Document) -> None:
        for key in keys:
            document = document.setdefault(key, {})
        for key, value in changes.items():
            name = key.replace("__", ":")
            document.pop(name, None)
            if value is not None:
                document[name] = value

    return change


def profile(**axes: Any) -> Change:
    return at("profiles", USE, **axes)


def renamed(old: str, new: str) -> Change:
    """The profile under another name."""
    return lambda d: d["profiles"].update({new: d["profiles"].pop(old)})


def copied(kind: str, old: str, new: str) -> Change:
    """One more element, as another is."""
    return lambda d: d.setdefault(kind, {}).update({new: d.get(kind, {}).get(old, TEXTS)})


def field(name: str, *others: Change, **changes: Any) -> Change:
    """List a field of the model in HeatPumpState and adapt it there."""

    def change(document: Document) -> None:
        state = document["classes"]["HeatPumpState"]
        state["slots"] = [*dict.fromkeys([*state["slots"], name])]
        state["slot_usage"][name] = changes
        for other in others:
            other(document)

    return change


def classified(name: str, privacy: str) -> Change:
    return field(name, annotations=NOTES | {"mm:privacy": privacy})


def about_a_rider(
    rider: str, *, id: str = "personal.identifier", swap: str = "personal.identifier", above: bool = False
) -> Change:
    """A class with no field about people but the rider, and a station that refers to its records."""

    def noted(privacy: str) -> Document:
        return {"annotations": NOTES | {"mm:privacy": privacy}}

    def change(document: Document) -> None:
        document["slots"]["rider"] = TEXTS | {"range": "Iri", "required": True} | noted(rider)
        document["slots"]["swap"] = TEXTS | {"range": "Swap"} | noted(swap)
        subject = {"annotations": NOTES | {"mm:data_subject": "rider"}}
        swaps = TEXTS | subject | {"slots": ["id", "type", "rider"], "slot_usage": {"id": noted(id)}}
        if above:
            document["classes"]["AnySwap"] = swaps | {"abstract": True}
            swaps = TEXTS | {"is_a": "AnySwap"}
        document["classes"]["Swap"] = swaps
        document["classes"]["Station"] = TEXTS | {"slots": ["id", "type", "swap"], "slot_usage": {"id": noted("open")}}

    return change


NOTES = {"mm:title_ja": "試行", "mm:reading_ja": "しこう", "mm:description_ja": "試行。"}
TEXTS = {"title": "Trial", "description": "A trial.", "annotations": NOTES}
WIDER: Document = {
    "government_access": "aggregate_only",
    "purposes": ["service_provision", "marketing"],
    "minimum_group": 5,
    "granularity": {"time_step": "PT30M"},
    "retention": "P2Y",
    "traceable": False,
    "rescue": True,
    "statutory_task": {"statute": "x", "purposes": ["rescue"]},
    "identifiability": "none",
    "dpv": ["https://w3id.org/dpv/pd#Household"],
}
BREAKS: list[tuple[str, str, str, Change, str, str]] = [
    ("a weaker data class", "MM918", PROFILES, lambda d: (profile(data_class="related")(d), renamed(USE, "related.heat_pump_use")(d)), "related.heat_pump_use", "data_class"),
    ("a profile about people that narrows none", "MM919", PROFILES, profile(narrows=None), USE, USE),
    ("narrowing what is not there", "MM914", PROFILES, profile(narrows="personal.moon"), USE, "narrows"),
    ("narrowing another profile of its own", "MM914", PROFILES, lambda d: d["profiles"].update({"personal.other": d["profiles"][USE] | {"narrows": USE}}), "personal.other", "narrows"),
    ("a profile of the model", "MM909", PROFILES, lambda d: d["profiles"].update({"personal.appliance_use": d["profiles"][USE]}), "personal.appliance_use", "personal.appliance_use"),
    ("a category of the model", "MM909", PROFILES, at("categories", ApplianceUse=TEXTS | {"parent": "https://w3id.org/dpv/pd#Household"}), "ApplianceUse", "ApplianceUse"),
    ("a class of the model", "MM909", SCHEMA, copied("classes", "HeatPump", "HomeAppliance"), "HomeAppliance", "HomeAppliance"),
    ("a class of a module that is not imported", "MM909", SCHEMA, copied("classes", "HeatPump", "Trip"), "Trip", "Trip"),
    ("a field of the model", "MM909", SCHEMA, copied("slots", "defrosting", "outdoor_temperature"), "outdoor_temperature", "outdoor_temperature"),
    ("a field of a module that is not imported", "MM909", SCHEMA, copied("slots", "defrosting", "fare"), "fare", "fare"),
    ("an attribute with the name of a field of the model", "MM909", SCHEMA, lambda d: d["classes"]["HeatPump"].update(attributes={"fare": d["slots"]["defrosting"]}), "HeatPump.fare", "fare"),
    ("a list of the model", "MM909", SCHEMA, copied("enums", "Refrigerant", "ApplianceKind"), "ApplianceKind", "ApplianceKind"),
    ("a type of the model", "MM909", SCHEMA, at("types", Iri=TEXTS | {"typeof": "string", "base": "str", "uri": "xsd:string"}), "Iri", "Iri"),
    ("another unit for a field of the model", "MM909", SCHEMA, field("outdoor_temperature", unit={"ucum_code": "K", "exact_mappings": ["rec20:KEL"]}), "HeatPumpState.outdoor_temperature", "unit"),
    ("another range for a field of the model", "MM909", SCHEMA, field("outdoor_temperature", range="string"), "HeatPumpState.outdoor_temperature", "outdoor_temperature"),
    ("a home's field made open", "MM920", SCHEMA, classified("outdoor_temperature", "open"), "HeatPumpState.outdoor_temperature", "outdoor_temperature"),
    ("a field under a profile with other purposes", "MM920", SCHEMA, classified("outdoor_temperature", USE), "HeatPumpState.outdoor_temperature", "outdoor_temperature"),
    ("a customer for statistics", "MM920", SCHEMA, classified("customer", "personal.energy_use"), "HeatPumpState.customer", "customer"),
    ("a subclass of a family of the model", "MM910", SCHEMA, at("classes", "HeatPump", is_a="DemandResponseSignal"), "HeatPump", "is_a"),
    ("the namespace of the model as its own", "MM921", SCHEMA, lambda d: d.update(default_prefix="mm"), SCHEMA, "default_prefix"),
    ("no namespace of its own", "MM921", SCHEMA, lambda d: d.pop("default_prefix"), SCHEMA, "id"),
    ("an id below the model's", "MM921", SCHEMA, lambda d: d.update(id="https://w3id.org/machimori/heatpump"), SCHEMA, "id"),
    ("mm for something else", "MM921", SCHEMA, lambda d: d["prefixes"].update(mm="https://mm.example/"), "mm", "mm"),
    ("the name of a module of the model", "MM909", SCHEMA, lambda d: d.update(name="energy"), SCHEMA, "name"),
    ("a module that is not there", "MM914", SCHEMA, lambda d: d["imports"].append("machimori:domains/moon"), SCHEMA, "imports"),
    ("a data subject that is open", "MM925", SCHEMA, about_a_rider("open"), "Swap.rider", "rider"),
    ("a data subject that is operational", "MM925", SCHEMA, about_a_rider("operational.business"), "Swap.rider", "rider"),
    ("a data subject that is statistical", "MM925", SCHEMA, about_a_rider("statistical.cell"), "Swap.rider", "rider"),
    ("an open id of a record about a person", "MM925", SCHEMA, about_a_rider("personal.identifier", id="open"), "Swap.id", "id"),
    ("an operational id of a record about a person", "MM925", SCHEMA, about_a_rider("personal.identifier", id="operational.document"), "Swap.id", "id"),
    ("an open reference to a record about a person", "MM925", SCHEMA, about_a_rider("personal.identifier", swap="open"), "Station.swap", "swap"),
    ("a reference for every public body", "MM925", SCHEMA, about_a_rider("personal.identifier", swap="operational.observation"), "Station.swap", "swap"),
    ("a data subject that only the class above names", "MM904", SCHEMA, about_a_rider("personal.identifier", above=True), "Swap", "Swap"),
    ("two classes with one file", "MM909", SCHEMA, copied("classes", "HeatPump", "HeatPUMP"), "HeatPUMP", "HeatPUMP"),
    ("an open data subject of a class above", "MM925", SCHEMA, about_a_rider("open", above=True), "Swap.rider", "rider"),
    ("an unclassified field", "MM901", SCHEMA, at("slots", "defrosting", "annotations", mm__privacy=None), "HeatPumpState.defrosting", "defrosting"),
    ("a field of the model left to its default", "MM912", SCHEMA, lambda d: d["classes"]["HeatPump"]["slots"].append("remarks"), "HeatPump.remarks", "slots"),
    ("dropped annotations of a field of the model", "MM905", SCHEMA, field("outdoor_temperature", annotations={"mm:privacy": "personal.home_environment"}), "HeatPumpState.outdoor_temperature", "annotations"),
    ("a quantity without unit", "MM908", SCHEMA, at("slots", "compressor_frequency", unit=None), "HeatPumpState.compressor_frequency", "compressor_frequency"),
    ("no Japanese", "MM907", SCHEMA, at("enums", "Refrigerant", "annotations", mm__title_ja=None), "Refrigerant", "Refrigerant"),
]  # fmt: skip


def faults_of(folder: Path) -> list[gate.Fault]:
    sources = Sources(folder)
    return gate.before_reading(sources) or gate.check(reading.read(sources), sources)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("examples"))
    return tmp_path / "model"


def test_the_worked_example_passes() -> None:
    assert faults_of(MODEL) == []


@pytest.mark.parametrize(
    ("code", "file", "change", "element", "line"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS]
)
def test_a_broken_copy_is_refused(copy: Path, code: str, file: str, change: Change, element: str, line: str) -> None:
    path = copy / file
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    change(document)
    path.write_text(
        yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8"
    )

    faults = [f for f in faults_of(copy) if f.code == code]

    named = [f for f in faults if element in f.element]
    assert named, faults
    assert {f.place.file for f in named} == {file}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert any(line in lines[f.place.line - 1] for f in named), [(f, lines[f.place.line - 1]) for f in named]


def test_every_wider_axis_is_named_in_its_line(copy: Path) -> None:
    path = copy / PROFILES
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    document["profiles"][USE] |= WIDER
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")

    faults = faults_of(copy)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert {f.code for f in faults} == {"MM918"}
    assert {lines[f.place.line - 1].strip().partition(":")[0] for f in faults} == set(WIDER)
    assert {f.detail.partition(" (")[0] for f in faults} == {f"personal.appliance_use: {axis}" for axis in WIDER}
    said = {f.detail.partition(": ")[2] for f in faults}
    assert "retention (P2Y; the base has P1Y)" in said
    purposes = next(text for text in said if text.startswith("purposes"))
    assert purposes.startswith("purposes (marketing; the base has service_provision, ")


def test_a_class_that_holds_no_more_than_whom_it_is_about_passes(copy: Path) -> None:
    document = yaml.load((copy / SCHEMA).read_text(encoding="utf-8"), yaml.CSafeLoader)
    about_a_rider("personal.identifier", swap="operational.business")(document)
    told = {"statistics": {"Swap": {"why": "Nobody asks.", "why_ja": "求める者がいない。"}}}
    (copy / "swaps.yaml").write_text(yaml.dump(told, allow_unicode=True), encoding="utf-8")
    (copy / SCHEMA).write_text(
        yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    assert faults_of(copy) == []


def test_a_narrower_profile_without_granularity_is_that_of_the_base(copy: Path) -> None:
    path = copy / PROFILES
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    del document["profiles"][USE]["granularity"]
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    sources = Sources(copy)
    model = reading.read(sources)
    assert gate.check(model, sources) == []
    assert model.profiles[USE]["granularity"] == model.profiles["personal.appliance_use"]["granularity"]


def test_a_profile_about_nobody_may_stand_alone(copy: Path) -> None:
    path = copy / PROFILES
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    held = reading.read(Sources(copy)).profiles["operational.business"]
    texts = {
        "title": "Trade secret",
        "title_ja": "営業秘密",
        "description": "A secret.",
        "description_ja": "営業秘密。",
    }
    axes = {k: v for k, v in held.items() if k not in ("title", "description", "reading", "data_class")}
    document["profiles"]["operational.trade_secret"] = axes | texts | {"data_class": "operational"}
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    assert faults_of(copy) == []
