"""The tables of a store, alike on SQLite and PostgreSQL. Moments are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

REVISION = "0005"
"""The revision (Alembic) that makes what stands below; ``upgrading`` brings an older store to it."""
SCHEMA = 4
"""What programs from before there were revisions find in ``meta``, for ever: more than any of them knows, so that they refuse."""

TABLES = MetaData()

meta = Table(
    "meta",
    TABLES,
    Column("name", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)
"""``holder``; fingerprints: ``log_key``, ``statistics_secret``; ``register``: a number for each state of the documents;
``kept``: how many figures were kept, sealed; ``schema``: what a program from before ``versions`` goes by."""

versions = Table(
    "alembic_version",
    TABLES,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""One row: the revision of the store. Alembic's own table, and named by it."""

signed = Table(
    "signed",
    TABLES,
    Column("digest", String(64), primary_key=True),
    Column("class_name", String(32), nullable=False),
    Column("document", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("ends", Double, nullable=False),
    Column("added", Double, nullable=False),
)
"""Signed documents, one row a signature; ``digest`` is that of the line."""

agreements = Table(
    "agreements",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("ends", Double, nullable=False),
)

withdrawals = Table(
    "withdrawals",
    TABLES,
    Column("consent", Text, primary_key=True),
    Column("at", Double, nullable=False),
)
"""Consents withdrawn at the holder's desk."""

taken_back = Table(
    "taken_back",
    TABLES,
    Column("mark", String(64), primary_key=True),
    Column("at", Double, nullable=False),
)
"""What was taken back once and stays so (``revocation.mark``): no row is ever deleted, and none names anybody."""

ledger = Table(
    "ledger",
    TABLES,
    Column("account", Text, primary_key=True),
    Column("entity", String(64), primary_key=True),
    Column("spent", BigInteger, nullable=False),
)
"""Budget spent, in millionths: a sum of fractions must be exact."""

charges = Table(
    "charges",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("decision", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("entity", String(64), nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
)
"""What was charged for which decision: the ledger's own account."""

kept = Table(
    "kept",
    TABLES,
    Column("entity", Text, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("settled_at", Double, nullable=False),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("seal", String(64), nullable=False),
)
"""Settled figures, one row a step of a table: no row is ever changed or deleted. ``seal`` binds each to all before it."""

counsel = Table(
    "counsel",
    TABLES,
    Column("item", Text, primary_key=True),
    Column("status", String(8), nullable=False),
    Column("referred", Double, nullable=False),
    Column("request", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("answered", Double),
    Column("answered_by", Text),
    Column("reason", Text),
)
"""Demands with legal force that people answer; ``item`` is the request."""

log = Table(
    "log",
    TABLES,
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
"""Entries of the log: the text that is hashed, its hash, and what it is searched by (``search``)."""

log_state = Table(
    "log_state",
    TABLES,
    Column("name", String(8), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", Text, nullable=False),
    Column("head", Text, nullable=False),
)
"""One row: the right edge of the tree and the signed statement of its root. Whoever writes holds it."""

checkpoints = Table(
    "checkpoints",
    TABLES,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
)
