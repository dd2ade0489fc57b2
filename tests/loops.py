"""Which tests are run when nobody says: the fast ones, or all of a file that is named.

A test is fast unless a mark says that it is not. That it starts no process and has no need of LinkML is held when it runs;
how long it takes is told and not held, since a clock would fail on a slow machine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

FAST = "fast"
NOT_FAST = {"full", "deep", "packaging", "slow", "site"}
"""The marks that take a test out of the fast ones."""
EVERYTHING = "not deep"
PROCESSES = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"}
"""Events of the interpreter by which a process begins."""
LINKML = {"linkml", "linkml_runtime"}
ORDINARY = 0.05
"""Seconds of CPU that a fast test may take."""
TOLD = 10
"""How many of those that took longer are told."""

COLLECTED = pytest.StashKey[list[Path]]()
"""The file of each test that was collected, without the deep ones and whatever is run of the others."""
LEFT_OUT = pytest.StashKey[int]()
"""Those that are not fast, where nobody said what to run."""
BEGUN = pytest.StashKey[float]()
READ_TO_COLLECT = pytest.StashKey[list[str]]()
"""What was opened of the model and of the artefacts until all tests were collected, by its path in the checkout."""
ROOT = f"{Path(__file__).resolve().parents[1]}{os.sep}"
heard: list[str] = []
opened: set[str] | None = set()
"""None once the tests are collected."""


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if event in PROCESSES:
        heard.append(event)
    elif event == "open" and opened is not None and isinstance(given[0], str) and given[0].startswith(ROOT):
        path = given[0].removeprefix(ROOT)
        if path.startswith(("model", "generated")) and ".py" not in path:
            opened.add(path)


sys.addaudithook(_hear)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Without ``-m``: the fast tests, or everything but the deep where files are named."""
    if not config.option.markexpr:
        by_name = any(Path(arg.partition("::")[0]).is_file() for arg in config.args)
        config.option.markexpr = EVERYTHING if by_name else FAST
        config.stash[LEFT_OUT] = 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the fast tests and let them be first: what fails in a minute is known after a minute."""
    for item in items:
        if NOT_FAST.isdisjoint(mark.name for mark in item.iter_markers()):
            item.add_marker(FAST)
    items.sort(key=lambda item: not is_fast(item))
    config.stash[COLLECTED] = [item.path for item in items if not item.get_closest_marker("deep")]
    if LEFT_OUT in config.stash and config.option.markexpr == FAST:
        config.stash[LEFT_OUT] = sum(not is_fast(item) for item in items)


def is_fast(item: pytest.Item) -> bool:
    """By its mark: the keywords of a test are also its name and those of its parameters."""
    return item.get_closest_marker(FAST) is not None


def pytest_collection_finish(session: pytest.Session) -> None:
    global opened
    session.config.stash[READ_TO_COLLECT] = sorted(opened or ())
    opened = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    item.stash[BEGUN] = time.process_time()
    return (yield from _held(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    return (yield from _held(item))


def _held(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a fast test that is none."""
    heard.clear()
    before = LINKML & sys.modules.keys()
    yield
    found = [*heard, *sorted((LINKML & sys.modules.keys()) - before)]
    if found and is_fast(item):
        pytest.fail(f"marked {FAST}, and it is not: {', '.join(found)}; let it say pytest.mark.full", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call" and is_fast(item):
        report.cpu = time.process_time() - item.stash[BEGUN]  # type: ignore[attr-defined]  # reports take what they are given
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was left out, and which fast tests were not fast."""
    reports = [report for held in terminalreporter.stats.values() for report in held if hasattr(report, "cpu")]
    late = sorted((r for r in reports if r.cpu > ORDINARY), key=lambda r: -r.cpu)
    if late and config.option.markexpr == FAST:
        terminalreporter.section(f"{len(late)} of {len(reports)} fast tests took more than {ORDINARY * 1000:.0f} ms")
        _tell(terminalreporter, (f"{report.cpu:.2f} s  {report.nodeid}" for report in late[:TOLD]))
    if config.stash.get(LEFT_OUT, 0):
        left = f"{config.stash[LEFT_OUT]:,} tests are not fast and were left out"
        _tell(terminalreporter, [f"{left}; with -m '{EVERYTHING}' they are run too, and those of a file that is named"])


def _tell(terminalreporter: Any, lines: Iterable[str]) -> None:
    for line in lines:
        terminalreporter.write_line(line)
