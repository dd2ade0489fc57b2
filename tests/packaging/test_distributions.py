"""Wheel, sdist and editable install all work in a new environment, without any extra and without the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROUGHT_BY_VENV = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-")
MOST_BYTES = 60_000_000
PROGRAM = """
import importlib.util, json, machimori as mm
from machimori.artefacts import validators
from machimori.catalogue.catalogue import artefact
from machimori.extras import NEEDS
from machimori.model.energy import ElectricityUse
assert not [m for need in NEEDS.values() for m in need.modules if importlib.util.find_spec(m)]
assert mm.privacy_of("ElectricityUse.energy").name == "personal.energy_use"
assert not mm.validate({"type": "TransitStop"}).ok
assert validators.accepts("Place", {"latitude": 35.0, "longitude": 139.0})
assert json.loads(artefact("jsonschema/Trip.json"))["additionalProperties"] is False
assert "mm:" in artefact("shapes.ttl") and "@context" in artefact("context.jsonld")
assert mm.__version__
print("works")
"""


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """What a command writes: its output, or both streams where it has something to say."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr if status else done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git tracks or would track, as a clone has them."""
    target = tmp_path_factory.mktemp("clone")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def distributions(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist and a wheel; the wheel is the one that ``MACHIMORI_WHEEL`` names, if it does, and else made from the sdist."""
    out = tmp_path_factory.mktemp("dist")
    made = os.environ.get("MACHIMORI_WHEEL")
    if made:
        shutil.copy2(made, out)
    run(sys.executable, "-m", "build", *["--sdist"] * bool(made), "--outdir", out, clone, cwd=clone)
    return out


@pytest.fixture(scope="module")
def environment(
    request: pytest.FixtureRequest, clone: Path, distributions: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A new environment with what was installed in one of three ways."""
    made = tmp_path_factory.mktemp(request.param)
    venv.create(made, with_pip=True)
    found = {"wheel": "*.whl", "sdist": "*.tar.gz"}
    target = ["-e", clone] if request.param == "editable" else [next(distributions.glob(found[request.param]))]
    run(made / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *target, cwd=made)
    return made


@pytest.mark.packaging
@pytest.mark.parametrize("environment", ["wheel", "sdist", "editable"], indirect=True)
def test_it_installs_and_works(environment: Path, tmp_path: Path) -> None:
    python, command = environment / "bin" / "python", environment / "bin" / "machimori"
    assert run(python, "-c", PROGRAM, cwd=tmp_path).strip() == "works"
    version = run(python, "-c", "import machimori; print(machimori.__version__)", cwd=tmp_path)
    assert run(command, "--version", cwd=tmp_path).strip().endswith(version.strip())
    assert "ElectricityUse" in run(command, "list", cwd=tmp_path)


@pytest.mark.packaging
@pytest.mark.parametrize("environment", ["wheel"], indirect=True)
def test_the_sizes_are_those_that_the_page_on_performance_tells(environment: Path, distributions: Path) -> None:
    """Measure again and write ``docs/sizes.json`` where this fails; the page takes its figures from there."""
    (folder,) = (environment / "lib").glob("*/site-packages")
    parts = [p for p in folder.iterdir() if not p.name.startswith(BROUGHT_BY_VENV)]
    measured = {
        "wheel": next(distributions.glob("*.whl")).stat().st_size,
        "installed": sum(map(size, (p for p in parts if p.name.startswith("machimori")))),
        "with_dependencies": sum(map(size, parts)),
    }
    told = json.loads((ROOT / "docs" / "sizes.json").read_text(encoding="utf-8"))
    assert told == pytest.approx({name: found / 1e6 for name, found in measured.items()}, rel=0.1)


@pytest.mark.packaging
@pytest.mark.parametrize("environment", ["wheel"], indirect=True)
def test_what_pip_puts_there_is_small(environment: Path) -> None:
    """As ``du`` counts it: whole blocks of the disk, folders too."""
    (folder,) = (environment / "lib").glob("*/site-packages")
    parts = [p for p in folder.iterdir() if not p.name.startswith(BROUGHT_BY_VENV)]
    blocks = sum(p.lstat().st_blocks for part in parts for p in (part, *part.rglob("*")))
    assert blocks * 512 <= MOST_BYTES, "what does nothing at run time read?"


@pytest.mark.packaging
def test_the_wheel_has_what_is_read_at_run_time(distributions: Path) -> None:
    names = zipfile.ZipFile(next(distributions.glob("*.whl"))).namelist()
    assert [n for n in names if "/javascript/" in n and "/build/" not in n] == [
        "machimori/artefacts/javascript/types.d.ts"
    ]
    assert [n for n in names if "/openapi/" in n] == []
    assert {n.rpartition("/")[0] for n in names if "/examples/" in n} == {"machimori/sources/examples/week"}
    templates = [n.rpartition("/")[0] for n in names if "/templates/" in n and n.endswith((".md", ".html", ".css"))]
    assert {*templates} >= {f"machimori/{room}/templates" for room in ("build/pages", "findings/reporters")}
    assert "machimori/service/openapi.yaml" in names


@pytest.mark.packaging
def test_the_source_archive_has_the_rest(clone: Path, distributions: Path) -> None:
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("generated", "model", "sdk"):
        whole = {str(p.relative_to(clone)) for p in (clone / folder).rglob("*") if p.is_file()}
        assert whole - held == set()


@pytest.mark.packaging
@pytest.mark.parametrize("environment", ["wheel"], indirect=True)
def test_the_core_works_alone(environment: Path, tmp_path: Path) -> None:
    """Records are judged, the model is told, and what needs an extra says which, in both languages."""
    command = environment / "bin" / "machimori"
    for name in ("Trip", "ElectricityUse"):
        (tmp_path / name).write_text(run(command, "sample", name, "--count", "20", "--seed", "7", cwd=tmp_path))
        assert "20 valid" in run(command, "validate", name, cwd=tmp_path)
        assert name in run(command, "describe", name, cwd=tmp_path)
        for form in ("json-schema", "typescript", "shacl", "owl", "context"):
            assert name in run(command, "schema", name, "--as", form, cwd=tmp_path)
    (tmp_path / "bad.ndjson").write_text('{"type": "Trip"}\n')
    assert "MM101" in run(command, "validate", "bad.ndjson", cwd=tmp_path, status=1)
    assert "machimori demo energy" in run(command, "demo", cwd=tmp_path)
    for words, extra in (
        (("demo", "energy"), "gate"),
        (("log", "list", "--store", "gate.db"), "gate"),
        (("serve",), "serve"),
        (("validate", "bad.ttl"), "rdf"),
    ):
        (tmp_path / "bad.ttl").touch()
        for language, said in (("en", "needs an optional dependency"), ("ja", "追加の依存パッケージが必要です")):
            told = run(command, *words, "--lang", language, cwd=tmp_path, status=2)
            assert said in told
            assert f"pip install 'machimori[{extra}]'" in told
            assert len(told.splitlines()) == 1
    assert not (tmp_path / "gate.db").exists()


@pytest.mark.packaging
@pytest.mark.parametrize("environment", ["wheel"], indirect=True)
def test_the_reference_pages_come_from_a_wheel_too(environment: Path, tmp_path: Path) -> None:
    for language in ("en", "ja"):
        (tmp_path / language).mkdir()
    run(environment / "bin" / "python", "-m", "machimori.build.pages", "--docs", tmp_path, cwd=tmp_path)
    assert (tmp_path / "ja" / "reference" / "classes" / "Trip.md").is_file()


def size(path: Path) -> int:
    """The bytes of a file, or of all files in a folder."""
    return sum(p.stat().st_size for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file())


@pytest.mark.packaging
def test_an_extension_installs_beside_it(clone: Path, distributions: Path, tmp_path: Path) -> None:
    project = tmp_path / "heat-pump"
    shutil.copytree(clone / "examples" / "heat-pump", project)
    machimori = Path(sys.executable).parent / "machimori"
    run(machimori, "build", "--model", "model", "--out", "heatpump_model", cwd=project)
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    wheel = next(distributions.glob("*.whl"))

    run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[rdf]", project, cwd=tmp_path
    )

    said = run(python, project / "use.py", cwd=tmp_path)
    assert "valid: True" in said
    assert "back again: True" in said
    command = tmp_path / "venv" / "bin" / "machimori"
    assert "HeatPumpState" in run(command, "list", cwd=tmp_path)
    for record in sorted((project / "model" / "examples").rglob("valid-*.json")):
        run(command, "validate", record, cwd=tmp_path)
    for form in ("json-schema", "shacl", "owl", "context"):
        assert "HeatPump" in run(command, "schema", "HeatPump", "--as", form, cwd=tmp_path)


def test_the_package_list_is_the_tree() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    mapped = {"machimori": "sdk/machimori", **settings["package-dir"]}
    expected = set()
    for package, folder in mapped.items():
        base = ROOT / folder
        for init in base.rglob("__init__.py"):
            inner = init.parent.relative_to(base).parts
            nested = any(f.startswith(f"{folder}/") and init.parent.is_relative_to(ROOT / f) for f in mapped.values())
            if "__pycache__" not in inner and not nested:
                expected.add(".".join([package, *inner]))
    assert sorted(settings["packages"]) == sorted(expected)
