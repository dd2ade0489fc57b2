"""What only a process of its own shows: pipes that close, Ctrl-C, terminals, characters of the system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "machimori"]
WITNESS = b'{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "\xe6\xb8\xaf", "witness": 1}\n'
STOP = b'{"type": "TransitStop", "id": "urn:machimori:stop:1", "name": "\xe6\xb8\xaf"}\n'


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MACHIMORI") and k not in ("NO_COLOR", "COLUMNS")}
    return {**kept, **more}


@pytest.mark.parametrize("command", [["validate"], ["sample", "Trip", "--count", "5000"]], ids=["validate", "sample"])
def test_a_reader_that_goes_away_is_no_error(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    path.write_bytes(WITNESS * 2_000)
    process = subprocess.Popen(
        [*COMMAND, *command, *([path] if command == ["validate"] else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141
    process.stderr.close()


@pytest.fixture
def heard_interrupts() -> Iterator[None]:
    """Who is started in the background by a shell does not hear Ctrl-C, and neither would those whom it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.usefixtures("heard_interrupts")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_it_quietly(jobs: str) -> None:
    process = subprocess.Popen(
        [*COMMAND, "validate", "-", "--jobs", jobs],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdin
    process.stdin.write(WITNESS * 1500)  # more than a pipe holds: it is at work when the last line is taken
    process.stdin.flush()
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == b""


def test_output_is_utf_8_whatever_the_system_says(tmp_path: Path) -> None:
    path = tmp_path / "港.json"
    path.write_bytes(WITNESS)
    for encoding in ("cp932", "ascii"):
        done = subprocess.run(
            [*COMMAND, "validate", path, "--lang", "ja"],
            capture_output=True,
            env=environment(PYTHONIOENCODING=encoding),
        )
        assert done.returncode == 1
        assert "港.json:1:" in done.stdout.decode("utf-8")


def on_a_terminal(*arguments: str, **more: str) -> str:
    """What the call writes to a terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=follower, stdout=follower, stderr=follower, env=environment(TERM="xterm", **more)
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                data = os.read(leader, 65536)
            except OSError:
                break
            if not data:
                break
            shown += data
        process.wait()
    os.close(leader)
    return shown.decode()


def test_a_terminal_gets_colour_and_groups(tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    path.write_bytes(WITNESS * 2)
    shown = on_a_terminal("validate", str(path))
    assert "\x1b[1;31mMM102" in shown
    assert shown.count(str(path)) == 1


def test_no_color_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    path.write_bytes(WITNESS)
    shown = on_a_terminal("validate", str(path), NO_COLOR="1")
    assert "MM102" in shown
    assert "\x1b[1;31m" not in shown
    assert "31m" not in shown


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_demo_is_coloured_on_a_terminal(language: str) -> None:
    assert "\x1b[1;33m" in on_a_terminal("demo", "privacy", "--lang", language)


@pytest.mark.parametrize(("pause", "bar"), [(0.0, False), (2.0, True)], ids=["at once", "slowly"])
def test_a_bar_comes_on_a_terminal_and_only_past_a_second(pause: float, bar: bool) -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "validate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env=environment(TERM="xterm"),
    ) as process:
        os.close(follower)
        assert process.stdin
        process.stdin.write(STOP)
        process.stdin.flush()
        time.sleep(pause)
        process.stdin.write(STOP)
    try:
        shown = os.read(leader, 65536).decode()
    except OSError:
        shown = ""
    os.close(leader)
    assert ("bytes/s" in shown or "bytes" in shown) is bar


def test_nothing_heavy_is_loaded_for_one_small_file(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(WITNESS)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *COMMAND[1:], "validate", path], capture_output=True, env=environment()
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "machimori.validation.stream" in loaded
    heavy = ("rich.console", "rdflib", "linkml", "jsonschema", "multiprocessing", "asyncio", "machimori.exchange")
    assert not [m for m in loaded for h in heavy if m == h or m.startswith(f"{h}.")]
