"""Texts in generated Python: the writer gives back exactly what it was given, and the guard lets nothing else through."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machimori.build import composing, python_guard
from machimori.build.python_guard import UnsafeCodeError
from machimori.build.python_text import docstring, literal, pattern

GENERATED = Path(__file__).parents[2] / "generated"
NASTY = st.text(st.one_of(st.sampled_from("\"'\\\n\r\t{}#\u2028\u202e\x00"), st.characters()), max_size=30)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(NASTY, inner),
    max_leaves=8,
)


@pytest.mark.full
@given(DATA)
@settings(derandomize=True)
def test_a_literal_is_what_it_was(value: object) -> None:
    written = literal(value)
    assert ast.literal_eval(written) == value
    assert not composing.hidden(written.replace("\u3000", ""))


@given(NASTY)
@settings(derandomize=True)
def test_a_pattern_is_what_it_was(text: str) -> None:
    assert ast.literal_eval(pattern(text)) == text


@pytest.mark.full
@given(st.lists(NASTY, min_size=1, max_size=3))
@settings(derandomize=True)
def test_a_docstring_is_one_text_that_holds_each_paragraph(paragraphs: list[str]) -> None:
    tree = ast.parse(f"{docstring(*paragraphs)}\nx = 1\n")
    assert [type(s).__name__ for s in tree.body] == ["Expr", "Assign"]
    said = ast.get_docstring(tree, clean=False)
    assert said is not None
    assert said.rstrip("\n") == "\n\n".join(filter(None, paragraphs)).rstrip("\n")


BREAKS: list[tuple[str, str, str, str]] = [
    ("a call", "python/energy.py", "\nx = print(1)\n", "a call of print"),
    ("a call in a default", "python/energy.py", "\nx: int = Field(default=open('x'))\n", "a call of open"),
    ("an attribute", "python/energy.py", "\nx = Entity.iri\n", "Attribute"),
    ("an import", "python/energy.py", "\nfrom os import system\n", "from os import system"),
    ("an import of everything", "python/energy.py", "\nfrom .core import *\n", "from .core import *"),
    ("a plain import", "python/energy.py", "\nimport os\n", "Import"),
    ("a decorator", "python/energy.py", "\n@Field\nclass X(Entity):\n    pass\n", "a class that calls"),
    ("a metaclass", "python/energy.py", "\nclass X(Entity, metaclass=Field):\n    x = 1\n", "a class that calls"),
    ("a base that is called", "python/energy.py", "\nclass X(print()):\n    x = 1\n", "a call of print"),
    ("a comprehension", "python/_profiles.py", "\nx = [y for y in ()]\n", "ListComp"),
    ("a lambda", "python/_profiles.py", "\nx = lambda: 0\n", "Lambda"),
    ("a formatted text", "python/_profiles.py", '\nx = f"{OPEN}"\n', "JoinedStr"),
    ("a star", "python/_profiles.py", "\nx = Privacy(*OPEN)\n", "Starred"),
    ("words of a mapping", "python/_profiles.py", "\nx = Privacy(**OPEN)\n", "a call of Privacy"),
    ("an item that is set", "python/_profiles.py", "\nPROFILES['x'] = OPEN\n", "an assignment"),
    ("a function", "python/energy.py", "\ndef f():\n    return 1\n", "FunctionDef"),
    ("a condition", "python/energy.py", "\nif 1:\n    x = 1\n", "If"),
    ("a walrus", "python/energy.py", "\nx = (y := 1)\n", "NamedExpr"),
    ("another lazy function", "python/__init__.py", "\ndef class_named(name):\n    return eval(name)\n", "FunctionDef"),
    ("an import beside the types", "python/__init__.py", "\nif TYPE_CHECKING:\n    import os\n", "If"),
    ("an else of the types", "python/__init__.py", "\nif TYPE_CHECKING:\n    from ._base import Entity\nelse:\n    x = 1\n", "If"),
    ("a line in a template", "python/_base.py", "\nx = 1\n", "not what stands in the template"),
    ("a line in the validators", "validators/__init__.py", "\nx = 1\n", "not what stands in the template"),
    ("a call in a validator", "validators/trip.py", "\nx = open('y')\n", "a call of open"),
    ("a method in a validator", "validators/trip.py", "\nx = ''.join(())\n", "a call of"),
    ("a method of a module", "validators/trip.py", "\nx = re.sub('a', 'b', 'c')\n", "a call of re.sub"),
    ("a pattern that is made", "validators/trip.py", "\nx = re.compile(str(1))\n", "a call of re.compile"),
    ("a format that looks inside", "validators/trip.py", "\nx = '{data.__class__}'.format(**locals())\n", "a call of"),
    ("a format with an index", "validators/trip.py", "\nx = '{data[0]}'.format(**locals())\n", "a call of"),
    ("an import in a validator", "validators/trip.py", "\nimport os\n", "import os"),
    ("a class in a validator", "validators/trip.py", "\nclass X:\n    x = 1\n", "ClassDef"),
    ("a decorated validator", "validators/trip.py", "\n@open\ndef validate_x(data):\n    return data\n", "a function that calls"),
    ("a default that is called", "validators/trip.py", "\ndef validate_x(data=open('y')):\n    return data\n", "a call of open"),
    ("no Python", "python/energy.py", "\n)\n", "not Python"),
    ("zeros", "python/energy.py", "\0", "not Python"),
]  # fmt: skip


def generated(*paths: str) -> dict[str, str]:
    return {path: (GENERATED / path).read_text(encoding="utf-8") for path in paths}


def every_file() -> Iterator[str]:
    yield from (p.relative_to(GENERATED).as_posix() for p in GENERATED.rglob("*.py") if "__pycache__" not in p.parts)


@pytest.mark.full
def test_all_that_the_build_writes_passes() -> None:
    python_guard.check(generated(*every_file()))


@pytest.mark.parametrize(("path", "added", "what"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_what_no_generator_makes_is_refused_at_its_line(path: str, added: str, what: str) -> None:
    text = generated(path)[path]
    with pytest.raises(UnsafeCodeError) as refused:
        python_guard.check({path: text + added})
    assert refused.value.path == path
    assert refused.value.what.startswith(what)
    assert refused.value.line >= (
        text.count("\n") if what not in ("not Python", "not what stands in the template") else 1
    )
