"""The glossary is data: held against its rules, shipped, and told to the reader in the order of each language."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.lazily import Lazily

from machimori.build.pages import book, indexes
from machimori.build.pages import glossary as page
from machimori.build.pages.words import LANGUAGES, Language
from machimori.build.sources import Sources
from machimori.catalogue import catalogue

pytestmark = pytest.mark.full

gate = Lazily("machimori.build.gate")
glossary = Lazily("machimori.build.glossary")

MODEL = Path(str(files("machimori.sources")))
GOOD: dict[str, Any] = {
    "title": "purpose of use",
    "title_ja": "利用目的",
    "reading_ja": "りようもくてき",
    "english": "law",
    "source": {"en": "APPI Art. 17", "ja": "個人情報保護法第17条"},
}
LAW = {"law": {"en": "translation of the statute", "ja": "法令の訳"}}


def faults(folder: Path, *entries: Any, english: Any = LAW) -> list[gate.Fault]:
    terms = {f"term-{number}": entry for number, entry in enumerate(entries)}
    text = yaml.dump({"english_sources": english, "glossary": terms}, allow_unicode=True, Dumper=yaml.CSafeDumper)
    (folder / "glossary.yaml").write_text(text, encoding="utf-8")
    return list(glossary.faults(Sources(folder), gate.Fault))


def test_an_entry_that_says_everything_passes(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        ({"title": ""}, "MM907", "title"),
        ({"title_ja": None}, "MM907", "title_ja"),
        ({"reading_ja": None}, "MM907", "reading_ja"),
        ({"reading_ja": "利ようもくてき"}, "MM907", "reading_ja (kana only)"),
        ({"reading_ja": "riyou"}, "MM907", "reading_ja (kana only)"),
        ({"source": {"en": "APPI Art. 17"}}, "MM907", "source.ja"),
        ({"english": "guess"}, "MM914", "english_sources: guess"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, changes: dict[str, Any], code: str, detail: str) -> None:
    (fault,) = faults(tmp_path, GOOD | changes)
    assert (fault.code, fault.element, fault.detail) == (code, "term-0", detail)
    assert fault.place.file == "glossary.yaml"


def test_a_source_of_english_is_told_in_both_languages(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, GOOD, english={"law": {"en": "translation of the statute"}})
    assert (fault.code, fault.element, fault.detail) == ("MM907", "law", "ja")


@pytest.mark.parametrize("twice", [{"title": "Purpose of Use"}, {"title_ja": "利用目的"}])
def test_no_term_stands_twice_in_either_language(tmp_path: Path, twice: dict[str, str]) -> None:
    other = GOOD | {"title": "other", "title_ja": "他"} | twice
    (fault,) = faults(tmp_path, GOOD, other)
    assert (fault.code, fault.element) == ("MM909", "term-1")


def test_the_shipped_glossary_is_that_of_the_model() -> None:
    written = yaml.safe_load((MODEL / "glossary.yaml").read_text(encoding="utf-8"))
    held = catalogue.glossary()
    assert held["english_sources"] == written["english_sources"]
    assert held["terms"].keys() == written["glossary"].keys()
    assert {t["title"]["ja"] for t in held["terms"].values()} == {t["title_ja"] for t in written["glossary"].values()}


def test_where_terms_overlap_the_longest_counts() -> None:
    found = page.uses(book.read())
    special = page.Found("values", "DataClass", "special_care")
    assert special in found["sensitive-personal-information"]
    assert special not in found["personal-information"]


def test_a_word_in_katakana_is_no_part_of_a_longer_one() -> None:
    """ゲートウェイ is not the gate."""
    assert page.Found("values", "ProductKind", "device") not in page.uses(book.read())["gate"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_term_once_and_leads_to_what_uses_it(language: Language) -> None:
    held = book.read()
    text = page.pages(held, language)["glossary.md"]
    anchors = re.findall(r"^### .* \{: #([a-z0-9-]+) \}$", text, re.MULTILINE)
    assert sorted(anchors) == sorted(held.glossary["terms"])
    part = text.split("{: #designated-shelter }")[1].split("\n### ")[0]
    assert "[`DesignatedShelter`](classes/DesignatedShelter.md)" in part
    assert held.glossary["terms"]["designated-shelter"]["source"][language] in part


def test_terms_are_in_the_order_of_each_language() -> None:
    held = book.read()
    terms = held.glossary["terms"]
    keys: dict[Language, Any] = {
        "ja": lambda n: indexes.sounds(terms[n]["reading"]),
        "en": lambda n: terms[n]["title"]["en"].casefold(),
    }
    for language, key in keys.items():
        text = page.pages(held, language)["glossary.md"]
        shown = re.findall(r"^### .* \{: #([a-z0-9-]+) \}$", text, re.MULTILINE)
        assert shown == sorted(shown, key=key)
