"""Programs of the system that tests need. Where one is missing, its tests are skipped with what to install; CI lets none skip."""

from __future__ import annotations

import shutil

import pytest


def present(program: str, package: str) -> str:
    """The path of a program, and the package of Debian that has it."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} here: apt-get install {package}")
    return found
