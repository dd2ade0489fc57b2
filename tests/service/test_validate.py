"""POST /validate: one record, many, a stream; the verdict is the SDK's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.conftest import JSON, NDJSON, Served, record

import machimori as mm
from machimori.service.ndjson import BodyLines

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
EXAMPLES = sorted((Path(__file__).parents[2] / "model" / "examples").glob("*/*.json"))


def expected(payload: bytes) -> dict[str, Any]:
    report = mm.validate(payload)
    return {"ok": report.ok, "entity": report.entity, "issues": [i.data() for i in report.issues]}


def test_every_example_gets_the_verdict_of_the_sdk(client: httpx.Client) -> None:
    assert len(EXAMPLES) > 1000
    for example in EXAMPLES[::5]:
        payload = example.read_bytes()
        answer = client.post("/validate", content=payload, headers=JSON)
        if answer.status_code == 422:
            assert {i["code"] for i in answer.json()["issues"]} & {"MM001", "MM002", "MM003", "MM005", "MM006", "MM008"}
        else:
            assert answer.status_code == 200
            assert answer.json() == expected(payload)


def test_an_array_gets_a_verdict_for_each(client: httpx.Client) -> None:
    records = [record(), record(energy=-1), record(unknown=1), 42]
    answer = client.post("/validate", json=records)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["ok"], said["records"], said["invalid"]) == (False, 4, 3)
    assert [[i["code"] for i in r["issues"]] for r in said["results"]] == [[], ["MM202"], ["MM102"], ["MM008"]]
    assert client.post("/validate", json=[]).json() == {"ok": True, "records": 0, "invalid": 0, "results": []}


def test_places_in_an_array_are_those_of_the_body(client: httpx.Client) -> None:
    body = "[\n" + json.dumps(record()) + ",\n  " + json.dumps(record(energy=-1)) + "]"
    (issue,) = client.post("/validate", content=body, headers=JSON).json()["results"][1]["issues"]
    assert issue["line"] == 3
    assert body.splitlines()[2][issue["column"] - 1 :].startswith("-1")


def test_a_stream_gets_a_line_for_each_line(client: httpx.Client) -> None:
    lines = [json.dumps(record()), "", "{broken", json.dumps(record(energy=-1)), " ", json.dumps(record())]
    answer = client.post("/validate", content="\n".join(lines), headers=NDJSON)
    assert answer.headers["content-type"] == "application/x-ndjson"
    said = [json.loads(line) for line in answer.text.splitlines()]
    assert [(s["line"], s["ok"]) for s in said] == [(1, True), (3, False), (4, False), (6, True)]
    assert [i["line"] for s in said for i in s["issues"]] == [3, 4]


def test_verdicts_come_while_the_stream_is_still_sent(served: Served) -> None:
    import socket

    line = json.dumps(record()).encode() + b"\n"
    head = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (len(line), line)
    with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
        connection.sendall(head + chunk)
        got = b""
        while b'{"line":1,"ok":true' not in got:
            part = connection.recv(65536)
            assert part
            got += part
        connection.sendall(chunk + b"0\r\n\r\n")
        while part := connection.recv(65536):
            got += part
    assert b'{"line":2,"ok":true' in got
    assert got.endswith(b"0\r\n\r\n")


def test_as_names_the_class(client: httpx.Client) -> None:
    answer = client.post("/validate", params={"as": "Trip"}, json=record())
    assert answer.json()["entity"] == "Trip"
    assert "MM108" in {i["code"] for i in answer.json()["issues"]}
    wrong = client.post("/validate", params={"as": "Tripp"}, json=record())
    assert wrong.status_code == 422
    assert "did you mean Trip" in wrong.json()["detail"]
    assert client.post("/validate?as=Trip&as=Trip", json=record()).status_code == 422


def test_messages_are_in_the_language_that_is_liked_best(client: httpx.Client) -> None:
    for accept, language in (("ja", "ja"), ("fr, ja-JP;q=0.9, en;q=0.2", "ja"), ("fr", "en"), ("ja;q=0, en", "en")):
        for body in (record(energy=-1), 42):
            answer = client.post("/validate", json=body, headers={"Accept-Language": accept})
            assert answer.headers["content-language"] == language
            assert answer.headers["vary"] == "Accept-Language"
            assert bool(re.search("[ぁ-ん]", answer.text)) == (language == "ja")


PARTS = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\r", b"a").replace(b"\x00", b"\n")), max_size=12)


@given(PARTS)
@settings(max_examples=300)
def test_lines_are_the_same_however_they_are_cut(parts: list[bytes]) -> None:
    cut = BodyLines(30)
    found = []
    for part in parts:
        found += cut.of(part)
        assert cut.held <= 30
    found += cut.last()
    whole = b"".join(parts).split(b"\n")
    kept = [(n, line) for n, line in enumerate(whole, 1) if len(line) > 30 or line.strip(b" \t\r\n")]
    assert [p.line for p in found] == [n for n, _ in kept]
    assert [p.text for p in found] == [b"" if len(line) > 30 else line for _, line in kept]
    assert [p.fault is not None for p in found] == [len(line) > 30 for _, line in kept]
