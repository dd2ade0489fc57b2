"""The glossary: the terms of law and trade of ``model/glossary.yaml``, held against the rules and made into one artefact.

An entry says the Japanese term with its reading, the English term and where that comes from, and the law or standard to
which the term belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from machimori.build.json_schema import dumps
from machimori.build.model import Model
from machimori.build.sources import Place, Sources

KEY = "glossary"
ENGLISH = "english_sources"
LANGUAGES = ("en", "ja")
KANA = re.compile("[ぁ-ゖァ-ヺー]+")
Report = Callable[[str, Place, str, str], Any]


def emit(model: Model) -> dict[str, str]:
    return {"glossary.json": dumps(model.glossary)}


def faults(sources: Sources, fault: Report) -> Iterator[Any]:
    """Every fault of an entry as ``fault(code, place, element, detail)``."""
    known = sources.data(ENGLISH)
    first: dict[str, Place] = {}
    for path in sources.files:
        if path in sources.schemas:
            continue
        for part in (ENGLISH, KEY):
            for name, entry in (sources.document(path).get(part) or {}).items():
                place = sources.at(path, part, name)
                if not isinstance(entry, dict):
                    yield fault("MM913", place, name, "an entry that is not a mapping")
                    continue
                missing = _missing(entry) if part == KEY else _untold(entry)
                yield from (fault("MM907", place, name, text) for text in missing)
                if part == ENGLISH:
                    continue
                if entry.get("english") not in known:
                    yield fault("MM914", place, name, f"{ENGLISH}: {entry.get('english')}")
                for term in (str(entry.get("title")).casefold(), str(entry.get("title_ja"))):
                    if first.setdefault(term, place) != place:
                        yield fault("MM909", place, name, f"{term}: also defined at {first[term]}")


def _missing(entry: dict[str, Any]) -> Iterator[str]:
    yield from (text for text in ("title", "title_ja", "reading_ja", "english") if not entry.get(text))
    if entry.get("reading_ja") and not KANA.fullmatch(entry["reading_ja"]):
        yield "reading_ja (kana only)"
    source = entry.get("source")
    yield from (f"source.{text}" for text in _untold(source if isinstance(source, dict) else {}))


def _untold(text: dict[str, Any]) -> Iterator[str]:
    """The languages in which a text is missing."""
    yield from (language for language in LANGUAGES if not text.get(language))
