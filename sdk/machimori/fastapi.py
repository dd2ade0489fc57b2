"""Classes of the model in a FastAPI application of one's own: answers to bad requests that show nobody's value.

>>> from fastapi import FastAPI
>>> from machimori.fastapi import install
>>> install(FastAPI())

A body of a class of the model tells its errors without values by itself; what FastAPI says around it (a list that is none, a
union without its ``type``, a missing field of a class that is not the model's) repeats what was sent. ``install`` replaces all of
these answers by problem details (RFC 9457) with issue codes, in English and Japanese.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, get_args, get_origin

from machimori import messages
from machimori.catalogue import catalogue, paths
from machimori.catalogue.classes import class_named
from machimori.errors import UnknownNameError
from machimori.extras import need
from machimori.records.positions import escape
from machimori.validation.explanation import code_of
from machimori.validation.record import validate

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response, WebSocket

    from machimori.model._base import Entity

__all__ = ["install", "record"]

POLICY_VIOLATION = 1008
"""The code with which a WebSocket is closed on a message that does not comply (RFC 6455, section 7.4.1)."""


def install(app: FastAPI) -> None:
    """Answer what does not comply without repeating it: 422 for requests, 500 for answers, 1008 for WebSockets.

    Raises ``MissingExtraError`` without FastAPI, ``RuntimeError`` for an application that has begun to answer.
    """
    need("fastapi")
    if app.middleware_stack is not None:
        raise RuntimeError("install() comes before the first request: the application would go on as it began")
    from fastapi.exceptions import RequestValidationError, ResponseValidationError, WebSocketRequestValidationError

    from machimori.service.problems import ProblemError

    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(ResponseValidationError, _failed)
    app.add_exception_handler(WebSocketRequestValidationError, _closed)
    app.add_exception_handler(ProblemError, _problem)
    _settle_warnings()


def record(entity: str) -> Callable[[Request], Awaitable[Entity]]:
    """A dependency that judges the body as ``machimori.validate`` does, all its rules included, and gives the object.

    ``trip: Annotated[Trip, Depends(record("Trip"))]``. Raises ``UnknownNameError`` for a class that the model does not have.
    """
    need("fastapi")
    catalogue.class_(entity)

    async def judged(request: Request) -> Entity:
        from machimori.service.problems import ProblemError

        body = await request.body()
        report = validate(body, entity)
        if not report.ok:
            raise ProblemError("not-compliant", issues=report.issues)
        return class_named(entity).model_validate_json(body)

    from fastapi import Request as Given

    judged.__annotations__["request"] = Given  # which FastAPI reads, and this module does not have until then
    return judged


async def _refused(request: Request, error: Any) -> Response:
    from machimori.service.problems import ProblemError, language_of

    language = language_of(request.headers.get("accept-language"))
    found = [e for e in error.errors() if e["loc"][:1] != ("body",)]
    issues = list(_told(found, language))
    judged = _judged(request, error, language)
    issues += judged or _told([e for e in error.errors() if e["loc"][:1] == ("body",)], language)
    return ProblemError("not-compliant").response(language, issues)


def _judged(request: Request, error: Any, language: str) -> list[dict[str, Any]]:
    """The findings of ``validate`` where the body is one record of a class of the model, or a list of them."""
    field = getattr(request.scope.get("route"), "body_field", None)
    wanted = getattr(getattr(field, "field_info", None), "annotation", None)
    many = get_origin(wanted) is list
    entity = _entity(get_args(wanted)[0] if many else wanted)
    if entity is None:
        return []
    if not many:
        return [i.data(language) for i in validate(error.body, entity).issues] if isinstance(error.body, dict) else []
    if not isinstance(error.body, list) or not all(isinstance(r, dict) for r in error.body):
        return []
    each = ((n, i.data(language)) for n, one in enumerate(error.body) for i in validate(one, entity).issues)
    return [{**told, "path": f"/{n}{told['path']}"} for n, told in each]


def _entity(wanted: Any) -> str | None:
    """The class of the model that an annotation is; ``None`` for any other, those derived from one too."""
    name = getattr(wanted, "__name__", "")
    try:
        return name if class_named(name) is wanted else None
    except UnknownNameError:
        return None


def _told(errors: Sequence[Any], language: str) -> Iterator[dict[str, Any]]:
    """FastAPI's errors by issue code, place and the title of the code: nothing of what was sent, and no strange name."""
    for error in errors:
        where, *keys = error["loc"]
        code = "MM001" if error["type"] == "json_invalid" else code_of(error["type"])
        held = catalogue.codes()[code]
        place = [] if code == "MM001" else [paths.shown(k) if isinstance(k, str) else k for k in keys]
        yield {
            "code": code,
            "name": held["name"],
            "severity": held["severity"],
            "in": where,
            "path": "".join(f"/{escape(str(k))}" for k in place),
            "message": messages.of(held["title"], language),
            "remedy": messages.of(held["remedy"], language),
        }


async def _failed(request: Request, _: Exception) -> Response:
    """An answer of the application that does not comply: its error, which the log would show, holds what it was."""
    from machimori.service.problems import ProblemError, language_of

    return ProblemError("internal").response(language_of(request.headers.get("accept-language")))


async def _closed(socket: WebSocket, _: Exception) -> None:
    await socket.close(code=POLICY_VIOLATION, reason="not-compliant")


async def _problem(request: Request, error: Any) -> Response:
    from machimori.service.problems import language_of

    answer: Response = error.response(language_of(request.headers.get("accept-language")))
    return answer


def _settle_warnings() -> None:
    """FastAPI silences the first while it makes the validator of a body; that of the model's classes is made at the first request.

    The second repeats a value that does not comply, where an answer holds an object that nobody judged.
    """
    import pydantic.warnings

    category = getattr(pydantic.warnings, "UnsupportedFieldAttributeWarning", None)
    if category is not None:
        warnings.filterwarnings("ignore", "The 'alias' attribute", category)
    warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning)


def __dir__() -> list[str]:
    return __all__
