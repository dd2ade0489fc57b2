"""What searches or takes long, beyond CI: `python3 run.py deep [--seconds N]`.

The figures of each part that holds are written into ``docs/quality.json``, from where the page on quality takes them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
FIGURES = HERE.parent / "docs" / "quality.json"
TARGETS = ("json", "jsonld", "request", "csv")


class Part(NamedTuple):
    """A command of this Python, and where it says how much it tried."""

    what: str
    command: list[str]
    told: str


def parts(asked: argparse.Namespace, finds: str) -> Iterator[tuple[str, Part]]:
    """Everything that can be run, by the name of its figure."""
    tests = ["-m", "pytest", "-q", "-n", "auto", "-m", "deep"]
    yield "tests", Part("tests marked deep", tests, r"(\d+) passed")
    search = ["--hypothesis-profile=deep", f"--hypothesis-seed={asked.seed}", "-m", "hypothesis and not deep"]
    yield (
        "properties",
        Part("properties with other examples", ["-m", "pytest", "-q", "-n", "auto", *search], r"(\d+) passed"),
    )
    spark = [str(HERE / "benchmarks" / "spark.py"), "--records", str(asked.records)]
    yield "lines", Part(f"{asked.records:,} lines on Spark", spark, r"([\d,]+) lines in")
    observer = ["-m", "tests.privacy.observer.results", "--seed", str(asked.seed)]
    yield "observer", Part("histories that attack statistics", observer, r"([\d,]+) histories in")
    searching = ["--seconds", str(asked.seconds), "--seed", str(asked.seed), "--finds", finds]
    for target in TARGETS:
        fuzz = [str(HERE / "fuzz" / "run.py"), target, *searching]
        yield target, Part(f"fuzzing {target}", fuzz, r"stat::number_of_executed_units: (\d+)")


def main() -> int:
    """Run each part, one after another; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python3 run.py deep", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=1800, metavar="N", help="how long each fuzzer searches (1800)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the searches (1)")
    parser.add_argument("--records", type=int, default=5_000_000, metavar="N", help="lines on Spark (5000000)")
    names = ("tests", "properties", "lines", "observer", *TARGETS)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of the parts")
    asked = parser.parse_args()
    finds = tempfile.mkdtemp(prefix="machimori-finds-")
    figures: dict[str, dict[str, int | str]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    failed = []
    for name, part in parts(asked, finds):
        if name not in asked.only:
            continue
        tried = _tried(part)
        if tried is None:
            failed.append(part.what)
        else:
            figures[name] = {"tried": tried, "seed": asked.seed, "date": date.today().isoformat()}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"failed: {', '.join(failed)}; finds of the fuzzers: {finds}" if failed else "all parts hold")
    return 1 if failed else 0


def _tried(part: Part) -> int | None:
    """How much was tried; nothing where it does not hold, or does not say that it tried anything."""
    print(f"\n== {part.what}", flush=True)
    begun, told = time.monotonic(), None
    command = [sys.executable, *part.command]
    with subprocess.Popen(
        command, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as running:
        assert running.stdout
        for line in running.stdout:
            print(line, end="", flush=True)
            told = re.search(part.told, line) or told
    held = running.returncode == 0 and told is not None
    print(f"-- {part.what}: {'held' if held else 'FAILED'} after {time.monotonic() - begun:.0f} s", flush=True)
    return int(told[1].replace(",", "")) if held and told else None


if __name__ == "__main__":
    sys.exit(main())
