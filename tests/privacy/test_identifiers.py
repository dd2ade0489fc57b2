"""Ids are compared folded: every spelling of one is one, and two that mean different things stay two."""

from __future__ import annotations

import sys
from unicodedata import normalize
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from machimori.standards.identifiers import UNRESERVED, folded

SAME = [
    ("urn:machimori:customer:17", "URN:Machimori:Customer:17"),
    ("https://Example.JP/people/Sato", "HTTPS://example.jp/people/sato"),
    ("https://example.jp/people/sato", "https://example.jp/people/sato/"),
    ("https://example.jp/people/sato", "https://example.jp/people/sato//"),
    ("https://example.jp/people/sato", "https://example.jp/people/sato#me"),
    ("https://example.jp/people/sato", "https://example.jp/people/sato/#"),
    ("urn:machimori:customer:17", "urn:machimori:customer:%31%37"),
    ("urn:machimori:customer:17", "urn:machimori:%63%75%53tomer:17"),
    ("urn:x:a%2fb", "urn:x:a%2Fb"),
    ("urn:x:caf%C3%A9", "urn:x:cafe%CC%81"),
    ("urn:x:caf%c3%a9", "urn:x:CAF%C3%89"),
    ("urn:x:%E4%BD%90%E8%97%A4", "urn:x:佐藤"),
    ("urn:x:straße", "urn:x:STRASSE"),
    ("urn:x:ΣΊΣΥΦΟΣ", "urn:x:σίσυφος"),
    ("urn:x:\u1fb3", "urn:x:\u03b1\u0345"),
    ("urn:x:%", "urn:x:%25"),
    ("urn:x:%zz", "urn:x:%25zz"),
]
APART = [
    ("urn:x:a%2Fb", "urn:x:a/b"),
    ("urn:x:a%23b", "urn:x:a"),
    ("urn:x:a%23b", "urn:x:a#b"),
    ("urn:x:a%2523", "urn:x:a%23"),
    ("urn:x:a%3Ab", "urn:x:a:b"),
    ("urn:x:a?b", "urn:x:a"),
    ("urn:x:a%20", "urn:x:a"),
    ("urn:x:17", "urn:x:１７"),
    ("urn:x:a%FF", "urn:x:a%FE"),
    ("urn:x:a%FF", "urn:x:aÿ"),
    ("urn:x:%2541", "urn:x:a"),
    ("urn:x:%%34%31", "urn:x:a"),
]
TEXTS = st.text(max_size=40) | st.text(alphabet="aAé/#%:2E3Ff~\u0345\u0301ßΣ", max_size=40)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_id_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_ids_that_mean_different_things_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(TEXTS)
@example("%%34%31")
@example("\u0345\u0301%CD%85")
@settings(derandomize=True, deadline=None, max_examples=500)
def test_what_is_folded_folds_to_itself(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=300)
def test_form_case_fragment_and_slash_make_no_difference(text: str) -> None:
    plain = text.partition("#")[0]
    assert folded(plain + "/#anything") == folded(plain + "#") == folded(text)
    assert folded(normalize("NFC", plain)) == folded(normalize("NFD", plain)) == folded(plain)
    if plain.isascii():
        assert folded(plain.swapcase()) == folded(plain.casefold()) == folded(plain)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="#%"), max_size=30), st.data())
@settings(derandomize=True, deadline=None, max_examples=200)
def test_what_is_unreserved_may_be_encoded(text: str, data: st.DataObject) -> None:
    """All of it, or any part, in small or capital letters."""

    def spelled(some: st.SearchStrategy[bool]) -> str:
        free = [c in UNRESERVED or not c.isascii() for c in text]
        return "".join(_encoded(c) if f and data.draw(some) else c for c, f in zip(text, free, strict=True))

    whole = spelled(st.just(True))
    assert folded(whole) == folded(whole.lower()) == folded(spelled(st.booleans())) == folded(text)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


@given(st.text(alphabet=st.characters(max_codepoint=127, categories=["L", "N", "P", "S"]), max_size=20))
@settings(derandomize=True, deadline=None)
def test_only_case_slash_and_needless_encoding_are_lost(text: str) -> None:
    """Of two that have none of these, each is its own."""
    plain = quote(text, safe="!$&'()*+,;=:@/?").lower().rstrip("/")
    assert folded(plain) == plain


@pytest.mark.full
def test_every_character_folds_to_what_folds_to_itself() -> None:
    for code in range(sys.maxunicode + 1):
        once = folded(f"%{chr(code)}")
        assert folded(once) == once, hex(code)
