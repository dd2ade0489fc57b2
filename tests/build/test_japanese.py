"""The Japanese of the model: one word for one concept, kana in readings, full-width punctuation, sentences that end."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from machimori.catalogue import catalogue

MODEL = Path(str(files("machimori.sources")))
DOCS = Path(__file__).parents[2] / "docs" / "ja"
WORDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "japanese_words.yaml").read_text(encoding="utf-8"))

KANJI = re.compile("[一-鿿々]")
JAPANESE = "[ぁ-んァ-ヶー一-鿿々]"
READING = re.compile("[ぁ-ゖァ-ヺー]+")
PROSE = ("description_ja", "instead_ja", "why.ja")

FORBIDDEN = {
    "a half-width bracket beside Japanese": rf"{JAPANESE}[()\[\]]|[()\[\]]{JAPANESE}",
    "a half-width comma, stop, colon or mark beside Japanese": rf"{JAPANESE}[,.;:!?]|[,.;:!?]{JAPANESE}",
    "half-width katakana": "[｡-ﾟ]",
    "a full-width letter or digit": "[Ａ-Ｚａ-ｚ０-９]",
    "a space between Japanese characters": f"{JAPANESE} {JAPANESE}",
    "a comma or stop of another style": "[，．]",
    "a doubled mark": "。。|、、|、。",
}


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """Every Japanese text of the model as (place, kind, text)."""
    found: list[tuple[str, str, str]] = []
    for path in sorted(MODEL.rglob("*.yaml")):
        found += _walk(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem, "")
    return tuple(found)


def _walk(part: Any, place: str, key: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(part, dict):
        for name, inner in part.items():
            kind = str(name).removeprefix("mm:")
            if kind != "source":
                yield from _walk(inner, f"{place}/{name}", f"{key}.ja" if kind == "ja" else kind)
    elif isinstance(part, list):
        for inner in part:
            yield from _walk(inner, place, key)
    elif isinstance(part, str) and key.endswith(("_ja", ".ja")):
        yield place, key, part


def of(*kinds: str) -> list[tuple[str, str]]:
    return [(place, text) for place, kind, text in texts() if kind in kinds]


@pytest.mark.full
def test_the_reading_sees_the_whole_model() -> None:
    assert len(texts()) > 6000
    assert {"title_ja", "reading_ja", "description_ja", "instead_ja", "why.ja", "remedy.ja", "message.ja"} <= {
        kind for _, kind, _ in texts()
    }


@pytest.mark.full
def test_readings_are_kana() -> None:
    assert [(p, t) for p, t in of("reading_ja") if not READING.fullmatch(t)] == []


def test_a_title_has_a_reading_if_and_only_if_it_has_kanji() -> None:
    """The gate asks for one where there are kanji; a reading of kana or letters would say the title twice."""
    held = catalogue.catalogue()
    terms = [*held["classes"].values(), *held["enums"].values(), *held["profiles"].values(), *held["domains"].values()]
    terms += [v for e in held["enums"].values() for v in e["values"].values()]
    terms += [f for c in held["classes"].values() for f in c["fields"].values()]
    wrong = {t["title"]["ja"] for t in terms if bool(KANJI.search(t["title"]["ja"])) != bool(t.get("reading"))}
    assert wrong == set()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_text_has(what: str) -> None:
    filled_in = re.compile(r"\{[a-z_]*\}")
    found = [(p, t) for p, _, t in texts() if "/term/" not in p and re.search(FORBIDDEN[what], filled_in.sub("", t))]
    assert found == []


def test_descriptions_are_sentences_or_nouns_that_end_in_a_stop() -> None:
    assert [(p, t) for p, t in of(*PROSE) if not t.rstrip().endswith("。")] == []


def test_titles_end_in_no_stop() -> None:
    assert [(p, t) for p, t in of("title_ja", "title.ja") if t.endswith(("。", "、"))] == []


def test_descriptions_are_in_the_plain_style() -> None:
    """What is said to somebody (messages, remedies, the rules) is polite instead."""
    polite = re.compile("(です|ます|ません|でした|ました|ください)(。|、|$)")
    assert [(p, t) for p, t in of(*PROSE) if polite.search(t) and not p.startswith("rules/")] == []


@pytest.mark.parametrize("word", WORDS["words"], ids=lambda w: w["wrong"])
def test_words_that_were_replaced_do_not_come_back(word: dict[str, str]) -> None:
    assert word["right"]
    assert word["source"]
    excused = re.compile(word["except"]) if "except" in word else None
    pages = [(path.name, path.read_text(encoding="utf-8")) for path in DOCS.glob("*.md") if path.name != "glossary.md"]
    held = [(p, t) for p, kind, t in texts() if kind != "reading_ja" and not p.startswith("glossary/")] + pages
    found = [(p, t) for p, t in held if re.search(word["wrong"], excused.sub("", t) if excused else t)]
    assert found == []


def shared_titles() -> dict[str, set[str]]:
    """The Japanese titles that several fields have, as they are defined (not as a class adapts them)."""
    names: dict[str, set[str]] = defaultdict(set)
    for path in sorted([*MODEL.glob("*.yaml"), *MODEL.glob("domains/*.yaml")]):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        defined = dict(document.get("slots") or {})
        for class_name, class_ in (document.get("classes") or {}).items():
            defined |= {f"{class_name}.{n}": a for n, a in ((class_ or {}).get("attributes") or {}).items()}
        for name, body in defined.items():
            names[body["annotations"]["mm:title_ja"]].add(name)
    return {title: held for title, held in names.items() if len(held) > 1}


@pytest.mark.full
def test_fields_that_share_a_title_are_listed_with_the_reason() -> None:
    """Two fields with one Japanese title look like one in an index and on a form."""
    assert {t: sorted(n) for t, n in shared_titles().items() if t not in WORDS["same_title"]} == {}
    assert sorted(set(WORDS["same_title"]) - set(shared_titles())) == []


def test_a_class_has_each_title_once() -> None:
    wrong = []
    for name, class_ in catalogue.catalogue()["classes"].items():
        titles = [f["title"]["ja"] for f in class_["fields"].values()]
        wrong += [(name, t) for t in set(titles) if titles.count(t) > 1]
    assert wrong == []
