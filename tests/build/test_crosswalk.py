"""Every mapping of the model is a row of one SSSOM file, every row is about a term of the model, and SSSOM says so too."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import venv
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from tests.build.shared import model
from tests.lazily import Lazily

from machimori.build.model import Mappings
from machimori.catalogue import catalogue

crosswalk = Lazily("machimori.build.crosswalk")

pytestmark = pytest.mark.full

MODEL = Path(str(files("machimori.sources")))
GENERATED = Path(str(files("machimori.artefacts"))) / "crosswalk"
PYTHON = "MACHIMORI_SSSOM_PYTHON"
"""An interpreter that has sssom already; without it the test makes an environment for it."""

SSSOM = "sssom==0.4.21"
VALIDATION = """
import json, sys
from pathlib import Path
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

found = {}
for path in map(Path, sys.argv[1:]):
    mappings = parse_sssom_table(path)
    reports = validate(mappings, fail_on_error=False).values()
    found[path.name] = [len(mappings.df), [result.message for report in reports for result in report.results]]
print(json.dumps(found))
"""

Row = dict[str, str]


@cache
def emitted() -> dict[str, str]:
    return crosswalk.emit(model())


def parsed(text: str) -> tuple[dict[str, str], list[Row]]:
    """The prefixes and the rows of a file."""
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    metadata = yaml.safe_load("\n".join(line[1:] for line in head))
    rows = csv.DictReader(lines[len(head) :], delimiter="\t", strict=True)
    assert rows.fieldnames == list(crosswalk.COLUMNS)
    return metadata["curie_map"], list(rows)


def expanded(curie: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local


def statements(name: str) -> list[tuple[str, str, str]]:
    prefixes, rows = parsed(emitted()[name])
    ends = ((row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows)
    return [(expanded(s, prefixes), expanded(p, prefixes), expanded(o, prefixes)) for s, p, o in ends]


def in_the_catalogue() -> set[tuple[str, str, str]]:
    """Every mapping that the shipped catalogue knows, categories of personal data below DPV's included."""
    skos, held = "http://www.w3.org/2004/02/skos/core#", catalogue.catalogue()
    classes, enums = held["classes"].values(), held["enums"].values()
    terms = [*classes, *(f for c in classes for f in c["fields"].values())]
    terms += [*enums, *(v for e in enums for v in e["values"].values())]
    found = {
        (term["iri"], f"{skos}{kind}Match", iri)
        for term in terms
        for kind in ("exact", "close")
        for iri in term["mappings"][kind]
    }
    return found | {(c["iri"], f"{skos}broadMatch", c["parent"]) for c in held["categories"].values()}


def test_every_mapping_of_the_model_is_in_one_file_once() -> None:
    rows = Counter(row for name in emitted() for row in statements(name))
    assert [row for row, times in rows.items() if times > 1] == []
    assert set(rows) == in_the_catalogue()


def test_every_subject_is_a_term_of_the_model_under_its_own_title() -> None:
    held = catalogue.catalogue()
    titles: dict[str, set[str]] = {}
    for kind in ("classes", "enums", "types", "categories"):
        for term in held[kind].values():
            titles.setdefault(term["iri"], set()).add(term["title"]["en"])
            for inner in {**term.get("fields", {}), **term.get("values", {})}.values():
                titles.setdefault(inner["iri"], set()).add(inner["title"]["en"])
    for name, text in emitted().items():
        prefixes, rows = parsed(text)
        for row in rows:
            assert row["subject_label"] in titles[expanded(row["subject_id"], prefixes)], (name, row["subject_id"])


def test_every_file_is_of_a_target_and_points_to_nothing_else() -> None:
    targets = yaml.safe_load((MODEL / "crosswalk" / "targets.yaml").read_text(encoding="utf-8"))["targets"]
    namespaces = [n for t in targets.values() for n in t["namespaces"].values()]
    prefixes = [p for t in targets.values() for p in t["namespaces"]]
    assert len(set(namespaces)) == len(namespaces)
    assert len(set(prefixes)) == len(prefixes)
    for path in emitted():
        name = Path(path).name.removesuffix(".sssom.tsv")
        assert name in targets, f"{path}: add a target to model/crosswalk/targets.yaml"
        own = tuple(targets[name]["namespaces"].values())
        for _, _, iri in statements(path):
            longest = max((n for n in namespaces if iri.startswith(n)), key=len)
            assert longest in own, (path, iri)


def test_a_target_has_a_title_in_both_languages() -> None:
    targets = yaml.safe_load((MODEL / "crosswalk" / "targets.yaml").read_text(encoding="utf-8"))["targets"]
    for name, target in targets.items():
        assert target["title"]["en"], name
        assert target["title"]["ja"], name


def test_the_emitter_writes_the_same_twice_and_what_is_shipped() -> None:
    assert crosswalk.emit(model()) == emitted()
    assert {path: catalogue.artefact(path) for path in emitted()} == emitted()
    assert {f"crosswalk/{p.name}" for p in GENERATED.iterdir()} == set(emitted())


def test_a_mapping_that_few_classes_state_says_for_which() -> None:
    _, rows = parsed(emitted()["crosswalk/smart-data-models.sssom.tsv"])
    stated = {row["subject_id"]: row["comment"] for row in rows if row["object_id"].endswith("/dateObservedFrom")}
    assert stated["mm:interval_start"].endswith("stated for TrafficFlow only")


@pytest.mark.parametrize(
    ("iri", "prefixes", "row"),
    [
        ("https://example.org/heat/Pump", {"heat": "https://example.org/heat/"}, "heat:Pump"),
        ("https://example.org/heat#Pump", {}, "ns1:Pump"),
        ("urn:heat:pump", {}, "ns1:pump"),
    ],
)
def test_a_vendor_may_map_to_anything(iri: str, prefixes: dict[str, str], row: str) -> None:
    of_vendor = replace(model().classes["Place"], mappings=Mappings(exact=(iri,)))
    vendor = replace(model(), classes={"Place": of_vendor}, prefixes={**model().prefixes, **prefixes})
    held, rows = parsed(crosswalk.emit(vendor)["crosswalk/other.sssom.tsv"])
    assert [(r["subject_id"], r["object_id"]) for r in rows] == [("mm:Place", row)]
    assert expanded(row, held) == iri


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own: sssom brings pandas and a release of LinkML that is not for the build to take."""
    if held := os.environ.get(PYTHON):
        return Path(held)
    home = tmp_path_factory.mktemp("sssom")
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", SSSOM]
    subprocess.run(install, check=True)
    return python


def validated(interpreter: Path, *paths: Path) -> dict[str, tuple[int, list[str]]]:
    done = subprocess.run(
        [str(interpreter), "-c", VALIDATION, *map(str, paths)],
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {name: (rows, messages) for name, (rows, messages) in json.loads(done.stdout).items()}


@pytest.mark.packaging
def test_every_file_is_valid_by_sssom_itself(interpreter: Path, tmp_path: Path) -> None:
    for path, text in emitted().items():
        (tmp_path / Path(path).name).write_text(text, encoding="utf-8", newline="\n")
    expected = {Path(path).name: (len(parsed(text)[1]), []) for path, text in emitted().items()}
    assert validated(interpreter, *sorted(tmp_path.iterdir())) == expected


@pytest.mark.packaging
@pytest.mark.parametrize(("right", "wrong"), [("semapv:ManualMappingCuration", "by hand"), ("\tsosa:", "\tnobody:")])
def test_sssom_finds_a_wrong_file(interpreter: Path, tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "sosa.sssom.tsv"
    whole = emitted()["crosswalk/sosa.sssom.tsv"]
    path.write_text(whole.replace(right, wrong), encoding="utf-8", newline="\n")
    assert validated(interpreter, path)[path.name] != (len(parsed(whole)[1]), []), "a row that SSSOM drops counts too"
