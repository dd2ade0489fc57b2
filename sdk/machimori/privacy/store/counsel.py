"""Demands with legal force wait here for people: the gate never answers them by itself (``Rule.refers_to_counsel``)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import RowMapping, select, update

from machimori.privacy.database.database import Database
from machimori.privacy.database.errors import RefusedError
from machimori.privacy.database.tables import counsel
from machimori.privacy.decision.decision import AS_IS, DENY, Decision, Granted, Receipt, Withheld
from machimori.privacy.decision.request import Request, RequestLike, read_request
from machimori.privacy.log.log import Log
from machimori.standards.time import written

OPEN, RELEASED, REFUSED = "open", "released", "refused"


@dataclass(frozen=True)
class Item:
    """One demand before counsel; ``id`` is that of the request. The request names the person it is about."""

    id: str
    status: str
    referred: float
    request: Request
    decision: Decision
    answered: float | None = None
    answered_by: str | None = None
    reason: str | None = None


class Counsel:
    """The queue of one holder."""

    def __init__(self, database: Database, log: Callable[[], Log], clock: Callable[[], float] = time.time) -> None:
        self._database, self._log, self._clock = database, log, clock

    def refer(self, decision: Decision, request: RequestLike) -> str:
        """Put a denied request before counsel, once; the id of the item."""
        asked = read_request(request)
        held = {"request": msgspec.json.encode(asked).decode(), "decision": msgspec.json.encode(decision).decode()}
        with self._database.writing() as connection:
            self._database.insert_new(connection, counsel, item=asked.id, status=OPEN, referred=self._clock(), **held)
        return asked.id

    def waiting(self) -> list[Item]:
        """What is not answered yet, the oldest first."""
        return self.items(OPEN)

    def items(self, status: str | None = None) -> list[Item]:
        """Every item, or those of one status."""
        wanted = select(counsel).order_by(counsel.c.referred, counsel.c.item)
        if status is not None:
            wanted = wanted.where(counsel.c.status == status)
        with self._database.reading() as connection:
            return [_item(row) for row in connection.execute(wanted).mappings()]

    def answer(self, item: str, by: str, reason: str, release: bool, at: float | None = None) -> Receipt:
        """Release or refuse by hand. The answer and its entry in the log are one step; reason and name stay in the queue.

        Raises ``RefusedError`` where nothing of that id waits.
        """
        moment = self._clock() if at is None else at
        with self._database.writing() as connection:
            row = connection.execute(select(counsel).where(counsel.c.item == item).with_for_update()).mappings().first()
            if row is None:
                raise RefusedError("no-item")
            if row["status"] != OPEN:
                raise RefusedError("answered")
            answered = {
                "status": RELEASED if release else REFUSED,
                "answered": moment,
                "answered_by": by,
                "reason": reason,
            }
            connection.execute(update(counsel).where(counsel.c.item == item).values(answered))
            held, log = _item(row), self._log()
            answer = _answer(held, release, moment)
            entry = log.entry(held.request, answer, released_by_counsel=release)
            return log.extend(connection, [entry])[0]


def _answer(item: Item, release: bool, at: float) -> Decision:
    """What people decided: what was asked, or nothing of it, by the rule that left it to them."""
    referred = item.decision
    asked = tuple(w.field for w in referred.withheld)
    told = tuple(dict.fromkeys((*referred.obligations, "notify_subject")))
    return msgspec.structs.replace(
        referred,
        at=written(at, item.request.at),
        form=item.request.form if release else DENY,
        granted=tuple(Granted(f, AS_IS, referred.rule) for f in asked) if release else (),
        withheld=() if release else tuple(Withheld(f, referred.rule) for f in asked),
        obligations=told if release else referred.obligations,
    )


def _item(row: RowMapping | Mapping[str, Any]) -> Item:
    return Item(
        id=row["item"],
        status=row["status"],
        referred=row["referred"],
        request=read_request(json.loads(row["request"])),
        decision=msgspec.json.decode(row["decision"], type=Decision),
        answered=row["answered"],
        answered_by=row["answered_by"],
        reason=row["reason"],
    )
