"""The service keeps to its own description, and the examples in it are true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from openapi_spec_validator import validate
from starlette.routing import Route
from tests.service.conftest import Served

from machimori.service.asgi import application
from machimori.service.openapi import document
from machimori.service.settings import Settings

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
HOLDING = Path(__file__).parents[2] / "model" / "examples" / "Holding" / "valid-power-company.json"
OPERATIONS = (
    "GET /catalogue",
    "GET /codes",
    "GET /context",
    "GET /health",
    "GET /metrics",
    "GET /schemas/{class}",
    "POST /validate",
)
SEARCH = ("--phases", "examples,coverage,fuzzing", "--max-examples", "40", "--seed", "1", "--generation-deterministic")


@pytest.fixture(scope="module")
def kept(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Schemathesis says of each operation that is described: nothing where all answers keep to the description."""
    report = tmp_path_factory.mktemp("schemathesis") / "report.xml"
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json", "--no-color", *SEARCH]
    command += ["--report", "junit", "--report-junit-path", str(report)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=report.parent)
    assert report.is_file(), told.stdout + told.stderr
    cases = ElementTree.fromstring(report.read_text(encoding="utf-8")).iter("testcase")
    return {case.attrib["name"]: "".join(ElementTree.tostring(e, "unicode") for e in case) for case in cases}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_keeps_to_the_description(operation: str, kept: dict[str, str]) -> None:
    assert kept[operation] == ""


def test_every_operation_that_is_described_was_tried(kept: dict[str, str], client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    described = sorted(f"{method.upper()} {path}" for path, item in paths.items() for method in item)
    assert described == sorted(OPERATIONS) == sorted(kept)


def test_the_examples_are_what_the_service_answers(client: httpx.Client) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/validate"]["post"]
    asked = operation["requestBody"]["content"]["application/json"]["examples"]
    answers = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert {*asked} == {*answers}
    for name, example in asked.items():
        answer = client.post("/validate", json=example["value"])
        assert (answer.status_code, answer.json()) == (200, answers[name]["value"])


@pytest.mark.parametrize("decides", [False, True])
def test_the_table_of_routes_and_the_document_name_the_same_operations(decides: bool) -> None:
    held = application(Settings(holder=str(HOLDING) if decides else None)).routes
    answered = {(r.path, m.lower()) for r in held if isinstance(r, Route) for m in r.methods or ()}
    assert {path for path, method in answered if method == "get"} == {p for p, method in answered if method == "head"}
    told = {(path, method) for path, operations in document(decides=decides)["paths"].items() for method in operations}
    assert {a for a in answered if a[1] != "head"} - {("/openapi.json", "get")} == told


def test_the_document_is_openapi_with_nothing_left_to_be_put_in() -> None:
    made = document(decides=True)
    validate(made)
    assert "x-problems" not in json.dumps(made)
    assert {o["operationId"] for operations in made["paths"].values() for o in operations.values()} >= {
        "validate",
        "decide",
    }
