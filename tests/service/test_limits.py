"""Each limit is met with a clear problem; nothing that was sent is in an answer's problem, a log or a metric."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from tests.service.conftest import CANARY, JSON, NDJSON, Serve, Served, record

from machimori.service.problems import BASE, PROBLEMS

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]


def problem(answer: httpx.Response, name: str) -> dict[str, Any]:
    said: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["type"] == BASE + name
    assert said["status"] == answer.status_code == PROBLEMS[name].status
    return said


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MM009"),
        (b" \n", "MM009"),
        (b"{", "MM001"),
        (b'{"a":1} {"a":2}', "MM001"),
        (b"[{}", "MM001"),
        (b"[{}] x", "MM001"),
        (b"[{},,{}]", "MM001"),
        (b"[NaN]", "MM005"),
        (b'{"a":1e999}', "MM005"),
        (b'{"a":"\xff"}', "MM002"),
        (b"\xef\xbb\xbf{}", "MM003"),
        (b'{"a":' * 100_000, "MM006"),
        (b"[" * 100_000, "MM006"),
        (b"42", "MM008"),
        (b"null", "MM008"),
    ],
    ids=lambda v: v[:12] if isinstance(v, bytes) else None,
)
def test_what_is_no_json_record_or_array_is_422(client: httpx.Client, body: bytes, code: str) -> None:
    said = problem(client.post("/validate", content=body, headers=JSON), "unreadable")
    assert code in [i["code"] for i in said["issues"]]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/csv"},
        {"Content-Type": "application/json; charset=shift_jis"},
        JSON | {"Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_another_form_is_415(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/validate", content=b"{}", headers=headers)
    problem(answer, "unsupported-media-type")
    assert answer.headers["accept-post"] == "application/json, application/x-ndjson"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_413_whether_it_says_its_length_or_not(client: httpx.Client, chunked: bool) -> None:
    large = b'{"a":"' + b"x" * 1024 * 1024 + b'"}'
    body = iter([large[i : i + 65536] for i in range(0, len(large), 65536)]) if chunked else large
    problem(client.post("/validate", content=body, headers=JSON), "too-large")
    kept = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'
    assert client.post("/validate", content=kept, headers=JSON).status_code == 200


def test_a_line_that_is_too_long_costs_that_line_alone(client: httpx.Client) -> None:
    good = json.dumps(record()).encode()
    body = b"\n".join([good, b"x" * 1024 * 1024 * 3, good])
    said = [json.loads(line) for line in client.post("/validate", content=body, headers=NDJSON).text.splitlines()]
    assert [(s["line"], [i["code"] for i in s["issues"]]) for s in said] == [(1, []), (2, ["MM007"]), (3, [])]


def test_the_findings_of_a_record_are_told_up_to_a_bound(client: httpx.Client) -> None:
    said = client.post("/validate", json=record(**{f"unknown{n}": 1 for n in range(1500)})).json()
    assert (len(said["issues"]), said["more"]) == (1000, 500)


def started(port: int, head: bytes = b"Content-Length: 10") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 120)
    connection.sendall(
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + head + b"\r\n\r\n{"
    )
    return connection


def answered(connection: socket.socket) -> bytes:
    got = b""
    while part := connection.recv(65536):
        got += part
    return got


def test_too_many_are_429_for_one_client_and_503_over_all(serve: Serve) -> None:
    for options, name in (((), "too-many-of-client"), (("--max-requests", 2), "overloaded")):
        one = serve("--max-client-requests", 2, *options)
        with ExitStack() as stack:
            waiting = [stack.enter_context(started(one.port)) for _ in range(2)]
            while "machimori_requests_in_flight 2.0" not in httpx.get(f"{one.url}/metrics").text:
                time.sleep(0.05)
            answer = httpx.post(f"{one.url}/validate", json=record())
            problem(answer, name)
            assert answer.headers["retry-after"] == "1"
            assert httpx.get(f"{one.url}/health").status_code == 200
            for connection in waiting:
                connection.sendall(b'"a": 123}')
                assert b"200 OK" in connection.recv(65536)
        assert httpx.post(f"{one.url}/validate", json=record()).status_code == 200


def test_what_takes_too_long_ends_with_a_problem(serve: Serve) -> None:
    one = serve("--timeout", 0.5)
    with started(one.port) as slow:
        got = answered(slow)
    assert got.startswith(b"HTTP/1.1 408")
    assert BASE.encode() + b"timeout" in got
    # each unknown key is a finding to be explained: seconds of work
    heavy = ('{"type":"Trip",' + ",".join(f'"k{n}":1' for n in range(60_000)) + "}").encode()
    problem(httpx.post(f"{one.url}/validate", content=heavy, headers=JSON, timeout=300), "too-slow")
    head = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 9\r\n\r\n{}\n"
    patient = serve("--timeout", 5)  # long enough for the head to be answered on a slow machine
    with socket.create_connection(("127.0.0.1", patient.port), 120) as stalled:
        stalled.sendall(head)
        got = answered(stalled)
    assert got.startswith(b"HTTP/1.1 200")
    assert b'{"problem":{"type":"' + BASE.encode() + b"timeout" in got


def test_a_client_that_does_not_read_is_let_go(serve: Serve) -> None:
    one = serve("--timeout", 1)
    line = json.dumps(record(energy=-1)).encode() + b"\n"
    head = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", one.port), 300) as deaf:
        deaf.sendall(head % (len(line) * 200_000))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            deaf.sendall(line * 200_000)
    assert httpx.post(f"{one.url}/validate", json=record()).status_code == 200


def test_no_value_is_in_a_log_a_problem_or_a_metric(serve: Serve) -> None:
    one = serve("--timeout", 10)
    bodies = [
        json.dumps(record(energy=CANARY)),
        json.dumps(record(customer=CANARY)),
        f'{{"a": {CANARY}',
        f'"{CANARY}"',
        f'[{{"type": "{CANARY}x"}}]',
        f"\x00{CANARY}",
    ]
    with httpx.Client(base_url=one.url) as client:
        for body in bodies:
            for headers in (JSON, NDJSON, {"Content-Type": CANARY}, JSON | {"Accept-Language": CANARY}):
                client.post("/validate", content=body, headers=headers)
        for path in (f"/{CANARY}", f"/schemas/{CANARY}", f"/validate?as={CANARY}", f"/%00{CANARY}"):
            for answer in (client.get(path), client.post(path, content=bodies[0], headers=JSON)):
                assert answer.status_code in (404, 405, 422)
                assert CANARY not in answer.text
        metrics = client.get("/metrics").text
    with socket.create_connection(("127.0.0.1", one.port), 10) as broken:
        broken.sendall(f"{CANARY}\r\n\r\n{CANARY}".encode())
        answered(broken)
    with started(one.port) as gone:
        gone.sendall(CANARY.encode())
    one.end()
    assert CANARY not in metrics
    assert CANARY not in one.log.read_text()


def test_a_fault_inside_says_nothing_of_the_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import asyncio

    from machimori.service import verdicts
    from machimori.service.asgi import application

    def fail(*_: object) -> bytes:
        raise ValueError(CANARY)

    monkeypatch.setattr(verdicts, "one_or_many", fail)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application())
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.post("/validate", json=record())

    answer = asyncio.run(ask())
    problem(answer, "internal")
    assert CANARY not in answer.text + caplog.text
    assert "internal error (ValueError)" in caplog.text


def test_counts_tell_verdicts_codes_and_statuses(serve: Serve) -> None:
    one = serve()
    with httpx.Client(base_url=one.url) as client:
        client.post("/validate", json=[record(), record(), record(energy=-1)])
        client.post("/validate", json=42)
        client.get("/schemas/Trip")
        text = client.get("/metrics").text
    for line in (
        'machimori_records_total{verdict="valid"} 2.0',
        'machimori_records_total{verdict="invalid"} 1.0',
        'machimori_findings_total{code="MM202"} 1.0',
        'machimori_requests_total{route="/validate",status="200"} 1.0',
        'machimori_requests_total{route="/validate",status="422"} 1.0',
        'machimori_request_seconds_count{route="/schemas/{class}"} 1.0',
        "machimori_requests_in_flight 0.0",
    ):
        assert line in text.splitlines()


def test_several_workers_count_together(serve: Serve) -> None:
    one = serve("--workers", 2)
    for _ in range(40):  # a new connection each, so that both workers have some
        assert httpx.post(f"{one.url}/validate", json=record()).status_code == 200
    assert 'machimori_records_total{verdict="valid"} 40.0' in httpx.get(f"{one.url}/metrics").text


def test_health_says_the_version(served: Served) -> None:
    import machimori

    assert httpx.get(f"{served.url}/health").json() == {"status": "ok", "version": machimori.__version__}
