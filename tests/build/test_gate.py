"""The gate refuses a model that breaks one rule, and says where, what and how to mend it."""

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

MODEL = Path(__file__).parents[2] / "model"
ENERGY, MOBILITY, PROFILES = "domains/energy.yaml", "domains/mobility.yaml", "privacy/profiles.yaml"
HEALTH, UNITS = "domains/health.yaml", "units.yaml"
Document = dict[str, Any]
Change = Callable[[Document], object]


def field(**changes: Any) -> Document:
    """A field that breaks no rule; ``None`` takes a fact away."""
    whole: Document = {
        "title": "Trial",
        "description": "A field of a trial.",
        "range": "double",
        "minimum_value": 0,
        "maximum_value": 1,
        "unit": {"ucum_code": "kW.h", "exact_mappings": ["rec20:KWH"]},
        "annotations": {
            "mm:title_ja": "試行",
            "mm:reading_ja": "しこう",
            "mm:description_ja": "試行の項目。",
            "mm:privacy": "operational.business",
        },
    }
    notes = {k.replace("__", ":"): v for k, v in changes.items() if "__" in k}
    whole |= {k: v for k, v in changes.items() if "__" not in k}
    whole["annotations"] = {k: v for k, v in (whole["annotations"] | notes).items() if v is not None}
    return {k: v for k, v in whole.items() if v is not None}


def added(class_name: str, **changes: Any) -> Change:
    """Give the class one more shared field."""

    def change(document: Document) -> None:
        document["slots"]["trial_reading"] = field(**changes)
        document["classes"][class_name]["slots"].append("trial_reading")

    return change


def text(**changes: Any) -> dict[str, Any]:
    return {"range": "string", "minimum_value": None, "maximum_value": None, "unit": None} | changes


def rec20(ucum: str, code: str, symbol: str | None = None) -> Document:
    return {"ucum_code": ucum, "exact_mappings": [f"rec20:{code}"]} | ({"symbol": symbol} if symbol else {})


def at(*keys: str, **changes: Any) -> Change:
    """Set (or with ``None`` take away) keys of the element at this path."""

    def change(document: Document) -> None:
        for key in keys:
            document = document[key]
        for key, value in changes.items():
            name = key.replace("__", ":")
            document.pop(name, None)
            if value is not None:
                document[name] = value

    return change


def attribute(class_name: str, name: str, **changes: Any) -> Change:
    def change(document: Document) -> None:
        document["classes"][class_name].setdefault("attributes", {})[name] = field(**changes)

    return change


def new_class(name: str, **facts: Any) -> Change:
    whole = {"title": "Trial", "description": "A class of a trial."}
    notes = {"mm:title_ja": "試行", "mm:reading_ja": "しこう", "mm:description_ja": "試行のクラス。"}

    def change(document: Document) -> None:
        document["classes"][name] = whole | {"annotations": notes} | facts

    return change


BREAKS: list[tuple[str, str, str, Change, str]] = [
    ("a class of the device with a field for public bodies", "MM917", HEALTH, at("classes", "ExposureContact", "slot_usage", "id", "annotations", mm__privacy="related.vehicle_id"), "ExposureContact"),
    ("a reference to a class of the device", "MM917", HEALTH, added("CareService", **text(range="ExposureContact", mm__privacy="special_care.care_service")), "ExposureContact"),
    ("a field without a profile", "MM901", ENERGY, added("FeederLoad", mm__privacy=None), "FeederLoad.trial_reading"),
    ("an unknown profile", "MM902", ENERGY, added("FeederLoad", mm__privacy="operational.mood"), "FeederLoad.trial_reading"),
    ("inherited outside a value object", "MM903", ENERGY, added("FeederLoad", mm__privacy="inherited"), "FeederLoad.trial_reading"),
    ("a person-related field without data subject", "MM904", ENERGY, added("FeederLoad", mm__privacy="personal.energy_use"), "FeederLoad"),
    ("a data subject that is no field", "MM904", ENERGY, at("classes", "ElectricityUse", "annotations", mm__data_subject="nobody"), "ElectricityUse"),
    ("slot_usage drops annotations", "MM905", ENERGY, at("classes", "ElectricityUse", "slot_usage", "energy", "annotations", mm__title_ja=None), "ElectricityUse.energy"),
    ("slot_usage drops the profile", "MM905", ENERGY, at("classes", "ElectricityUse", "slot_usage", "energy", "annotations", mm__privacy=None), "ElectricityUse.energy"),
    *[
        (f"a profile without {axis}", "MM906", PROFILES, at("profiles", "personal.trip", **{axis: None}), "personal.trip")
        for axis in gate.AXES
    ],
    ("a profile under the wrong data class", "MM906", PROFILES, at("profiles", "personal.trip", data_class="open"), "personal.trip"),
    ("a profile without Japanese", "MM907", PROFILES, at("profiles", "personal.trip", title_ja=None), "personal.trip"),
    ("a profile that says no reason", "MM907", PROFILES, at("profiles", "personal.trip", why=None), "personal.trip"),
    ("a profile with its reason in one language", "MM907", PROFILES, at("profiles", "personal.trip", "why", ja=None), "personal.trip"),
    ("a forbidden purpose on a list", "MM915", PROFILES, at("profiles", "personal.trip", purposes=["person_scoring"]), "personal.trip"),
    ("law_enforcement on a list", "MM915", PROFILES, at("profiles", "personal.trip", purposes=["law_enforcement"]), "personal.trip"),
    ("a purpose nobody defined", "MM915", PROFILES, at("profiles", "personal.trip", purposes=["any"]), "personal.trip"),
    ("no Japanese title", "MM907", ENERGY, added("FeederLoad", mm__title_ja=None), "FeederLoad.trial_reading"),
    ("no Japanese description", "MM907", ENERGY, added("FeederLoad", mm__description_ja=None), "FeederLoad.trial_reading"),
    ("no reading for kanji", "MM907", ENERGY, added("FeederLoad", mm__reading_ja=None), "FeederLoad.trial_reading"),
    ("a reading in kanji", "MM907", ENERGY, added("FeederLoad", mm__reading_ja="試行"), "FeederLoad.trial_reading"),
    ("no English title", "MM907", ENERGY, added("FeederLoad", title=None), "FeederLoad.trial_reading"),
    ("no English description", "MM907", ENERGY, added("FeederLoad", description=None), "FeederLoad.trial_reading"),
    ("a class without Japanese", "MM907", ENERGY, at("classes", "FeederLoad", "annotations", mm__description_ja=None), "FeederLoad"),
    ("a value without Japanese", "MM907", ENERGY, at("enums", "MeterKind", "annotations", mm__title_ja=None), "MeterKind"),
    ("a quantity without unit", "MM908", ENERGY, added("FeederLoad", unit=None), "FeederLoad.trial_reading"),
    ("a quantity without Rec 20 code", "MM908", ENERGY, added("FeederLoad", unit={"ucum_code": "kW.h"}), "FeederLoad.trial_reading"),
    ("a unit that is not in the table", "MM916", ENERGY, added("FeederLoad", unit=rec20("W.h", "WHR")), "FeederLoad.trial_reading"),
    ("a unit under the code of another", "MM916", ENERGY, added("FeederLoad", unit=rec20("kW.h", "KWT")), "FeederLoad.trial_reading"),
    ("a unit under another symbol", "MM916", ENERGY, added("FeederLoad", unit=rec20("kW.h", "KWH", "kwh")), "FeederLoad.trial_reading"),
    ("a unit on a text", "MM916", ENERGY, added("FeederLoad", **text(unit=rec20("kW.h", "KWH"))), "FeederLoad.trial_reading"),
    ("a kind of quantity without symbol", "MM907", UNITS, at("units", "count", symbol=None), "count"),
    ("a kind of quantity without Japanese", "MM907", UNITS, at("units", "time", title_ja=None), "time"),
    ("a unit without code in Rec 20 and without a word on it", "MM907", UNITS, at("units", "carbon_intensity", note=None), "carbon_intensity"),
    ("one unit for two kinds of quantity", "MM909", UNITS, lambda d: d["units"].update(duration=dict(d["units"]["time"])), "duration"),
    ("a name defined in two files", "MM909", MOBILITY, lambda d: d["slots"].update(energy=field()), "energy"),
    ("a class defined in two files", "MM909", MOBILITY, new_class("FeederLoad"), "FeederLoad"),
    ("an attribute with the name of a shared field", "MM909", ENERGY, attribute("FeederLoad", "energy"), "FeederLoad.energy"),
    ("slot_usage with another range", "MM909", ENERGY, at("classes", "ElectricityUse", "slot_usage", "energy", range="string"), "ElectricityUse.energy"),
    ("a number without bounds", "MM911", ENERGY, added("FeederLoad", maximum_value=None), "FeederLoad.trial_reading"),
    ("a default in a class about people", "MM912", ENERGY, lambda d: d["classes"]["ElectricityUse"]["slots"].append("remarks"), "ElectricityUse.remarks"),
    ("a range that is not there", "MM914", ENERGY, added("FeederLoad", **text(range="Moon")), "trial_reading"),
    ("decimal", "MM910", ENERGY, added("FeederLoad", range="decimal"), "trial_reading"),
    ("float", "MM910", ENERGY, added("FeederLoad", range="float"), "trial_reading"),
    ("a CURIE", "MM910", ENERGY, added("FeederLoad", **text(range="uriorcurie")), "trial_reading"),
    ("LinkML's own datetime", "MM910", ENERGY, added("FeederLoad", **text(range="datetime")), "trial_reading"),
    ("alias", "MM910", ENERGY, added("FeederLoad", alias="other"), "trial_reading"),
    ("any_of", "MM910", ENERGY, added("FeederLoad", any_of=[{"range": "string"}, {"range": "double"}]), "trial_reading"),
    ("equals_number", "MM910", ENERGY, added("FeederLoad", equals_number=1), "trial_reading"),
    ("equals_string", "MM910", ENERGY, added("FeederLoad", **text(equals_string="x")), "trial_reading"),
    ("ifabsent", "MM910", ENERGY, added("FeederLoad", ifabsent="float(0)"), "trial_reading"),
    ("minimum_cardinality on an optional field", "MM910", ENERGY, added("FeederLoad", **text(multivalued=True, minimum_cardinality=1)), "trial_reading"),
    ("an inlined dictionary", "MM910", ENERGY, added("FeederLoad", **text(range="SupplyPoint", multivalued=True, inlined=True)), "trial_reading"),
    ("a slot_uri of its own", "MM910", ENERGY, added("FeederLoad", slot_uri="rec20:KWH"), "trial_reading"),
    ("a Unicode class in a pattern", "MM910", ENERGY, added("FeederLoad", **text(pattern=r"^\d{6}$")), "trial_reading"),
    ("look-around in a pattern", "MM910", ENERGY, added("FeederLoad", **text(pattern="^(?=a)a$")), "trial_reading"),
    ("a pattern without anchors", "MM910", ENERGY, added("FeederLoad", **text(pattern="[0-9]{6}")), "trial_reading"),
    ("a dollar sign in a character class", "MM910", ENERGY, added("FeederLoad", **text(pattern="^[a$]+$")), "trial_reading"),
    ("unique_keys", "MM910", ENERGY, at("classes", "FeederLoad", unique_keys={"one": {"unique_key_slots": ["id"]}}), "FeederLoad"),
    ("rules", "MM910", ENERGY, at("classes", "FeederLoad", rules=[{"description": "x"}]), "FeederLoad"),
    ("mixins", "MM910", ENERGY, at("classes", "FeederLoad", mixins=["SupplyPoint"]), "FeederLoad"),
    ("a subclass of a class with instances", "MM910", ENERGY, new_class("Child", is_a="FeederLoad"), "Child"),
    ("an opaque field", "MM910", ENERGY, lambda d: (d["slots"].update(blob=field(**text())), d["classes"]["FeederLoad"]["slots"].append("blob")), "blob"),
    ("a meaning on a value", "MM910", ENERGY, lambda d: next(iter(d["enums"]["MeterKind"]["permissible_values"].values())).update(meaning="rec20:KWH"), "MeterKind"),
    ("a class name that is not CamelCase", "MM910", ENERGY, new_class("feeder"), "feeder"),
    ("a field name that is not snake_case", "MM910", ENERGY, lambda d: d["slots"].update(TrialReading=field()), "TrialReading"),
    ("type that is not open", "MM910", ENERGY, at("classes", "FeederLoad", "slot_usage", type={"annotations": {"mm:title_ja": "型", "mm:reading_ja": "かた", "mm:description_ja": "型。", "mm:privacy": "operational.business"}}), "FeederLoad.type"),
    ("an exclusion of a class that is not there", "MM914", "crosswalk/exclusions.yaml", at("exclusions", "patient-row", **{"class": "Patient"}), "patient-row"),
    ("half a note of what is not there", "MM907", "domains/telecom.yaml", at("classes", "Subscriber", "annotations", **{"mm:instead_ja": None}), "Subscriber"),
    ("inlining a class of another domain", "MM910", MOBILITY, added("TrafficFlow", **text(range="DemandResponseSignal", inlined=True)), "TrafficFlow.trial_reading"),
]  # fmt: skip


def faults_of(folder: Path) -> list[gate.Fault]:
    sources = Sources(folder)
    return gate.before_reading(sources) or gate.check(reading.read(sources), sources)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    target = tmp_path / "model"
    shutil.copytree(MODEL, target, ignore=shutil.ignore_patterns("examples", "*.py", "__pycache__"))
    return target


def test_the_model_itself_passes() -> None:
    assert faults_of(MODEL) == []


@pytest.mark.parametrize(("code", "file", "change", "element"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_broken_copy_is_refused(copy: Path, code: str, file: str, change: Change, element: str) -> None:
    path = copy / file
    document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    change(document)
    path.write_text(
        yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8"
    )

    faults = faults_of(copy)

    assert {f.code for f in faults} == {code}
    named = [f for f in faults if f.element.startswith(element)]
    assert named, faults
    lines = path.read_text(encoding="utf-8").splitlines()
    for fault in named:
        assert fault.place.file == file
        assert 1 <= fault.place.line <= len(lines)


@pytest.mark.parametrize(("content", "line"), [("classes: [\n  a: b", 2), ("a: 1\n\tb: 2", 2)], ids=["unclosed", "tab"])
def test_a_file_that_is_not_yaml_is_named_with_its_line(copy: Path, content: str, line: int) -> None:
    (copy / ENERGY).write_text(content, encoding="utf-8")
    faults = faults_of(copy)
    assert [(f.code, f.place.file) for f in faults] == [("MM913", ENERGY)]
    assert faults[0].place.line >= line - 1


def test_a_file_in_another_encoding_is_named(copy: Path) -> None:
    (copy / ENERGY).write_bytes("title: 電気".encode("cp932"))
    assert [(f.code, f.place.file) for f in faults_of(copy)] == [("MM913", ENERGY)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: https://example.org/x\nname: x\nimports: [machimori, nowhere]\n", "MM914"),
        ("id: https://example.org/x\nname: x\nimports: [linkml:types]\n", "MM913"),
        ("id: https://example.org/x\nname: x\nimports: [machimori]\nclasses: [A, B]\n", "MM913"),
        ("id: https://example.org/x\nname: x\nimports: [machimori]\nclasses: {A: text}\n", "MM913"),
    ],
    ids=["an import that leads nowhere", "two schemas above all others", "classes as a list", "a class as text"],
)
def test_a_misplaced_schema_is_named(copy: Path, text: str, code: str) -> None:
    (copy / "extra.yaml").write_text(text, encoding="utf-8")
    assert {f.code for f in faults_of(copy)} == {code}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert [f.code for f in faults_of(tmp_path)] == ["MM913"]
