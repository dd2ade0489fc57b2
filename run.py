"""Set up what is needed in .venv and run it; `python3 run.py` alone says what there is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
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
    "tests": ("test", ["pytest", "-n", "auto"], "everything that must hold"),
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


def main() -> int:
    """Run one of ``WHAT``; further arguments are passed on."""
    if sys.version_info < (3, 11):
        return _stop("Machimori needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if len(sys.argv) < 2 or sys.argv[1] not in WHAT:
        lines = [f"  {name:6} {does}" for name, (_, _, does) in WHAT.items()]
        return _stop("\n".join([f"usage: python3 run.py {'|'.join(WHAT)} [arguments]", *lines]))
    extra, command, _ = WHAT[sys.argv[1]]
    _install(extra)
    environment = dict(os.environ, PATH=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    program = str(BIN / command[0])
    return subprocess.call([program, *command[1:], *sys.argv[2:]], cwd=HERE, env=environment)


def _install(extra: str) -> None:
    """Install the checkout and the extra, once for each state of pyproject.toml."""
    state = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f".installed-{extra or 'base'}"
    if stamp.is_file() and stamp.read_text() == state:
        return
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        print("making .venv …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    print("installing (a minute the first time) …", file=sys.stderr)
    target = f".[{extra}]" if extra else "."
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", target]
    subprocess.run(pip, check=True, cwd=HERE)
    stamp.write_text(state)


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
