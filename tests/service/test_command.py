"""A wrong call of ``machimori serve`` is told before anything listens, in both languages."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path

import httpx
import pytest
from tests.cli.conftest import Call, call
from tests.service.conftest import Serve
from tests.service.test_documents import HOLDING, REQUEST

from machimori.cli.exit_status import Status

pytestmark = pytest.mark.full

__all__ = ["call"]
ABSENT = "127.0.0.1"


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "prometheus_client", "yaml"])
def test_a_missing_extra_is_named(call: Call, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in [n for n in sys.modules if n.startswith("machimori.service")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    answer = call("serve", "--port", 0)
    assert answer.status == Status.WRONG_CALL
    assert "pip install 'machimori[serve]'" in answer.err


@pytest.mark.allow_hosts([ABSENT])
def test_a_port_that_is_taken_is_told_in_both_languages(call: Call) -> None:
    with socket.create_server((ABSENT, 0)) as other:
        port = other.getsockname()[1]
        english = call("serve", "--port", port)
        japanese = call("serve", "--port", port, "--lang", "ja")
    assert (english.status, japanese.status) == (Status.WRONG_CALL, Status.WRONG_CALL)
    assert f"error: cannot listen on {ABSENT} port {port}" in english.err
    assert f"{ABSENT}のポート{port}で待ち受けられません" in japanese.err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_holder_may_come_through_a_pipe(serve: Serve, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writing = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(json.dumps(HOLDING)), daemon=True)
    writing.start()
    one = serve("--holder", tmp_path / "pipe", "--workers", 2)
    for _ in range(4):
        answer = httpx.post(f"{one.url}/decide", json=REQUEST)
        assert (answer.status_code, answer.json()["rule"]) == (200, "no-bulk-trace")


def test_a_holder_that_is_none_is_told(call: Call, tmp_path: Path) -> None:
    no_holding = tmp_path / "holder.json"
    no_holding.write_text('{"type": "Trip"}')
    assert "not a valid Holding" in call("serve", "--port", 0, "--holder", no_holding).err
    assert "cannot read" in call("serve", "--port", 0, "--holder", tmp_path / "absent.json").err
    assert "--store needs --holder" in call("serve", "--store", "gate.db").err
