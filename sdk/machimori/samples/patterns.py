"""Text that matches a pattern of the model. The model's patterns are linear: no look-around, no back-reference."""

from __future__ import annotations

import string
from functools import cache
from importlib import import_module
from random import Random
from typing import Any

from machimori.errors import MachimoriError
from machimori.messages import msgid

_PRINTABLE = string.ascii_lowercase + string.digits
REPEATED = 6
"""How many more than the least an unbounded repetition gives at most."""


class UnspellablePatternError(MachimoriError):
    """A pattern uses a construct that the model's profile of LinkML does not allow."""

    message = msgid("no text can be made for the construct {construct}")

    def __init__(self, construct: str) -> None:
        super().__init__(construct)
        self.construct = construct


def text_matching(pattern: str, chance: Random) -> str:
    """A text that the whole pattern matches.

    >>> text_matching("^[A-Z]{2}-(x|x)$", Random(1))[2:]
    '-x'
    """
    return "".join(_spelled(node, chance) for node in _parsed(pattern))


@cache
def _parsed(pattern: str) -> Any:
    # The standard library's own parser has no public name; it is what gives every pattern its meaning here.
    return import_module("re._parser").parse(pattern)


def _spelled(node: Any, chance: Random) -> str:
    construct, value = str(node[0]), node[1]
    if construct == "AT":
        return ""
    if construct == "LITERAL":
        return chr(value)
    if construct == "ANY":
        return chance.choice(_PRINTABLE)
    if construct == "IN":
        return chance.choice(_characters(value))
    if construct == "BRANCH":
        return "".join(_spelled(inner, chance) for inner in chance.choice(value[1]))
    if construct == "SUBPATTERN":
        return "".join(_spelled(inner, chance) for inner in value[-1])
    if construct == "MAX_REPEAT":
        least, most, inner = value
        times = chance.randint(least, min(int(most), least + REPEATED))
        return "".join(_spelled(n, chance) for _ in range(times) for n in inner)
    raise UnspellablePatternError(construct)


def _characters(members: Any) -> str:
    """The characters of a class in brackets."""
    found: list[str] = []
    negated = False
    for kind, value in members:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.append(chr(value))
        elif name == "RANGE":
            found += [chr(c) for c in range(value[0], value[1] + 1)]
        else:
            raise UnspellablePatternError(name)
    if negated:
        return "".join(c for c in _PRINTABLE if c not in found)
    return "".join(found)
