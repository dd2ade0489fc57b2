"""One build, one result: byte for byte the same anywhere, and nothing in it that nobody made."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from tests.lazily import Lazily

from machimori.build import javascript

run = Lazily("machimori.build.run")

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
MODEL, GENERATED = ROOT / "model", ROOT / "generated"
PROGRAM = "import sys; from pathlib import Path; from machimori.build.run import build; print(build(Path(sys.argv[1]), Path(sys.argv[2])).written)"
EXTENSION = """
id: https://example.org/heat-pump
name: heat_pump
title: Heat pump
description: A vendor's own module.
version: 1.2.3
annotations: {mm:title_ja: ヒートポンプ, mm:description_ja: 製造者の独自モジュール。}
prefixes: {linkml: "https://w3id.org/linkml/", mm: "https://w3id.org/machimori/"}
default_prefix: mm
default_range: string
imports: [linkml:types, core, privacy]
classes:
  HeatPump:
    title: Heat pump
    description: A heat pump of a home.
    annotations: {mm:title_ja: ヒートポンプ, mm:description_ja: 住居のヒートポンプ。}
    slots: [id, type, manufacturer]
    slot_usage:
      id:
        annotations: {mm:title_ja: 識別子, mm:reading_ja: しきべつし, mm:description_ja: 機器の絶対IRI。, mm:privacy: operational.asset}
"""


def tree(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "__pycache__" not in p.parts
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two builds in processes of their own, under different hash seeds and working directories."""
    folders = []
    for seed in ("1", "4242"):
        out = tmp_path_factory.mktemp(f"seed{seed}")
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
        subprocess.run([sys.executable, "-c", PROGRAM, MODEL, out], check=True, env=environment, cwd=out)
        folders.append(out)
    return folders


def test_the_build_is_reproducible_byte_for_byte(built: list[Path]) -> None:
    assert tree(built[0]) == tree(built[1])


def test_what_is_committed_is_what_the_model_makes(built: list[Path]) -> None:
    committed = tree(GENERATED)
    assert committed.pop(javascript.VALIDATORS)  # by Ajv: tests/javascript
    assert tree(built[0]) == committed


def test_the_manifest_names_every_file_and_its_hash(built: list[Path]) -> None:
    manifest = json.loads((built[0] / run.MANIFEST).read_text(encoding="utf-8"))
    files = tree(built[0])
    files.pop(run.MANIFEST)
    assert manifest["files"] == files
    assert manifest["tools"]["linkml"] == "1.12.1"


def test_nothing_changed_means_nothing_done(built: list[Path]) -> None:
    assert run.build(MODEL, built[0]).unchanged


@pytest.mark.parametrize("tampering", ["changed", "missing", "extra"])
def test_check_names_what_differs(
    built: list[Path], tampering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built[0], out)
    target = {"changed": "catalogue.json", "missing": "context.jsonld", "extra": "python/stray.py"}[tampering]
    if tampering == "missing":
        (out / target).unlink()
    else:
        (out / target).write_text("tampered", encoding="utf-8")
    held = {p: (built[1] / p).read_text(encoding="utf-8") for p in tree(built[1])}
    monkeypatch.setattr("machimori.build.run.artefacts", lambda *_: held)

    assert run.build(MODEL, out, check=True).stale == [target]
    assert not run.current(MODEL, out)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("validators", ["none", "of these schemas", "of others"])
def test_the_build_says_which_validators_are_outdated(
    validators: str, check: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ajv alone makes them, so that a build leaves them as they are: nobody may find that out from a check in CI."""
    schemas = {"jsonschema/Trip.json": "{}\n"}
    monkeypatch.setattr("machimori.build.run.current", lambda *_: False)
    monkeypatch.setattr("machimori.build.run.read", lambda _: SimpleNamespace(base=None, name="machimori"))
    monkeypatch.setattr("machimori.build.gate.before_reading", lambda _: [])
    monkeypatch.setattr("machimori.build.gate.check", lambda *_: [])
    monkeypatch.setattr("machimori.build.run.artefacts", lambda *_: schemas)
    run.build(MODEL, tmp_path)
    digest = hashlib.sha256(b"{}\n" if validators == "of these schemas" else b"").hexdigest()
    if validators != "none":
        (tmp_path / javascript.FOLDER).mkdir()
        (tmp_path / javascript.VALIDATORS).write_text(f"// Made of jsonschema/ ({digest}) by Ajv\n", encoding="utf-8")

    outcome = run.build(MODEL, tmp_path, check=check)

    outdated = validators == "of others"
    assert outcome.outdated_validators == outdated
    assert outcome.stale == ([javascript.VALIDATORS] if outdated and check else [])
    assert outcome.written == (0 if check else 1)


def _without_domains(folder: Path) -> None:
    """A model of the modules that every other one builds on, with what statistics tell of their classes alone."""
    shutil.copytree(MODEL / "privacy", folder / "privacy")
    for name in ("core.yaml", "privacy.yaml", "units.yaml"):
        shutil.copy2(MODEL / name, folder / name)
    classes = {n for name in ("core.yaml", "privacy.yaml") for n in _read(folder / name).get("classes") or {}}
    tables = _read(folder / "privacy" / "tables.yaml")
    tables["statistics"] = {n: told for n, told in tables["statistics"].items() if n in classes}
    (folder / "privacy" / "tables.yaml").write_text(yaml.safe_dump(tables, allow_unicode=True), encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def test_another_folder_builds_with_the_same_gate(tmp_path: Path) -> None:
    folder, out = tmp_path / "model", tmp_path / "out"
    _without_domains(folder)
    (folder / "heat_pump.yaml").write_text(EXTENSION, encoding="utf-8")

    outcome = run.build(folder, out)

    assert outcome.faults == []
    catalogue = json.loads((out / "catalogue.json").read_text(encoding="utf-8"))
    assert catalogue["version"] == "1.2.3"
    assert catalogue["classes"]["HeatPump"]["fields"]["id"]["privacy"] == "operational.asset"
    assert (out / "python" / "heat_pump.py").is_file()
    assert (out / "jsonschema" / "HeatPump.json").is_file()


def test_a_faulty_folder_writes_nothing(tmp_path: Path) -> None:
    folder, out = tmp_path / "model", tmp_path / "out"
    _without_domains(folder)
    (folder / "heat_pump.yaml").write_text(EXTENSION.replace(", mm:privacy: operational.asset", ""), encoding="utf-8")

    outcome = run.build(folder, out)

    assert [f.code for f in outcome.faults] == ["MM901"]
    assert outcome.faults[0].place.file == "heat_pump.yaml"
    assert not out.exists()
