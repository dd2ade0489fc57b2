"""Every example of the model gets the verdict, and the issue code, that its file name says, from every engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from tests.agreement.engines import SDK_RULES, concrete_classes, verdicts
from tests.agreement.summary import Tally

from machimori.catalogue import catalogue
from machimori.samples.plausible import mesh_code
from machimori.validation.record import validate

EXAMPLES = files("machimori.sources") / "examples"
WEEK = "week"
"""A folder that is no class: connected records, a file a domain."""
CASES = sorted((c.name, file.name) for c in EXAMPLES.iterdir() if c.name != WEEK for file in c.iterdir())
LEAST = {"valid": 2, "invalid": 3}
"""How many examples a class has: two show what may differ, three show three ways to go wrong."""


def _text(class_name: str, file: str) -> str:
    return (EXAMPLES / class_name / file).read_text(encoding="utf-8")


def _code(file: str) -> str | None:
    return file.split("-")[1] if file.startswith("invalid-") else None


@pytest.mark.parametrize(("class_name", "file"), CASES, ids=["/".join(c) for c in CASES])
def test_every_engine_gives_the_verdict_in_the_name(class_name: str, file: str, request: pytest.FixtureRequest) -> None:
    code = _code(file)
    by_artefacts = code is None or code.startswith(SDK_RULES)
    found = verdicts(_text(class_name, file), class_name)
    assert found == dict.fromkeys(found, by_artefacts)
    tally = Tally()
    tally.count("examples", by_artefacts)
    tally.told(request)


@pytest.mark.parametrize("file", sorted(file.name for file in (EXAMPLES / WEEK).iterdir()))
def test_every_engine_accepts_the_week(file: str) -> None:
    for line in _text(WEEK, file).splitlines():
        found = verdicts(line, json.loads(line)["type"])
        assert found == dict.fromkeys(found, True), json.loads(line)["id"]


@pytest.mark.parametrize(("class_name", "file"), CASES, ids=["/".join(c) for c in CASES])
def test_an_invalid_example_breaks_exactly_the_rule_in_its_name(class_name: str, file: str) -> None:
    code = _code(file)
    issues = validate(_text(class_name, file), class_name).issues
    assert [i.code for i in issues] == ([code] if code else [])


@pytest.mark.parametrize("class_name", concrete_classes())
def test_every_class_has_valid_and_invalid_examples(class_name: str) -> None:
    codes = [_code(file) for folder, file in CASES if folder == class_name]
    has = {"valid": codes.count(None), "invalid": len(codes) - codes.count(None)}
    missing = [f"{least - has[kind]} more {kind}" for kind, least in LEAST.items() if has[kind] < least]
    assert not missing, f"model/examples/{class_name} needs {' and '.join(missing)}"


def _places(part: Any) -> Iterator[dict[str, Any]]:
    """Every part of a record that gives both a point and a grid square."""
    if isinstance(part, dict) and part.keys() >= {"latitude", "longitude", "mesh_code"}:
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _places(inner)


def test_a_point_lies_in_its_grid_square() -> None:
    told = [p for c, f in CASES if _code(f) is None for p in _places(json.loads(_text(c, f)))]
    squares = [(p["mesh_code"][:8], mesh_code(p["latitude"], p["longitude"])) for p in told]
    assert squares
    assert [written for written, _ in squares] == [found[: len(written)] for written, found in squares]


@pytest.mark.parametrize("class_name", sorted({c for c, _ in CASES}))
def test_a_typed_record_needs_no_class_name(class_name: str) -> None:
    if "type" not in catalogue.class_data(class_name)["fields"]:
        return
    for file in (f for c, f in CASES if c == class_name and _code(f) is None):
        assert validate(_text(class_name, file)).ok
        assert json.loads(_text(class_name, file))["type"] == class_name
