"""Markdown primitives: escaping, links, code, and the attributes that carry a class, an id or a language.

Text is escaped when a template prints it; what is ``Markdown`` already stands as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#{}&])")
_ENTITIES = "<>|{}[]&"
_OPENING = re.compile(r"([-+=~!?:])|([0-9]+)([.)])")
"""What would make a list, a rule, a fence or a note of a paragraph that begins with it."""
_IN_A_TITLE = str.maketrans('<>&"', "＜＞＆＂")
"""The theme prints the title of a page as it is, in HTML and in an attribute, and takes entities for characters."""
_IN_AN_IRI = "/:?#@!$&+,;=%~*"
_IN_CODE = re.compile(r"[`<>&\n]")
_BARE_IRI = re.compile(r"https?://[^\s、。）)]+")


class Markdown(Markup):
    """A piece of Markdown: nothing in it is to be escaped once more. What is joined to it is."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Markdown:
        """Something as Markdown; text in which nothing is read as Markdown or HTML, so that a table cell takes it too."""
        return cls(s) if isinstance(s, Markup) else cls(_escaped(str(s)))


def plain(text: str) -> Markdown:
    """Text in which nothing is read as Markdown or HTML, be it what it may."""
    return Markdown(_escaped(str(text)))


def _escaped(text: str) -> str:
    line = " ".join(text.split())
    escaped = _SPECIAL.sub(lambda m: f"&#{ord(m[1])};" if m[1] in _ENTITIES else f"\\{m[1]}", line)
    return _OPENING.sub(_closed, escaped, count=1) if _OPENING.match(escaped) else escaped


def _closed(found: re.Match[str]) -> str:
    mark = found[1] or found[3]
    return f"{found[2] or ''}&#{ord(mark)};"


def prose(text: str) -> Markdown:
    """Like ``plain``, with addresses in it made into links."""
    parts: list[str] = []
    end = 0
    for found in _BARE_IRI.finditer(text):
        parts += [plain(text[end : found.start()]), link(found[0], quote(found[0], safe=_IN_AN_IRI))]
        end = found.end()
        if text[found.start() - 1 : found.start()] == " ":
            parts.insert(-1, " ")
    return Markdown("".join([*parts, plain(text[end:])]))


def address(iri: str) -> Markdown:
    """An IRI that leads where it says."""
    return Markdown(f"<{quote(iri, safe=_IN_AN_IRI)}>")


def code(text: str) -> Markdown:
    """A code span; as HTML where the text holds what would end or open something."""
    return code_cell(text) if _IN_CODE.search(text) else Markdown(f"`{text}`")


def code_cell(text: str) -> Markdown:
    """Code in a table cell, where a bar would end the cell."""
    return Markdown(f"<code>{plain(text)}</code>")


def link(label: str, target: str, *marks: str) -> Markdown:
    """A link; ``marks`` are attributes such as ``.badge`` or ``#id``."""
    return Markdown(f"[{Markdown.escape(label)}]({target}){attributes(*marks)}")


def attributes(*marks: str) -> Markdown:
    return Markdown(f"{{: {' '.join(marks)} }}" if marks else "")


def anchored(name: str) -> Markdown:
    """The attribute that gives a heading or a cell an id."""
    return attributes(f"#{name}")


def lines(parts: Iterable[str]) -> Markdown:
    """Parts of a table cell, a line each."""
    return Markdown("<br>").join(map(Markdown.escape, parts))


def spaced(parts: Iterable[str]) -> Markdown:
    """Parts with a space between them."""
    return Markdown(" ").join(map(Markdown.escape, parts))


def fenced(text: str, language: str = "text") -> Markdown:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return Markdown(f"{fence}{language}\n{text.rstrip()}\n{fence}")


def folded(title: str, text: str) -> Markdown:
    """Blocks that a reader opens by their title."""
    blocks = "\n".join(f"    {line}".rstrip() for line in str(text).splitlines())
    return Markdown(f'??? note "{title}"\n\n{blocks}')


def front_matter(**facts: object) -> Markdown:
    """YAML front matter; JSON strings are YAML strings."""
    facts |= {"title": str(facts["title"]).translate(_IN_A_TITLE)} if "title" in facts else {}
    held = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value is not None]
    return Markdown("\n".join(["---", *held, "---"]))
