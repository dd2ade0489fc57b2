"""An older store brought to the tables of today, at its first opening."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from machimori.privacy.database.tables import SCHEMA, meta, signed, taken_back
from machimori.privacy.decision.revocation import mark, owner
from machimori.privacy.decision.signatures import content
from machimori.standards.time import moment


def upgrade(connection: Connection) -> None:
    """From 1 to 2: the withdrawals among the documents become facts. Each was verified when it was taken, so no key is needed."""
    if connection.execute(select(meta.c.number).where(meta.c.name == "schema")).scalar_one() >= SCHEMA:
        return  # another process was faster
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
    connection.execute(update(meta).where(meta.c.name == "schema").values(number=SCHEMA))
