"""Each extra absent and present: what needs it says so, in both languages, before anything is done; the rest works without.

``machimori.extras.NEEDS`` has the needs and the help has the commands: a new one of either must say here how it is called. A
module is absent in a program of its own (``absent.py``), which refuses to import it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest
import zstandard
from packaging.requirements import Requirement
from pyarrow import parquet
from tests.cli import absent
from tests.cli.conftest import Call
from tests.cli.test_files import CALLS, prepared, words
from tests.privacy.statistics.city import DAY, query, trips

from machimori import errors
from machimori.demo import SCENARIOS
from machimori.extras import NEEDS, need
from machimori.privacy.store import POSTGRESQL
from machimori.rdf import conversion

__all__ = ["prepared"]

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CORE_NEEDS: list[str] = PROJECT["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OF_DEVELOPERS = {"docs", "fuzz", "lint", "messages", "test"}
"""Extras that bring programs for those who work on the model, and nothing that the SDK imports."""
NEVER_IMPORTED = {"uvloop", "httptools", "fastjsonschema"}
"""What is in an extra and in no need: what uvicorn takes by itself, and what the build pins of the core."""
MODULES = sorted({module for wanted in NEEDS.values() for module in wanted.modules})
COMMANDS: dict[str, str | None] = {
    **dict.fromkeys(CALLS, "store"),
    **dict.fromkeys(
        ("validate", "describe", "list", "schema", "sample", "convert", "demo", "keys rotate", "keys list")
    ),
    "build": "build",
    "serve": "service",
}
"""Every command as it is usually called, and what it needs."""
DOCUMENTS = ("--consents", "--orders", "--agreements")
STORE = ("--store", "--log-key")
POSTGRES = f"{POSTGRESQL[1]}127.0.0.1:1/gate"


def without(call: list[str], *options: str) -> list[str]:
    """A call without some options and their values."""
    cut = {n for o in options if o in call for n in (call.index(o), call.index(o) + 1)}
    return [word for n, word in enumerate(call) if n not in cut]


def calls(folder: Path) -> dict[str, tuple[str | None, list[str]]]:
    """Ways to call the commands, each with what it needs."""
    usual = {command: words(command, folder) for command in CALLS}
    plain = {command: without(usual[command], *DOCUMENTS) for command in ("decide", "disclose", "statistics")}
    trial, unlogged = without(usual["decide"], *STORE), [*without(usual["disclose"], *STORE), "--no-store"]
    noisy = [str(folder / "noisy") if word == str(folder / "query") else word for word in plain["statistics"]]
    table, packed, graph, turtle = (
        str(folder / name) for name in ("table.parquet", "records.zst", "record.jsonld", "record.ttl")
    )
    report = ["-o", str(folder / "report.ttl")]
    return {
        **{command: (COMMANDS[command], call) for command, call in usual.items()},
        "keys rotate": (None, ["keys", "rotate", str(folder / "other-keys")]),
        "decide without a store": ("signatures", trial),
        "decide with neither": (None, without(trial, *DOCUMENTS)),
        "decide with agreements": (None, [*without(trial, *DOCUMENTS), "--agreements", str(folder / "agreements")]),
        "decide on PostgreSQL": ("postgresql", [*without(plain["decide"], *STORE), "--store", POSTGRES]),
        "disclose without a store": ("signatures", unlogged),
        "disclose with neither": (None, without(unlogged, *DOCUMENTS)),
        "disclose into a file": ("store", [*usual["disclose"], "-o", str(folder / "views")]),
        "statistics without documents": ("statistics", plain["statistics"]),
        "statistics into a file": ("statistics", [*plain["statistics"], "-o", str(folder / "release")]),
        "statistics with epsilon": ("noise", noisy),
        "statistics with Spark": ("spark-statistics", [*plain["statistics"], "--engine", "spark"]),
        "validate with Spark": ("spark", [*usual["validate"], "--engine", "spark"]),
        "validate a table": ("tables", ["validate", table]),
        "validate Zstandard": ("zstandard", ["validate", packed]),
        "validate into a report": ("zstandard", ["validate", packed, "--format", "json", "-o", str(folder / "report")]),
        "validate JSON-LD": ("shapes", ["validate", graph]),
        "validate Turtle": ("shapes", ["validate", turtle]),
        "validate into Turtle": ("graphs", [*usual["validate"], "--format", "earl", *report]),
        "validate by processes": (None, [*usual["validate"], "--jobs", "2"]),
        **{f"schema {form}": (None, ["schema", "Trip", "--as", form]) for form in ("json-schema", "shacl", "owl")},
        "schema typescript": (None, ["schema", "Trip", "--as", "typescript"]),
        "log list on PostgreSQL": ("postgresql", ["log", "list", "--store", POSTGRES]),
        "serve without a gate": ("service", ["serve", "--port", "0"]),
        "serve with a store": ("store", usual["serve"]),
        **{f"demo {name}": (_scenario(name), ["demo", name]) for name in SCENARIOS},
    }


def _scenario(name: str) -> str | None:
    return None if SCENARIOS[name] == "tour" else "scenarios"


NAMES = calls(Path("/"))
ABSENT = [(name, module) for name, (wanted, _) in NAMES.items() if wanted for module in NEEDS[wanted].modules]
"""Each call with each module that it needs."""
OF_SDK_CALLS = [(name, module) for name, work in absent.SDK_CALLS.items() for module in work.modules]
CORE = [name for name, (wanted, _) in NAMES.items() if wanted is None]


@pytest.fixture(scope="module")
def folder(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of every command, with records in the forms that need an extra."""
    made = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("extras") / "files"))
    (made / "noisy").write_text(
        json.dumps(query("Trip", "modes", DAY, measures=[{"aggregate_function": "count"}], epsilon=1.0)),
        encoding="utf-8",
    )
    record = trips({"52350162": 1})[0]
    document = conversion.to_jsonld(record)
    (made / "record.jsonld").write_text(json.dumps(document), encoding="utf-8")
    (made / "record.ttl").write_text(conversion.to_graph(record).serialize(format="turtle"), encoding="utf-8")
    (made / "records.zst").write_bytes(zstandard.compress(json.dumps(record).encode()))
    parquet.write_table(pa.Table.from_pylist([record]), made / "table.parquet")
    return made


def told(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """What came of calls in a program of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.absent"],
        input=json.dumps({"folder": str(folder), "calls": asked}),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def refused(folder: Path) -> dict[str, Any]:
    """Every call without each of the modules that it needs."""
    made = calls(folder)
    asked: dict[str, Any] = {}
    for name, module in ABSENT:
        for language in ("en", "ja"):
            asked[f"{name}/{module}/{language}"] = {
                "arguments": [*made[name][1], "--lang", language],
                "absent": [module],
            }
    for name, module in OF_SDK_CALLS:
        asked[f"{name}/{module}"] = {"library": name, "absent": [module]}
    return told(folder, asked)


@pytest.fixture(scope="module")
def lean(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every call that needs none, without any module of any extra."""
    own = Path(shutil.copytree(folder, tmp_path_factory.mktemp("lean") / "files"))
    return told(
        own, {name: {"arguments": call[1], "absent": MODULES} for name, call in calls(own).items() if not call[0]}
    )


def test_every_need_and_every_command_is_called() -> None:
    assert {*COMMANDS} == {*CALLS}
    assert {wanted for wanted, _ in NAMES.values() if wanted} | {w.need for w in absent.SDK_CALLS.values()} == {*NEEDS}


def test_the_extras_are_those_of_the_package() -> None:
    """And each brings what its needs import."""
    wanted = {extra: {m for n in NEEDS.values() if n.extra == extra for m in n.modules} for extra in EXTRAS}
    assert {n.extra for n in NEEDS.values()} == EXTRAS.keys() - OF_DEVELOPERS
    brought = providers()
    for extra in EXTRAS.keys() - OF_DEVELOPERS:
        names = _distributions(extra)
        for module in wanted[extra]:
            assert {*map(_plain, brought[module])} & names, f"{module} does not come with the extra {extra}"
        own = {_name(line) for line in EXTRAS[extra] if not line.startswith("machimori[")}
        imported = {_plain(d) for module in wanted[extra] for d in brought[module]}
        assert own - imported <= {*map(_plain, NEVER_IMPORTED)}, f"what of the extra {extra} is needed, and for what?"


def _distributions(extra: str) -> set[str]:
    """What an extra names, and what the extras name that it includes."""
    found: set[str] = set()
    for line in EXTRAS[extra]:
        inner = re.fullmatch(r"machimori\[(.*)\]", line)
        found |= set().union(*map(_distributions, inner[1].split(","))) if inner else {_name(line)}
    return found


@cache
def providers() -> Mapping[str, list[str]]:
    """The distributions that have a module; asking takes half a second."""
    return packages_distributions()


def _name(line: str) -> str:
    return _plain(Requirement(line).name)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(("name", "module"), ABSENT, ids=[f"{n}-{m}" for n, m in ABSENT])
def test_absent_a_command_says_what_to_install_and_does_nothing(
    refused: dict[str, Any], name: str, module: str
) -> None:
    wanted = NEEDS[NAMES[name][0] or ""]
    command = f"pip install 'machimori[{wanted.extra}]'"
    for language, said in (
        ("en", f"error: {wanted.feature} needs an optional dependency: {command}"),
        ("ja", f"エラー: {wanted.feature.text('ja')}には追加の依存パッケージが必要です：{command}"),
    ):
        answer = refused[f"{name}/{module}/{language}"]
        assert answer == {"status": 2, "out": "", "err": f"{said}\n", "touched": False}


@pytest.mark.parametrize(("name", "module"), OF_SDK_CALLS, ids=[f"{n}-{m}" for n, m in OF_SDK_CALLS])
def test_absent_the_library_raises_one_error(refused: dict[str, Any], name: str, module: str) -> None:
    wanted = NEEDS[absent.SDK_CALLS[name].need]
    answer = refused[f"{name}/{module}"]
    assert (answer["kind"], answer["extra"]) == ("MissingExtraError", wanted.extra)
    for language, feature in (("en", wanted.feature.text("en")), ("ja", wanted.feature.text("ja"))):
        assert answer[language].startswith(feature)
        assert answer[language].endswith(f"pip install 'machimori[{wanted.extra}]'")
    assert not answer["touched"]


@pytest.mark.parametrize("name", CORE)
def test_without_any_extra_the_core_does_what_it_does_with_them(
    lean: dict[str, Any], folder: Path, tmp_path: Path, call: Call, name: str
) -> None:
    here = call(*calls(Path(shutil.copytree(folder, tmp_path / "files")))[name][1])
    there = lean[name]
    assert there["status"] == here.status
    assert here.status in (0, 1)
    assert there["out"] == here.out
    assert there["out"]


def test_the_core_imports_nothing_of_an_extra(folder: Path, tmp_path: Path) -> None:
    """Though all of it is installed."""
    own = Path(shutil.copytree(folder, tmp_path / "files"))
    found = told(own, {name: {"arguments": call[1], "absent": []} for name, call in calls(own).items() if not call[0]})
    assert {*found["imported"]} & {*MODULES} == set()


ELSEWHERE = {"validate with Spark", "statistics with Spark", "serve", "serve without a gate", "serve with a store"}
"""What starts Spark or a server: tests/validation/test_spark.py, tests/service/test_command.py."""
ALONE = sorted(
    {(NEEDS[wanted].extra, name) for name, (wanted, _) in NAMES.items() if wanted and name not in ELSEWHERE}
    | {(NEEDS[work.need].extra, name) for name, work in absent.SDK_CALLS.items()}
)
"""Each call with the extra that it needs."""


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """What comes of the calls that need an extra, where no other is installed."""

    @cache
    def of(extra: str) -> dict[str, Any]:
        own = Path(shutil.copytree(folder, tmp_path_factory.mktemp("alone") / "files"))
        brought = _brought(extra)
        others = [m for m in MODULES if not {*map(_plain, providers()[m])} & brought]
        made = calls(own)
        return told(
            own,
            {
                name: {"library": name, "absent": others}
                if name in absent.SDK_CALLS
                else {"arguments": made[name][1], "absent": others}
                for needed, name in ALONE
                if needed == extra
            },
        )

    return of


def _brought(extra: str) -> set[str]:
    """Every distribution that comes with an extra, and the core."""
    found: set[str] = set()
    waiting = [*_distributions(extra), *map(_name, CORE_NEEDS)]
    while waiting:
        one = _plain(waiting.pop())
        if one not in found:
            found.add(one)
            asked = map(Requirement, requires(one) or ())
            waiting += [r.name for r in asked if r.marker is None or r.marker.evaluate({"extra": ""})]
    return found


@pytest.mark.parametrize(("extra", "name"), ALONE, ids=[f"{e}-{n}" for e, n in ALONE])
def test_present_an_extra_is_enough(alone: Callable[[str], dict[str, Any]], extra: str, name: str) -> None:
    """Nothing of the others is asked for, whatever else becomes of the call."""
    answer = alone(extra)[name]
    if name in absent.SDK_CALLS:
        assert answer["kind"] not in ("MissingExtraError", "ModuleNotFoundError", "ImportError"), answer
    else:
        assert "pip install" not in answer["err"]
        assert answer["status"] in (0, 1) or name.endswith(" on PostgreSQL"), answer["err"]  # no server is there


@pytest.mark.parametrize("name", NEEDS)
def test_present_a_need_is_met(name: str) -> None:
    need(name)


@pytest.mark.parametrize("name", NEEDS)
def test_a_module_that_cannot_be_asked_about_is_absent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was taken out, and one that says nothing of itself."""
    for module in NEEDS[name].modules:
        silent: Any = ModuleType("silent")
        silent.__spec__ = None
        for broken in (None, silent):
            monkeypatch.setitem(sys.modules, module, broken)
            with pytest.raises(errors.MissingExtraError) as raised:
                need(name)
            assert raised.value.exit_status == 2
            assert NEEDS[name].feature.text("ja") in raised.value.text("ja")
        monkeypatch.undo()


def test_run_installs_the_gate_for_the_scenarios_that_need_it() -> None:
    namespace: dict[str, Any] = {"__name__": "run", "__file__": str(ROOT / "run.py")}
    exec(compile((ROOT / "run.py").read_text("utf-8"), "run.py", "exec"), namespace)
    assert {*namespace["STORIES"]} == {name for name in SCENARIOS if _scenario(name)}
    installs: Callable[[list[str]], str] = namespace["extra_of"]
    assert [installs(["demo"]), installs(["demo", "privacy", "--lang", "ja"])] == ["", ""]
    assert {installs(["demo", "--lang", "ja", name]) for name in namespace["STORIES"]} == {"gate"}
    assert installs(["tests", "energy"]) == "test"
