"""The store of one holder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, update

from machimori.errors import InvalidDocumentError
from machimori.privacy.database.database import Database
from machimori.privacy.database.errors import CannotOpenError, RefusedError, UnansweredError
from machimori.privacy.database.tables import agreements, meta, signed, withdrawals
from machimori.privacy.decision import fields
from machimori.privacy.decision.documents import ORDERS, Register, RegisterUnreachableError
from machimori.privacy.decision.holding import Holding, Party
from machimori.privacy.decision.revocation import mark, only_narrows, owner
from machimori.privacy.decision.signatures import Document, content, documents
from machimori.privacy.log import entries, report
from machimori.privacy.log.keys import log_key
from machimori.privacy.log.log import Log
from machimori.privacy.statistics.ledger import RHO
from machimori.privacy.store.counsel import Counsel
from machimori.privacy.store.kept import StoreKept
from machimori.privacy.store.ledger import Ledger
from machimori.privacy.store.register import Registering, changed, take_back
from machimori.privacy.store.retention import expire
from machimori.standards.time import moment
from machimori.validation.record import validate

ENDS = {"ConsentRecord": "expires_at"}
"""The field that says until when a document holds; ``ends_at`` elsewhere."""
RETAINED_AS = ("ConsentRecord", "expires_at")
"""The field whose profile says how long a document is kept after its end."""


class Store:
    """Documents, ledger, counsel's queue and log of one holder, in one database. See ``open_store``."""

    def __init__(
        self,
        url: str,
        holding: Holding | None = None,
        *,
        key: Path | None = None,
        make: bool = True,
        rho: float = RHO,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.database = Database(url, make=make and holding is not None)
        """Where it is kept."""
        self._given, self._key, self._clock = holding, key, clock
        self.ledger = Ledger(self.database, clock, rho)
        """What statistics may still cost each recipient."""
        self.counsel = Counsel(self.database, lambda: self.log, clock)
        """Demands that people answer."""
        self.kept = StoreKept(self.database, lambda: self.log.key, self._key_file)
        """Settled figures of statistics."""
        self._registering = Registering(self.database, lambda: self.holding)
        try:
            self.holder = self._claimed()
            """Whose store it is."""
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database, once the log has been told what it has still to be told."""
        try:
            if "log" in self.__dict__:
                self.log.settle()
        finally:
            self._registering.close()
            self.database.close()

    # -- documents ------------------------------------------------------------------------------------------------------

    def add_signed(self, line: str | bytes) -> str:
        """Keep a signed document (one compact JWS: a consent, an order, a demand); its id. Twice the same is once.

        A withdrawal counts from then on, whatever becomes of the key that signed it, and whatever else it says. Of several
        documents of one id each gives what all of them give. Raises ``RefusedError`` where it is none, where no key that the holder trusts for it has signed it, or where a consent of
        its id is another person's, and ``InvalidDocumentError`` where it does not comply with its class.
        """
        token = (line if isinstance(line, str) else line.decode("ascii", "replace")).strip()
        document = next(iter(documents([token], self.holding)), None)
        if document is None:
            raise RefusedError("no-document")
        withdrawn = document.withdrawn_at() if document.class_name == "ConsentRecord" and document.accepted else None
        if withdrawn is None and (not document.well_formed or (document.accepted and not document.signers)):
            raise InvalidDocumentError(document.class_name, validate(dict(document.data), document.class_name).issues)
        if not document.accepted:
            raise RefusedError("unsigned", class_name=document.class_name)
        row = {
            "digest": sha256(token.encode()).hexdigest(),
            "class_name": document.class_name,
            "document": document.id,
            "line": token,
            "ends": document.time(ENDS.get(document.class_name, "ends_at")),
            "added": self._clock(),
        }
        with self.database.writing() as connection:
            _own(connection, document)
            if withdrawn is not None:
                person = owner(document.class_name, document.data)
                since = withdrawn if isfinite(withdrawn) else self._clock()
                take_back(self.database, connection, mark(document.class_name, person, document.id), since)
            if (document.signers and self.database.insert_new(connection, signed, **row)) or withdrawn is not None:
                changed(connection)
        return document.id

    def add_agreement(self, record: Mapping[str, object]) -> str:
        """Keep an agreement that the holder made (class ``Agreement``); its id. Twice the same is once.

        One that is kept may end sooner, or hold for less: brought again so, it is that from then on. Raises
        ``InvalidDocumentError`` where it does not comply, ``RefusedError`` where another one has its id.
        """
        judged = validate(dict(record), "Agreement")
        if not judged.ok:
            raise InvalidDocumentError("Agreement", judged.issues)
        text = json.dumps(record, ensure_ascii=False, sort_keys=True)
        with self.database.writing() as connection:
            row: dict[str, Any] = {"id": record["id"], "record": text, "ends": moment(record["ends_at"])}
            if self.database.insert_new(connection, agreements, **row):
                changed(connection)
                return str(record["id"])
            kept = select(agreements.c.record).where(agreements.c.id == record["id"])
            held = json.loads(connection.execute(kept).scalar_one())
            if held != record:
                if not only_narrows(record, held):
                    raise RefusedError("conflict", class_name="Agreement")
                connection.execute(update(agreements).where(agreements.c.id == record["id"]).values(row))
                take_back(self.database, connection, mark("Agreement", "", str(record["id"])), row["ends"])
                changed(connection)
        return str(record["id"])

    def withdraw(self, consent: str, at: float) -> bool:
        """Keep that a consent was withdrawn at the holder's desk; whether a consent of that id is here.

        The earliest withdrawal counts. One of a consent that comes later counts too.
        """
        with self.database.writing() as connection:
            if not self.database.insert_new(connection, withdrawals, consent=consent, at=at):
                earlier = update(withdrawals).where(withdrawals.c.consent == consent, withdrawals.c.at > at)
                connection.execute(earlier.values(at=at))
            changed(connection)
            wanted = select(func.count()).where(signed.c.class_name == "ConsentRecord", signed.c.document == consent)
            return connection.execute(wanted).scalar_one() > 0

    def consents(self, subject: str | None = None) -> list[Document]:
        """The consents, or those of one person."""
        held = (d for d in self._answering().signed if d.class_name == "ConsentRecord")
        return [d for d in held if subject in (None, d.data.get("subject"))]

    def orders(self) -> list[Document]:
        """The orders and demands."""
        held = self._answering().signed
        return [d for name in ORDERS for d in held if d.class_name == name]

    def agreements(self) -> list[Mapping[str, object]]:
        """The agreements, as records."""
        return list(self._answering().agreements)

    def register(self) -> Register:
        """Every document, as decisions read it; read again only after a change.

        Raises ``RegisterUnreachableError`` where the store does not answer.
        """
        return self._registering.register()

    def expire(self, now: float, retention: str | None = None) -> dict[str, int]:
        """Delete consents, orders, agreements and answered demands that ended longer ago than ``retention``; how many.

        ``retention`` is an ISO 8601 duration; by default that of ``RETAINED_AS``. A consent goes with
        everything that was signed under its id, and with its withdrawal; what was taken back stays so, as a digest that names
        nobody, and does not come to life by being brought again. What is deleted and
        the entries of the log that say so (class ``DeletionEntry``, one a person) are one step.
        """
        kept = retention or str(fields.asked(*RETAINED_AS).axes.retention)
        return expire(self.database, self.log, now, kept)

    # -- log ------------------------------------------------------------------------------------------------------------

    @cached_property
    def log(self) -> Log:
        """The log. Raises ``CannotOpenError`` where its key is not there, or is another one."""
        begun = self._noted("log_key")
        key = log_key(self._key_file(), make=begun is None)
        log = Log(self.database, key, self.holder.id, lambda: self.holding, self._clock)
        if begun is None:
            with self.database.writing() as connection:
                if self.database.insert_new(connection, meta, name="log_key", number=0, text=key.fingerprint):
                    log.begin(connection)
            begun = self._noted("log_key")
        if begun != key.fingerprint:
            raise CannotOpenError("key-other")
        return log

    def report(self, year: int | None = None) -> dict[str, object]:
        """The transparency report (class ``TransparencyReport``) of a Japanese fiscal year, by default the current one."""
        now = self._clock()
        asked = report.year_of(now) if year is None else year
        begins, ends = report.bounds(asked)
        demanded = select(func.count(signed.c.document.distinct())).where(
            signed.c.class_name == "LawfulDemand", signed.c.added >= begins, signed.c.added < ends
        )
        with self.database.reading() as connection:
            demands = connection.execute(demanded).scalar_one()
        holder = {"id": self.holder.id, "kind": self.holder.kind, "country": self.holder.country}
        known = {name: value for name, value in holder.items() if value is not None}
        return report.report(
            asked, known, self.log.between(begins, ends), self.log.unfinished(begins, ends), demands, now
        )

    def persons(self) -> dict[str, str]:
        """The persons whom documents and demands name, by what stands for each of them in the log."""
        register = self._answering()
        named = {
            *(d.data.get("subject") for d in register.signed),
            *(a.get("subject") for a in register.agreements),
            *(i.request.subject for i in self.counsel.items()),
        }
        return {entries.named(entries.SUBJECT, p, self.log.key.digest): p for p in named if isinstance(p, str)}

    def _answering(self) -> Register:
        _ = self.holding  # without it no document can be verified, though the store would answer
        try:
            return self.register()
        except RegisterUnreachableError:
            raise UnansweredError("silent", kind="register") from None

    def _key_file(self) -> Path:
        if self._key is not None:
            return self._key
        if self.database.file is None:
            raise CannotOpenError("key-unnamed")
        return self.database.file.with_name(f"{self.database.file.name}.key")

    def _noted(self, name: str) -> str | None:
        """A text of ``meta``."""
        with self.database.reading() as connection:
            found: str | None = connection.execute(select(meta.c.text).where(meta.c.name == name)).scalar()
        return found

    @property
    def holding(self) -> Holding:
        """Whom the holder knows. Raises ``CannotOpenError`` where the store was opened without it."""
        if self._given is None:
            raise CannotOpenError("no-holder")
        return self._given

    def _claimed(self) -> Party:
        """The holder of the store: whoever made it. Raises ``CannotOpenError`` for another one."""
        found = self._noted("holder")
        if found is None and self._given is not None:
            own = self._given.holder
            with self.database.writing() as connection:
                text = json.dumps([own.id, own.kind, own.country])
                self.database.insert_new(connection, meta, name="holder", number=0, text=text)
            found = self._noted("holder")
        if found is None:
            raise CannotOpenError("foreign")
        holder = Party(*json.loads(found))
        if self._given is not None and holder.id != self._given.holder.id:
            raise CannotOpenError("other-holder")
        return holder


def _own(connection: Connection, document: Document) -> None:
    """Raises ``RefusedError`` for a consent, or its withdrawal, under an id by which another person's consent is kept."""
    if document.class_name != "ConsentRecord":
        return
    same = signed.c.class_name == "ConsentRecord", signed.c.document == document.id
    lines = connection.execute(select(signed.c.line).where(*same)).scalars().all()
    if lines and document.data["subject"] not in {content(line).get("subject") for line in lines}:
        withdrawing = document.time("withdrawn_at") is not None
        raise RefusedError("not-own-consent" if withdrawing else "conflict", class_name="ConsentRecord")
