"""Every path that answers GET answers HEAD with the same status and headers, and without a body (RFC 9110, 9.3.2)."""

from __future__ import annotations

import httpx
import pytest

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
CHANGING = {"date"}
"""Headers that differ from one answer to the next."""


def paths(client: httpx.Client) -> list[str]:
    described = client.get("/openapi.json").json()["paths"]
    return [
        "/openapi.json",
        *(path.replace("{class}", "Trip") for path, answers in described.items() if "get" in answers),
    ]


def test_every_path_that_answers_get_answers_head(client: httpx.Client) -> None:
    for path in ["/metrics", "/schemas/Tripp", *paths(client)]:
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        lengths = {"content-length"} if path == "/metrics" else set()  # which counts this very request
        kept = {k: v for k, v in whole.headers.items() if k not in CHANGING | lengths}
        assert {k: v for k, v in head.headers.items() if k not in CHANGING | lengths} == kept, path


def test_a_path_that_takes_a_body_alone_says_so(client: httpx.Client) -> None:
    answer = client.head("/validate")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_the_connection_serves_on_after_a_head(client: httpx.Client) -> None:
    for _ in range(3):
        assert client.head("/catalogue").status_code == 200
        assert client.get("/health").json()["status"] == "ok"
