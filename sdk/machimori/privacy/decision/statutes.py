"""Whether a document cites a statute, in whichever of the ways in which statutes are cited.

``Basic Act on Disaster Management Art. 53(1)``, the same with the number of the Act and ``Article``, 災害対策基本法第53条第1項 and
第五十三条 cite one article; Article 53-2 (第53条の2) is another one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from machimori.catalogue.terms import StatutoryTask

_LISTED = re.compile("[;,、]")
_BRACKETED = re.compile(r"\([^()]*\)")
_ARTICLE = re.compile(r"\bart(?:icle|\.)?\s*(?=\d)")
_KANJI = re.compile("(?<=第)[一二三四五六七八九十百]+(?=条)")
_DIGITS = {character: number for number, character in enumerate("一二三四五六七八九", 1)}
_PARAGRAPH = re.compile(r"\(|第|para|$")
"""What may follow the article; anything else makes another one of it."""


def cites(text: object, task: StatutoryTask) -> bool:
    """Whether one of the statutes that a text lists is that of a task: the same law and article, whichever paragraph."""
    if not isinstance(text, str):
        return False
    wanted = [_plain(name) for name in (task.statute, task.statute_ja) if name]
    return any(_is(_plain(part), name) for part in _LISTED.split(text) for name in wanted)


def _is(part: str, name: str) -> bool:
    return part.startswith(name) and _PARAGRAPH.match(part, len(name)) is not None


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """A citation without what it may be written with or without."""
    folded = _BRACKETED.sub(_unless_number, unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"\s", "", _KANJI.sub(lambda found: str(_number(found[0])), _ARTICLE.sub("", folded)))


def _unless_number(found: re.Match[str]) -> str:
    """What stands in brackets, but for the number of an Act."""
    return "" if "法律第" in found[0] or found[0].startswith("(act no") else found[0]


def _number(kanji: str) -> int:
    """A number below a thousand."""
    total = digit = 0
    for character in kanji:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * (100 if character == "百" else 10), 0
    return total + digit
