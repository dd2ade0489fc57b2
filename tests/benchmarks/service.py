"""Load on `machimori serve`: `python tests/benchmarks/service.py [--seconds 60] [--workers 1] [--connections 32] [--kill]`.

Good and bad payloads, singly and in arrays, over kept connections; every answer is counted and compared with the verdict of
the SDK. Generator and service share the machine, so the rate is what the two of them reach together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import machimori as mm

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "model" / "examples"
COMMAND = [sys.executable, "-m", "machimori", "serve"]
READING = {"MM001", "MM002", "MM003", "MM005", "MM006", "MM007", "MM008", "MM009"}


@dataclass(frozen=True)
class Asked:
    """A request as bytes, and the start of the answer that it must get."""

    request: bytes
    status: bytes
    body: bytes


@dataclass
class Figures:
    """What became of the requests."""

    sent: int = 0
    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    times: list[float] = field(default_factory=list)


def asked(payload: bytes) -> Asked:
    head = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    if payload.startswith(b"["):
        ok = [mm.validate(one).ok for one in json.loads(payload)]
        body = b'{"ok":%s,"records":%d,"invalid":%d' % (b"true" if all(ok) else b"false", len(ok), ok.count(False))
        return Asked(head % len(payload) + payload, b"200", body)
    report = mm.validate(payload)
    if READING & {i.code for i in report.issues}:
        return Asked(head % len(payload) + payload, b"422", b'{"type":"https://w3id.org/machimori/problems/unreadable"')
    return Asked(head % len(payload) + payload, b"200", b'{"ok":%s' % (b"true" if report.ok else b"false"))


def payloads() -> list[Asked]:
    """Good and bad examples of the model half and half, arrays of one of each, and text that is cut off."""
    good = [p.read_bytes().strip() for p in sorted(EXAMPLES.glob("*/valid-*.json"))][::4]
    bad = [p.read_bytes().strip() for p in sorted(EXAMPLES.glob("*/invalid-*.json"))][::8]
    mixed = [one for pair in zip(good, bad, strict=False) for one in pair]
    arrays = [b"[" + a + b"," + b + b"]" for a, b in zip(good[::20], bad[::20], strict=False) if _is_json(b)]
    return [asked(p) for p in [*mixed, *(e[:-3] for e in good[::20]), *arrays]]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return b"NaN" not in text


Enough = Callable[[Figures], bool]
"""Whether a load is over."""


def for_seconds(seconds: float) -> Enough:
    """Over when so much time is."""
    until = time.monotonic() + seconds
    return lambda _: time.monotonic() >= until


async def talk(port: int, these: list[Asked], start: int, enough: Enough, figures: Figures) -> None:
    """One kept connection: a request after another until it is enough; a broken one is counted and opened again."""
    at = start
    while not enough(figures):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        try:
            while not enough(figures):
                one = these[at % len(these)]
                at += 1
                figures.sent += 1
                begun = time.perf_counter()
                writer.write(one.request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = await reader.readexactly(length)
                if figures.sent % 16 == 0:
                    figures.times.append(time.perf_counter() - begun)
                if head[9:12] == one.status and body.startswith(one.body):
                    figures.right += 1
                else:
                    figures.wrong[f"{head[9:12].decode()} for {one.status.decode()}"] += 1
        except (OSError, asyncio.IncompleteReadError):
            figures.broken += 1
        finally:
            writer.close()


async def load(port: int, enough: Enough, connections: int, these: list[Asked] | None = None) -> Figures:
    """Load until it is enough; what became of each request."""
    figures = Figures()
    held = these or payloads()
    await asyncio.gather(*(talk(port, held, n * 7, enough, figures) for n in range(connections)))
    return figures


async def stream(port: int, parts: Iterable[bytes], measured: Callable[[], float]) -> tuple[int, float]:
    """Send parts as one NDJSON stream while its verdicts are read; how many came, and the most that was measured."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n")
    writer.write(b"Transfer-Encoding: chunked\r\n\r\n")

    async def send() -> float:
        most = 0.0
        for part in parts:
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
            await writer.drain()
            most = max(most, measured())
        writer.write(b"0\r\n\r\n")
        return most

    sending = asyncio.create_task(send())
    count = 0
    await reader.readuntil(b"\r\n\r\n")
    while size := int(
        await reader.readline(), 16
    ):  # RFC 9112, 7.1: a verdict may begin in one chunk and end in another
        count += (await reader.readexactly(size)).count(b"\n")
        await reader.readexactly(2)
    writer.close()
    return count, await sending


def start(port: int, *options: str) -> subprocess.Popen[bytes]:
    """The service on a port, when it answers."""
    made = subprocess.Popen([*COMMAND, "--port", str(port), *options], stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
        except OSError:
            time.sleep(0.05)
        else:
            return made
    made.kill()
    raise SystemExit("the service did not start")


def memory(process: int) -> float:
    """Resident memory of a process and its children in MB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(memory(int(child)) for child in children)


def worked(process: int) -> float:
    """Seconds of processor time of a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(
        worked(int(child)) for child in children
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--port", type=int, default=18480)
    parser.add_argument("--kill", action="store_true", help="kill -9 in the middle, start again on the same port")
    chosen = parser.parse_args()
    these = payloads()
    uv = __import__("uvloop")
    process = start(chosen.port, "--workers", str(chosen.workers))
    try:
        uv.run(load(chosen.port, for_seconds(min(5.0, chosen.seconds)), chosen.connections, these))
        before, busy = memory(process.pid), worked(process.pid)
        begun = time.monotonic()
        if chosen.kill:
            process = uv.run(_killed(process, chosen, these))
            return
        figures = uv.run(load(chosen.port, for_seconds(chosen.seconds), chosen.connections, these))
        took = time.monotonic() - begun
        after, busy = memory(process.pid), worked(process.pid) - busy
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    times = sorted(figures.times)
    print(f"{figures.sent} requests in {took:.1f} s: {figures.sent / took:.0f} a second, {chosen.workers} worker(s),")
    print(f"  {len(these)} payloads, {os.cpu_count()} cores shared with the generator")
    print(f"  answered rightly {figures.right}, wrongly {dict(figures.wrong)}, connections broken {figures.broken}")
    print(f"  median {times[len(times) // 2] * 1000:.1f} ms, 99 % {times[int(len(times) * 0.99)] * 1000:.1f} ms")
    print(
        f"  processor time of the service {busy / figures.sent * 1e6:.0f} µs a request, {busy / took:.2f} of {os.cpu_count()} cores"
    )
    print(f"  resident memory {before:.1f} MB before, {after:.1f} MB after")
    if figures.sent != figures.right:
        raise SystemExit("requests were lost")


def _taken(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


async def _killed(
    process: subprocess.Popen[bytes], chosen: argparse.Namespace, these: list[Asked]
) -> subprocess.Popen[bytes]:
    loading = asyncio.create_task(load(chosen.port, for_seconds(chosen.seconds), chosen.connections, these))
    await asyncio.sleep(chosen.seconds / 3)
    process.kill()
    process.wait()
    begun = time.monotonic()
    while await asyncio.to_thread(_taken, chosen.port):
        await asyncio.sleep(0.01)
    print(f"killed; the port is free after {time.monotonic() - begun:.2f} s", end=", ")
    again = await asyncio.to_thread(start, chosen.port, "--workers", str(chosen.workers))
    print(f"answering again on it after {time.monotonic() - begun:.2f} s")
    figures = await loading
    print(
        f"  sent {figures.sent}, right {figures.right}, wrong {dict(figures.wrong)}, broken by the kill {figures.broken}"
    )
    return again


if __name__ == "__main__":
    main()
