"""Regular expressions take time that grows with the text alone, whatever the text: those of the model and of the SDK."""

from __future__ import annotations

import ast
import inspect
import io
import json
import pkgutil
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.javascript.node import installed, present

import machimori
from machimori import validate, validate_stream
from machimori.catalogue import catalogue

JAVASCRIPT = Path(__file__).parents[1] / "javascript"
OF_OUR_OWN_FILES = ("build", "reference", "model", "artefacts", "cli.schemas")
"""Packages and modules that read nothing but the model and what is made of it."""
WHERE = {"match": "match", "prefixmatch": "match", "fullmatch": "fullmatch"}
"""Where a method looks for a pattern; any other method, and what is not known, looks everywhere."""
ANYWHERE = "search"
FLAGS = {re.DOTALL: "s", re.IGNORECASE: "i", re.MULTILINE: "m"}


class Used(NamedTuple):
    """A regular expression, and where it is looked for in a text."""

    name: str
    source: str
    flags: int
    where: str

    def in_javascript(self) -> tuple[str, str]:
        source = self.source.replace(r"\Z", "$").replace(r"\A", "^").replace("(?P<", "(?<")
        around = {"match": "^(?:{})", "fullmatch": "^(?:{})$", ANYWHERE: "{}"}[self.where]
        return around.replace("{}", source), "".join(letter for flag, letter in FLAGS.items() if self.flags & flag)


def of_the_model() -> Iterator[Used]:
    whole = catalogue.catalogue()
    fields = {f"{c}.{n}": f for c, e in whole["classes"].items() for n, f in e["fields"].items()}
    for name, data in {**whole["types"], **fields}.items():
        if data.get("pattern"):
            yield Used(name, data["pattern"], 0, ANYWHERE)
            yield Used(name, data["pattern"], 0, "fullmatch")


def of_the_sdk() -> Iterator[Used]:
    for module in pkgutil.walk_packages(machimori.__path__, "machimori."):
        short = module.name.removeprefix("machimori.")
        if short.split(".")[0] in OF_OUR_OWN_FILES or short in OF_OUR_OWN_FILES or module.ispkg:
            continue
        loaded = import_module(module.name)
        calls = [n for n in ast.walk(ast.parse(inspect.getsource(loaded))) if isinstance(n, ast.Attribute)]
        for name, held in vars(loaded).items():
            if isinstance(held, re.Pattern):
                ways = {n.attr for n in calls if isinstance(n.value, ast.Name) and n.value.id == name} or {ANYWHERE}
                for where in {WHERE.get(way, ANYWHERE) for way in ways}:
                    yield Used(f"{short}.{name}", _text(held.pattern), held.flags, where)
        yield from _in_place(short, loaded)


def _in_place(short: str, module: Any) -> Iterator[Used]:
    """Those that are written where they are used."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), way), [ast.Constant(source), *_]) if way != "compile":
                yield Used(f"{short}:{node.lineno}", _text(source), 0, WHERE.get(way, ANYWHERE))


def _text(source: str | bytes) -> str:
    return source if isinstance(source, str) else source.decode("latin-1")


def judged(used: list[Used]) -> dict[str, str]:
    installed()
    asked = json.dumps([u.in_javascript() for u in used])
    done = subprocess.run(
        [present("node"), "linear.mjs"], input=asked, cwd=JAVASCRIPT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return {f"{u.name} ({u.where}) {u.source}": told for u, told in zip(used, json.loads(done.stdout), strict=True)}


@pytest.mark.full
def test_no_text_makes_a_pattern_slow() -> None:
    used = [*of_the_model(), *of_the_sdk()]
    assert {u.name for u in used} >= {"Iri", "records.brackets._TOKEN", "exchange.value_readers._INDOORS_OUTDOORS"}
    assert {name: told for name, told in judged(used).items() if told != "safe"} == {}


@pytest.mark.full
def test_a_slow_pattern_would_be_seen() -> None:
    slow = [Used("nested", "^(a+)+$", 0, ANYWHERE), Used("twice", r"\s+$", 0, ANYWHERE)]
    assert [told.partition(":")[0] for told in judged(slow).values()] == ["vulnerable"] * 2


LENGTH = 400_000
"""Marks of each hostile text: at a step each, twice over, seconds would be days."""
PATIENCE = 60
QUOTED = b'\\"' * LENGTH
HOSTILE = {
    "a text that does not end": b'{"' + QUOTED,
    "the same on two lines": b'{"' + QUOTED + b'\n{"' + QUOTED,
    "the same behind NaN": b'{"a":NaN,"' + QUOTED,
    "the same behind brackets": b'{"a":' + b"{}," * 300 + b'"' + QUOTED,
    "the same in an array": b'[{"' + QUOTED,
    "the same in an array of lines": b'[{"a":1},\n{"' + QUOTED + b"\n1]",
    "the same behind a key that stands twice": b'{"a":1,"a":2,"b":"' + QUOTED + b'"}',
    "long numbers before NaN": b'{"a":[' + (b"9" * 399 + b",") * (LENGTH // 400) + b"NaN]}",
    "brackets that do not close": b"{" * LENGTH,
    "brackets that close nothing": b"[" + b"}" * LENGTH,
    "white space": b"[" + b" " * LENGTH + b"x",
    "commas": b'{"a":NaN' + b"," * LENGTH,
    "backslashes": b'{"a":"' + b"\\" * LENGTH + b"\n",
    "one long key": b'{"type":"TransitStop","' + b"x" * LENGTH + b'":1}',
    "one long type": b'{"type":"' + b"x" * LENGTH + b'"}',
    "one long IRI": b'{"type":"TransitStop","id":"urn:' + b"x" * LENGTH + b' "}',
}


class TooSlowError(Exception):
    pass


@contextmanager
def patience() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def in_a_stream(text: bytes) -> bool:
    return validate_stream(io.BytesIO(text)).ok


@pytest.mark.parametrize("judge", [validate, in_a_stream])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_in_time(name: str, judge: Callable[[bytes], Any]) -> None:
    with patience():
        assert not judge(HOSTILE[name])
