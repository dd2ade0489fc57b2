"""Print what start-up and the build cost: `python tests/benchmarks/startup.py`. Nothing here is asserted in a test.

Each figure is the best of several runs in new processes, and a ratio to a peer in the same run where there is one.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
RECORD = ROOT / "model" / "examples" / "ElectricityUse"
RUNS = 7


def best(command: list[str], runs: int = RUNS) -> float:
    """Seconds of the fastest of several runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return min(times)


def python(statement: str) -> float:
    return best([sys.executable, "-c", statement])


def main() -> None:
    record = str(next(iter(sorted(RECORD.glob("valid-*.json")))))
    bare = python("pass")
    pydantic = python("import pydantic; pydantic.BaseModel") - bare
    rows = [
        ("bare Python", bare, ""),
        ("import machimori (over bare)", python("import machimori") - bare, "target ≤ 0.080 s"),
        ("import pydantic (over bare)", pydantic, "peer"),
    ]
    domain = python("import machimori.model.energy") - bare
    rows.append(
        ("import machimori.model.energy (over bare)", domain, f"{domain / pydantic:.2f} × pydantic, target ≤ 2")
    )
    rows.append(
        ("machimori validate, one small file", best([str(BIN / "machimori"), "validate", record]), "target ≤ 0.4 s")
    )
    with tempfile.TemporaryDirectory() as out:
        build = [str(BIN / "machimori"), "build", "--model", "model", "--out", out]
        rows.append(("machimori build, everything", best(build, 1), "target ≤ 90 s"))
        rows.append(("machimori build, nothing changed", best(build, 3), "target ≤ 3 s"))
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, "."],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wheel = next(Path(out).glob("*.whl")).stat().st_size
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    for name, seconds, note in rows:
        print(f"{name:46} {seconds:8.3f} s   {note}")
    print(f"{'wheel':46} {wheel / 1024:8.0f} KiB")


if __name__ == "__main__":
    main()
