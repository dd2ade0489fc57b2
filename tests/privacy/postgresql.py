"""A PostgreSQL server for the tests: started on a Unix socket where its programs are installed, stopped at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from tests.programs import wanting

MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


@dataclass
class Server:
    programs: Path
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, program: str, *arguments: str) -> None:
        # It refuses to run as root, as containers do.
        other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*other, str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def new_database(self) -> str:
        """The address of an empty schema: a database of its own would cost a thousand files a test."""
        name = f"gate{next(self.numbers)}"
        self.run("psql", "-q", "-h", str(self.folder), "-U", "postgres", "-c", f"CREATE SCHEMA {name}")
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}&options=-csearch_path%3D{name}"


def programs() -> Path | None:
    """The folder with the server's programs: that of the newest version, or on the path."""
    known = [Path(p) for p in os.environ.get("PATH", "").split(os.pathsep)]
    known += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((p for p in reversed(known) if all((p / n).exists() for n in ("initdb", "pg_ctl", "psql"))), None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    found = programs()
    if found is None:
        wanting(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="mm-pg-"))  # short: the path of a Unix socket has at most 107 bytes
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    server = Server(found, folder)
    data = str(folder / "data")
    server.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    options = f"-k {folder} -c listen_addresses= -c max_connections=60"
    server.run("pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", str(folder / "server.log"))
    yield server
    server.run("pg_ctl", "stop", "-D", data, "-m", "immediate")
    shutil.rmtree(folder)
