"""What the rooms show says what it takes and gives: no ``Any`` stands in a public signature, nor in a name for a type in one."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from tests.test_rooms import ROOMS, names

CALLED = {"__init__", "__call__", "__iter__", "__next__", "__enter__", "__getitem__"}
"""Methods that are public though their names begin with an underscore."""
LEFT = {"Statistics"}
"""A record of class ``StatisticsRelease`` and its cells, as JSON has them."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))


@cache
def stated(module: str, name: str) -> tuple[str, ast.AST] | None:
    """The module that gives a name its meaning, and the statement that does; ``None`` for what is not ours."""
    import_module(module)
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name and node in tree(module).body:
            return module, node
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if node in tree(module).body and any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return module, node
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("machimori"):
            for alias in node.names:
                if (alias.asname or alias.name) == name and alias.name not in (node.module or "").split("."):
                    return stated(node.module or "", alias.name)
    return None


def anything(module: str, annotation: ast.AST | None, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a type says ``Any``, by itself or by the name of a type that does."""
    for node in ast.walk(annotation) if annotation is not None else ():
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            name = node.value
        if name == "Any":
            return True
        if name and name not in seen and (found := stated(module, name)):
            home, statement = found
            if isinstance(statement, ast.Assign | ast.AnnAssign) and anything(home, statement.value, seen | {name}):
                return True
    return False


def open_in(module: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The parameters of a function that take anything, and ``return`` where it gives anything."""
    held = function.args
    each = [*held.posonlyargs, *held.args, *held.kwonlyargs, *filter(None, (held.vararg, held.kwarg))]
    yield from (a.arg for a in each if anything(module, a.annotation))
    if anything(module, function.returns):
        yield "return"


def open_signatures(module: str, name: str) -> Iterator[str]:
    home, node = stated(module, name) or ("", None)
    if isinstance(node, ast.FunctionDef):
        yield from (f"{home}.{name}: {part}" for part in open_in(home, node))
    if isinstance(node, ast.Assign | ast.AnnAssign) and anything(home, node.value):
        yield f"{home}.{name}"
    for member in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
            if not member.name.startswith("_") or member.name in CALLED:
                yield from (f"{home}.{name}.{member.name}: {part}" for part in open_in(home, member))
        elif isinstance(member, ast.AnnAssign) and anything(home, member.annotation):
            yield f"{home}.{name}.{ast.unparse(member.target)}"


def shown(room: str) -> Iterator[tuple[str, str]]:
    """Each name that a room shows, and what a module shows that it shows, with the module that it can be looked up in."""
    for name in names(room):
        found = getattr(import_module(room), name)
        if isinstance(found, ModuleType):
            yield from ((found.__name__, n.name) for n in tree(found.__name__).body if isinstance(n, ast.FunctionDef))
        elif name != "__version__":
            yield room, name


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_signature_says_any(room: str) -> None:
    looked_at = [each for each in shown(room) if each[1][0] != "_" and each[1] not in LEFT]
    assert [where for module, name in looked_at for where in open_signatures(module, name)] == []


def test_the_search_sees_what_it_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "machimori_open.py").write_text(
        "from typing import Any\nRecord = dict[str, Any]\nclass Open:\n    kept: Record\n"
        "    def given(self, to: 'Record') -> list[Record]: ...\n    def told(self, *more: Any) -> int: ...\n"
        "def fine(it: object) -> dict[str, object]: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert list(open_signatures("machimori_open", "fine")) == []
    assert [where.partition(".Open.")[2] for where in open_signatures("machimori_open", "Open")] == [
        "kept",
        "given: to",
        "given: return",
        "told: more",
    ]
