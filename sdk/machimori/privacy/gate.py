"""The gate: every request to a holder comes to it, and nothing leaves the holder but by it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from machimori.privacy.decision import fields
from machimori.privacy.decision.decider import Decider, groups
from machimori.privacy.decision.decision import PSEUDONYMISE, Decision
from machimori.privacy.decision.documents import Register
from machimori.privacy.decision.holding import Holding, read_holding
from machimori.privacy.decision.policy import ANONYMISED, ERROR, STATISTICS, shipped
from machimori.privacy.decision.request import Request, RequestLike, read_request
from machimori.privacy.disclosure.disclosure import Disclosure, WrongFormError, disclosed, given, group_sizes
from machimori.privacy.disclosure.figures import FiguresGiven
from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeys
from machimori.privacy.disclosure.transforms import Pseudonyms
from machimori.records.lines import Records, lines_of
from machimori.standards.time import month

if TYPE_CHECKING:
    from machimori.privacy.disclosure.release_account import Account
    from machimori.privacy.statistics import Ledger, Statistics
    from machimori.privacy.statistics.engines import Counted
    from machimori.privacy.statistics.kept import Kept
    from machimori.privacy.statistics.query import QueryLike
    from machimori.privacy.store.store import Store

LOG = logging.getLogger("machimori.privacy")


class Gate:
    """Decides and releases for one holder.

    ``holder`` is the record of class ``Holding`` (or its JSON, or a file). ``store`` (``sqlite:///gate.db``,
    ``postgresql+psycopg://…``, or an open ``Store``) keeps documents, ledger and log: with one, every decision is logged
    before anything is given; ``log_key`` is the file of the log's key, for a store on a server. Without one, ``register`` holds the documents and nothing is logged. ``clock`` gives
    the moment in seconds since 1970; ``secret`` is the key of pseudonyms, or those of each month; ``areas`` gives the grid squares of a municipality, for
    records that name places alone. Raises ``InvalidDocumentError`` where the holding does not comply.
    """

    def __init__(
        self,
        holder: Holding | Mapping[str, object] | str | bytes | Path,
        *,
        store: Store | str | Path | None = None,
        log_key: str | Path | None = None,
        register: Register | Callable[[], Register] | None = None,
        clock: Callable[[], float] = time.time,
        secret: bytes | PseudonymKeys | None = None,
        areas: Mapping[str, Iterable[str]] | None = None,
        ledger: Ledger | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.holding = holder if isinstance(holder, Holding) else read_holding(holder)
        self.clock = clock
        self.store = self._opened(store, log_key)
        if self.store is not None and register is None:
            register = self.store.register
        self.decider = Decider(self.holding, register if callable(register) else lambda: register, clock)
        """What it decides by; it gives nothing."""
        self.secret = secret
        self.areas = {code: tuple(squares) for code, squares in (areas or {}).items()}
        self.figures_given = FiguresGiven()
        """Which record of each facility gave its figures in each hour, as long as the gate lasts."""
        self._ledger = ledger if ledger is not None or self.store is None else self.store.ledger
        self._kept = kept if kept is not None or self.store is None else self.store.kept

    @property
    def ledger(self) -> Ledger:
        """The account of what each recipient was given; one that lasts as long as the gate where none was handed over."""
        if self._ledger is None:
            from machimori.privacy.statistics.ledger import MemoryLedger

            self._ledger = MemoryLedger()
        return self._ledger

    @property
    def kept(self) -> Kept:
        """Settled figures of statistics: the store's; such as last as long as the gate where there is none and none were handed over."""
        if self._kept is None:
            from machimori.privacy.statistics.kept import MemoryKept

            self._kept = MemoryKept()
        return self._kept

    def decide(self, request: RequestLike, *, k: int | None = None, budget: float | None = None) -> Decision:
        """The decision on a request (class ``DisclosureRequest``: its record, JSON, or instance).

        ``k`` is the smallest group behind a cell, in distinct data subjects, as the holder counted it; none counts as 0.
        ``budget`` is what the account has left for a request with epsilon; none is a fresh one. Raises ``InvalidDocumentError`` where it
        cannot be read as a request; anything else that goes wrong is a decision: deny, rule ``error``.
        """
        asked = read_request(request)
        return self.logged(asked, self.decider.decide(asked, k or 0, budget))

    def disclose(self, records: Records, request: RequestLike, *, budget: float | None = None) -> Disclosure:
        """The permitted views of ``records``: bytes where they came as text, a file or bytes, else dicts.

        ``records`` is a path, NDJSON or a JSON array, or an iterable. The decision is attached; a denial gives nothing. With a
        store, the log is told how many views came out when they have ended; whoever stops before closes the disclosure.
        Raises ``InvalidDocumentError`` for what is no request, ``UnreadableError`` for a file that cannot be read.
        """
        asked = read_request(request)
        if asked.form == STATISTICS:
            raise WrongFormError(asked.form)
        source, as_text = lines_of(records)
        decision, lines, group = self._for_records(source, asked, budget)
        pseudonyms = self._pseudonyms(asked)
        if pseudonyms is None and any(g.transform == PSEUDONYMISE for g in decision.granted):
            decision = self.decider.refused(asked, ERROR)
        decision, account = self._begun(asked, decision)
        area = self.squares(decision.area)
        views = disclosed(
            lines,
            as_text,
            structs.replace(decision, area=area),
            asked.entity or "",
            asked.subject,
            pseudonyms,
            self.figures_given,
            group,
        )
        return views if account is None else views.accounted(account)

    def statistics(
        self,
        records: Counted,
        request: RequestLike,
        query: QueryLike,
        *,
        budget: float | None = None,
    ) -> Statistics:
        """Statistics of ``records`` (class ``StatisticsRelease``) for a request of form ``statistics`` and a ``StatisticsQuery``.

        ``records`` is a file, a folder or a list of paths (NDJSON, a JSON array, Parquet, CSV; JSON and CSV also gzipped), or
        records from memory as for ``disclose``. Of a class about people the query fits one table of the model; its steps are
        settled by the first call that reaches them, and stay so for everyone. ``budget`` stands in for the account of epsilon, which
        is then not charged. Raises ``QueryRefusedError`` for a query that the
        model does not allow, ``InvalidDocumentError`` for what is no request or query, ``UnreadableError`` for a file that
        cannot be read.
        """
        from machimori.privacy.statistics.holder import Holder
        from machimori.privacy.statistics.release import statistics

        asked = read_request(request)
        holder = Holder(self.decider, self.kept, self.ledger, self.squares)
        found = statistics(holder, records, asked, query, budget=budget)
        decision = self.logged(asked, found.decision)
        return found.under(decision)

    def logged(self, asked: Request, decision: Decision) -> Decision:
        """The decision with the receipt of its log entry. What cannot be logged is not given."""
        if self.store is None:
            return decision
        try:
            receipt = self.store.log.record(asked, decision)
            if shipped().by_name[decision.rule].refers_to_counsel:
                self.store.counsel.refer(decision, asked)
        except Exception as error:  # noqa: BLE001  fail closed: no entry, no data
            return self._unlogged(asked, error)
        return structs.replace(decision, receipt=receipt)

    def _begun(self, asked: Request, decision: Decision) -> tuple[Decision, Account | None]:
        """The decision as it was logged, and what is to be told how many records came out; none where none do."""
        if self.store is None or decision.denied:
            return self.logged(asked, decision), None
        from machimori.privacy.log.release_account import begin

        try:
            receipt, account = begin(self.store.log, asked, decision)
        except Exception as error:  # noqa: BLE001  fail closed: no entry, no data
            return self._unlogged(asked, error), None
        return structs.replace(decision, receipt=receipt), account

    def _unlogged(self, asked: Request, error: Exception) -> Decision:
        LOG.error("a decision could not be logged: %s", type(error).__name__)
        return self.decider.refused(asked, ERROR)

    def _opened(self, store: Store | str | Path | None, log_key: str | Path | None) -> Store | None:
        if not isinstance(store, str | Path):
            return store
        from machimori.privacy.store import open_store

        return open_store(store, self.holding, key=log_key, clock=lambda: self.clock())

    def view_schema(self, request: RequestLike, *, k: int | None = None) -> dict[str, object]:
        """The JSON Schema (2019-09) of what a recipient will get for this request; of nothing, where it is denied."""
        from machimori.privacy.disclosure.view_schema import view_schema

        asked = read_request(request)
        return view_schema(asked.entity or "", self.decider.decide(asked, k or 0, cells=True))

    def squares(self, area: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """An area with the grid squares that the holder knows of its municipalities."""
        return area and tuple(dict.fromkeys(code for a in area for code in (a, *self.areas.get(a, ()))))

    def _for_records(
        self, records: Iterable[bytes], asked: Request, budget: float | None
    ) -> tuple[Decision, Iterable[bytes], int]:
        """The decision with the groups counted in the records themselves."""
        if asked.form != ANONYMISED:
            return self.decider.decide(asked, budget=budget, cells=True), records, 0
        would = self.decider.decide(asked, max(groups()), budget, cells=True)
        if would.denied:
            return would, records, 0
        lines = list(records)
        granted = given(would)
        needed = max(fields.asked(asked.entity or "", g.path).axes.minimum_group for g in granted)
        sizes = [size for size in group_sizes(lines, granted, asked.entity or "") if size >= needed]
        return self.decider.decide(asked, min(sizes, default=0), budget, cells=True), lines, needed

    def _pseudonyms(self, request: Request) -> Pseudonyms | None:
        """The pseudonyms of this recipient, purpose and month; ``None`` where there is no key for it."""
        period = month(self.clock())
        secret = self.secret.of(period) if isinstance(self.secret, PseudonymKeys) else self.secret
        return Pseudonyms(secret, request.requester.id, request.purpose or "", period) if secret else None
