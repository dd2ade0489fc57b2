"""The worked example as an installed distribution: what pip would put into an environment, without pip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "examples" / "heat-pump"
MODEL = PROJECT / "model"
EXAMPLES = MODEL / "examples"
PACKAGE = "heatpump_model"


def install(site: Path, *entries: str, name: str = "heatpump-model") -> None:
    """Write the metadata of a distribution with these entry points of the group ``machimori.models``."""
    info = site / f"{name.replace('-', '_')}-1.0.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n", encoding="utf-8")
    points = "\n".join(["[machimori.models]", *(entries or ("heatpump = heatpump_model",))])
    (info / "entry_points.txt").write_text(f"{points}\n", encoding="utf-8")


def called(site: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    held = {k: v for k, v in os.environ.items() if not k.startswith("MACHIMORI_")}
    environment = held | {"PYTHONPATH": str(site), "COLUMNS": "160", "NO_COLOR": "1"}
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT
    )


def machimori(site: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return called(site, Path(sys.executable).parent / "machimori", *arguments)


def python(site: Path, program: str, *arguments: str | Path) -> str:
    done = called(site, sys.executable, "-c", program, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
