"""The service keeps to its own description, and the examples in it are true."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from machimori.service.application import application

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
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
