"""What only a process of its own shows: pipes that close, Ctrl-C, terminals, characters of the system."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.programs import POSIX

from machimori.cli.terminal import ReadingBar

pytestmark = pytest.mark.full

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


@POSIX
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
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=300)
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


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "shown"), [((0.1, 0.9), False), ((0.1, 1.1), True)], ids=["at once", "slowly"])
def test_a_bar_comes_on_a_terminal_and_only_past_a_second(
    seconds: tuple[float, ...], shown: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.ndjson"
    path.write_bytes(STOP * 1000)
    terminal, clock = Terminal(), Clock()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bar = ReadingBar(clock)
    read = bar.follow(str(path))
    assert read is not None
    for now in seconds:
        clock.now = now
        read(len(STOP))
    bar.clear()
    assert ("kB" in terminal.getvalue()) is shown
    assert ("data.ndjson" in terminal.getvalue()) is shown


def test_no_bar_comes_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert ReadingBar(Clock()).follow(str(tmp_path)) is None


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


def process(command: str, folder: Path) -> tuple[int, str]:
    """The status of a line for the shell, and what it said on standard error."""
    line = command.replace("machimori", f"{sys.executable} -m machimori")
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(), capture_output=True, timeout=300)
    return done.returncode, done.stderr.decode()


STREAMS = {
    "a full disk": ("machimori list > /dev/full", 2, "cannot write standard output: no space left on the disk"),
    "a report on a full disk": ("machimori validate good -o /dev/full", 2, "cannot write /dev/full: no space left"),
    "a note on a full disk": ("machimori validate bad 2> /dev/full", 1, ""),
    "errors on a full disk": ("machimori validate none 2> /dev/full", 2, ""),
    "no standard error": ("machimori validate good 2>&-", 0, ""),
    "no standard error, bad data": ("machimori validate bad 2>&-", 1, ""),
    "no standard output": ("machimori validate good >&-", 0, "standard output is closed"),
    "no standard output, bad data": ("machimori validate bad >&-", 1, "standard output is closed"),
    "no standard output, in Japanese": ("machimori validate bad --lang ja >&-", 1, "標準出力が閉じられています"),
    "no standard output for what is all output": (
        "machimori list >&-",
        2,
        "cannot write standard output: it is closed",
    ),
    "no standard input": ("machimori validate - <&-", 2, "cannot read <stdin>: standard input is closed"),
    "no standard input for a document": ("machimori decide - --holder good <&-", 2, "standard input is closed"),
    "no stream at all": ("machimori validate good <&- >&- 2>&-", 0, ""),
    "a file where streams are closed": ("machimori validate bad -o report <&- >&- 2>&-", 1, ""),
    "appended to the input": ("machimori validate good >> good", 2, "standard output is also an input"),
    "appended to a document": ("machimori decide good --holder bad >> bad", 2, "standard output is also an input"),
    "appended to keys": ("machimori keys list good >> good", 2, "standard output is also an input"),
    "a pipe from /dev/stdin": ("cat good | machimori validate /dev/stdin", 0, ""),
    "a file as /dev/stdin": ("machimori validate /dev/stdin --jobs 2 < bad", 1, ""),
    "a named pipe": ("mkfifo pipe; cat good > pipe & machimori validate pipe; exit $?", 0, ""),
    "a report into the folder by the shell": (
        "mkdir d; cp good d/a.json; machimori validate d --format json > d/r.json",
        0,
        "",
    ),
}


@pytest.mark.parametrize(("line", "status", "said"), STREAMS.values(), ids=STREAMS)
def test_full_disks_and_closed_streams_are_named(line: str, status: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(STOP)
    (tmp_path / "bad").write_bytes(WITNESS)
    found, err = process(line, tmp_path)
    assert (found, said in err) == (status, True), err
    assert "internal error" not in err
    assert "Traceback" not in err
    assert ((tmp_path / "good").read_bytes(), (tmp_path / "bad").read_bytes()) == (STOP, WITNESS)
    if "report <" in line:
        assert b"witness" in (tmp_path / "report").read_bytes() or b"MM102" in (tmp_path / "report").read_bytes()


def test_a_pipe_of_the_shell_is_read() -> None:
    line = f"{sys.executable} -m machimori validate <(printf '%s' '{STOP.decode().strip()}')"
    done = subprocess.run(["bash", "-c", line], env=environment(), capture_output=True, timeout=300)
    assert done.stdout == b"1 record: 1 valid, 0 invalid; 0 findings\n"


def test_a_killed_run_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"what was there")
    line = [*COMMAND, "sample", "Trip", "--count", "1000000", "-o", str(tmp_path / "out")]
    running = subprocess.Popen(line, env=environment(), stderr=subprocess.DEVNULL)
    while not any(p.stat().st_size for p in tmp_path.glob(".machimori-*")):
        assert running.poll() is None
        time.sleep(0.05)
    running.kill()
    running.wait(300)
    assert (tmp_path / "out").read_bytes() == b"what was there"


def test_a_run_that_is_told_to_end_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"what was there")
    line = [*COMMAND, "convert", "-", "--from", "machimori", "--to", "machimori", "-o", str(tmp_path / "out")]
    with subprocess.Popen(line, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdin
        while not any(p.stat().st_size for p in tmp_path.glob(".machimori-*")):
            running.stdin.write(STOP * 1000)
            running.stdin.flush()
        running.terminate()
        assert running.wait(300) == 128 + signal.SIGTERM
        with contextlib.suppress(BrokenPipeError):
            running.stdin.close()
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("out", b"what was there")]
