"""What calls say where a module is not installed: a program of its own, that refuses to import what it is told.

It reads a JSON object: ``calls`` are lists of arguments by name, ``blocked`` the modules that are absent in each, ``library``
says the names of ``SDK_CALLS`` with the modules that are absent. It writes what came of each, by the same names.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, NamedTuple

from machimori.errors import MachimoriError
from machimori.extras import NEEDS

BLOCKED: set[str] = set()
NOTHING: Any = None
"""In place of what a call asks for behind the extra, to which it does not come."""


class Absent(MetaPathFinder):
    """A finder that finds some modules missing."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def frame() -> Any:
    """What looks like a DataFrame of Spark to whom it is handed."""
    return type("DataFrame", (), {"__module__": "pyspark.sql"})()


def _gate(folder: Path, **more: Any) -> Any:
    import machimori as mm

    return mm.Gate(folder / "holder", clock=lambda: 1775001600.0, **more)  # 2026-04-01T09:00:00+09:00


def _statistics(folder: Path, query: str, request: str) -> Any:
    read = [json.loads((folder / name).read_text("utf-8")) for name in (request, query)]
    return _gate(folder).statistics(folder / "records", *read)


def _reading(path: Path) -> Any:
    import machimori as mm

    return list(mm.validate_stream(path))


def _signed(folder: Path) -> Any:
    from machimori.privacy.decision.holding import read_holding
    from machimori.privacy.decision.signatures import documents

    return documents((folder / "consents").read_text().splitlines(), read_holding(folder / "holder"))


def _signing(folder: Path) -> Any:
    from machimori.privacy.decision.signatures import signed

    return signed({}, None)


def _shapes(folder: Path) -> Any:
    from machimori.rdf.shacl import shacl_report

    return shacl_report(NOTHING)


def _graph(folder: Path) -> Any:
    import machimori as mm

    return mm.to_graph({"type": "Trip", "id": "urn:machimori:trip:1"})


def _record(folder: Path) -> Any:
    import machimori as mm

    return mm.from_jsonld((folder / "record.jsonld").read_text())


def _spark(folder: Path) -> Any:
    from machimori.validation import spark

    return spark.validate(frame())


def _spark_statistics(folder: Path) -> Any:
    from machimori.privacy.statistics import spark_engine

    with spark_engine.opened(frame()):
        pass


def _service(folder: Path) -> Any:
    from machimori.service.asgi import application
    from machimori.service.settings import Settings

    return application(Settings())


def _install(folder: Path) -> Any:
    from machimori.fastapi import install

    install(NOTHING)


def _dependency(folder: Path) -> Any:
    from machimori.fastapi import record

    return record("Trip")


def _scenario(folder: Path) -> Any:
    from rich.console import Console

    from machimori import demo

    demo.show("energy", "en", Console(file=io.StringIO()))


class Work(NamedTuple):
    """A call of the library with the folder of the files, the need that it has, and the modules of that which it imports."""

    need: str
    do: Callable[[Path], Any]
    part: tuple[str, ...] = ()

    @property
    def modules(self) -> tuple[str, ...]:
        return self.part or NEEDS[self.need].modules


SDK_CALLS = {
    "documents": Work("signatures", _signed),
    "signed": Work("signatures", _signing),
    "Gate": Work("store", lambda folder: _gate(folder, store=folder / "new.db")),
    "Gate on PostgreSQL": Work("postgresql", lambda folder: _gate(folder, store="postgresql://127.0.0.1:1/gate")),
    "Gate.statistics": Work("statistics", lambda folder: _statistics(folder, "query", "asked")),
    "Gate.statistics with epsilon": Work("noise", lambda folder: _statistics(folder, "noisy", "asked")),
    "to_graph": Work("graphs", _graph),
    "from_jsonld": Work("graphs", _record),
    "shacl_report": Work("shapes", _shapes),
    "validate_stream of a graph": Work("shapes", lambda folder: _reading(folder / "record.jsonld")),
    "validate_stream of a table": Work("tables", lambda folder: _reading(folder / "table.parquet")),
    "validate_stream of Zstandard": Work("zstandard", lambda folder: _reading(folder / "records.zst")),
    "spark.validate": Work("spark", _spark),
    "spark_engine.opened": Work("spark-statistics", _spark_statistics),
    "fastapi.install": Work("fastapi", _install),
    "fastapi.record": Work("fastapi", _dependency),
    "demo.show": Work("scenarios", _scenario),
    "application": Work("service", _service, ("starlette", "yaml", "prometheus_client")),
}
"""Calls of the library by name. The last imports a part of what it needs, which the others are to find absent."""


def _told(work: Callable[[], Any]) -> dict[str, Any]:
    """The class, extra and texts of what a call raises."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  it is told, whatever it is
        return {
            "kind": type(error).__name__,
            "extra": getattr(error, "extra", None),
            "en": str(error),
            "ja": error.text("ja") if isinstance(error, MachimoriError) else None,
        }
    return {"kind": None}


def _called(arguments: list[str]) -> dict[str, Any]:
    """The status of a call of the command line, and what it wrote."""
    from machimori.cli.run import main

    written = io.BytesIO()
    out, err = io.TextIOWrapper(written, encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    out.flush()
    return {"status": int(status), "out": written.getvalue().decode(), "err": err.getvalue()}


def _files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def main() -> None:
    asked = json.load(sys.stdin)
    folder = Path(asked["folder"])
    os.chdir(folder)
    sys.meta_path.insert(0, Absent())
    found = {}
    for name, call in asked["calls"].items():
        BLOCKED.clear()
        BLOCKED.update(call["absent"])
        assert not {m.partition(".")[0] for m in sys.modules} & BLOCKED, f"{name}: imported by a call before it"
        before = _files(folder)
        found[name] = (
            _told(lambda n=call["library"]: SDK_CALLS[n].do(folder))
            if "library" in call
            else _called(call["arguments"])
        )
        found[name]["touched"] = _files(folder) != before
    found["imported"] = sorted({m.partition(".")[0] for m in sys.modules})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
