"""What differential privacy may still cost, for all recipients together and all gates of a store."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import insert, select, update

from machimori.privacy.database.database import Database
from machimori.privacy.database.tables import charges, ledger
from machimori.privacy.statistics.ledger import EVERYONE, RHO, UNITS, affordable, spending


class Ledger:
    """The account of each class (``statistics.ledger.Ledger``)."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time, rho: float = RHO) -> None:
        self._database, self._clock, self._rho = database, clock, int(rho * UNITS)

    def remaining(self, entity: str) -> float:
        """The largest epsilon that all recipients together have still left for the class; 0 where there is none."""
        own = ledger.c.account == EVERYONE, ledger.c.entity == entity
        with self._database.reading() as connection:
            spent = connection.execute(select(ledger.c.spent).where(*own)).scalar()
        return affordable(self._rho - (spent or 0))

    def spend(self, entity: str, epsilon: float, decision: str) -> bool:
        """Pay for an answer with noise, before anything is computed; ``False`` where it is not left, and then nothing is paid.

        Several gates never spend more together than there is, and nothing is ever given back.
        """
        cost, row = spending(epsilon), {"account": EVERYONE, "entity": entity}
        own = ledger.c.account == EVERYONE, ledger.c.entity == entity
        with self._database.writing() as connection:
            self._database.insert_new(connection, ledger, **row, spent=0)
            enough = ledger.c.spent + cost <= self._rho
            paid = update(ledger).where(*own, enough).values(spent=ledger.c.spent + cost)
            if not connection.execute(paid).rowcount:
                return False
            connection.execute(insert(charges).values(**row, decision=decision, cost=cost, at=self._clock()))
            return True
