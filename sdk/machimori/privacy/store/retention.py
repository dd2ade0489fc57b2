"""The end of documents: what is past its retention is deleted, and the log says so in the same step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, func, select

from machimori.privacy.database.database import Database
from machimori.privacy.database.tables import agreements, counsel, signed, withdrawals
from machimori.privacy.decision.revocation import folded, mark, owner
from machimori.privacy.decision.signatures import content
from machimori.privacy.log import entries
from machimori.privacy.log.log import Log
from machimori.privacy.store.counsel import OPEN
from machimori.privacy.store.register import changed, take_back
from machimori.standards.time import seconds, written

COUNTS = {
    "consent": "consents",
    "order": "orders",
    "withdrawal": "withdrawals",
    "agreement": "agreements",
    "answered_demand": "demands",
}
"""What each kind (enum ``DeletedKind``) is called where all of them are counted."""
Gone = tuple[str | None, str]
"""Whom a document was about, if one person, and its kind."""


def expire(database: Database, log: Log, now: float, retention: str) -> dict[str, int]:
    """Delete what ended longer ago than ``retention`` (ISO 8601), and add to the log that it was; how many of each kind."""
    before = now - seconds(retention)
    with database.writing() as connection:
        gone = Counter(
            [*_signed(database, connection, before), *_agreements(connection, before), *_demands(connection, before)]
        )
        if any(kind != "answered_demand" for _, kind in gone):
            changed(connection)
        if gone:
            log.extend(connection, [log.checked(e) for e in _said(gone, log, now, retention)])
    return {name: sum(n for (_, k), n in gone.items() if k == kind) for kind, name in COUNTS.items()}


def _said(gone: Counter[Gone], log: Log, now: float, retention: str) -> Iterator[dict[str, object]]:
    """One entry a person, and one for what was about nobody."""
    for subject in sorted({s for s, _ in gone}, key=lambda s: s or ""):
        person = None if subject is None else entries.named(entries.SUBJECT, subject, log.key.digest)
        counts = {kind: n for (s, kind), n in gone.items() if s == subject}
        yield entries.deletion(person, counts, retention, written(now))


def _signed(database: Database, connection: Connection, before: float) -> Iterator[Gone]:
    """Signed documents with all that was signed under their id, however spelled, and withdrawals with their consents."""
    spellings: dict[str, list[tuple[str, float]]] = {}
    for document, ends in connection.execute(
        select(signed.c.document, func.max(signed.c.ends)).group_by(signed.c.document)
    ):
        spellings.setdefault(folded(document), []).append((document, ends))
    for names in spellings.values():
        if max(ends for _, ends in names) < before:
            yield from _one(database, connection, [document for document, _ in names])


def _one(database: Database, connection: Connection, names: list[str]) -> Iterator[Gone]:
    """All of one id; where it was taken back, or issued again with less in it, a mark of that stays."""
    rows = connection.execute(select(signed).where(signed.c.document.in_(names))).all()
    held = [(r.class_name, content(r.line), r.ends) for r in rows]
    connection.execute(delete(signed).where(signed.c.document.in_(names)))
    found = {(data.get("subject"), _kind(class_name)) for class_name, data, _ in held}
    for consent, at in connection.execute(
        delete(withdrawals).where(withdrawals.c.consent.in_(names)).returning(withdrawals.c.consent, withdrawals.c.at)
    ).all():
        take_back(database, connection, mark("ConsentRecord", "", consent), at)
        found |= {(subject, "withdrawal") for subject, kind in found if kind == "consent"}
    for class_name, data, _ in held:
        same = [(d, ends) for name, d, ends in held if (name, owner(name, d)) == (class_name, owner(class_name, data))]
        if any(d != data for d, _ in same):
            name = mark(class_name, owner(class_name, data), str(data.get("id")))
            take_back(database, connection, name, min(ends for _, ends in same))
    yield from found


def _kind(class_name: str) -> str:
    return "consent" if class_name == "ConsentRecord" else "order"


def _agreements(connection: Connection, before: float) -> Iterator[Gone]:
    gone = delete(agreements).where(agreements.c.ends < before).returning(agreements.c.record)
    return ((subject, "agreement") for subject in _subjects(connection.execute(gone).scalars().all()))


def _demands(connection: Connection, before: float) -> Iterator[Gone]:
    gone = delete(counsel).where(counsel.c.status != OPEN, counsel.c.answered < before).returning(counsel.c.request)
    return ((subject, "answered_demand") for subject in _subjects(connection.execute(gone).scalars().all()))


def _subjects(records: Iterable[str]) -> Iterator[str | None]:
    return (json.loads(text).get("subject") for text in records)
