"""No code asks the model for a thing by a text of its own: the terms have attributes, and the catalogue one reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import raw

import machimori

ROOT = Path(machimori.__file__).parent
FILES = sorted(p for p in ROOT.rglob("*.py") if "templates" not in p.parts and "node_modules" not in p.parts)
PAGES = "build/pages/"
"""The pages print the entries of the whole document that others are given; they look at no term by itself."""
KEYS = (
    {
        key
        for kind in ("classes", "enums", "types", "domains")
        for entry in raw.catalogue()[kind].values()
        for key in entry
    }
    | {key for class_ in raw.catalogue()["classes"].values() for field in class_["fields"].values() for key in field}
    | {key for profile in raw.catalogue()["profiles"].values() for key in profile}
    | {"classes", "enums", "types", "profiles", "domains", "units", "exclusions", "categories"}
)
"""The keys of ``catalogue.json``."""
MAPPINGS = ("fields", "values", "enums", "classes", "types", "profiles", "domains", "units")
"""What terms have by the names of the model."""
TERMS = ("model", "shipped", "class_", "field", "enumeration", "resolve", "exclusions", "class_data", "field_data")
"""Functions of ``machimori.catalogue`` that give terms, and those that once gave data."""


def look_ups(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Subscripts and ``get`` with a key of the catalogue on what a function of the catalogue gave, or a name for it."""
    held = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _from_catalogue(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            of, key = node.value, node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and node.args
        ):
            of, key = node.func.value, node.args[0]
        if isinstance(key, ast.Constant) and key.value in KEYS and _from_catalogue(of, held):
            yield node.lineno, str(key.value)


def _from_catalogue(node: ast.expr, held: set[str]) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in MAPPINGS:
        return False
    while True:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in TERMS:
                inner = node.func.value
                return isinstance(inner, ast.Name) and inner.id in ("catalogue", "paths")
            node = node.func
        elif isinstance(node, (ast.Subscript, ast.Attribute)):
            node = node.value
        else:
            return isinstance(node, ast.Name) and node.id in held


def reads(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where the text of the catalogue itself is taken."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(
            isinstance(a, ast.Constant) and a.value == "catalogue.json"
            for a in [*node.args, *(k.value for k in node.keywords)]
        ):
            yield node.lineno, ast.unparse(node)


def test_nobody_asks_a_term_by_a_text_of_the_code() -> None:
    found = {path: list(look_ups(ast.parse(path.read_text(encoding="utf-8")))) for path in FILES}
    assert {path: places for path, places in found.items() if places} == {}


def test_the_catalogue_is_read_in_its_own_room_alone() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): [call for _, call in reads(ast.parse(path.read_text(encoding="utf-8")))]
        for path in FILES
    }
    elsewhere = {name: calls for name, calls in found.items() if calls and not name.startswith("catalogue/")}
    assert elsewhere == {"build/run.py": ["catalogue.artefact('catalogue.json')"]}  # its hash, not what it says


def test_the_document_is_taken_by_those_that_print_it_alone() -> None:
    calls = ("catalogue.document()", "shipped.document()")
    users = [p.relative_to(ROOT).as_posix() for p in FILES if any(c in p.read_text(encoding="utf-8") for c in calls)]
    assert [name for name in users if not name.startswith(PAGES)] == ["service/documents.py"]


def test_no_term_can_be_asked_by_a_text() -> None:
    """The count above cannot miss one: a term has no items, so that to ask it by a text fails at once."""
    from machimori.catalogue import terms

    kinds = [kind for kind in vars(terms).values() if isinstance(kind, type) and kind.__module__ == terms.__name__]
    assert len(kinds) > 15
    assert [kind.__name__ for kind in kinds if hasattr(kind, "__getitem__") or hasattr(kind, "get")] == []


@pytest.mark.parametrize(
    "code",
    [
        "catalogue.class_(name)['fields']",
        "catalogue.class_data(name)['fields'].get(key)",
        "held = catalogue.model()\nheld['classes']",
        "catalogue.field(a, b).get('pattern')",
        "catalogue.model().profiles[name]['retention']",
    ],
)
def test_a_look_up_is_seen(code: str) -> None:
    assert list(look_ups(ast.parse(code)))
