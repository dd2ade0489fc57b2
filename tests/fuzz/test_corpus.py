"""Everything that fuzzing ever found stays mended, and the targets hold on what the search begins with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz.run import seeds
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(f.relative_to(CORPUS).as_posix() for f in CORPUS.rglob("*") if f.is_file())


@pytest.mark.parametrize("name", KEPT)
def test_a_find_stays_mended(name: str) -> None:
    TARGETS[name.split("/")[0]]((CORPUS / name).read_bytes())


@pytest.mark.full
@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_keep_every_promise(target: str, tmp_path: Path) -> None:
    seeds(target, tmp_path)
    files = sorted(tmp_path.iterdir())
    assert files
    for file in files:
        TARGETS[target](file.read_bytes())
