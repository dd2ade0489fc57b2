"""What tests need of the system they run on: its kind, and its programs. On Linux, where CI runs, CI lets none of them skip."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

import pytest

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes of files, forks and SIGKILL are those of POSIX")
"""For what other systems do not have, so that nothing could be tried there."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, which Linux alone has")
"""For what is measured by the kernel's own account."""


def present(program: str, package: str) -> str:
    """The path of a program, and the package of Debian that has it."""
    found = shutil.which(program)
    if found is None:
        wanting(f"there is no {program} here: apt-get install {package}")
    return found


def wanting(what: str) -> NoReturn:
    """Skip, since the machine of a developer need not have everything; in CI that is a failure (``tests.skipping``)."""
    pytest.skip(what)  # the one place that skips for want of a program; CI turns it into a failure
