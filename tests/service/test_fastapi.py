"""A FastAPI application of a vendor that takes classes of the model: no answer to a bad request shows what was sent."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, WebSocket
from machimori.model import class_named
from machimori.model.energy import ElectricityUse
from machimori.model.mobility import FareTransaction, Trip
from pydantic import BaseModel, Field
from tests.validation.canaries import CANARY, cries, entities, example, records

import machimori as mm
from machimori.catalogue import catalogue
from machimori.errors import MissingExtraError, UnknownNameError
from machimori.fastapi import install, record

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

pytestmark = [
    pytest.mark.filterwarnings("ignore:The 'alias' attribute:pydantic.warnings.UnsupportedFieldAttributeWarning"),
    pytest.mark.full,
]
TRIP: dict[str, Any] = json.loads(example("Trip"))


class Order(BaseModel):
    """A vendor's class, not one of the model's."""

    trip: Trip
    count: int


def application(*, handled: bool) -> FastAPI:
    app = FastAPI()
    if handled:
        install(app)

    def one(trip: Trip) -> str:
        return str(trip)

    def many(trips: list[Trip]) -> int:
        return len(trips)

    def two(trip: Trip, use: ElectricityUse, limit: int = 1) -> int:
        return limit

    def either(trip: Annotated[Trip | FareTransaction, Field(discriminator="type")]) -> str:
        return trip.type

    def order(order: Order) -> int:
        return order.count

    def judged(trip: Annotated[Trip, Depends(record("Trip"))]) -> str:
        return trip.type

    def back(given: dict[str, Any]) -> Any:
        return given["trips"]

    answers: dict[str, Callable[..., Any]] = {"one": one, "many": many, "two": two, "either": either, "order": order, "judged": judged}  # fmt: skip
    for name, answer in answers.items():
        app.post(f"/{name}")(answer)
    app.post("/back", response_model=list[Trip])(back)

    @app.websocket("/socket")
    async def socket(given: WebSocket, limit: int) -> None:
        await given.accept()

    return app


@pytest.fixture(scope="module", params=[True, False], ids=["with the handler", "without"])
def client(request: pytest.FixtureRequest) -> Iterator[tuple[TestClient, bool]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield TestClient(application(handled=request.param), raise_server_exceptions=False), request.param


BAD: dict[str, tuple[str, Any]] = {
    "a value": ("one", TRIP | {"traveller": CANARY, "origin": {"latitude": CANARY, CANARY: 1}}),
    "an unknown name": ("one", TRIP | {CANARY: CANARY}),
    "another class": ("one", TRIP | {"type": CANARY}),
    "a list for one": ("one", [TRIP | {"traveller": CANARY}]),
    "text for one": ("one", CANARY),
    "a value in a list": ("many", [TRIP, TRIP | {"traveller": CANARY}]),
    "a value of two": ("two", {"trip": TRIP | {"traveller": CANARY}, "use": {CANARY: CANARY}}),
    "a value of either": ("either", TRIP | {"traveller": CANARY}),
    "a value in an order": ("order", {"trip": TRIP | {"traveller": CANARY}, "count": 1}),
}
OUTSIDE: dict[str, tuple[str, Any]] = {
    "one for a list": ("many", TRIP | {"traveller": CANARY}),
    "either of no class": ("either", {"traveller": CANARY}),
    "either of an unknown class": ("either", TRIP | {"type": CANARY}),
    "an order without a count": ("order", {"trip": TRIP | {"traveller": CANARY}}),
    "an order of nothing": ("order", [CANARY]),
}
"""What FastAPI finds around a class of the model, and tells with what was sent unless the handler is there."""


@pytest.mark.parametrize("kind", BAD)
def test_a_body_of_the_model_is_never_repeated(client: tuple[TestClient, bool], kind: str) -> None:
    path, body = BAD[kind]
    answer = client[0].post(f"/{path}", json=body)
    assert answer.status_code == 422
    assert not cries(answer.text)


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_is_around_it_is_not_repeated_with_the_handler(client: tuple[TestClient, bool], kind: str) -> None:
    path, body = OUTSIDE[kind]
    answer = client[0].post(f"/{path}", json=body)
    assert answer.status_code == 422
    assert bool(cries(answer.text)) is not client[1], "or the page would promise too little"


def handled(client: tuple[TestClient, bool]) -> TestClient:
    if not client[1]:
        return TestClient(application(handled=True), raise_server_exceptions=False)
    return client[0]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", BAD | OUTSIDE)
def test_problem_details_with_codes(client: tuple[TestClient, bool], kind: str, language: str) -> None:
    path, body = (BAD | OUTSIDE)[kind]
    answer = handled(client).post(f"/{path}?limit={CANARY}", json=body, headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.headers["content-language"] == language
    said = answer.json()
    assert said["type"].endswith("/not-compliant")
    assert said["issues"]
    assert {i["code"] for i in said["issues"]} <= set(catalogue.codes())
    assert not cries(answer.text)
    assert ("適合しない" in said["title"]) is (language == "ja")


def test_one_record_gets_the_findings_of_validate(client: tuple[TestClient, bool]) -> None:
    body = BAD["a value"][1]
    expected = [i.data("en") for i in mm.validate(body, "Trip").issues]
    assert handled(client).post("/one", json=body).json()["issues"] == expected
    of_many = handled(client).post("/many", json=[TRIP, body]).json()["issues"]
    assert of_many == [e | {"path": f"/1{e['path']}"} for e in expected]


def test_the_dependency_judges_by_every_rule(client: tuple[TestClient, bool]) -> None:
    reversed_ = TRIP | {"ended_at": "2025-04-01T08:05:00+09:00"}
    assert handled(client).post("/one", json=reversed_).status_code == 200
    answer = handled(client).post("/judged", json=reversed_)
    assert (answer.status_code, [i["code"] for i in answer.json()["issues"]]) == (422, ["MM304"])
    for content in (b"", b"\xff", json.dumps(TRIP | {CANARY: CANARY}).encode(), b'{"traveller": "CANARY'):
        answer = handled(client).post("/judged", content=content)
        assert answer.status_code == 422
        assert not cries(answer.text)
    assert handled(client).post("/judged", json=TRIP).json() == "Trip"
    with pytest.raises(UnknownNameError):
        record("Tripp")


def test_answers_and_sockets(client: tuple[TestClient, bool], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = handled(client).post("/back", json={"trips": TRIP | {"traveller": CANARY}})
        assert answer.status_code == 500
        assert not cries(answer.text)
        from starlette.websockets import WebSocketDisconnect

        with pytest.raises(WebSocketDisconnect) as closed, handled(client).websocket_connect(f"/socket?limit={CANARY}"):
            pass
    assert (closed.value.code, closed.value.reason) == (1008, "not-compliant")
    assert not cries(caplog.text)


def test_a_text_that_is_no_json(client: tuple[TestClient, bool]) -> None:
    for content in (b'{"traveller": "CANARY', b'{"traveller": CANARY}', b"\xe5\xb1"):
        answer = client[0].post("/one", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
        assert not cries(answer.text)


def test_no_warning_at_the_first_request() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        fresh = TestClient(application(handled=True))
        assert fresh.post("/one", json=TRIP).status_code == 200
        assert fresh.post("/two", json={"trip": TRIP, "use": json.loads(example("ElectricityUse"))}).json() == 1
        assert fresh.get("/openapi.json").json()["paths"]["/one"]


def test_every_class_as_a_body() -> None:
    """Without the handler: the first canaries of each class."""
    app = FastAPI()
    for name in entities():

        def answer(given: Any) -> int:
            return 1

        answer.__annotations__["given"] = class_named(name)
        app.post(f"/{name}")(answer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = TestClient(app)
        for name in entities():
            for bad in list(records(name))[:3]:
                assert not cries(client.post(f"/{name}", json=bad.record).text), (name, bad.field)


def test_it_comes_before_the_first_request() -> None:
    app = application(handled=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        TestClient(app).post("/one", json=TRIP)
    with pytest.raises(RuntimeError, match="before the first request"):
        install(app)


def test_without_fastapi_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "import sys; sys.modules['fastapi'] = None; import machimori.fastapi; print('fastapi' in dir())"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "False\n"
    monkeypatch.setattr("machimori.extras.find_spec", lambda name: None)
    for call in (lambda: install(FastAPI()), lambda: record("Trip")):
        with pytest.raises(MissingExtraError, match=r"machimori\[fastapi\]"):
            call()
