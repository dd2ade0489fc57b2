"""The service described in OpenAPI 3.1, with examples that are true."""

from __future__ import annotations

import json
from copy import copy
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from machimori import messages
from machimori.catalogue import catalogue
from machimori.service import verdicts
from machimori.service.documents import CONTEXT, JSON, SCHEMA
from machimori.service.problems import KINDS, MEDIA_TYPE, ProblemError
from machimori.service.request_body import NDJSON

DESCRIPTION = """Judges payloads by the Machimori model and tells what the model says.

A payload that does not comply is no error of the request: it is judged, and the answer is 200 with `ok: false`. A problem
(RFC 9457) answers what cannot be judged. Messages are in English or Japanese, as `Accept-Language` asks. No answer shows the
value of a person-related field.
"""
Schema = dict[str, Any]


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


TEXT: Schema
NUMBER: Schema
TRUTH: Schema
TEXT, NUMBER, TRUTH = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


ISSUES: Schema = {"type": "array", "items": _ref("Issue")}
VERDICT: Schema = {
    "ok": TRUTH | {"description": "Whether nothing of severity `error` was found."},
    "entity": MAYBE_TEXT | {"description": "The class it was judged as."},
    "issues": ISSUES,
    "more": NUMBER | {"description": "How many further findings are not told."},
}
SCHEMAS: dict[str, Schema] = {
    "Issue": _object(
        ["code", "name", "severity", "path", "message", "remedy"],
        code=TEXT | {"pattern": "^MM[0-9]{3}$", "description": "Stable; GET /codes explains each."},
        name=TEXT,
        severity={"enum": ["error", "warning", "note"]},
        line=NUMBER,
        column=NUMBER,
        entity=TEXT,
        path=TEXT | {"description": "JSON pointer (RFC 6901) into the record."},
        profile=TEXT | {"description": "The strictest privacy profile on the path."},
        message=TEXT,
        remedy=TEXT,
    ),
    "Verdict": _object(["ok", "entity", "issues"], **VERDICT),
    "Verdicts": _object(
        ["ok", "records", "invalid", "results"],
        ok=TRUTH,
        records=NUMBER,
        invalid=NUMBER,
        results={"type": "array", "items": _ref("Verdict")},
    ),
    "LineVerdict": _object(["line", "ok", "entity", "issues"], line=NUMBER, **VERDICT),
    "Problem": _object(
        ["type", "title", "status", "detail"],
        type=TEXT | {"format": "uri"},
        title=TEXT,
        status=NUMBER,
        detail=TEXT,
        issues=ISSUES,
    ),
    "Health": _object(["status", "version"], status={"const": "ok"}, version=TEXT),
}
RECORD: Schema = {
    "type": "ElectricityUse",
    "id": "urn:machimori:use:1",
    "customer": "urn:machimori:customer:17",
    "meter": "urn:machimori:meter:9",
    "interval_start": "2026-04-01T09:00:00+09:00",
    "interval_end": "2026-04-01T09:30:00+09:00",
    "energy": 0.42,
}
FAULTY = RECORD | {"energy": -1}
EXAMPLES: Schema = {
    "valid": {"summary": "A record that complies", "value": RECORD},
    "invalid": {"summary": "A value below its minimum; the answer does not repeat it", "value": FAULTY},
    "many": {"summary": "An array of records", "value": [RECORD, FAULTY]},
}


@cache
def _verdicts() -> dict[str, Any]:
    """The answers to ``EXAMPLES``, as the service gives them."""
    return {
        name: {"value": verdicts.said(verdicts.judged(_text(example["value"]), None), "en")}
        for name, example in EXAMPLES.items()
    }


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _answers(media_type: str, schema: Schema, summary: str, *problems: str, **more: Any) -> Schema:
    answers: Schema = {"200": {"description": summary, "content": {media_type: {"schema": schema, **more}}}}
    for name in (*problems, "too-many-of-client", "internal", "overloaded"):
        status = str(KINDS[name].status)
        held = answers.setdefault(
            status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": _ref("Problem"), "examples": {}}}},
        )
        held["description"] = "; ".join(
            filter(None, [held["description"], messages.text(messages.ENGLISH, KINDS[name].title)])
        )
        facts = {"limit": "N", "members": "…"}
        held["content"][MEDIA_TYPE]["examples"][name] = {"value": ProblemError(name, facts).data("en")}
    return answers


LANGUAGE = {"name": "Accept-Language", "in": "header", "schema": {"type": "string"}, "example": "ja"}
BODY = ("timeout", "too-large", "unsupported-media-type", "unreadable", "too-slow")


def _document(summary: str, media_type: str, *problems: str, parameters: list[Schema] | None = None) -> Schema:
    answers = _answers(media_type, {"type": "object"}, summary, *problems)
    answers["304"] = {"description": "The client has it (If-None-Match)"}
    return {"summary": summary, "responses": answers, "openapi_extra": {"parameters": parameters or []}}


def _validation() -> Schema:
    classes = sorted(catalogue.catalogue()["classes"])
    answers = _answers(JSON, {"anyOf": [_ref("Verdict"), _ref("Verdicts")]}, "The verdict", "bad-parameter", *BODY)
    answers["200"]["content"][JSON]["examples"] = _verdicts()
    answers["200"]["content"][NDJSON] = {"schema": {"type": "string"} | {"description": "A LineVerdict a line"}}
    as_class = {
        "name": "as",
        "in": "query",
        "description": "Judge every record as this class, whatever its type says.",
        "schema": {"enum": classes},
    }
    body = {
        "required": True,
        "content": {
            JSON: {"schema": {"anyOf": [{"type": "object"}, {"type": "array"}]}, "examples": EXAMPLES},
            NDJSON: {"schema": {"type": "string", "description": "A record a line; verdicts come while it is sent."}},
        },
    }
    return {
        "summary": "Judge one record, an array of records, or a stream of them",
        "responses": answers,
        "openapi_extra": {"parameters": [as_class, LANGUAGE], "requestBody": body},
    }


def _decision() -> Schema:
    problems = ("not-a-request", *BODY)
    answers = _answers(JSON, {"type": "object"}, "The decision, a denial included", *problems)
    body = {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}
    return {
        "summary": "Decide a disclosure request (class DisclosureRequest) by the holder's gate",
        "responses": answers,
        "openapi_extra": {"parameters": [LANGUAGE], "requestBody": body},
    }


def operation(method: str, path: str) -> Schema:
    """What the document says of one operation, as keywords of FastAPI's ``add_api_route``."""
    del method
    name = {
        "name": "class",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z]+$"},
        "example": "ElectricityUse",
    }
    if path == "/validate":
        return _validation()
    if path == "/decide":
        return _decision()
    if path == "/health":
        return {"summary": "Whether it is up", "responses": {"200": _answers(JSON, _ref("Health"), "It is")["200"]}}
    if path == "/metrics":
        answer = _answers("text/plain", {"type": "string"}, "Counts in Prometheus' text format")["200"]
        return {"summary": "Counts for Prometheus", "responses": {"200": answer}}
    return {
        "/schemas/{class}": _document(
            "The JSON Schema (2019-09) of a class", SCHEMA, "unknown-class", "abstract-class", parameters=[name]
        ),
        "/context": _document("The JSON-LD context", CONTEXT),
        "/catalogue": _document("Every class, field, list of values and profile", JSON),
        "/codes": _document("Every issue code with texts and remedies", JSON),
    }[path]


def _described(route: Any) -> Any:
    """A route as it is described: HEAD answers as GET does, without the body, and is not told again."""
    if "GET" not in (getattr(route, "methods", None) or ()):
        return route
    told = copy(route)
    told.methods = route.methods - {"HEAD"}
    return told


def document(app: FastAPI) -> Schema:
    """The OpenAPI document of the application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=list(map(_described, app.routes))
        )
        made.setdefault("components", {})["schemas"] = SCHEMAS
        app.openapi_schema = made
    return app.openapi_schema
