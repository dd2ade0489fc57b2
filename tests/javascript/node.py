"""Node.js for tests: what it needs is installed once, from the lock file; a process with the validators answers as long as it is asked."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def installed(folder: Path = HERE) -> Path:
    """The modules of the lock file of a folder. Several workers of a test run wait for the one that installs them."""
    present("npm")
    modules = folder / "node_modules"
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = modules / ".installed"
        if not held.is_file() or held.read_text(encoding="ascii") != digest:
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
            held.write_text(digest, encoding="ascii")
    return modules


def present(program: str) -> str:
    """The path of a program of Node.js."""
    found = shutil.which(program)
    if found is None:
        raise RuntimeError("Node.js 20 or newer with npm is needed for the tests (https://nodejs.org)")
    return found


class Judge:
    """The shipped validators in a process of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [present("node"), "judge.mjs"],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="ascii",
        )

    def judge(self, name: str, text: str) -> bool:
        """Whether a text is a valid record of a class."""
        return self.judge_all(name, [text])[0]

    def judge_all(self, name: str, texts: Sequence[str]) -> list[bool]:
        """The same of many texts, asked at once: to wait for each answer costs more than the answer."""
        self._say({"name": name, "texts": list(texts)})
        assert self._process.stdout is not None
        answer = self._process.stdout.readline().rstrip("\n")
        assert len(answer) == len(texts), "the validators do not answer"
        assert set(answer) <= {"0", "1"}, "the validators do not answer"
        return [verdict == "1" for verdict in answer]

    def _say(self, data: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(data) + "\n")
        self._process.stdin.flush()
