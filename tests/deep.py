"""What searches or takes long, beyond CI: `python3 run.py deep [--seconds N]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
TARGETS = ("json", "jsonld", "request", "csv")


def main() -> int:
    """Run each part, one after another; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python3 run.py deep", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=1800, metavar="N", help="how long each fuzzer searches (1800)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the searches (1)")
    asked = parser.parse_args()
    finds = tempfile.mkdtemp(prefix="machimori-finds-")
    fuzzing = ["--seconds", str(asked.seconds), "--seed", str(asked.seed), "--finds", finds]
    parts = {
        "tests marked deep": ["-m", "pytest", "-q", "-n", "auto", "-m", "deep"],
        "five million lines on Spark": [str(HERE / "benchmarks" / "spark.py"), "--records", "5000000"],
        **{f"fuzzing {target}": [str(HERE / "fuzz" / "run.py"), target, *fuzzing] for target in TARGETS},
    }
    failed = [name for name, command in parts.items() if not _held(name, command)]
    print("all parts hold" if not failed else f"failed: {', '.join(failed)}; finds of the fuzzers: {finds}")
    return 1 if failed else 0


def _held(name: str, command: list[str]) -> bool:
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run([sys.executable, *command], cwd=HERE.parent)
    print(
        f"-- {name}: {'held' if done.returncode == 0 else 'FAILED'} after {time.monotonic() - begun:.0f} s", flush=True
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
