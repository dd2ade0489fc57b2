"""An older store brought to the tables of today, at its first opening: one step a version, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)

from machimori.privacy.database.search import searched_by
from machimori.privacy.database.tables import SCHEMA, log, meta, signed, taken_back
from machimori.privacy.decision.revocation import mark, owner
from machimori.privacy.decision.signatures import content
from machimori.standards.time import moment

PAGE = 1000
"""Rows copied at once."""


def upgrade(connection: Connection) -> None:
    """Take every step from the version of the store to ``SCHEMA``. No key is needed, and no entry of the log changes."""
    version = connection.execute(select(meta.c.number).where(meta.c.name == "schema")).scalar_one()
    for step in range(version, SCHEMA):  # none, where another process was faster
        STEPS[step](connection)
    if version < SCHEMA:
        connection.execute(update(meta).where(meta.c.name == "schema").values(number=SCHEMA))


def _withdrawals_are_facts(connection: Connection) -> None:
    """From 1 to 2: the withdrawals among the documents become facts. Each was verified when it was taken."""
    taken_back.create(connection)
    found: dict[str, float] = {}
    wanted = select(signed.c.line, signed.c.added).where(signed.c.class_name == "ConsentRecord")
    for line, added in connection.execute(wanted):
        data = content(line)
        if data.get("withdrawn_at") is not None:
            at = moment(data["withdrawn_at"])
            name = mark("ConsentRecord", owner("ConsentRecord", data), str(data.get("id")))
            found[name] = min(added if at is None else at, found.get(name, float("inf")))
    if found:
        connection.execute(insert(taken_back), [{"mark": name, "at": at} for name, at in found.items()])


LOG_BEFORE = Table(
    "log_2",
    MetaData(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("subject", Text),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""The log of version 2 under the name that it has while it is copied."""


def _entries_are_searched_by_columns(connection: Connection) -> None:
    """From 2 to 3: what the log was searched for in its text has columns.

    The table is made anew rather than altered, since the new columns that must say something have no default: a process of an
    older version that is at work still cannot add entries that would not be found. What stood in the columns of before is
    copied as it is, so that ``verify`` finds what it found before.
    """
    for index in inspect(connection).get_indexes(log.name):
        connection.exec_driver_sql(f'DROP INDEX "{index["name"]}"')
    connection.exec_driver_sql(f"ALTER TABLE {log.name} RENAME TO {LOG_BEFORE.name}")
    log.create(connection)
    start = -1
    while True:
        page = select(LOG_BEFORE).where(LOG_BEFORE.c.sequence > start).order_by(LOG_BEFORE.c.sequence).limit(PAGE)
        rows = [dict(row) for row in connection.execute(page).mappings()]
        if not rows:
            break
        connection.execute(insert(log), [searched_by(_said(row["content"])) | row for row in rows])
        start = rows[-1]["sequence"]
    LOG_BEFORE.drop(connection)


def _said(text: str) -> Mapping[str, object]:
    """An entry; of one that was changed to what is none, nothing."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


STEPS: Mapping[int, Callable[[Connection], None]] = {1: _withdrawals_are_facts, 2: _entries_are_searched_by_columns}
"""What leads from each version to the next."""
