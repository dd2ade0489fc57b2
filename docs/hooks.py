"""What MkDocs and its theme leave to do: a language switch for each page, a search that opens from disk and knows Japanese.

Before it asks the index, Material cuts a run of kanji in a query into words that the index knows, but it never tries the
run as a whole nor its last character: 避難所 is looked for as 避難. In `segment` of its search worker both bounds are one
too low (mkdocs-material 9.6 to 9.8). tests/docs/test_site.py tells when a new version needs another look.

A page that is opened from disk may neither fetch the index nor start a worker. Material then reads the index from a script,
which is written here, and the worker runs in a frame (`theme/assets/javascripts/iframe-worker.js`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

CORRECTIONS = {
    "o<t.length;o++)t.slice(s,o)in e": "o<=t.length;o++)t.slice(s,o)in e",
    "n[a]&&a<t.length-1&&": "n[a]&&a<t.length&&",
}


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
