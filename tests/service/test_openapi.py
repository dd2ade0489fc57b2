"""The service keeps to its own description, and the examples in it are true."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from starlette.routing import Route

from machimori.service.application import application
from machimori.service.openapi import document
from machimori.service.settings import Settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HOLDING = Path(__file__).parents[2] / "model" / "examples" / "Holding" / "valid-power-company.json"
CONFIG = schemathesis.Config()
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", application())


@pytest.mark.filterwarnings("ignore")
@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_to_the_description(case: schemathesis.Case) -> None:
    case.call_and_validate()


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
