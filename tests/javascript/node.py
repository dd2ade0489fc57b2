"""Node.js for tests: what it needs is installed once, from the lock file; a process of Ajv answers as long as it is asked."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"


@cache
def installed() -> Path:
    """The folder with the modules of the lock file. Several workers of a test run wait for the one that installs them."""
    if shutil.which("npm") is None:
        raise RuntimeError("Node.js 20 or newer with npm is needed for the tests (https://nodejs.org)")
    with (HERE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = MODULES / ".package-lock.json"
        if not held.is_file() or held.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
            held.touch()
    return MODULES


class Judge:
    """Ajv in a process of its own."""

    def __init__(self, schemas: str) -> None:
        installed()
        self._process = subprocess.Popen(
            ["node", "judge.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )
        self._say({"folder": schemas})

    def judge(self, name: str, text: str) -> bool:
        """Whether a text is a valid record of a class."""
        self._say({"name": name, "text": text})
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer in ("0\n", "1\n"), "Ajv does not answer"
        return answer == "1\n"

    def _say(self, data: dict[str, str]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(data) + "\n")
        self._process.stdin.flush()
