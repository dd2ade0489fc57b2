"""Set up what is needed in .venv and run it; `python3 run.py` alone says what there is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
WHAT = {  # what it is called: the extra that it needs, the command, what it does
    "demo": ("", ["machimori", "demo"], "a city's CSV, a stream with faults, one field explained (--lang ja)"),
    "docs": (
        "docs",
        ["python", "docs/build.py"],
        "build the documentation, serve it here and open it (--build-only, --no-open, --port N)",
    ),
    "fast": ("test", ["pytest", "-n", "auto", "-m", "fast"], "the fast tests: after every change, within a minute"),
    "tests": ("test", ["pytest", "-n", "auto", "-m", "not deep"], "everything that must hold"),
    "messages": (
        "messages",
        ["python", "tests/messages/catalogues.py"],
        "find the sentences of the SDK, bring every catalogue up to them (name a language to begin its catalogue)",
    ),
    "deep": (
        "test,fuzz",
        ["python", "tests/deep.py"],
        "what searches or takes long, beyond CI (--seconds N, --seed S)",
    ),
}

STORIES = ("energy", "congestion", "infection", "disaster", "care", "together")
"""Scenarios of the demo that play on the gate, and need its extra; the others need none."""


def main() -> int:
    """Run one of ``WHAT``; further arguments are passed on."""
    if sys.version_info < (3, 11):
        return _stop("Machimori needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if len(sys.argv) < 2 or sys.argv[1] not in WHAT:
        lines = [f"  {name:6} {does}" for name, (_, _, does) in WHAT.items()]
        return _stop("\n".join([f"usage: python3 run.py {'|'.join(WHAT)} [arguments]", *lines]))
    _, command, _ = WHAT[sys.argv[1]]
    _install(extra_of(sys.argv[1:]))
    environment = dict(os.environ, PATH=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    program = str(BIN / command[0])
    return subprocess.call([program, *command[1:], *sys.argv[2:]], cwd=HERE, env=environment)


def extra_of(arguments: list[str]) -> str:
    """The extra that a call needs."""
    name, *more = arguments
    return "gate" if name == "demo" and {*STORIES} & {*more} else WHAT[name][0]


def _install(extra: str) -> None:
    """Install the checkout and the extra, once for each state of pyproject.toml."""
    state = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f".installed-{extra or 'base'}"
    if stamp.is_file() and stamp.read_text() == state:
        return
    python, reaches = str(BIN / "python"), _pip_reaches_other_environments()
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        print("making .venv …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", *["--without-pip"] * reaches, str(VENV)], check=True)
    print("installing (a minute the first time) …", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "--python", python] if reaches else [python, "-m", "pip"]
    wanted = ["-e", f".[{extra}]", "pip"] if extra else ["-e", "."]
    subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", *wanted], check=True, cwd=HERE)
    stamp.write_text(state)


def _pip_reaches_other_environments() -> bool:
    """Whether the pip of this Python installs there (22.3 and later): one of its own takes a third of the demo's start."""
    try:
        major, minor = map(int, version("pip").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return False
    return (major, minor) >= (22, 3)


def _stop(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(_stop(f"this step failed: {' '.join(map(str, error.cmd))}"))
    except KeyboardInterrupt:
        sys.exit(130)
