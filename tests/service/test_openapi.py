"""The service keeps to its own description, and the examples in it are true."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import httpx
import pytest
from tests.service.conftest import Served

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
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
