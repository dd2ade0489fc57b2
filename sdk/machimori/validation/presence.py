"""Shows the first records of a delivery, as they are judged, to what counts which fields they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from machimori.catalogue import catalogue, paths
from machimori.catalogue.paths import stricter
from machimori.catalogue.terms import INHERITED, Class
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
            named = presence.entity or data.get("type")
            class_ = catalogue.model().classes.get(named) if isinstance(named, str) else None
            for owner, name, profile in () if class_ is None else _present(data, class_):
                presence.count(owner, name, profile)


def _texts(run: Run | Rows) -> Iterator[bytes]:
    if isinstance(run, Piece):
        yield run.text
    elif isinstance(run, Rows):
        yield from (run.piece(number).text for number in range(run.batch.num_rows))
    else:
        yield from map(bytes, run.each)


def _present(record: dict[str, object], class_: Class) -> Iterator[tuple[str, str, str]]:
    """Class, field and profile of what is there; inside value objects the profile of the field that holds them."""
    for found in paths.objects(class_, record):
        for name, value in found.value.items():
            field = found.class_.fields.get(name)
            if field is not None and value is not None:
                yield found.class_.name, name, stricter(found.profile, field.privacy) or INHERITED
