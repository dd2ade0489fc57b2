"""Shows the first records of a delivery, as they are judged, to what counts which fields they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from machimori.catalogue import catalogue
from machimori.catalogue.paths import INHERITED, stricter
from machimori.findings.presence import Presence
from machimori.records.arrow_tables import Rows
from machimori.records.json_text import load
from machimori.records.pieces import Piece
from machimori.records.splitting import Run


def watched(runs: Iterable[Run | Rows], presence: Presence) -> Iterator[Run | Rows]:
    """Records on their way to be judged, of which the first are shown to ``presence``."""
    for run in runs:
        if not presence.full:
            _look(run, presence)
        yield run


def _look(run: Run | Rows, presence: Presence) -> None:
    for text in _texts(run):
        if presence.full:
            return
        data = load(text).data if text else None
        if isinstance(data, dict):
            presence.records += 1
            for owner, name, profile in _present(data, presence.entity or data.get("type"), INHERITED):
                presence.count(owner, name, profile)


def _texts(run: Run | Rows) -> Iterator[bytes]:
    if isinstance(run, Piece):
        yield run.text
    elif isinstance(run, Rows):
        yield from (run.piece(number).text for number in range(run.batch.num_rows))
    else:
        yield from map(bytes, run.each)


def _present(record: Any, class_name: Any, outer: str) -> Iterator[tuple[str, str, str]]:
    """Class, field and profile of what is there; inside value objects the profile of the field that holds them."""
    entry = catalogue.catalogue()["classes"].get(class_name) if isinstance(class_name, str) else None
    if entry is None or not isinstance(record, dict):
        return
    for name, value in record.items():
        data = entry["fields"].get(name)
        if data is None or value is None:
            continue
        profile = stricter(outer, data["privacy"]) or INHERITED
        inner = value if isinstance(value, list) else [value]
        if data["inlined"]:
            members = catalogue.class_data(data["range"])["members"]
            for one in inner:
                named = one.get("type") if members and isinstance(one, dict) else data["range"]
                yield from _present(one, named, profile)
        yield class_name, name, profile
