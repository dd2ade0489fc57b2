"""Print what statistics cost: `python tests/benchmarks/statistics.py [RECORDS]`. Nothing here is asserted in a test.

Trips of a town to flows between grid squares, in a new process each, with the peak of its memory; beside it the time to read the
same bytes with msgspec alone.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 1_000_000
QUERY = {
    "type": "StatisticsQuery",
    "id": "urn:machimori:query:flows",
    "entity": "Trip",
    "measures": [{"aggregate_function": "count"}, {"aggregate_function": "subjects"}],
    "group_by": [{"field": f, "granularity": {"space_step": 8}} for f in ("origin", "destination")],
}


def write(path: Path, count: int) -> None:
    """Trips whose ends lie close to the middle of a town."""
    chance = random.Random(1)

    def end() -> dict[str, float]:
        return {
            "latitude": round(34.7 + chance.gauss(0, 0.03), 6),
            "longitude": round(135.2 + chance.gauss(0, 0.03), 6),
        }

    with path.open("w") as stream:
        for n in range(count):
            at = f"2026-03-{chance.randint(1, 7):02}T{chance.randint(5, 23):02}:{chance.randint(0, 59):02}:00+09:00"
            trip = {
                "type": "Trip",
                "id": f"urn:machimori:trip:{n}",
                "traveller": f"urn:machimori:person:{chance.randrange(count // 5 or 1)}",
                "origin": end(),
                "destination": end(),
                "started_at": at,
                "mode": "rail",
            }
            stream.write(json.dumps(trip) + "\n")


def measure(what: str, path: Path) -> None:
    """One task in this process; prints seconds and peak memory."""
    start = time.perf_counter()
    found = ""
    if what == "msgspec":
        import msgspec

        decode = msgspec.json.decode
        with path.open("rb") as stream:
            found = f"{sum(1 for line in stream if decode(line))} records"
    else:
        sys.path.insert(0, str(ROOT))
        from tests.privacy.gate import world

        gate = world.gate("railway")
        request = world.request("city", "Trip", "city_planning", "statistics")
        made = gate.statistics(path, request, QUERY, totals=what == "flows and totals")
        release = made.release or {"cells": [], "suppressed_cells": 0}
        found = f"{len(release['cells'])} groups, {release['suppressed_cells']} suppressed"
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:18} {seconds:7.1f} s {peak:7.0f} MB  {found}", flush=True)


def main() -> None:
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) == 2 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trips.ndjson"
        write(path, count)
        print(f"{count} trips, {path.stat().st_size / 1e6:.0f} MB")
        for what in ("msgspec", "flows", "flows and totals"):
            subprocess.run([sys.executable, __file__, what, str(path)], check=True)


if __name__ == "__main__":
    main()
