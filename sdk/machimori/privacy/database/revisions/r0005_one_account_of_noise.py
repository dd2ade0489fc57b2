"""Statistics without noise are paid by nobody, and those with noise from one account of all recipients together.

What was spent stays spent: each charge of before, whoever it was for, is one of the account, since of a cost of 1 nobody can
tell whether it was for an exact answer or one with epsilon 1. What was asked is no longer remembered: answers are kept.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text, delete, insert, select

revision = "0005"
down_revision = "0004"
EVERYONE = "everyone"
UNITS = 1_000_000

ledger = Table("ledger", MetaData(), Column("account", Text), Column("entity", String(64)), Column("spent", BigInteger))
charges = Table(
    "charges", MetaData(), Column("account", Text), Column("entity", String(64)), Column("cost", BigInteger)
)


def upgrade() -> None:
    """Add up what was spent on each class, cost by cost, and forget the accounts of recipients and what they asked."""
    connection = op.get_bind()
    spent: dict[str, int] = {}
    for account, entity, cost in connection.execute(select(charges)):
        # an epsilon costs the half of its square, and what is charged is never less than what was spent
        own = cost if account == EVERYONE else -(-cost * cost // (2 * UNITS))
        spent[entity] = spent.get(entity, 0) + own
    connection.execute(delete(charges).where(charges.c.account != EVERYONE))
    connection.execute(delete(ledger))
    if spent:
        rows = [{"account": EVERYONE, "entity": entity, "spent": units} for entity, units in spent.items()]
        connection.execute(insert(ledger), rows)
    op.drop_table("queries")
