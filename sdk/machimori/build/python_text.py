"""How a text of the model is written in Python: as a literal, as a pattern, as a docstring.

Whatever a model says comes into generated Python through these three, so that it can be nothing but text there: a quotation
mark, a backslash or a line end is written as an escape, and so is every character that does not show or that turns the
line around (the trick of "Trojan Source", CVE-2021-42574). ``python_guard`` looks again at what came out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_CLOSING = re.compile(r'"(?="|\Z)')
"""A quotation mark that could end a docstring: before another one, or the last character."""
_DOCSTRING = re.compile(r'\A""".*?"""', re.DOTALL)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: Any) -> str:
    """Plain data as Python writes it: texts, numbers, truth values, ``None``, and tuples, lists and mappings of those."""
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def pattern(text: str) -> str:
    """A regular expression: as a raw string, which people can read, where that says the same."""
    raw = text.isprintable() and '"' not in text and not text.endswith("\\")
    return f'r"{text}"' if raw else literal(text)


def docstring(*paragraphs: str, indent: str = "") -> str:
    """A documentation string of these paragraphs; the empty ones are left out."""
    text = f"\n\n{indent}".join(_inner(p) for p in paragraphs if p)
    return f'"""{text}\n{indent}"""' if len(paragraphs) > 1 else f'"""{text}"""'


def filled(template: str, said: str, places: Mapping[str, str]) -> str:
    """A template with another docstring, and each of ``places``, which stand in it once, in the place of its text."""
    text = (files("machimori.build") / "templates" / template).read_text(encoding="utf-8")
    parts = [text]
    for old, new in places.items():
        before, found, after = parts.pop().partition(old)
        assert found, f"{template} has no {old}"
        parts += [before, new, after]
    return _DOCSTRING.sub(lambda _: said, "".join(parts), count=1)


def _inner(text: str) -> str:
    return _CLOSING.sub(lambda _: _ESCAPES['"'], "".join(c if c in '\n"' else _escaped(c) for c in text))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or character == "\u3000":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
