"""A service in a process of its own on a free port of this machine, and clients of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from machimori.service.openapi import document

COMMAND = [sys.executable, "-m", "machimori", "serve"]
CANARY = "canary-7f3a91"
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
ASKED = document(decides=False)["paths"]["/validate"]["post"]["requestBody"]["content"]["application/json"]
RECORD: dict[str, Any] = ASKED["examples"]["valid"]["value"]


class Served:
    """A running service: its address, its process, what it has written."""

    def __init__(self, folder: Path, *options: object, port: int = 0) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as out:
            command = [*COMMAND, "--port", str(port), *map(str, options)]
            environment = {k: v for k, v in os.environ.items() if not k.startswith("MACHIMORI")}
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        self.url = self._announced()
        self.port = int(self.url.rpartition(":")[2])

    def _announced(self) -> str:
        import time

        for _ in range(6000):
            found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text())
            if found:
                with httpx.Client() as client:
                    for _ in range(300):
                        try:
                            if client.get(f"{found[0]}/health").status_code == 200:
                                return found[0]
                        except httpx.TransportError:
                            pass
                        time.sleep(0.05)
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def end(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts services; each is ended with the test."""
    started: list[Served] = []

    def start(*options: object, port: int = 0) -> Served:
        started.append(Served(tmp_path_factory.mktemp("served"), *options, port=port))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service with what is set by default, for the tests of a module."""
    import pytest_socket

    pytest_socket.enable_socket()
    one = Served(tmp_path_factory.mktemp("served"))
    yield one
    one.end()


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=120) as made:
        yield made


def record(**changes: Any) -> dict[str, Any]:
    return RECORD | changes
