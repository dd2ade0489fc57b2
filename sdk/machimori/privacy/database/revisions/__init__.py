"""What leads from each version of the store's tables to the next: revisions of Alembic, one file each, run by ``upgrading``.

A revision speaks of the tables as they were then: what it needs of them it declares itself, so that it stays as true as it was.
"""
