"""What ``Gate.disclose`` gives as anonymised is k-anonymous in the eyes of pyCANON, a library that was not asked to make it so.

pyCANON pins its own NumPy and pandas, so it gets an environment of its own.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.gate import world
from tests.privacy.statistics.city import trip

PYCANON = "pycanon==1.3.6"
PYTHON = "MACHIMORI_PYCANON_PYTHON"
"""An interpreter that has pyCANON already, to test without an index."""
MEASURE = """
import sys, pandas
from pycanon import anonymity
data = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
print(anonymity.k_anonymity(data, sys.argv[2:]))
"""
QUASI = ["origin", "destination", "started_at", "mode"]

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if held := os.environ.get(PYTHON):
        return Path(held)
    home = tmp_path_factory.mktemp("pycanon")
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYCANON], check=True)
    return python


def k_of(interpreter: Path, rows: list[dict[str, Any]], path: Path) -> int:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, QUASI)
        writer.writeheader()
        writer.writerows({q: repr(row.get(q)) for q in QUASI} for row in rows)
    done = subprocess.run(
        [str(interpreter), "-c", MEASURE, str(path), *QUASI], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


def records(seed: int) -> list[dict[str, Any]]:
    """One trip a person, since pyCANON counts rows where the gate counts people."""
    chance = random.Random(seed)
    return [
        trip(
            n,
            f"urn:machimori:person:{n}",
            origin={"latitude": 34.69 + chance.random() * 0.01, "longitude": 135.19 + chance.random() * 0.01},
            started_at=f"2026-03-03T{chance.choice([7, 8, 8, 8, 9, 3]):02}:{chance.randrange(60):02}:00+09:00",
            mode=chance.choice(["rail", "rail", "walk", "bus"]),
        )
        for n in range(600)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_anonymised_records_are_k_anonymous(seed: int, interpreter: Path, tmp_path: Path) -> None:
    given = world.gate("railway").disclose(
        records(seed), world.request("university", "Trip", "research", "anonymised", fields=QUASI)
    )
    rows = [json.loads(row) if isinstance(row, bytes) else row for row in given]
    assert given.skipped["small-group"] + len(rows) == 600
    assert 0 < len(rows) < 600
    assert k_of(interpreter, rows, tmp_path / "given.csv") >= 10


def test_the_oracle_sees_what_is_not(interpreter: Path, tmp_path: Path) -> None:
    assert k_of(interpreter, records(1), tmp_path / "raw.csv") == 1
