"""The withdrawals among the documents become facts. Each was verified when it was taken."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double, MetaData, String, Table, Text, insert, select

from machimori.privacy.decision.revocation import mark, owner
from machimori.privacy.decision.signatures import content
from machimori.standards.time import moment

revision = "0002"
down_revision = "0001"

signed = Table("signed", MetaData(), Column("class_name", String(32)), Column("line", Text), Column("added", Double))
taken_back = Table(
    "taken_back", MetaData(), Column("mark", String(64), primary_key=True), Column("at", Double, nullable=False)
)


def upgrade() -> None:
    """Make the table, and a row of each withdrawal: the earliest moment counts."""
    connection = op.get_bind()
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
