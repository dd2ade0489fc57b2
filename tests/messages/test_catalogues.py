"""Every sentence of the SDK is in every catalogue once, whole, with the same facts; nothing else is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message as Entry
from tests.messages import catalogues

from machimori import messages
from machimori.catalogue import catalogue
from machimori.catalogue.terms import Text

OTHERS = [language for language in messages.languages() if language != messages.ENGLISH]


def entries(language: str) -> dict[tuple[str | None, object], Entry]:
    return {(entry.context, entry.id): entry for entry in catalogues.catalogue(language) if entry.id}


def english(entry: Entry) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def test_japanese_is_spoken() -> None:
    assert "ja" in OTHERS
    assert len(entries("ja")) > 200


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_sentence_and_nothing_else(language: str) -> None:
    held = catalogues.catalogue(language)
    assert entries(language).keys() == {
        (entry.context, entry.id) for entry in catalogues.template(language) if entry.id
    }
    assert not held.obsolete
    assert not [
        entry.id for entry in entries(language).values() if entry.fuzzy or not all(catalogues.translations(entry))
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_facts_of_its_sentence(language: str) -> None:
    different = [
        (said, other)
        for entry in entries(language).values()
        for said in english(entry)[-1:]
        for other in catalogues.translations(entry)
        if catalogues.placeholders(said) != catalogues.placeholders(other)
    ]
    assert not different


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_written_and_compiled_as_it_is(language: str) -> None:
    file = messages.FOLDER / language / "LC_MESSAGES" / f"{messages.DOMAIN}.po"
    held = catalogues.renewed(language, catalogues.catalogue(language), catalogues.template(language))
    assert file.read_bytes() == catalogues.as_text(held), "python3 run.py messages"
    assert file.with_suffix(".mo").read_bytes() == catalogues.compiled(held), "python3 run.py messages"


def test_a_third_language_keeps_its_words_of_the_model() -> None:
    """They are asked for, and what was translated of them stays; of Japanese the model has its own."""
    asked = catalogues.template("ko")
    words = {title.en for title in titles()}
    assert len(words) > 1000
    assert [word for word in words if word not in asked] == []
    begun = catalogues.renewed("ko", None, asked)
    word = begun.get("Trip")
    assert word is not None
    word.string = "이동"
    kept = catalogues.renewed("ko", begun, asked).get("Trip")
    assert kept is not None
    assert kept.string == "이동"
    assert asked.get("Trip") is not None
    assert catalogues.template("ja").get("Trip") is None


def titles() -> Iterator[Text]:
    for class_ in catalogue.model().classes.values():
        yield class_.title
        yield from (field.title for field in class_.fields.values())
    for enum in catalogue.model().enums.values():
        yield from (value.title for value in enum.values.values())
    for profile in catalogue.model().profiles.values():
        yield from (profile.title, profile.why)


def test_sentences_are_found_in_every_form() -> None:
    source = """
messages.text(language, "one")
text(language, "not ours")
error.text("not ours")
Message("two" if few else "three", count=1)
msgid("four", plural="fours", context="cards")
Message(variable)
messages.text(language, variable)
"""
    found = set(catalogues.said_in(ast.parse(source), "here"))
    assert found == {("", "one", ""), ("", "two", ""), ("", "three", ""), ("cards", "four", "fours")}


@pytest.mark.parametrize("code", ['Message(f"a {b}")', 'msgid("a" + b)', "msgid(b)", 'messages.text(l, f"{b}")'])
def test_a_sentence_that_nobody_can_find_is_refused(code: str) -> None:
    with pytest.raises(AssertionError):
        set(catalogues.said_in(ast.parse(code), "here"))
