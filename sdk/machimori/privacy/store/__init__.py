"""The holder's store: its documents, the budget of statistics, counsel's queue, and the log that shows any change to it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from machimori.extras import need

if TYPE_CHECKING:
    from collections.abc import Callable

    from machimori.privacy.decision.holding import Holding
    from machimori.privacy.store.store import Store

__all__ = ["open_store"]
POSTGRESQL = ("postgres://", "postgresql://", "postgresql+")
"""How an address begins that is no file."""


def needed(url: str | Path) -> None:
    """Raise ``MissingExtraError`` where the extra for a store at such an address is not installed."""
    need("postgresql" if str(url).startswith(POSTGRESQL) else "store")


def open_store(
    url: str | Path,
    holding: Holding | None = None,
    *,
    key: str | Path | None = None,
    make: bool = True,
    rho: float | None = None,
    clock: Callable[[], float] = time.time,
) -> Store:
    """The store at ``url``: ``sqlite:///gate.db``, ``postgresql+psycopg://…``, or the path of an SQLite file.

    With the ``holding`` of its holder a store that is not there is made, unless ``make`` says that it is only read; without one
    an existing store is opened for its log alone. ``key`` is the file of the log's key, made at the first use of the log: beside
    an SQLite file by default, and to be named for a server. ``rho`` is what differential privacy may cost a class in all
    (zCDP; see ``statistics.ledger``), ``clock`` the time in seconds since 1970. Raises ``CannotOpenError``, and ``MissingExtraError`` without the extra ``gate``, or
    ``postgresql`` for such an address.
    """
    needed(url)
    from machimori.privacy.store.store import Store

    given = {} if rho is None else {"rho": rho}
    return Store(str(url), holding, key=None if key is None else Path(key), make=make, clock=clock, **given)


def __dir__() -> list[str]:
    return __all__
