"""What a part of a model's YAML may be, put together of small pieces: texts of a pattern, lists, mappings of known keys.

Each piece is a function that looks at a node and yields what is wrong with it as ``(node, element, code, detail)``; ``grammar``
is the table that is made of them. An empty value is no value: that something is missing is for the gate to say.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from machimori.build.composing import shown

Found = tuple[Any, str, str, str]
"""The node, the element to name, the code and the detail of a fault."""
Form = Callable[[Any, str], Iterator[Found]]

UNREADABLE, BANNED, UNKNOWN = "MM913", "MM910", "MM926"
TAG = "tag:yaml.org,2002:"


def text(pattern: str = r".*", says: str = "") -> Form:
    """A text that the pattern matches as a whole; ``says`` is what it must be."""
    whole = re.compile(pattern, re.DOTALL)

    def check(node: Any, element: str) -> Iterator[Found]:
        if _kind(node) not in ("str", "null"):
            yield (
                node,
                element,
                UNREADABLE,
                f"{_held(node)}: write a text, in quotation marks where it looks like something else",
            )
        elif _kind(node) == "str" and not whole.fullmatch(node.value):
            yield node, element, BANNED, f"{shown(node.value)}: {says}"

    return check


def one_of(*values: str) -> Form:
    return text("|".join(map(re.escape, values)), f"one of {', '.join(values)}")


def _plain(*kinds: str, says: str) -> Form:
    def check(node: Any, element: str) -> Iterator[Found]:
        if _kind(node) not in (*kinds, "null"):
            yield node, element, UNREADABLE, f"{_held(node)}: {says}"

    return check


flag = _plain("bool", says="true or false")
whole_number = _plain("int", says="a whole number")


def number(node: Any, element: str) -> Iterator[Found]:
    """A finite number."""
    if _kind(node) not in ("int", "float", "null") or _held(node).lstrip("+-").lower() in (".inf", ".nan"):
        yield node, element, UNREADABLE, f"{_held(node)}: a number"


def plain(node: Any, element: str) -> Iterator[Found]:
    """A text, a number or a truth value."""
    if not isinstance(node, yaml.ScalarNode):
        yield node, element, UNREADABLE, f"{_held(node)}: one plain value"


def anything(_: Any, __: str) -> Iterator[Found]:
    """Whatever it is: another part of the gate looks at it."""
    yield from ()


def listed(form: Form) -> Form:
    """A list of such."""

    def check(node: Any, element: str) -> Iterator[Found]:
        if _kind(node) == "null":
            return
        if not isinstance(node, yaml.SequenceNode):
            yield node, element, UNREADABLE, f"{_held(node)}: a list"
            return
        for inner in node.value:
            yield from form(inner, element)

    return check


def mapping(keys: Mapping[str, Form], others: Form | None = None) -> Form:
    """A mapping of known keys; of others where ``others`` says which those may be."""

    def check(node: Any, element: str) -> Iterator[Found]:
        if _kind(node) == "null":
            return
        if not isinstance(node, yaml.MappingNode):
            yield node, element, UNREADABLE, f"{_held(node)}: a mapping"
            return
        for key, value in node.value:
            if key.value in keys:
                yield from keys[key.value](value, element)
            elif others is None or key.value.startswith("mm:"):
                yield key, element, UNKNOWN, unknown(key.value, keys)
            else:
                yield from others(key, element)
                yield from plain(value, element)

    return check


def unknown(key: str, keys: Mapping[str, Form]) -> str:
    """That a key is not known, and which one may have been meant."""
    close = difflib.get_close_matches(key[:SAID], list(keys), n=1)
    return shown(key) + (f"; {close[0]}?" if close else "")


SAID = 60
"""Characters of a key that are compared with the known ones."""


def named(key_form: Form, form: Form, joint: str = "") -> Form:
    """A mapping of names to such; ``joint`` is what stands between the element and a name in it."""

    def check(node: Any, element: str) -> Iterator[Found]:
        if _kind(node) == "null":
            return
        if not isinstance(node, yaml.MappingNode):
            yield node, element, UNREADABLE, f"{_held(node)}: a mapping of names"
            return
        for key, value in node.value:
            inner = f"{element}{joint}{shown(key.value)}" if joint else shown(key.value)
            if _kind(key) == "str":
                yield from key_form(key, inner)
            else:
                yield key, inner, BANNED, "a name is a text: quote it in YAML"
            yield from form(value, inner)

    return check


def either(scalar: Form, collection: Form) -> Form:
    """A plain value of one form, or a mapping of the other."""
    return lambda node, element: (collection if isinstance(node, yaml.MappingNode) else scalar)(node, element)


def _kind(node: Any) -> str:
    """``str``, ``int``, ``null`` …; ``seq`` and ``map`` for what is no plain value."""
    return str(node.tag).removeprefix(TAG)


def _held(node: Any) -> str:
    return (
        shown(node.value) if isinstance(node, yaml.ScalarNode) else {"seq": "a list", "map": "a mapping"}[_kind(node)]
    )
