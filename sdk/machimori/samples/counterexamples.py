"""A text that shows one issue code and no other, for the codes of texts that are no record at all.

The codes of records have theirs in ``model/examples``.
"""

from __future__ import annotations

from machimori.catalogue import catalogue


def counterexample(code: str) -> bytes | None:
    """The bytes that show the code, or ``None`` where the model gives none.

    >>> counterexample("MM009")
    b''
    """
    given = catalogue.codes()[code].get("counterexample")
    if given is None:
        return None
    text = "".join(p if isinstance(p, str) else p["text"] * p["times"] for p in given["parts"])
    return text.encode(encoding(code))


def encoding(code: str) -> str:
    """How the text is encoded."""
    given = catalogue.codes()[code].get("counterexample")
    return "utf-8" if given is None else given.get("encoding", "utf-8")
