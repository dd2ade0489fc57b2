"""A language that nobody speaks: every sentence of the SDK and every word of the model, with each letter replaced.

What is still readable where it is spoken was never asked of a catalogue.
"""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path

from babel.messages.catalog import Catalog
from tests.messages import catalogues

from machimori import messages

LANGUAGE = "eo"
"""Its tag has to be one that Babel knows."""
LETTERS = {
    c: unicodedata.normalize("NFC", f"{c}\N{COMBINING DOT BELOW}\N{COMBINING CIRCUMFLEX ACCENT}")
    for c in string.ascii_letters
}
READABLE = re.compile("[A-Za-z\u3040-\u30ff\u3400-\u9fff]+")
"""Letters of English or Japanese that no accent follows."""
ACCENTED = re.compile("[A-Za-z][\u0300-\u036f]+")


def accented(sentence: str) -> str:
    """A sentence with every letter replaced but those of its facts."""
    parts = re.split(r"(\{[^{}]*\})", sentence)
    return "⟦" + "".join(p if p.startswith("{") else "".join(LETTERS.get(c, c) for c in p) for p in parts) + "⟧"


def readable(text: str) -> list[str]:
    """The words in a text that are still English or Japanese."""
    plain = ACCENTED.sub("", unicodedata.normalize("NFD", text))
    return READABLE.findall(unicodedata.normalize("NFC", plain))


def made(folder: Path) -> Path:
    """The catalogue of the language, alone in a folder: one file, and nothing else of the SDK is changed."""
    held = Catalog(locale=LANGUAGE, domain=messages.DOMAIN)
    for entry in catalogues.template(LANGUAGE):
        if entry.id:
            several = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            said = tuple(accented(several[-1]) for _ in range(2 if len(several) > 1 else 1))
            held.add(entry.id, said if len(several) > 1 else said[0], context=entry.context)
    file = folder / LANGUAGE / "LC_MESSAGES" / f"{messages.DOMAIN}.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(catalogues.compiled(held))
    return folder
