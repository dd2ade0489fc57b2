"""Whether a log is as it was written: every entry against its hash, its place and the one before, all of them against heads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping

from machimori import messages
from machimori.messages import msgid
from machimori.privacy.database.search import searched_by
from machimori.privacy.log import merkle, tree_heads

SENTENCES: dict[str, str] = {
    "changed": msgid("entry {sequence} was changed"),
    "missing": msgid("entry {sequence} is missing"),
    "inserted": msgid("entry {sequence} was inserted"),
    "moved": msgid("entry {sequence} was written for another place"),
    "unchained": msgid("entry {sequence} does not follow the one before"),
    "tree": msgid("the entries do not add up to the signed root"),
    "head": msgid("the state of the log was not signed by its key"),
    "checkpoint": msgid("the first {sequence} entries are not those of the checkpoint"),
    "foreign": msgid("a checkpoint is not one of this log"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written; ``sequence`` is the entry, or the size of a checkpoint."""

    kind: str
    sequence: int | None = None

    def text(self, language: str = messages.ENGLISH) -> str:
        """What was found, in words."""
        return messages.text(language, SENTENCES[self.kind], sequence=self.sequence)


def findings(
    rows: Iterable[RowMapping], state: RowMapping | None, points: Iterable[str], public: Any, origin: str
) -> Iterator[Finding]:
    """What is not as it was written: rows of the log in order, its state, and checkpoints (of the store or published)."""
    promised: dict[int, set[str]] = {}
    for line in points:
        said = tree_heads.stated(line, public, origin)
        if said is None:
            yield Finding("foreign")
        else:
            promised.setdefault(said[0], set()).add(said[1])
    signed = None if state is None else tree_heads.stated(state["head"], public, origin)
    if signed is None:
        yield Finding("head")
    size, leaves, previous = 0, 0, None
    frontier: tuple[bytes, ...] = ()
    yield from _unkept(promised, 0, frontier)
    for row in rows:
        while size < row["sequence"] and (signed is None or size < signed[0]):
            yield Finding("missing", size)
            size += 1
        if signed is not None and row["sequence"] >= signed[0]:
            yield Finding("inserted", row["sequence"])
            continue
        hashed = merkle.leaf(row["content"].encode())
        yield from _of_row(row, hashed.hex(), previous)
        frontier, previous = merkle.extended(frontier, leaves, hashed), row["digest"]
        size, leaves = row["sequence"] + 1, leaves + 1
        yield from _unkept(promised, size, frontier)
    if signed is not None:
        yield from (Finding("missing", s) for s in range(size, signed[0]))
        if not (
            tree_heads.holds(signed, size, frontier)
            and state is not None
            and state["size"] == size
            and state["frontier"] == tree_heads.edge_text(frontier)
        ):
            yield Finding("tree")
    yield from (Finding("checkpoint", s) for s in sorted(promised) if s > size)


def _of_row(row: RowMapping, digest: str, previous: str | None) -> Iterator[Finding]:
    try:
        said = json.loads(row["content"])
        place, before, searched = said.get("log_sequence"), said.get("previous_digest"), searched_by(said)
    except (ValueError, RecursionError, AttributeError):
        yield Finding("changed", row["sequence"])
        return
    if digest != row["digest"] or searched != {name: row[name] for name in searched}:
        yield Finding("changed", row["sequence"])
    if place != row["sequence"]:
        yield Finding("moved", row["sequence"])
    if before != previous:
        yield Finding("unchained", row["sequence"])


def _unkept(promised: Mapping[int, set[str]], size: int, frontier: tuple[bytes, ...]) -> Iterator[Finding]:
    if any(root != merkle.root(frontier).hex() for root in promised.get(size, ())):
        yield Finding("checkpoint", size)
