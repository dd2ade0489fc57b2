"""The ASGI application: which path is answered by what."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from machimori.extras import missing

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Match, Route
    from starlette.types import Scope

    from machimori.service import openapi
    from machimori.service.metrics import MEDIA_TYPE, METRICS
except ImportError:
    raise missing("service") from None

import machimori
from machimori.catalogue import catalogue
from machimori.errors import InvalidDocumentError, UnknownNameError
from machimori.privacy.gate import Gate
from machimori.service import documents, request_body, verdicts
from machimori.service.admission import Admission
from machimori.service.problems import ProblemError, language_of
from machimori.service.settings import Settings, published
from machimori.service.streaming import Verdicts
from machimori.service.timing import within

Answer = Callable[[Request], Awaitable[Response]]


class Counted(Route):
    """A route that tells what counts requests which path of the table was asked for."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route answers a path, with the route itself in the scope, so that metrics count by it and not by the path."""
        match, found = super().matches(scope)
        return match, {**found, "route": self}


def application(settings: Settings | None = None) -> Starlette:
    """The application with these settings, or those that were published to this process."""
    chosen = settings or published()
    gate = Gate(Path(chosen.holder), store=chosen.store) if chosen.holder else None
    return Starlette(
        routes=[Counted(path, answer, methods=[method]) for method, path, answer in _routes(chosen, gate)],
        exception_handlers={ProblemError: _problem, HTTPException: _http_problem},
        middleware=[Middleware(Admission, settings=chosen)],
        lifespan=partial(_living, gate),
    )


@asynccontextmanager
async def _living(gate: Gate | None, _app: Starlette) -> AsyncIterator[None]:
    """Read the model before the first request; end with the process that started this one; close the store at the end."""
    import multiprocessing

    for read in (catalogue.model, catalogue.codes, partial(openapi.document, decides=gate is not None)):
        read()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    yield
    if gate is not None and gate.store is not None:
        gate.store.close()


def _end_with(parent: Any) -> None:
    import os
    import signal

    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _routes(settings: Settings, gate: Gate | None) -> list[tuple[str, str, Answer]]:
    """Method, path and answer; what answers GET answers HEAD."""
    routes: list[tuple[str, str, Answer]] = [
        ("POST", openapi.VALIDATE, partial(_validate, settings)),
        ("GET", "/schemas/{class}", _schema),
        ("GET", "/context", _context),
        ("GET", "/catalogue", _catalogue),
        ("GET", "/codes", _codes),
        ("GET", "/health", _health),
        ("GET", "/metrics", _metrics),
        ("GET", "/openapi.json", partial(_openapi, gate is not None)),
    ]
    if gate is not None:
        routes.append(("POST", openapi.DECIDE, partial(_decide, settings, gate)))
    return routes


async def _validate(settings: Settings, request: Request) -> Response:
    language, entity = _language(request), _entity(request)
    if request_body.form_of(request) == request_body.NDJSON:
        return Verdicts(request, settings, entity, language)
    body = await request_body.whole(request, settings)
    verdict = await within(settings.timeout, len(body), lambda: verdicts.one_or_many(body, entity, language))
    return _json(verdict, language)


async def _decide(settings: Settings, gate: Gate, request: Request) -> Response:
    if request_body.form_of(request) != request_body.JSON:
        raise ProblemError("unsupported-media-type", headers={"Accept-Post": request_body.JSON})
    body = await request_body.whole(request, settings)
    work = partial(gate.decide, body)
    # The store may wait for the disk: always in a thread.
    try:
        decision = await within(settings.timeout, settings.maximum_bytes + 2**20, work)
    except InvalidDocumentError as error:
        raise ProblemError("not-a-request", issues=error.issues) from None
    return Response(decision.json(), headers={"Cache-Control": "no-store"}, media_type=request_body.JSON)


async def _schema(request: Request) -> Response:
    return documents.schema(request, request.path_params["class"])


async def _context(request: Request) -> Response:
    return documents.document(request, "context", documents.CONTEXT)


async def _catalogue(request: Request) -> Response:
    return documents.document(request, "catalogue", documents.JSON)


async def _codes(request: Request) -> Response:
    return documents.document(request, "codes", documents.JSON)


async def _health(_request: Request) -> Response:
    return _json(verdicts.encode({"status": "ok", "version": machimori.__version__}), None)


async def _metrics(_request: Request) -> Response:
    return Response(METRICS.text(), media_type=MEDIA_TYPE)


async def _openapi(decides: bool, _request: Request) -> Response:
    return Response(verdicts.encode(openapi.document(decides=decides)), media_type=request_body.JSON)


def _json(content: bytes, language: str | None) -> Response:
    headers = {"Cache-Control": "no-store"}
    if language:
        headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(content, headers=headers, media_type=request_body.JSON)


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language"))


def _entity(request: Request) -> str | None:
    """The class that the query names with ``as``."""
    named = request.query_params.getlist("as") if request.url.query else []
    if not named:
        return None
    if len(named) > 1:
        raise ProblemError("bad-parameter")
    try:
        catalogue.class_(named[0])
    except UnknownNameError as error:
        raise ProblemError("bad-parameter", documents.close(error)) from None
    return named[0]


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response(_language(request))


async def _http_problem(request: Request, error: Exception) -> Response:
    """What the router refuses: no such path, or another method."""
    assert isinstance(error, HTTPException)
    name = "method-not-allowed" if error.status_code == 405 else "not-found"
    return ProblemError(name, headers=error.headers).response(_language(request))
