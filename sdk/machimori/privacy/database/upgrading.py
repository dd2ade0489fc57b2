"""An older store brought to the tables of today, at its first opening: every revision since, in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from machimori.privacy.database.errors import CannotOpenError
from machimori.privacy.database.tables import REVISION, meta, versions

REVISIONS = Path(__file__).with_name("revisions")
PAGE = 1000
"""Rows that a revision copies at once."""


def revision_of(connection: Connection) -> str | None:
    """The revision of a store; ``None`` where it is none of ours. Before there were revisions a number in ``meta`` counted."""
    if connection.dialect.has_table(connection, versions.name):
        found: str | None = connection.execute(select(versions.c.version_num)).scalar()
        return found
    number = connection.execute(select(meta.c.number).where(meta.c.name == "schema")).scalar()
    return None if number is None else f"{number:04}"


def upgrade(connection: Connection) -> None:
    """Take every step from the revision of the store to ``REVISION``; none, where another process was faster.

    Raises ``CannotOpenError`` for a store that a newer program made.
    """
    found = revision_of(connection)
    if found is None:
        raise CannotOpenError("foreign")
    if found == REVISION:
        return
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(REVISIONS), version_locations=[str(REVISIONS)])
    if found not in {one.revision for one in scripts.iterate_revisions(REVISION, "base")}:
        raise CannotOpenError("newer", found=found, known=REVISION)
    context = MigrationContext.configure(connection)
    with Operations.context(context):
        for step in reversed(tuple(scripts.iterate_revisions(REVISION, found))):
            step.module.upgrade()
    context.stamp(scripts, REVISION)
