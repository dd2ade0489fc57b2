"""The tables of a store as older versions had them."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, update

from machimori.privacy.database.tables import meta

LOG = """CREATE TABLE log (sequence BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL, subject TEXT, content TEXT NOT NULL,
digest VARCHAR(64) NOT NULL, PRIMARY KEY (sequence))"""
QUERIES = "CREATE TABLE queries (number INTEGER PRIMARY KEY, account TEXT NOT NULL, entity VARCHAR(64) NOT NULL, fingerprint TEXT NOT NULL)"
KEPT = "sequence, at, subject, content, digest"
"""The columns of the log in versions 1 and 2."""


def set_back(connection: Connection, version: int) -> None:
    """The tables as a version from before revisions had them, 1 to 3."""
    connection.exec_driver_sql(QUERIES)
    for table in ("alembic_version", "kept", *(["taken_back"] if version < 2 else [])):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    if version < 3:
        for index in inspect(connection).get_indexes("log"):
            connection.exec_driver_sql(f"DROP INDEX {index['name']}")
        connection.exec_driver_sql("ALTER TABLE log RENAME TO newer")
        connection.exec_driver_sql(LOG)
        connection.exec_driver_sql(f"INSERT INTO log ({KEPT}) SELECT {KEPT} FROM newer")
        for name in ("at", "subject"):
            connection.exec_driver_sql(f"CREATE INDEX ix_log_{name} ON log ({name})")
        connection.exec_driver_sql("DROP TABLE newer")
    connection.execute(update(meta).where(meta.c.name == "schema").values(number=version))
