"""YAML of the model, read as a tree of nodes with their lines: only what a person would write.

Refused as such: another encoding than UTF-8, several documents in a file, nesting without end, aliases inside of what they stand for, or many of
them (nine lines can stand for a billion), tags, merged keys, one key twice, and characters that do not show or that turn the line around
(CVE-2021-42574), wherever they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where there is one."""
DEEPEST = 24
LARGEST = 4_000_000
"""Bytes of a file; the whole of the model is half of that."""
MOST_ALIASES = 20
COUNTEREXAMPLE = "counterexample"
"""The key under which an issue code shows a file that breaks it, by a character that does not show for example."""
SHOWN = 80
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True)
class Unfit:
    """What keeps a file from being read, or a text of it from being written anywhere."""

    line: int
    what: str
    hidden: bool = False
    """Whether it is a character that does not show."""


class UnfitError(ValueError):
    """A file that is no YAML of a model."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


def compose(content: bytes) -> Any:
    """The root node, ``None`` for an empty file; ``UnfitError`` for what nobody would write by hand."""
    if len(content) > LARGEST:
        raise UnfitError(1, f"larger than {LARGEST:,} bytes")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnfitError(1, "not YAML in UTF-8") from None
    try:
        _scan(text)
        return yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnfitError(line, shown(str(error.problem or "not YAML"))) from None
    except yaml.reader.ReaderError as error:
        raise UnfitError(_line_of(text, error.character), "a character that YAML does not allow") from None
    except yaml.YAMLError:
        raise UnfitError(1, "not YAML in UTF-8") from None


def _scan(text: str) -> None:
    """Look at the events first: they come one by one, whatever the file would grow to."""
    depth = documents = aliases = 0
    anchored: int | None = None
    """The depth at which a part with an anchor began, while it lasts."""
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise UnfitError(line, "a second document in one file")
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if anchored is not None or aliases > MOST_ALIASES:
                raise UnfitError(line, f"an alias inside an anchor, or more than {MOST_ALIASES}: write it out")
        elif getattr(event, "tag", None):
            raise UnfitError(line, "a tag: plain values alone")
        if isinstance(event, yaml.CollectionStartEvent) and event.anchor and anchored is None:
            anchored = depth
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise UnfitError(line, f"more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            anchored = None if depth == anchored else anchored


def plain(node: Any) -> dict[str, Any]:
    """The mapping that a tree of nodes stands for; an empty one for anything else."""
    loaded = None if node is None else LOADER("").construct_document(node)
    return loaded if isinstance(loaded, dict) else {}


def unfit(root: Any) -> Iterator[Unfit]:
    """Keys that are no text or stand twice, and texts with characters that do not show, each mapping before what is in it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            if found := hidden(node.value):
                yield Unfit(node.start_mark.line + 1, found, hidden=True)
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            yield from _unfit_keys(node)
            waiting += [v for k, v in reversed(node.value) if _plain_key(k) and k.value != COUNTEREXAMPLE]


def _unfit_keys(node: yaml.MappingNode) -> Iterator[Unfit]:
    seen: set[str] = set()
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not _plain_key(key):
            yield Unfit(line, "a key that is no plain text")
            continue
        if key.value in seen:
            yield Unfit(line, f"the key {shown(key.value)} a second time")
        seen.add(key.value)
        if found := hidden(key.value):
            yield Unfit(line, found, hidden=True)


def _plain_key(key: Any) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.tag != MERGE


def hidden(text: str) -> str:
    """The first character that does not show or turns the line around, as ``U+202E``; empty where there is none."""
    if text.isprintable():
        return ""
    for character in text:
        if character not in "\n\t" and (unicodedata.category(character) in _HIDDEN or _no_character(character)):
            return f"U+{ord(character):04X}"
    return ""


def _no_character(character: str) -> bool:
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def visible(text: str) -> str:
    """A text on one line: what does not show is written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shown(text: str) -> str:
    """A text of a model for a message: on one line, no longer than people read."""
    whole = visible(text)
    return whole if len(whole) <= SHOWN else f"{whole[: SHOWN - 1]}…"


def _line_of(text: str, character: Any) -> int:
    """The line of the first such character; 1 where it is not known."""
    wanted = chr(character) if isinstance(character, int) else str(character)
    return text[: max(text.find(wanted), 0)].count("\n") + 1
