"""Words by which a page is found besides its title: the search knows a run of kanji only from its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable

KANJI = re.compile("[\u4e00-\u9fff\u3005]+")
SHORTEST = 3


def runs(texts: Iterable[str]) -> frozenset[str]:
    """Every run of kanji that stands alone somewhere in the texts."""
    return frozenset(run for text in texts for run in KANJI.findall(text))


def words_within(title: str, known: frozenset[str]) -> list[str]:
    """Ends of the runs of kanji in a title that are known words, or two of them: 避難場所, 緊急避難場所."""
    ends = [run[start:] for run in KANJI.findall(title) for start in range(1, len(run) - SHORTEST + 1)]
    return [end for end in ends if end in known or _made_of_two(end, known)]


def _made_of_two(word: str, known: frozenset[str]) -> bool:
    return any(word[:cut] in known and word[cut:] in known for cut in range(2, len(word) - 1))
