"""The recipes for Java, Go and C# read every valid example of some classes and write the same record back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pyspark
import pytest
from tests.agreement.test_columns import plain
from tests.javascript.node import installed
from tests.programs import present

import machimori as mm

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "examples" / "other-languages" / "recipe.sh"
COMPILERS = {"java": "javac", "go": "go", "csharp": "mcs"}
CLASSES = ["ElectricityUse", "Trip", "DemandResponseEvent"]
"""One flat, one with value objects, one with a choice of classes."""
PARTS = ("jackson-annotations-2", "jackson-core-2", "jackson-databind-2")
JARS = [j for j in sorted((Path(pyspark.__file__).parent / "jars").glob("jackson-*.jar")) if j.name.startswith(PARTS)]
"""Jackson, which comes with Spark."""


def examples(class_name: str) -> list[dict[str, Any]]:
    return [
        json.loads(p.read_text(encoding="utf-8"))
        for p in sorted((ROOT / "model/examples" / class_name).glob("valid-*"))
    ]


@pytest.mark.parametrize("class_name", CLASSES)
@pytest.mark.parametrize("language", COMPILERS)
def test_records_come_back_as_they_were(
    language: str, class_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present(COMPILERS[language], "openjdk-17-jdk-headless golang-go mono-mcs")
    monkeypatch.setenv("QUICKTYPE", str(installed() / ".bin" / "quicktype"))
    monkeypatch.setenv("JACKSON", ":".join(map(str, JARS)))
    monkeypatch.setenv("GOCACHE", str(tmp_path / "cache"))
    schema = ROOT / "generated" / "jsonschema" / f"{class_name}.json"
    made = subprocess.run([RECIPE, language, schema, tmp_path / "made"], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    records = examples(class_name)
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    done = subprocess.run(
        ["bash", tmp_path / "made" / "run"], input=text, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    back = [json.loads(line) for line in done.stdout.splitlines()]
    assert [plain(r) for r in back] == [plain(r) for r in records]
    assert all(mm.validate(r).ok for r in back)


def test_the_recipe_takes_the_generator_that_is_tested_here() -> None:
    pinned = json.loads((ROOT / "tests/javascript/package.json").read_text(encoding="utf-8"))["devDependencies"][
        "quicktype"
    ]
    assert f"quicktype@{pinned}}}" in RECIPE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["rust", "a", "b"], 2), (["--help"], 0)])
def test_a_wrong_call_is_told_how_it_goes(arguments: list[str], status: int) -> None:
    told = subprocess.run([RECIPE, *arguments], capture_output=True, text=True)
    assert told.returncode == status
    assert "recipe.sh java|go|csharp SCHEMA FOLDER" in told.stderr
