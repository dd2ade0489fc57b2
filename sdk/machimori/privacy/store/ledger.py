"""What statistics may still cost a recipient, and what of them it has had (privacy.md, section 5)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.sql.functions import count

from machimori.privacy.database.database import Database
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.database.tables import charges, ledger, queries
from machimori.privacy.decision.holding import Holding
from machimori.privacy.decision.policy import shipped
from machimori.privacy.statistics.ledger import (
    BUDGET,
    EVERYONE,
    OVERTAKEN,
    PAID,
    PUBLIC,
    RHO,
    SPENT,
    UNITS,
    Release,
    affordable,
    spending,
)

ANYONE = "anyone"
"""The account of all who are no registered organisation: anybody can make up names."""
UNIT = 1_000_000


class Ledger:
    """Accounts by recipient and class. ``recipient`` is the id of the requester, or one of the shared accounts."""

    def __init__(
        self,
        database: Database,
        holding: Callable[[], Holding],
        budget: float = BUDGET,
        clock: Callable[[], float] = time.time,
        rho: float = RHO,
    ) -> None:
        self._database, self._holding, self._clock = database, holding, clock
        self._budget, self._rho = _units(budget), int(rho * UNITS)

    def left(self, recipient: str, entity: str) -> float:
        """What is left to spend."""
        with self._database.reading() as connection:
            found = connection.execute(select(ledger.c.spent).where(*self._of(recipient, entity))).scalar()
        return max(0, self._budget - (found or 0)) / UNIT

    def charge(self, recipient: str, entity: str, cost: float, decision: str, release: Release | None = None) -> str:
        """Spend ``cost`` for a decision and remember what was released; ``PAID``, or nothing is done.

        The row of the account is locked first, so nothing comes between the comparison that ``release`` stands for, the
        payment and the memory of it: ``OVERTAKEN`` where something had come before.

        A call that is repeated is charged again: the id of a request is the requester's to choose, and none is a free
        ticket. Several gates never spend more than the budget together.
        """
        units, row = _units(cost), {"account": self.account(recipient), "entity": entity}
        enough = ledger.c.spent + units <= self._budget
        with self._database.writing() as connection:
            self._database.insert_new(connection, ledger, **row, spent=0)
            own = self._of(recipient, entity)
            connection.execute(update(ledger).where(*own).values(spent=ledger.c.spent))
            mine = (queries.c.account == row["account"], queries.c.entity == entity)
            if (
                release
                and connection.execute(select(count()).select_from(queries).where(*mine)).scalar() != release.compared
            ):
                return OVERTAKEN
            paid = update(ledger).where(*own, enough).values(spent=ledger.c.spent + units)
            if not connection.execute(paid).rowcount:
                return SPENT
            connection.execute(insert(charges).values(**row, decision=decision, cost=units, at=self._clock()))
            if release:
                connection.execute(insert(queries).values(**row, fingerprint=release.fingerprint))
            return PAID

    def remembered(self, recipient: str, entity: str) -> list[str]:
        """What this recipient, or those who share its account, had before; in the order of release."""
        own = (queries.c.account == self.account(recipient), queries.c.entity == entity)
        with self._database.reading() as connection:
            return list(
                connection.execute(select(queries.c.fingerprint).where(*own).order_by(queries.c.number)).scalars()
            )

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

    def account(self, recipient: str) -> str:
        """The account that a recipient spends from."""
        if recipient in (PUBLIC, ANYONE):
            return recipient
        party = self._holding().register.get(recipient)
        if party is None or party.kind in ("person", "public"):
            return ANYONE
        return PUBLIC if party.kind in shipped().public_bodies else recipient

    def _of(self, recipient: str, entity: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return ledger.c.account == self.account(recipient), ledger.c.entity == entity


def _units(cost: float) -> int:
    """A cost in millionths, rounded up: what is charged is never less than what was spent."""
    if isinstance(cost, bool) or not math.isfinite(cost) or cost < 0:
        raise RefusedError("cost")
    return int((Decimal(repr(float(cost))) * UNIT).to_integral_value(ROUND_CEILING))
