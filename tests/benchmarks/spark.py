"""Hold Spark against the engine of this machine on millions of records, bad ones among them: every finding, and every count.

Usage: python tests/benchmarks/spark.py [--records 5000000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from machimori.findings.issue import Issue
from machimori.validation import spark_files
from machimori.validation.stream import StreamReport, validate_stream

BAD_EVERY = 1_999
FILES = 4


def record(number: int) -> bytes:
    """A half-hourly reading; one in ``BAD_EVERY`` is wrong, in one of several ways."""
    day, half_hour = number // 48 % 28 + 1, number % 48
    start, end = (
        f"2026-06-{day:02d}T{h // 2:02d}:{h % 2 * 30:02d}:00+09:00" for h in (half_hour, min(half_hour + 1, 47))
    )
    if start == end:
        end = f"2026-06-{day:02d}T23:59:00+09:00"
    data = {
        "id": f"urn:machimori:use:{number}",
        "type": "ElectricityUse",
        "customer": f"urn:machimori:customer:{number // 1344}",
        "meter": f"urn:machimori:meter:{number // 1344}",
        "interval_start": start,
        "interval_end": end,
        "energy": number % 97 / 100,
        "quality": "measured",
    }
    if number % BAD_EVERY:
        return json.dumps(data).encode()
    way = number // BAD_EVERY % 5
    if way == 0:
        return json.dumps(data | {"energy": -1}).encode()
    if way == 1:
        return json.dumps(data).encode()[:-9]
    if way == 2:
        return json.dumps(data | {"interval_end": start, "witness": 1}).encode()
    if way == 3:
        return json.dumps(data).encode().replace(b"measured", "検針".encode("cp932"))
    return b""


def write(folder: Path, count: int) -> list[str]:
    """The records over several files."""
    paths = [folder / f"part-{n}.ndjson" for n in range(FILES)]
    for n, path in enumerate(paths):
        with path.open("wb") as file:
            for number in range(n, count, FILES):
                file.write(record(number) + b"\n")
    return [str(p) for p in paths]


def told(reports: Iterator[tuple[str, StreamReport]], counts: list[int]) -> Iterator[Issue]:
    for _, report in reports:
        yield from report
        for place, count in enumerate((report.records, report.invalid, report.findings)):
            counts[place] += count


def main() -> int:
    """Compare, and print the figures; 1 where anything differs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=5_000_000)
    asked.add_argument("--folder", type=Path)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        paths = write(Path(folder), options.records)
        size = sum(Path(p).stat().st_size for p in paths)
        start = time.perf_counter()
        here, there = [0, 0, 0], [0, 0, 0]
        found = list(told(((p, validate_stream(p)) for p in paths), here))
        between = time.perf_counter()
        different = sum(a != b for a, b in zip_longest(found, told(spark_files.reports(paths), there)))
        end = time.perf_counter()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.records:,} lines in {FILES} files, {size / 1e9:.2f} GB")
    print(
        f"this machine, one process: {here[0]:,} records, {here[1]:,} invalid, {here[2]:,} findings in {between - start:.1f} s"
    )
    print(
        f"Spark, local[*]: {there[0]:,} records, {there[1]:,} invalid, {there[2]:,} findings in {end - between:.1f} s"
    )
    print(f"{different} findings differ")
    return int(bool(different) or here != there or not found)


if __name__ == "__main__":
    sys.exit(main())
