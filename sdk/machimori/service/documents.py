"""What the model says of itself, as answers that a client may keep: strong ETag, 304 for what it has."""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from machimori.catalogue import catalogue
from machimori.errors import UnknownNameError
from machimori.messages import Choice, Message
from machimori.service.problems import ProblemError

SCHEMA, CONTEXT, JSON = "application/schema+json", "application/ld+json", "application/json"
CACHING = "public, max-age=300"


@cache
def _kept(name: str) -> tuple[bytes, str]:
    """The bytes of ``context``, ``catalogue``, ``codes`` or a class's schema, and their ETag."""
    if name == "context":
        content = catalogue.artefact("context.jsonld").encode()
    elif name == "catalogue":
        content = catalogue.document()
    elif name == "codes":
        content = msgspec.json.encode(catalogue.codes())
    else:
        content = catalogue.artefact(f"jsonschema/{name}.json", name).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def document(request: Request, name: str, media_type: str) -> Response:
    """The document, or 304 where the client has it."""
    content, tag = _kept(name)
    headers = {"ETag": tag, "Cache-Control": CACHING}
    had = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    if tag in had or "*" in had:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def schema(request: Request, name: str) -> Response:
    """The JSON Schema of a class; raises ``ProblemError`` where it has none."""
    try:
        class_ = catalogue.class_(name)
    except UnknownNameError as error:
        raise ProblemError("unknown-class", close(error)) from None
    if class_.abstract:
        raise ProblemError("abstract-class", {"members": class_.members})
    return document(request, name, SCHEMA)


def close(error: UnknownNameError) -> dict[str, Message]:
    """The names that the client may have meant. They are the model's: what the client wrote is not said again."""
    if not error.close:
        return {}
    return {"hint": Message("; did you mean {close}?", close=Choice(error.close))}
