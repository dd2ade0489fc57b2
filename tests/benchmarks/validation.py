"""Print what validation costs beside its peers: `python tests/benchmarks/validation.py [--quick] [--large GIGABYTES]`.

Every figure is a ratio to ``orjson.loads`` over the same lines of the same file in the same run, the best of several turns
that alternate. Nothing here is asserted in a test. Peers that are not installed are named as such.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import orjson

sys.path.insert(0, str(Path(__file__).parents[2]))

from machimori.artefacts import validators
from tests.benchmarks.shapes import lines, written
from tests.benchmarks.turns import best

import machimori as mm
from machimori.catalogue import catalogue
from machimori.catalogue.classes import class_named
from machimori.validation.fast_structs import Shape

COUNTS = {"small, flat": 200_000, "trips": 200_000, "48 values": 10_000, "polymorphic": 60_000, "30 % invalid": 20_000}
SLOW = 400
"""Records for a peer that takes a millisecond each."""
TURNS = 5
Job = Callable[[Path], object]


@cache
def _schema(entity: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(catalogue.artefact(f"jsonschema/{entity}.json"))
    return found


def entity_of(path: Path) -> str:
    with path.open("rb") as file:
        return str(orjson.loads(file.readline())["type"])


def _orjson(path: Path) -> None:
    for line in path.open("rb"):
        orjson.loads(line)


def _stream(path: Path, jobs: int = 1) -> None:
    report = mm.validate_stream(path, jobs=jobs)
    for _ in report:
        pass
    assert report.records


def _msgspec(path: Path) -> None:
    decode = msgspec.json.Decoder(Shape(entity_of(path)).struct).decode
    for line in path.open("rb"):
        try:
            decode(line)
        except msgspec.ValidationError:
            continue


def _jsonschema_rs(path: Path) -> None:
    valid = jsonschema_rs.Draft201909Validator(_schema(entity_of(path)), validate_formats=True).is_valid
    for line in path.open("rb"):
        valid(orjson.loads(line))


def _fastjsonschema(path: Path) -> None:
    entity = entity_of(path)
    for line in path.open("rb"):
        validators.accepts(entity, orjson.loads(line))


def _pydantic(path: Path) -> None:
    judge = class_named(entity_of(path)).model_validate_json
    for line in path.open("rb"):
        try:
            judge(line)
        except ValueError:
            continue


def _jsonschema(path: Path) -> None:
    import jsonschema

    validator = jsonschema.Draft201909Validator(
        _schema(entity_of(path)), format_checker=jsonschema.Draft201909Validator.FORMAT_CHECKER
    )
    for line in path.open("rb"):
        validator.is_valid(orjson.loads(line))


QUICK_PEERS: dict[str, Job] = {
    "machimori": _stream,
    "msgspec, types and limits only": _msgspec,
    "orjson + jsonschema-rs, formats": _jsonschema_rs,
    "Pydantic (generated classes)": _pydantic,
}
SLOW_PEERS: dict[str, Job] = {
    "orjson + fastjsonschema (generated)": _fastjsonschema,
    "orjson + python-jsonschema": _jsonschema,
}
"""These get fewer records."""


timed = partial(best, clock=time.perf_counter)
"""Wall clock: processes of their own are timed too."""


def ratios(path: Path, jobs: dict[str, Job], turns: int) -> tuple[dict[str, float], float]:
    """What each takes as a ratio to ``orjson.loads``, and the seconds that takes."""
    base, *found = timed(turns, partial(_orjson, path), *(partial(job, path) for job in jobs.values()))
    return dict(zip(jobs, (s / base for s in found), strict=True)), base


def shapes(folder: Path, turns: int, share: float) -> None:
    """The table of peers by shape."""
    columns: dict[str, dict[str, float]] = {}
    for shape, whole in COUNTS.items():
        count = max(1000, int(whole * share))
        path, short = written(folder, shape, count), written(folder / "short", shape, max(SLOW, count // 20))
        quick, base = ratios(path, QUICK_PEERS, turns)
        slow, _ = ratios(short, SLOW_PEERS, max(1, turns // 2))
        columns[shape] = quick | slow
        columns[shape]["µs a record, orjson.loads"] = base / count * 1e6
        columns[shape]["µs a record, machimori"] = quick["machimori"] * base / count * 1e6
        columns[shape]["bytes a record"] = path.stat().st_size / count
    print(f"| ratio to orjson.loads | {' | '.join(COUNTS)} |")
    print(f"| --- {'| --- ' * len(COUNTS)}|")
    for name in next(iter(columns.values())):
        print(f"| {name} | {' | '.join(f'{columns[s][name]:.2f}' for s in COUNTS)} |")
    print()


def processes(folder: Path, turns: int, share: float) -> None:
    """Two processes beside one, on a file of seconds and on one that is done before they have begun."""
    for shape, count in (
        ("small, flat", 200_000),
        ("small, flat", 2_000_000),
        ("trips", 2_000_000),
        ("48 values", 60_000),
    ):
        path = written(folder, shape, int(count * share))
        one, two = timed(turns, partial(_stream, path), partial(_stream, path, 2))
        size = path.stat().st_size
        print(
            f"two processes, {shape}, {size / 1e6:.0f} MB: {one / two:.2f} times one ({size / one / 1e6:.0f} MB/s with one)"
        )


def commands(folder: Path, turns: int) -> None:
    """Cold start: one small file through the command line."""
    record = folder / "one.json"
    record.write_bytes(next(lines("small, flat", 1)))
    schema = folder / "schema.json"
    schema.write_text(json.dumps(_schema("ElectricityUse")))
    here = Path(sys.executable).parent
    calls: dict[str, list[str]] = {"machimori validate": [str(here / "machimori"), "validate", str(record)]}
    if find_spec("check_jsonschema"):
        calls["check-jsonschema"] = [str(here / "check-jsonschema"), "--schemafile", str(schema), str(record)]
    model = Path(__file__).parents[2] / "model" / "machimori.yaml"
    if find_spec("linkml"):
        calls["linkml validate"] = [
            str(here / "linkml"),
            "validate",
            "-s",
            str(model),
            "-C",
            "ElectricityUse",
            str(record),
        ]
    for name, call in calls.items():
        (taken,) = timed(turns, partial(subprocess.run, call, capture_output=True))
        print(f"one small file, cold: {name} {taken:.2f} s")
    if "check-jsonschema" not in calls:
        print("one small file, cold: check-jsonschema is not installed (pip install check-jsonschema)")


def linkml(folder: Path) -> None:
    """LinkML's own validator on a list of records, without its start."""
    from linkml.validator import Validator
    from linkml.validator.plugins import JsonschemaValidationPlugin

    records = [orjson.loads(line) for line in lines("small, flat", 200)]
    model = Path(__file__).parents[2] / "model" / "machimori.yaml"
    validator = Validator(str(model), validation_plugins=[JsonschemaValidationPlugin(closed=True)])
    list(validator.iter_results(records[0], "ElectricityUse"))
    path = written(folder / "linkml", "small, flat", 20_000)
    (theirs,) = timed(1, lambda: [list(validator.iter_results(r, "ElectricityUse")) for r in records])
    (ours,) = timed(3, lambda: _stream(path))
    print(
        f"linkml validate, a record: {theirs / 200 * 1e6:.0f} µs, {theirs / 200 / (ours / 20_000):.0f} times machimori's"
    )


def memory(gigabytes: float) -> None:
    """Peak memory of a process that validates a stream of 100 MB and one of the given size."""
    code = (
        "import re, sys, machimori as mm; r = mm.validate_stream(sys.stdin.buffer); assert r.ok; "
        "print(r.records, int(re.search('VmHWM:\\\\s*([0-9]+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    block = b"".join(lines("small, flat", 40_000))
    for size in (0.1, gigabytes):
        start = time.perf_counter()
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for _ in range(max(1, round(size * 1e9 / len(block)))):
                process.stdin.write(block)
            process.stdin.close()
            records, peak = process.stdout.read().split()
        print(
            f"{size:g} GB on standard input: {int(records):,} records, {time.perf_counter() - start:.0f} s, peak {int(peak)} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer records and turns")
    parser.add_argument("--large", type=float, default=5.0, help="gigabytes of the large stream (0: leave it out)")
    given = parser.parse_args()
    turns, share = (2, 0.1) if given.quick else (TURNS, 1.0)
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_processor()}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for inner in (folder / "short", folder / "linkml"):
            inner.mkdir()
        shapes(folder, turns, share)
        processes(folder, turns, share)
        commands(folder, turns)
        linkml(folder)
    if given.large:
        memory(given.large)


def _processor() -> str:
    found = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return found[0] if found else platform.processor()


if __name__ == "__main__":
    main()
