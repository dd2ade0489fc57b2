"""What the log was searched for in its text has columns.

The table is made anew rather than altered, since the new columns that must say something have no default: a process of an
older version that is at work still cannot add entries that would not be found. What stood in the columns of before is
copied as it is, so that ``verify`` finds what it found before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Double, MetaData, String, Table, Text, insert, inspect, select

from machimori.privacy.database.search import searched_by
from machimori.privacy.database.upgrading import PAGE

revision = "0003"
down_revision = "0002"

before = Table(
    "log_2",
    MetaData(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("subject", Text),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""The log of the revision before, under the name that it has while it is copied."""
log = Table(
    "log",
    MetaData(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False, index=True),
    Column("subject", Text, index=True),
    Column("about_entry", Text, index=True),
    Column("notify_after", Double, index=True),
    Column("notified_at", Double, index=True),
    Column("release_begun", Boolean, nullable=False, index=True),
    Column("release_ended", Boolean, nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)


def upgrade() -> None:
    """Copy the log, page by page. No key is needed, and no entry changes."""
    connection = op.get_bind()
    for index in inspect(connection).get_indexes(log.name):
        op.drop_index(str(index["name"]), log.name)
    op.rename_table(log.name, before.name)
    log.create(connection)
    start = -1
    while True:
        page = select(before).where(before.c.sequence > start).order_by(before.c.sequence).limit(PAGE)
        rows = [dict(row) for row in connection.execute(page).mappings()]
        if not rows:
            break
        connection.execute(insert(log), [searched_by(_said(row["content"])) | row for row in rows])
        start = rows[-1]["sequence"]
    before.drop(connection)


def _said(text: str) -> Mapping[str, object]:
    """An entry; of one that was changed to what is none, nothing."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
