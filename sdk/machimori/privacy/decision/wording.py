"""The conditions of rules in words, from the words that the model has for each term (``model/privacy/terms.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from machimori import messages
from machimori.catalogue import catalogue
from machimori.messages import Message, Spoken, msgid
from machimori.privacy.decision.facts import Answer
from machimori.privacy.decision.policy import Test, written

OR, AND = msgid(" or ", context="between conditions"), msgid("; ", context="between conditions")
ALWAYS = Message("always")
ANOTHER = Message("another purpose on the list")
THE_MINIMUM = Message("the minimum of the profile")


def terms() -> Mapping[str, Any]:
    """The terms of the rules with their words."""
    held: Mapping[str, Any] = written()["terms"]
    return held


@dataclass(frozen=True, slots=True)
class Tested:
    """A test in words: ``group of at least 10``; without a group that of the profile is meant."""

    test: Test
    minimum_group: int | None = None

    def text(self, language: str = messages.ENGLISH) -> str:
        """The words in a language."""
        entry = terms()[self.test.term]
        state = "lacks" if self.test.negated else "holds"
        answers = sorted(map(str, self.test.values))
        words = [entry["answers"][v][state] for v in answers] if "answers" in entry else [entry[state]]
        return _either([messages.of(w, language) for w in words], language).format(
            values=_answers(entry.get("answers_of"), self.test.values, language),
            minimum_group=self.minimum_group or THE_MINIMUM.text(language),
        )


@dataclass(frozen=True, slots=True)
class Either:
    """Tests of which one must hold, in words."""

    tests: tuple[Tested, ...]

    def text(self, language: str = messages.ENGLISH) -> str:
        """The words in a language."""
        return _either([t.text(language) for t in self.tests], language)


@dataclass(frozen=True, slots=True)
class Together:
    """Conditions that must all hold, in words; none is ``always``."""

    conditions: tuple[Spoken, ...]

    def text(self, language: str = messages.ENGLISH) -> str:
        """The words in a language."""
        return messages.joined(language, self.conditions, AND) or ALWAYS.text(language)


def alternatives(tests: Iterable[Test], minimum_group: int | None = None) -> Either:
    """Tests of which one must hold."""
    return Either(tuple(Tested(t, minimum_group) for t in tests))


def _answers(kind: str | None, values: Iterable[Answer], language: str) -> str:
    """The titles of answers in the order of the model: ``A, B or C``."""
    if kind is None:
        return ""
    if kind == "rule":
        named = sorted(map(str, values))
    else:
        held = catalogue.enumeration(kind).values
        named = [within_sentence(v.title.text(language)) for name, v in held.items() if name in values]
    return _either(named, language)


def _either(said: Sequence[str], language: str) -> str:
    """``A, B or C``."""
    *before, last = said
    return messages.joined(language, [messages.joined(language, before), last] if before else [last], OR)


def within_sentence(title: str) -> str:
    """A title as it stands within a sentence: an abbreviation keeps its capitals."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
