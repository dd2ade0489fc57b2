"""What a sentence says in a language: its facts, lists, many and one, and English where nobody translated it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from tests.messages import catalogues

from machimori import messages
from machimori.catalogue.terms import Text
from machimori.messages import Choice, Message, msgid

CARDS = msgid("{count} card", plural="{count} cards", context="of a game")


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a catalogue of Russian, which has three forms of many."""
    held = Catalog(locale="ru", domain=messages.DOMAIN)
    held.add("cannot read {source}: {reason}", "«{source}»: {reason}")
    held.add("a directory", "каталог")
    held.add(("{count} card", "{count} cards"), ("{count} карта", "{count} карты", "{count} карт"), context="of a game")
    held.add("Not JSON", "не JSON")
    held.add(", ", " и ", context="between names")
    held.add(" or ", " или ", context="between names of which one is meant")
    file = tmp_path / "ru" / "LC_MESSAGES" / "machimori.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(catalogues.compiled(held))
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    return tmp_path


def test_a_language_is_a_catalogue_that_is_there(spoken: Path) -> None:
    assert messages.languages() == ("en", "ru")


def test_a_fact_is_said_in_the_language_too(spoken: Path) -> None:
    message = Message("cannot read {source}: {reason}", source="x", reason=Message("a directory"))
    assert message.text("ru") == "«x»: каталог"
    assert str(message) == "cannot read x: a directory"


@pytest.mark.parametrize(("count", "said"), [(1, "1 карта"), (3, "3 карты"), (5, "5 карт"), (21, "21 карта")])
def test_many_are_told_as_the_language_tells_them(spoken: Path, count: int, said: str) -> None:
    assert messages.text("ru", CARDS, count=count) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 cards"), (1, "1 card"), (2, "2 cards")])
def test_many_in_english(count: int, said: str) -> None:
    assert messages.text("en", CARDS, count=count) == said


def test_names_are_a_list_or_a_choice(spoken: Path) -> None:
    assert messages.text("ru", "{names}", names=("a", "b")) == "a и b"
    assert messages.text("ru", "{names}", names=Choice(("a", "b"))) == "a или b"
    assert messages.text("en", "{names}", names=Choice(("a", "b"))) == "a or b"


def test_what_nobody_translated_is_english(spoken: Path) -> None:
    assert messages.text("ru", "the array does not end") == "the array does not end"
    assert messages.text("xx", "a directory") == "a directory"
    assert messages.text("../ru", "a directory") == "a directory"


def test_words_of_the_model_are_their_own_or_those_of_the_catalogue(spoken: Path) -> None:
    title = {"en": "Not JSON", "ja": "JSONでない"}
    assert [messages.of(title, language) for language in ("en", "ja", "ru", "xx")] == [
        "Not JSON",
        "JSONでない",
        "не JSON",
        "Not JSON",
    ]
    assert messages.text("ru", "{title}", title=title) == "не JSON"


def test_words_of_a_term_are_said_like_any_sentence(spoken: Path) -> None:
    title = Text(en="Not JSON", ja="JSONでない")
    assert [title.text(language) for language in ("en", "ja", "ru", "xx")] == [
        "Not JSON",
        "JSONでない",
        "не JSON",
        "Not JSON",
    ]
    message = Message("cannot read {source}: {reason}", source="x", reason=title)
    assert message.text("ru") == "«x»: не JSON"
    assert messages.joined("ru", (title, title)) == "не JSON и не JSON"
    assert pickle.loads(pickle.dumps(message)) == message


def test_no_words_are_said_as_none(spoken: Path) -> None:
    """Gettext keeps the head of a catalogue where its empty sentence would be."""
    assert Text(en="", ja="").text("ru") == ""


@pytest.mark.parametrize("hostile", ["{0}", "{x!r}", "{", "}", "{{}}", "\x04", "a\x00b", "%s", "{reason.__class__}"])
def test_a_fact_is_never_a_template(hostile: str) -> None:
    assert messages.text("ja", "cannot read {source}: {reason}", source=hostile, reason=hostile).count(hostile) == 2
    assert messages.of({"en": hostile}, "ja") == hostile
    assert messages.text("en", "{names}", names=(hostile, hostile)).count(hostile) == 2


def test_a_message_goes_to_another_process_whole() -> None:
    message = Message("cannot read {source}: {reason}", source="x", reason=Message("a directory"))
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(message) == hash(pickle.loads(pickle.dumps(message)))
