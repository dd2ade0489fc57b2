"""Texts that match a pattern, the same ones for the same seed in every process."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from random import Random
from re import _parser  # the one that polyfactory walks the trees of
from string import printable
from typing import Any

from polyfactory.value_generators.regex import RegexFactory


@cache
def parsed(pattern: str) -> Any:
    """The tree of a pattern, made once for all payloads."""
    return _parser.parse(pattern)


class Matching(RegexFactory):
    """Texts of patterns. Those of a class like ``[^/]`` are drawn from a sorted list: the order of a set is another in each process."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self._candidates: dict[int, list[str]] = {}

    def __call__(self, string_or_regex: str | re.Pattern[str]) -> str:
        drawn = self._build_string(parsed(str(string_or_regex)))
        self._cache.clear()
        return drawn

    def _handle_in(self, value: tuple[Any, ...]) -> str:
        if id(value) not in self._candidates:  # a part of a tree that ``parsed`` keeps
            found = list(chain(*map(self._handle_state, value)))
            outside = sorted({*printable}.difference(found[1:])) if found[0] is False else found
            self._candidates[id(value)] = outside
        return self._random.choice(self._candidates[id(value)])
