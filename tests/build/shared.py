"""What is made of the shipped model once, and taken by every process of every later run until ``model/`` or the build changes.

It lies in ``build/shared``, which git ignores. That the build works from nothing is shown by ``test_build.py``, whose builds run in
processes of their own, and by ``machimori build --check``.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from machimori.build.model import Model

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
MODEL = ROOT / "model"
FOLDER = ROOT / "build" / "shared"
READ_BY = ("linkml", "linkml-runtime")


@cache
def model() -> Model:
    """The shipped model as the build reads it. Do not change it."""

    def read() -> Model:
        from machimori.build import reading
        from machimori.build.sources import Sources

        return reading.read(Sources(MODEL))

    return shared("model", state(), read)


@cache
def state() -> str:
    """The hash of the model's sources, of the code that reads them and of LinkML's version."""
    digest = hashlib.sha256(repr([version(name) for name in READ_BY]).encode())
    build = ROOT / "sdk" / "machimori" / "build"
    for path in sorted([*MODEL.rglob("*.yaml"), *build.rglob("*.py")]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def shared(name: str, of: str, make: Callable[[], T]) -> T:
    """What was made before of the same state, or else is made now: by one process, while the others wait for it."""
    place = FOLDER / f"{name}-{of}.pickle"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _alone(name):
        try:
            made: T = pickle.loads(place.read_bytes())
        except (OSError, ValueError, EOFError, AttributeError, ImportError, IndexError, pickle.UnpicklingError):
            made = make()  # nothing is there, or not what was put there
            partial = place.with_suffix(".partial")
            partial.write_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
            for earlier in FOLDER.glob(f"{name}-*.pickle"):
                earlier.unlink()
            partial.rename(place)
    return made


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Where the system has no such locks, two may make the same: the later one is taken."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
