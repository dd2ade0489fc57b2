"""The sentences of the SDK in the reader's language.

A sentence is named by its English, which stands once, in the code that says it, with ``{facts}`` in the style of
``str.format``. What it is in other languages is a gettext catalogue, ``locale/<language>/LC_MESSAGES/machimori.po``, compiled
beside it; a language is one such file (``python3 run.py messages``). The language is always a parameter and never a state of
the process: the service answers in two at once. What a catalogue lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["ENGLISH", "Choice", "Message", "Spoken", "joined", "languages", "msgid", "of", "said", "text"]

ENGLISH = "en"
FOLDER = Path(__file__).parent / "locale"
DOMAIN = "machimori"
_CONTEXT, _PLURAL = "\x04", "\x00"
"""What parts a context from its sentence, and one from many: as a compiled catalogue does."""


def msgid(english: str, /, *, plural: str = "", context: str = "") -> str:
    """Name a sentence that is said elsewhere, so that it is found for the catalogues.

    ``plural`` is the sentence for another ``count`` than one; ``context`` tells two meanings of one English apart.
    """
    named = f"{english}{_PLURAL}{plural}" if plural else english
    return f"{context}{_CONTEXT}{named}" if context else named


AND, OR = msgid(", ", context="between names"), msgid(" or ", context="between names of which one is meant")


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A sentence and its facts, in no language yet."""

    msgid: str
    facts: Mapping[str, object]

    def __init__(self, msgid: str, /, **facts: object) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "facts", facts)

    def text(self, language: str = ENGLISH) -> str:
        """The sentence in a language."""
        return text(language, self.msgid, **self.facts)

    def __str__(self) -> str:
        return self.text()

    def __hash__(self) -> int:
        return hash((self.msgid, frozenset(self.facts)))


class Spoken(Protocol):
    """What has words in every language: a ``Message``, a finding, an error."""

    def text(self, language: str) -> str:
        """The words in a language."""
        ...


class Choice(tuple[str, ...]):
    """Names as a fact, of which one is meant."""

    __slots__ = ()


def text(language: str, message: str, /, **facts: object) -> str:
    """A sentence in a language, with its facts as ``said``."""
    return _template(language, message, facts.get("count")).format_map(Facts(language, facts))


class Facts(Mapping[str, object]):
    """Facts that are said when the sentence comes to them, and not at all where it has no place for them."""

    def __init__(self, language: str, facts: Mapping[str, object]) -> None:
        self._language, self._facts = language, facts

    def __getitem__(self, name: str) -> object:
        return said(self._language, self._facts[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


def said(language: str, fact: object) -> object:
    """A fact in a language: what is ``Spoken`` and words of the model are said in it, a tuple is a list of names."""
    if hasattr(fact, "text"):
        return fact.text(language)
    if isinstance(fact, Mapping):
        return of(fact, language)
    if isinstance(fact, tuple):
        return joined(language, fact, OR if isinstance(fact, Choice) else AND)
    return fact


def joined(language: str, parts: Iterable[object], separator: str = AND) -> str:
    """Parts as one text, with a separator that is a sentence itself."""
    return _template(language, separator, None).join(str(said(language, part)) for part in parts)


def of(pair: Mapping[str, str], language: str) -> str:
    """Words of the model, which brings them in several languages itself; in another, what its catalogue makes of the English."""
    if language in pair or not pair[ENGLISH]:  # of no words, gettext gives the head of the catalogue
        return pair.get(language, "")
    return _catalogue(FOLDER, language).gettext(pair[ENGLISH])


def languages() -> tuple[str, ...]:
    """English, and each language that has a catalogue."""
    return _languages(FOLDER)


def _template(language: str, message: str, count: object) -> str:
    context, _, named = message.rpartition(_CONTEXT)
    one, _, many = named.partition(_PLURAL)
    held = _catalogue(FOLDER, language)
    if many:
        number = count if isinstance(count, int) else 0
        return held.npgettext(context, one, many, number) if context else held.ngettext(one, many, number)
    return held.pgettext(context, one) if context else held.gettext(one)


@lru_cache
def _languages(folder: Path) -> tuple[str, ...]:
    return (ENGLISH, *sorted(found.parts[-3] for found in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


@lru_cache
def _catalogue(folder: Path, language: str) -> NullTranslations:
    from gettext import GNUTranslations, NullTranslations

    if language not in _languages(folder) or language == ENGLISH:
        return NullTranslations()
    with (folder / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


def __dir__() -> list[str]:
    return __all__
