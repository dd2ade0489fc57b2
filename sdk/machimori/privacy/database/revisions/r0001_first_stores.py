"""The tables of the first stores, which had no revisions: what they are is found in ``meta``, and this one has nothing to do."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: a new store is made as it is today."""
