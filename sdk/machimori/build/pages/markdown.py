"""Markdown primitives: escaping, links, tables, code, and the attributes that carry a class, an id or a language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#{}&])")
_ENTITIES = "<>|{}[]&"
_OPENING = re.compile(r"([-+=~!?:])|([0-9]+)([.)])")
"""What would make a list, a rule, a fence or a note of a paragraph that begins with it."""
_IN_A_TITLE = str.maketrans('<>&"', "＜＞＆＂")
"""The theme prints the title of a page as it is, in HTML and in an attribute, and takes entities for characters."""
_IN_AN_IRI = "/:?#@!$&+,;=%~*"
_IN_CODE = re.compile(r"[`<>&\n]")
_BARE_IRI = re.compile(r"https?://[^\s、。）)]+")


def plain(text: str) -> str:
    """Text in which nothing is read as Markdown or HTML; a table cell takes it too."""
    line = " ".join(text.split())
    escaped = _SPECIAL.sub(lambda m: f"&#{ord(m[1])};" if m[1] in _ENTITIES else f"\\{m[1]}", line)
    return _OPENING.sub(_closed, escaped, count=1) if _OPENING.match(escaped) else escaped


def _closed(found: re.Match[str]) -> str:
    mark = found[1] or found[3]
    return f"{found[2] or ''}&#{ord(mark)};"


def prose(text: str) -> str:
    """Like ``plain``, with addresses in it made into links."""
    parts, end = [], 0
    for found in _BARE_IRI.finditer(text):
        parts += [plain(text[end : found.start()]), link(found[0], quote(found[0], safe=_IN_AN_IRI))]
        end = found.end()
        if text[found.start() - 1 : found.start()] == " ":
            parts.insert(-1, " ")
    return "".join([*parts, plain(text[end:])])


def address(iri: str) -> str:
    """An IRI that leads where it says."""
    return f"<{quote(iri, safe=_IN_AN_IRI)}>"


class Code(str):
    """Markdown of a piece of code: nothing in it is to be escaped once more."""

    __slots__ = ()


def code(text: str) -> Code:
    """A code span; as HTML where the text holds what would end or open something."""
    return code_cell(text) if _IN_CODE.search(text) else Code(f"`{text}`")


def code_cell(text: str) -> Code:
    """Code in a table cell, where a bar would end the cell."""
    return Code(f"<code>{plain(text)}</code>")


def link(label: str, target: str, *marks: str) -> str:
    """A link; ``marks`` are attributes such as ``.badge`` or ``#id``."""
    shown = label if isinstance(label, Code) else plain(label)
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
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def folded(title: str, text: str) -> str:
    """Blocks that a reader opens by their title."""
    return f'??? note "{title}"\n\n' + "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def front_matter(**facts: object) -> str:
    """YAML front matter; JSON strings are YAML strings."""
    facts |= {"title": str(facts["title"]).translate(_IN_A_TITLE)} if "title" in facts else {}
    held = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value is not None]
    return "\n".join(["---", *held, "---"])
