"""What MkDocs and its theme leave to do: figures of the model in prose, a language switch for each page, and a search that
opens from disk and knows Japanese.

Before it asks the index, Material cuts a run of kanji in a query into words that the index knows, but it never tries the
run as a whole nor its last character: 避難所 is looked for as 避難. In `segment` of its search worker both bounds are one
too low (mkdocs-material 9.6 to 9.8). tests/docs/test_site.py tells when a new version needs another look.

A page that is opened from disk may neither fetch the index nor start a worker. Material then reads the index from a script,
which is written here, and the worker runs in a frame (`theme/assets/javascripts/iframe-worker.js`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from runpy import run_path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

from machimori.build.pages.figures import figures

CORRECTIONS = {
    "o<t.length;o++)t.slice(s,o)in e": "o<=t.length;o++)t.slice(s,o)in e",
    "n[a]&&a<t.length-1&&": "n[a]&&a<t.length&&",
}

PLACE = re.compile(r"\{\{ (\w+) \}\}")
HOUSE = run_path(str(Path(__file__).with_name("house.py")))
STATISTICS = run_path(str(Path(__file__).with_name("statistics.py")))
SIZES: dict[str, float] = json.loads((Path(__file__).parent / "sizes.json").read_text(encoding="utf-8"))
"""Megabytes, as measured; tests/packaging holds the wheel that it builds against them."""
DEEP: dict[str, dict[str, int | str]] = json.loads((Path(__file__).parent / "quality.json").read_text(encoding="utf-8"))
"""What the last run of each part of tests/deep.py tried, as it wrote it."""


def on_config(config: Any, **_: Any) -> Any:
    """Every page says of which version it is."""
    config.copyright = f"{config.site_name} {figures(config.theme['language'])['version']} · {config.copyright}"
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Prose says ``{{ classes }}``, the build how many there are."""
    if page.file.src_uri.startswith("reference/"):
        return markdown
    language = config.theme["language"]
    known = figures(language) | {f"size_{name}": f"{size:g}" for name, size in SIZES.items()}
    known |= {f"deep_{part}": " | ".join(_cells(told)) for part, told in DEEP.items()}
    if page.file.src_uri == "house.md":
        known["rooms"] = HOUSE["picture"](language)
    if page.file.src_uri == "statistics.md":
        known |= {name: made(language) for name, made in STATISTICS["PLACES"].items()}
    unknown = set(PLACE.findall(markdown)) - known.keys()
    if unknown:
        raise PluginError(f"{page.file.src_uri}: nothing is known of {', '.join(sorted(unknown))}")
    return PLACE.sub(lambda found: known[found[1]], markdown)


def _cells(told: dict[str, int | str]) -> list[str]:
    """How much was tried, with which seed, and when; a part that has not held yet has nothing."""
    return [f"{told['tried']:,}", f"{told['seed']}", f"{told['date']}"] if told else ["–"] * 3


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> Any:
    """The language switch leads to the same page in the other language: every page exists in both."""
    for other in config.extra["alternate"]:
        other["link"] = f"../{other['lang']}/{page.file.url}"
    return context


@event_priority(-100)  # behind the search, which writes the index
def on_post_build(config: Any, **_: Any) -> None:
    site = Path(config["site_dir"])
    for worker in site.glob("assets/javascripts/workers/search.*.js"):
        text = worker.read_text(encoding="utf-8")
        for wrong, right in CORRECTIONS.items():
            text = text.replace(wrong, right)
        worker.write_text(text, encoding="utf-8")
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    (site / "search" / "search_index.js").write_text(f"var __index = {index}", encoding="utf-8")
