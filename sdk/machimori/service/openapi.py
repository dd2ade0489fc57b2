"""The service described in OpenAPI 3.1: ``openapi.yaml``, with what the model and the service know themselves put in."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

import machimori
from machimori import messages
from machimori.catalogue import catalogue
from machimori.service import verdicts
from machimori.service.problems import MEDIA_TYPE, PROBLEMS, ProblemError
from machimori.service.request_body import JSON

DECIDE, VALIDATE = "/decide", "/validate"
FACTS = {"limit": "N", "members": "…"}
"""What stands in the example of a problem for what a request would have told."""
Schema = dict[str, Any]


@cache
def document(*, decides: bool) -> dict[str, object]:
    """The OpenAPI document of a service, with a gate or without one."""
    made: Schema = yaml.safe_load((files("machimori.service") / "openapi.yaml").read_text(encoding="utf-8"))
    made["info"]["version"] = machimori.__version__
    made["components"]["schemas"]["ClassName"]["enum"] = sorted(catalogue.model().classes)
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"] |= _problems(operation.pop("x-problems", ()))
    validate = made["paths"][VALIDATE]["post"]
    asked = validate["requestBody"]["content"][JSON]["examples"]
    validate["responses"]["200"]["content"][JSON]["examples"] = {
        name: {"value": _verdict(example["value"])} for name, example in asked.items()
    }
    if not decides:
        del made["paths"][DECIDE]
    return made


def _problems(names: list[str]) -> Schema:
    """The answers to what cannot be judged, by status, with an example of each problem."""
    answers: Schema = {}
    for name in names:
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        kind = PROBLEMS[name]
        held = answers.setdefault(str(kind.status), {"description": "", "content": {MEDIA_TYPE: content}})
        held["description"] = "; ".join(
            filter(None, [held["description"], messages.text(messages.ENGLISH, kind.title)])
        )
        held["content"][MEDIA_TYPE]["examples"][name] = {"value": ProblemError(name, FACTS).data("en")}
    return answers


def _verdict(value: Any) -> Schema:
    """The answer to an example, as the service gives it."""
    return verdicts.said(verdicts.judged(json.dumps(value, separators=(",", ":")).encode(), None), "en")
