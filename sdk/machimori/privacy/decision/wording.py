"""The conditions of rules in words, from the words that the model has for each term (``model/privacy/terms.yaml``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from machimori.catalogue import catalogue
from machimori.privacy.decision.facts import Answer
from machimori.privacy.decision.policy import Test

Both = dict[str, str]
"""A text in both languages."""

LANGUAGES = ("en", "ja")
OR = {"en": " or ", "ja": "又は"}
AND = {"en": "; ", "ja": "、かつ、"}
COMMA = {"en": ", ", "ja": "、"}
ALWAYS = {"en": "always", "ja": "常に"}
ANOTHER = {"en": "another purpose on the list", "ja": "一覧にあるその他の利用目的であること"}
THE_MINIMUM = {"en": "the minimum of the profile", "ja": "プライバシー区分の定める最小の数"}


@cache
def terms() -> dict[str, Any]:
    """The terms of the rules with their words."""
    held: dict[str, Any] = json.loads(catalogue.artefact("policy/policy.json"))["terms"]
    return held


def of_test(asked: Test, minimum_group: int | None = None) -> Both:
    """``group of at least 10``; without a group that of the profile is meant."""
    entry = terms()[asked.term]
    said = "lacks" if asked.negated else "holds"
    words = [entry["answers"][v][said] for v in sorted(map(str, asked.values))] if "answers" in entry else [entry[said]]
    return {
        language: _either([w[language] for w in words], language).format(
            values=_answers(entry.get("answers_of"), asked.values, language),
            minimum_group=minimum_group or THE_MINIMUM[language],
        )
        for language in LANGUAGES
    }


def alternatives(tests: Iterable[Test], minimum_group: int | None = None) -> Both:
    """Tests of which one must hold."""
    said = [of_test(t, minimum_group) for t in tests]
    return {language: _either([s[language] for s in said], language) for language in LANGUAGES}


def together(conditions: Sequence[Both]) -> Both:
    """Conditions that must all hold; none is ``always``."""
    return {language: AND[language].join(c[language] for c in conditions) or ALWAYS[language] for language in LANGUAGES}


def _answers(kind: str | None, values: Iterable[Answer], language: str) -> str:
    """The titles of answers in the order of the model: ``A, B or C``."""
    if kind is None:
        return ""
    if kind == "rule":
        named = sorted(map(str, values))
    else:
        held = catalogue.enumeration(kind).values
        named = [_within(v.title.text(language)) for name, v in held.items() if name in values]
    return _either(named, language)


def _either(said: Sequence[str], language: str) -> str:
    """``A, B or C``."""
    *before, last = said
    return OR[language].join([COMMA[language].join(before), last] if before else [last])


def _within(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
