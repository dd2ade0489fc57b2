"""Markdown primitives: escaping, links, tables, code, and the attributes that carry a class, an id or a language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#{}])")
_BARE_IRI = re.compile(r"https?://[^\s、。）)]+")


def plain(text: str) -> str:
    """Text in which nothing is read as Markdown or HTML; a table cell takes it too."""
    return _SPECIAL.sub(lambda m: f"&#{ord(m[1])};" if m[1] in "<>|{}[]" else f"\\{m[1]}", " ".join(text.split()))


def prose(text: str) -> str:
    """Like ``plain``, with addresses in it made into links."""
    parts, end = [], 0
    for found in _BARE_IRI.finditer(text):
        parts += [plain(text[end : found.start()]), link(found[0], found[0])]
        end = found.end()
        if text[found.start() - 1 : found.start()] == " ":
            parts.insert(-1, " ")
    return "".join([*parts, plain(text[end:])])


def code(text: str) -> str:
    """A code span; the text holds no backtick."""
    return f"`{text}`"


def code_cell(text: str) -> str:
    """Code in a table cell, where a bar would end the cell."""
    return f"<code>{plain(text)}</code>"


def link(label: str, target: str, *marks: str) -> str:
    """A link; ``marks`` are attributes such as ``.badge`` or ``#id``."""
    shown = plain(label) if not label.startswith(("`", "<code>")) else label
    return f"[{shown}]({target})" + attributes(*marks)


def attributes(*marks: str) -> str:
    return f"{{: {' '.join(marks)} }}" if marks else ""


def heading(level: int, text: str, anchor: str | None = None) -> str:
    return f"{'#' * level} {text}" + (f" {{: #{anchor} }}" if anchor else "")


def paragraph(text: str, *marks: str) -> str:
    return text + (f"\n{attributes(*marks)}" if marks else "")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows]]
    return "\n".join(lines)


def items(entries: Iterable[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def folded(title: str, text: str) -> str:
    """Blocks that a reader opens by their title."""
    return f'??? note "{title}"\n\n' + "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def front_matter(**facts: object) -> str:
    """YAML front matter; JSON strings are YAML strings."""
    held = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value is not None]
    return "\n".join(["---", *held, "---"])
