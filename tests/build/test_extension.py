"""The worked example, an appliance maker's heat pump: built by its vendor, installed, and used like any class."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from tests import raw
from tests.build.heat_pump import EXAMPLES, MODEL, PACKAGE, PROJECT, called, install, machimori, python
from tests.lazily import Lazily

run = Lazily("machimori.build.run")

pytestmark = pytest.mark.full

CASES = sorted(p.relative_to(EXAMPLES).as_posix() for p in EXAMPLES.rglob("*.json"))
BUILD = "import sys; from pathlib import Path; from machimori.build.run import build; print(build(Path(sys.argv[1]), Path(sys.argv[2])).written)"
AGREEMENT = """
import json, sys
from pathlib import Path
import jsonschema_rs
import machimori as mm
from heatpump_model import validators
from machimori.catalogue.catalogue import artefact
from machimori.catalogue.classes import class_named
from machimori.rdf.shacl import shacl_report
from machimori.samples.sampling import sample

compiled = {}

def verdicts(text, name):
    record = json.loads(text)
    if name not in compiled:
        compiled[name] = jsonschema_rs.validator_for(json.loads(artefact(f"jsonschema/{name}.json", name)), validate_formats=True)
    try:
        class_named(name).model_validate_json(text)
        pydantic = True
    except ValueError:
        pydantic = False
    return {
        "sdk": mm.validate(text, name).ok,
        "pydantic": pydantic,
        "fastjsonschema": validators.accepts(name, record),
        "json-schema": bool(compiled[name].is_valid(record)),
    }

def by_shapes(text):
    return shacl_report(mm.to_graph(text), json.loads(text)["id"]).conforms

for path in sorted(Path(sys.argv[1]).rglob("*.json")):
    text, valid = path.read_text(encoding="utf-8"), path.name.startswith("valid-")
    found = verdicts(text, path.parent.name) | {"shacl": by_shapes(text)}
    assert found == dict.fromkeys(found, valid), (path.name, found)
    assert json.loads(text) == mm.from_jsonld(json.loads(text)), path.name
for name in ("HeatPump", "HeatPumpState"):
    for number, record in enumerate(sample(name, 40)):
        text = json.dumps(record)
        assert all(verdicts(text, name).values()), record
        assert number >= 5 or by_shapes(text), record
    for record in sample(name, 60, invalid=True):
        assert not any(verdicts(json.dumps(record), name).values()), record
print("agree")
"""
PRIVACY = """
import machimori as mm
from heatpump_model import HeatPumpState
profile = mm.privacy_of("HeatPumpState.compressor_frequency")
assert profile.name == "personal.heat_pump_use" and profile.person_related
assert (profile.minimum_group, profile.retention, profile.granularity.time_step) == (20, "P180D", "PT3H")
assert profile.granularity.band == mm.privacy_of("HeatPumpState.appliance_status").granularity.band == 0.1
assert HeatPumpState.privacy("defrosting") is profile
state = HeatPumpState.model_validate_json(open(r"{path}", encoding="utf-8").read())
assert "62.5" not in repr(state) and mm.validate(state).ok
assert mm.privacy_of("Trip.origin.latitude").name == "personal.trip"
print("private")
"""
UNCHANGED = """
import sys, machimori as mm
from pathlib import Path
text = Path(sys.argv[1]).read_text(encoding="utf-8")
print(mm.validate(text).ok, sorted(mm.to_graph(text)), mm.from_jsonld(text), mm.privacy_of("Trip.origin").name)
"""
LEAN = """
import sys, machimori
assert not {"machimori.catalogue.extensions", "importlib.metadata", "machimori.catalogue.catalogue"} & sys.modules.keys()
machimori.validate
assert "importlib.metadata" not in sys.modules or "pydantic" in sys.modules
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the path with the built package and its metadata."""
    folder = tmp_path_factory.mktemp("site")
    built = tmp_path_factory.mktemp("built") / PACKAGE
    outcome = run.build(MODEL, built)
    assert outcome.ok, outcome.faults
    shutil.copytree(built, folder / PACKAGE)
    install(folder)
    return folder


@pytest.fixture(scope="module")
def packaged(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as its ``pyproject.toml`` puts it into a distribution: the modules and the data that it names."""
    folder = tmp_path_factory.mktemp("packaged")
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    for package in settings["packages"]:
        inside = site / package.replace(".", "/")
        for pattern in ("*.py", *settings["package-data"].get(package, ())):
            for path in inside.glob(pattern):
                target = folder / path.relative_to(site)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    install(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "__pycache__" not in p.parts
    }


def test_the_build_is_reproducible_byte_for_byte(site: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", BUILD, MODEL, tmp_path / "out"], check=True, env=environment, cwd=tmp_path)
    assert tree(tmp_path / "out") == tree(site / PACKAGE)


def test_nothing_changed_means_nothing_done_until_the_model_changes(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run.build(MODEL, site / PACKAGE).unchanged
    monkeypatch.setattr(
        "machimori.build.run._shipped", lambda: {"name": "machimori", "version": "0.2.0", "sha256": "another"}
    )
    assert not run.current(MODEL, site / PACKAGE)


def test_check_names_what_differs(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / PACKAGE, tmp_path / "out")
    (tmp_path / "out" / "shapes.ttl").write_text("tampered", encoding="utf-8")
    assert run.build(MODEL, tmp_path / "out", check=True).stale == ["shapes.ttl"]


def test_it_has_every_kind_of_artefact_and_none_of_the_model(site: Path) -> None:
    held = json.loads((site / PACKAGE / "catalogue.json").read_text(encoding="utf-8"))
    files = set(tree(site / PACKAGE))
    assert set(held["classes"]) == {"HeatPump", "HeatPumpState"}
    assert set(held["enums"]) == {"Refrigerant"}
    assert set(held["profiles"]) == {"personal.heat_pump_use"}
    assert {f.partition("/")[0] for f in files} == {
        p.name for p in (catalogue_home()).iterdir() if not p.name.startswith("__pycache__")
    } - {"codes.json", "names.json", "policy"}  # codes, names and rules are the model's alone
    assert {f for f in files if f.startswith("jsonschema/")} == {f"jsonschema/{c}.json" for c in held["classes"]}


def catalogue_home() -> Path:
    return Path(__file__).parents[2] / "generated"


def test_its_terms_are_its_own_and_those_of_the_model_keep_their_iri(site: Path) -> None:
    held = json.loads((site / PACKAGE / "catalogue.json").read_text(encoding="utf-8"))["classes"]["HeatPumpState"]
    base = raw.catalogue()["classes"]["AirConditionerState"]["fields"]
    assert held["iri"] == "https://heatpump.example/HeatPumpState"
    for name, field in held["fields"].items():
        own = name in ("heat_pump", "compressor_frequency", "coefficient_of_performance", "defrosting")
        own |= name in ("flow_temperature", "heat_energy")
        assert field["iri"] == (f"https://heatpump.example/{name}" if own else base[name]["iri"])


def test_the_classes_of_the_model_are_imported_not_copied(site: Path) -> None:
    code = (site / PACKAGE / "python" / "heatpump.py").read_text(encoding="utf-8")
    assert "from machimori.model.appliances import ApplianceStatus" in code
    assert "class ApplianceStatus" not in code


@pytest.mark.parametrize("case", CASES)
def test_an_example_breaks_exactly_the_rule_in_its_name(site: Path, case: str) -> None:
    done = machimori(site, "validate", "--format", "json", EXAMPLES / case)
    code = case.partition("/")[2].split("-")[1] if "/invalid-" in case else None
    assert [i["code"] for i in json.loads(done.stdout)["issues"]] == ([code] if code else [])
    assert done.returncode == (1 if code else 0)


def test_every_engine_agrees(site: Path) -> None:
    assert python(site, AGREEMENT, EXAMPLES).strip() == "agree"


def test_the_privacy_functions_know_its_fields(site: Path) -> None:
    path = EXAMPLES / "HeatPumpState" / "valid-frosty-morning.json"
    assert python(site, PRIVACY.format(path=path)).strip() == "private"


def test_the_records_of_the_model_mean_what_they_meant(site: Path, tmp_path: Path) -> None:
    record = next(iter(sorted((Path(__file__).parents[2] / "model/examples/WaterHeaterState").glob("valid-*.json"))))
    assert python(site, UNCHANGED, record) == python(tmp_path, UNCHANGED, record)


def test_the_command_line_speaks_of_it(site: Path) -> None:
    described = machimori(site, "describe", "HeatPumpState.flow_temperature", "--lang", "ja").stdout
    assert "往き温度" in described
    assert "https://heatpump.example/flow_temperature" in described
    assert "ヒートポンプの使用" in described
    assert "HeatPumpState" in machimori(site, "list").stdout
    assert "HeatPumpState.defrosting" in machimori(site, "list", "--privacy", "personal.heat_pump_use").stdout
    assert len(machimori(site, "sample", "HeatPump", "--count", "3").stdout.splitlines()) == 3


FORMS = {
    "json-schema": '"x-privacy": "personal.heat_pump_use"',
    "shacl": "hp:HeatPumpStateShape a sh:NodeShape",
    "owl": "hp:HeatPumpState a owl:Class",
    "context": '"@id": "https://heatpump.example/HeatPumpState"',
    "typescript": "export interface HeatPumpState {",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_its_schema_is_in_the_package_of_the_example(packaged: Path, form: str) -> None:
    done = machimori(packaged, "schema", "HeatPumpState", "--as", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert FORMS[form] in done.stdout


def test_the_package_of_the_example_holds_every_artefact(site: Path, packaged: Path) -> None:
    assert set(tree(packaged / PACKAGE)) == set(tree(site / PACKAGE))


@pytest.mark.parametrize(("language", "says"), [("en", "was packaged without {}"), ("ja", "{}が収められていません")])
@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("json-schema", "jsonschema/HeatPumpState.json"),
        ("shacl", "shapes.ttl"),
        ("owl", "ontology.ttl"),
        ("context", "context.jsonld"),
        ("typescript", "javascript/types.d.ts"),
    ],
)
def test_an_artefact_that_was_not_packaged_is_named(
    packaged: Path, tmp_path: Path, form: str, path: str, language: str, says: str
) -> None:
    shutil.copytree(packaged, tmp_path / "site")
    (tmp_path / "site" / PACKAGE / path).unlink()
    done = machimori(tmp_path / "site", "--lang", language, "schema", "HeatPumpState", "--as", form)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says.format(path) in done.stderr
    assert "heatpump-model 1.0.0" in done.stderr


def test_the_reference_has_pages_of_its_classes(packaged: Path, tmp_path: Path) -> None:
    for language in ("en", "ja"):
        (tmp_path / language).mkdir()
    done = called(packaged, sys.executable, "-m", "machimori.build.pages", "--docs", tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "ja" / "reference" / "classes" / "HeatPumpState.md").read_text(encoding="utf-8")
    assert "往き温度" in page
    assert "from heatpump_model import HeatPumpState" in page
    for path in (
        "enums/Refrigerant.md",
        "profiles/personal.heat_pump_use.md",
        "schemas/HeatPump.json",
        "classes/Trip.md",
    ):
        assert (tmp_path / "en" / "reference" / path).is_file(), path
    links = re.findall(r"\]\(([^)#\s]+)", page)
    assert [
        link for link in links if not (tmp_path / "ja/reference/classes" / link).exists() and "://" not in link
    ] == []


def test_its_interface_is_its_vendors_own(site: Path) -> None:
    said = yaml.safe_load((site / PACKAGE / "openapi" / "components.yaml").read_text(encoding="utf-8"))["info"]
    assert said["summary"].startswith("Hinode heat pumps")
    assert "license" not in said


def test_its_own_program_runs(site: Path) -> None:
    said = python(site, (PROJECT / "use.py").read_text(encoding="utf-8").replace("__file__", repr(str(PROJECT / "x"))))
    assert "valid: True" in said
    assert "value withheld (personal.heat_pump_use) is more than 200 Hz" in said
    assert "back again: True" in said


def test_import_looks_for_no_extension(site: Path) -> None:
    python(site, LEAN)
