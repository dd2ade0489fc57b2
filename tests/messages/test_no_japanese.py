"""No module of the SDK says anything in Japanese: what it says is a sentence of a catalogue, or a word of the model.

What is Japanese in itself stays, and is named here with the reason. Docstrings may cite a law or a standard by its name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import machimori

SOURCE = Path(machimori.__file__).parent
JAPANESE = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]")
DATA = {
    "build/glossary.py": "what a reading is made of: kana",
    "build/pages/glossary.py": "katakana, of which a word is no part of a longer one",
    "build/pages/indexes.py": "the rows of the kana, and how readings sort",
    "build/pages/markdown.py": "characters of full width, which mean nothing to HTML, and those that end an address",
    "build/pages/searching.py": "what words are made of: kanji",
    "build/pydantic_classes.py": "the brackets around a reading",
    "demo/infection.py": "the order of a city of Japan, an invented document",
    "exchange/formats/municipal/writing.py": "the mark that stands for a character that CP932 lacks",
    "exchange/layouts/columns.py": "headings of the municipal standard, and the remark that goes into its records",
    "exchange/value_readers.py": "marks, counters and dashes as municipal files write them",
    "privacy/decision/statutes.py": "how articles of statutes are cited",
    "samples/plausible.py": "an invented reading",
    "standards/local_government.py": "the designated cities, and how their wards are named",
}
"""Modules whose Japanese is what they read or write."""


def modules() -> list[str]:
    """All of them."""
    held = [p.relative_to(SOURCE) for p in sorted(SOURCE.rglob("*.py"))]
    return [p.as_posix() for p in held if "ajv" not in p.parts]


def said(module: str) -> Iterator[str]:
    """The texts of a module, without docstrings."""
    tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for inner in ast.iter_child_nodes(node):
            bare = isinstance(node, ast.Expr)
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and not bare:
                yield inner.value


@pytest.mark.parametrize("module", modules())
def test_a_module_says_nothing_in_japanese(module: str) -> None:
    found = [text for text in said(module) if JAPANESE.search(text)]
    assert bool(found) == (module in DATA), found
