"""What the theme's search gets wrong for Japanese, set right in the built site.

Before it asks the index, Material cuts a run of kanji in a query into words that the index knows, but it never tries the
run as a whole nor its last character: 避難所 is looked for as 避難. In `segment` of its search worker both bounds are one
too low (mkdocs-material 9.6 to 9.8). tests/docs/test_site.py tells when a new version needs another look.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CORRECTIONS = {
    "o<t.length;o++)t.slice(s,o)in e": "o<=t.length;o++)t.slice(s,o)in e",
    "n[a]&&a<t.length-1&&": "n[a]&&a<t.length&&",
}


def on_post_build(config: Any, **_: Any) -> None:
    for worker in Path(config["site_dir"]).glob("assets/javascripts/workers/search.*.js"):
        text = worker.read_text(encoding="utf-8")
        for wrong, right in CORRECTIONS.items():
            text = text.replace(wrong, right)
        worker.write_text(text, encoding="utf-8")
