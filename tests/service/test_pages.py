"""The curl examples of the page on the service run and print what the page says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.docs.test_examples import blocks, commands, environment, fits
from tests.programs import present
from tests.service.conftest import Served

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
DOCS = Path(__file__).parents[2] / "docs"
SHOWN = "127.0.0.1:8000"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_examples_with_curl_run(served: Served, tmp_path: Path, language: str) -> None:
    present("curl", "curl")
    ran = 0
    for block in blocks(DOCS / language / "service.md"):
        if block.title:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, expected in commands(block.text):
                done = command.replace(SHOWN, f"127.0.0.1:{served.port}")
                found = subprocess.run(
                    ["bash", "-c", done],
                    cwd=tmp_path,
                    capture_output=True,
                    encoding="utf-8",
                    env=environment(),
                    timeout=60,
                )
                assert fits(found.stdout.splitlines(), expected), f"$ {command}\n{found.stdout}{found.stderr}"
                ran += bool(expected)
    assert ran == 6
