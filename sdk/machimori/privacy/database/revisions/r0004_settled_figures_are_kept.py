"""Settled figures of statistics are kept; and the tables have revisions from here on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, and tell programs from before revisions that the store is newer than they are."""
    op.create_table(
        "kept",
        sa.Column("entity", sa.Text, primary_key=True),
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("settled_at", sa.Double, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, unique=True),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.execute("UPDATE meta SET number = 4 WHERE name = 'schema'")
