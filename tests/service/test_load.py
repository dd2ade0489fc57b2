"""Under load no request is lost and memory stays flat; kill -9 leaves nothing that a new start stumbles over."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from tests.benchmarks import service as benchmark
from tests.programs import LINUX
from tests.service.conftest import NDJSON, Serve, Served, record

pytestmark = [
    pytest.mark.full,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    LINUX,
]
WORKERS = [1, 2]


def sent(count: int) -> benchmark.Enough:
    """So many requests, however long they take."""
    return lambda figures: figures.sent >= count


def warmed(one: Served, these: Any) -> float:
    """The memory once every worker has loaded what it needs: when another load no longer adds to it."""
    held = 0.0
    for _ in range(10):
        asyncio.run(benchmark.load(one.port, sent(4 * len(these)), 16, these))
        before, held = held, benchmark.memory(one.process.pid)
        if held < before + 1:
            return held
    pytest.fail("memory grows with every load")


@pytest.mark.parametrize("workers", WORKERS)
def test_a_load_of_good_and_bad_loses_none_and_keeps_memory_flat(serve: Serve, workers: int) -> None:
    one = serve("--workers", workers)
    these = benchmark.payloads()
    before = warmed(one, these)
    figures = asyncio.run(benchmark.load(one.port, sent(8 * len(these)), 16, these))
    assert (figures.right, dict(figures.wrong), figures.broken) == (figures.sent, {}, 0)
    assert benchmark.memory(one.process.pid) < before + 8
    assert one.end() in (0, -15)


def test_the_memory_of_a_long_stream_is_flat(serve: Serve) -> None:
    one = serve()
    lines = [json.dumps(record(energy=energy)).encode() + b"\n" for energy in (1, -1)]
    part = b"".join(lines * 200)

    def parts(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield part

    def most(count: int) -> float:
        """The most memory while so many parts are judged."""
        measured = partial(benchmark.memory, one.process.pid)
        answers, highest = asyncio.run(benchmark.stream(one.port, parts(count), measured))
        assert answers == count * 400
        return highest

    small = most(10)
    assert most(150) < small + 8


@pytest.mark.parametrize("workers", WORKERS)
def test_kill_9_under_load_and_a_new_start_on_the_same_port(serve: Serve, workers: int) -> None:
    one = serve("--workers", workers)

    async def killed() -> tuple[benchmark.Figures, object]:
        loaded, over = asyncio.Event(), asyncio.Event()

        def enough(figures: benchmark.Figures) -> bool:
            if figures.right > 100:
                loaded.set()
            return over.is_set()

        loading = asyncio.create_task(benchmark.load(one.port, enough, 16, benchmark.payloads()))
        await loaded.wait()
        one.process.kill()
        one.process.wait()
        again = await asyncio.to_thread(_started, serve, one.port, workers)
        over.set()
        return await loading, again

    figures, again = asyncio.run(killed())
    assert again is not None
    assert figures.right
    assert figures.broken
    assert not figures.wrong
    assert figures.sent == figures.right + figures.broken
    assert httpx.post(f"http://127.0.0.1:{one.port}/validate", json=record()).json()["ok"] is True


def _started(serve: Serve, port: int, workers: int) -> object:
    """A new service on the port; workers of the one that was killed let go of it within moments."""
    for _ in range(600):
        try:
            return serve("--workers", workers, port=port)
        except AssertionError:
            time.sleep(0.1)
    return None


def test_a_port_that_is_taken_is_told(serve: Serve) -> None:
    one = serve()
    with pytest.raises(AssertionError, match=f"cannot listen on 127.0.0.1 port {one.port}"):
        serve(port=one.port)


def test_ending_finishes_what_was_begun(serve: Serve) -> None:
    one = serve()
    with httpx.Client(base_url=one.url) as client:

        def slowly() -> Iterator[bytes]:
            yield json.dumps(record()).encode() + b"\n"
            one.process.terminate()
            time.sleep(0.3)
            yield json.dumps(record(energy=-1)).encode() + b"\n"

        answer = client.post("/validate", content=slowly(), headers=NDJSON)
    assert [json.loads(line)["ok"] for line in answer.text.splitlines()] == [True, False]
    assert one.process.wait(10) in (0, -15)
