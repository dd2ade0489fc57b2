"""The built site: strict, complete in both languages, found by search, and needing nothing from any network or server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml
from tests import raw

from machimori.catalogue.catalogue import artefact, codes

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.site
LANGUAGES = ("en", "ja")
LOADED_LINKS = {
    "stylesheet",
    "icon",
    "shortcut",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "manifest",
}
SOURCES = {"script", "img", "iframe", "source", "video", "audio", "embed", "track", "input"}


class Page(HTMLParser):
    """The addresses that a page loads, those it leads to, and its anchors."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.anchors: set[str] = set()
        self.switch: dict[str, str] = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {k: v or "" for k, v in attrs}
        if "id" in held:
            self.anchors.add(held["id"])
        if tag in SOURCES:
            self.loads += [held[k] for k in ("src", "srcset", "poster") if k in held]
        elif tag == "link" and LOADED_LINKS & set(held.get("rel", "").split()):
            self.loads.append(held.get("href", ""))
        elif tag == "a" and "href" in held:
            self.leads.append(held["href"])
            if "hreflang" in held:
                self.switch[held["hreflang"]] = held["href"]


@cache
def read(path: Path) -> Page:
    return Page(path)


def pages(site: Path, language: str) -> Iterator[tuple[str, Page]]:
    for path in sorted((site / language).rglob("*.html")):
        yield path.relative_to(site).as_posix(), read(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_loads_nothing_from_a_network(site: Path, language: str) -> None:
    remote = [(name, a) for name, page in pages(site, language) for a in page.loads if re.match(r"(https?:)?//", a)]
    assert remote == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_style_sheet_loads_nothing_from_a_network(site: Path, language: str) -> None:
    remote = r"(@import\s+['\"]?|url\(\s*['\"]?)(https?:)?//"
    found = [p.name for p in (site / language).rglob("*.css") if re.search(remote, p.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_of_the_model_has_its_page(site: Path, language: str) -> None:
    held = raw.catalogue()
    wanted = {
        "classes": held["classes"],
        "profiles": held["profiles"],
        "enums": held["enums"],
        "domains": held["domains"],
        "codes": codes(),
        "purposes": held["enums"]["Purpose"]["values"],
        "rules": [r["id"].rpartition("/")[2] for r in json.loads(artefact("policy/policy.json"))["rules"]],
    }
    missing = [
        f"{folder}/{name}"
        for folder, names in wanted.items()
        for name in names
        if not (site / language / "reference" / folder / f"{name}.html").is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_an_anchor(site: Path, language: str) -> None:
    missing = [
        f"{name}.{field}"
        for name, class_ in raw.catalogue()["classes"].items()
        for field in class_["fields"].keys() - read(site / language / "reference" / "classes" / f"{name}.html").anchors
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_that_has_instances_offers_its_schema(site: Path, language: str) -> None:
    for name, class_ in raw.catalogue()["classes"].items():
        if not class_["abstract"]:
            schema = site / language / "reference" / "schemas" / f"{name}.json"
            assert json.loads(schema.read_text(encoding="utf-8"))["title"] == class_["title"]["en"]


def test_every_link_leads_to_a_file(site: Path) -> None:
    """MkDocs looks at the links of pages; this looks at what was built: navigation and both languages too, as from disk."""
    held = {name: page for language in LANGUAGES for name, page in pages(site, language)}
    held["index.html"] = read(site / "index.html")
    broken = []
    for name, page in held.items():
        if name.endswith("404.html"):
            continue
        for address in [*page.leads, *page.loads]:
            target, anchor = urldefrag(urljoin(name, unquote(address)))
            if "://" in target or target.startswith(("mailto:", "data:")):
                continue
            file = target or name
            anchored = not anchor or file not in held or unquote(anchor) in held[file].anchors | {"__skip"}
            if not anchored or not (site / file).is_file():
                broken.append(f"{name}: {address}")
    assert broken == []


def test_the_language_switch_leads_to_the_same_page(site: Path) -> None:
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        for name, page in pages(site, language):
            if not name.endswith("404.html"):
                assert urljoin(name, page.switch[other]) == name.replace(language, other, 1), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_tries_a_run_of_kanji_as_a_whole(site: Path, language: str) -> None:
    """See docs/hooks.py: a new version of the theme may have set it right, or moved it."""
    (worker,) = (site / language / "assets" / "javascripts" / "workers").glob("search.*.js")
    assert "o<=t.length;o++)t.slice(s,o)in e" in worker.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_is_found_by_name_title_and_reading(site: Path, language: str) -> None:
    index = json.loads((site / language / "search" / "search_index.json").read_text(encoding="utf-8"))
    separator = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["plugins"]["search"]["separator"]
    found: dict[str, set[str]] = {}
    for entry in index["docs"]:
        text = f"{entry['title']} {re.sub('<[^>]*>', ' ', entry['text'])}"
        page = entry["location"].partition("#")[0]
        found.setdefault(page, set()).update(t for t in re.split(separator, text) if t)
    for name, class_ in raw.catalogue()["classes"].items():
        words = [name, class_["title"]["ja"], class_.get("reading", "")]
        for word in [t for w in words for t in re.split(separator, w) if t]:
            assert word in found[f"reference/classes/{name}.html"], (name, word)
