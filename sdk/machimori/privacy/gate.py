"""The gate: every request to a holder comes to it, and nothing leaves the holder but by it."""

from __future__ import annotations

import logging
import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from machimori.catalogue import catalogue
from machimori.errors import UnknownNameError
from machimori.privacy.decision import decision as words
from machimori.privacy.decision import evaluation, fields
from machimori.privacy.decision.decision import DENY, Body, Decision, Withheld
from machimori.privacy.decision.documents import NO_DOCUMENTS, Register, RegisterUnreachableError, Standing
from machimori.privacy.decision.holding import Holding, Party, read_holding
from machimori.privacy.decision.policy import NONE, Policy, shipped
from machimori.privacy.decision.request import Request, read_request
from machimori.privacy.disclosure.disclosure import Disclosure, WrongFormError, disclosed, group_sizes
from machimori.privacy.disclosure.pseudonym_keys import PseudonymKeys
from machimori.privacy.disclosure.transforms import Pseudonyms
from machimori.records.lines import lines_of
from machimori.standards.time import month, written

if TYPE_CHECKING:
    from machimori.privacy.disclosure.release_account import Account
    from machimori.privacy.statistics import Ledger, Statistics
    from machimori.privacy.store.store import Store

LOG = logging.getLogger("machimori.privacy")

COUNSEL = "refer-to-counsel"
AREA_RULES = {"emergency-statistics": "emergency_order", "statutory-provision": "disaster_order"}
"""Rules that open only what lies in the area of a document, by the term that finds it."""
ENDING_RULES = {**AREA_RULES, "rescue-order": "rescue_order"}
"""Rules whose grant ends with a document."""


class Gate:
    """Decides and releases for one holder.

    ``holder`` is the record of class ``Holding`` (or its JSON, or a file). ``store`` (``sqlite:///gate.db``,
    ``postgresql+psycopg://…``, or an open ``Store``) keeps documents, ledger and log: with one, every decision is logged
    before anything is given. Without one, ``register`` holds the documents and nothing is logged. ``clock`` gives
    the moment in seconds since 1970; ``secret`` is the key of pseudonyms, or those of each month; ``areas`` gives the grid squares of a municipality, for
    records that name places alone. Raises ``InvalidDocumentError`` where the holding does not comply.
    """

    def __init__(
        self,
        holder: Holding | Mapping[str, Any] | str | bytes | Path,
        *,
        store: Store | str | Path | None = None,
        register: Register | Callable[[], Register] | None = None,
        clock: Callable[[], float] = time.time,
        policy: Policy | None = None,
        secret: bytes | PseudonymKeys | None = None,
        areas: Mapping[str, Iterable[str]] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.holding = holder if isinstance(holder, Holding) else read_holding(holder)
        self.clock = clock
        self.store = self._opened(store)
        if self.store is not None and register is None:
            register = self.store.register
        self._register = register if callable(register) else (lambda: register or Register())
        self.policy = policy or shipped()
        self.secret = secret
        self.areas = {code: tuple(squares) for code, squares in (areas or {}).items()}
        self._ledger = ledger if ledger is not None or self.store is None else self.store.ledger

    @property
    def ledger(self) -> Ledger:
        """The account of what each recipient was given; one that lasts as long as the gate where none was handed over."""
        if self._ledger is None:
            from machimori.privacy.statistics.ledger import MemoryLedger

            self._ledger = MemoryLedger()
        return self._ledger

    def decide(self, request: Any, *, k: int | None = None, budget: float | None = None) -> Decision:
        """The decision on a request (class ``DisclosureRequest``: its record, JSON, or instance).

        ``k`` is the smallest group behind a cell, in distinct data subjects, as the holder counted it; none counts as 0.
        ``budget`` is what the requester's ledger has left; none is a fresh one. Raises ``InvalidDocumentError`` where it
        cannot be read as a request; anything else that goes wrong is a decision: deny, rule ``error``.
        """
        asked = read_request(request)
        return self.logged(asked, self._decided(asked, k or 0, budget))

    def disclose(self, records: Any, request: Any, *, budget: float | None = None) -> Disclosure:
        """The permitted views of ``records``: bytes where they came as text, a file or bytes, else dicts.

        ``records`` is a path, NDJSON or a JSON array, or an iterable. The decision is attached; a denial gives nothing. With a
        store, the log is told how many views came out when they have ended; whoever stops before closes the disclosure.
        Raises ``InvalidDocumentError`` for what is no request, ``UnreadableError`` for a file that cannot be read.
        """
        asked = read_request(request)
        if asked.form == words.STATISTICS:
            raise WrongFormError(asked.form)
        source, as_text = lines_of(records)
        decision, lines, group = self._for_records(source, asked, budget)
        pseudonyms = self._pseudonyms(asked)
        if pseudonyms is None and any(g.transform == "pseudonymise" for g in decision.granted):
            decision = self._refused(asked, self.clock(), "error")
        decision, account = self._begun(asked, decision)
        area = self.squares(decision.area)
        given = disclosed(
            lines,
            as_text,
            structs.replace(decision, area=area),
            asked.entity or "",
            asked.subject,
            pseudonyms,
            group,
        )
        return given if account is None else given.accounted(account)

    def statistics(
        self, records: Any, request: Any, query: Any, *, totals: bool = False, budget: float | None = None
    ) -> Statistics:
        """Statistics of ``records`` (class ``StatisticsRelease``) for a request of form ``statistics`` and a ``StatisticsQuery``.

        ``records`` is a file, a folder or a list of paths (NDJSON, a JSON array, Parquet, CSV; JSON and CSV also gzipped), or
        records from memory as for ``disclose``. ``totals`` adds the totals over each grouping field. ``budget`` stands in for
        the ledger, which is then neither charged nor asked to remember. Raises ``QueryRefusedError`` for a query that the
        model does not allow, ``InvalidDocumentError`` for what is no request or query, ``UnreadableError`` for a file that
        cannot be read.
        """
        from machimori.privacy.statistics.release import statistics

        asked = read_request(request)
        found = statistics(self, records, asked, query, totals=totals, budget=budget)
        decision = self.logged(asked, found.decision)
        return found.under(decision)

    def counted(self, asked: Request, k: int, budget: float | None) -> Decision:
        """The decision once the holder has counted groups and budget itself."""
        return self._decided(asked, k, budget)

    def refused(self, asked: Request, reason: str) -> Decision:
        """A denial for a reason that shows only when records are counted."""
        return self._refused(asked, self.clock(), reason)

    def logged(self, asked: Request, decision: Decision) -> Decision:
        """The decision with the receipt of its log entry. What cannot be logged is not given."""
        if self.store is None:
            return decision
        try:
            receipt = self.store.log.record(asked, decision)
            if decision.rule == COUNSEL:
                self.store.counsel.refer(decision, asked)
        except Exception as error:  # noqa: BLE001  fail closed: no entry, no data
            return self._unlogged(asked, error)
        return structs.replace(decision, receipt=receipt)

    def _begun(self, asked: Request, decision: Decision) -> tuple[Decision, Account | None]:
        """The decision as it was logged, and what is to be told how many records came out; none where none do."""
        if self.store is None or decision.denied:
            return self.logged(asked, decision), None
        try:
            receipt, account = self.store.log.begin_release(asked, decision)
        except Exception as error:  # noqa: BLE001  fail closed: no entry, no data
            return self._unlogged(asked, error), None
        return structs.replace(decision, receipt=receipt), account

    def _unlogged(self, asked: Request, error: Exception) -> Decision:
        LOG.error("a decision could not be logged: %s", type(error).__name__)
        return self._refused(asked, self.clock(), "error")

    def _opened(self, store: Store | str | Path | None) -> Store | None:
        if not isinstance(store, str | Path):
            return store
        from machimori.privacy.store import open_store

        return open_store(store, self.holding, clock=lambda: self.clock())

    def view_schema(self, request: Any, *, k: int | None = None) -> dict[str, Any]:
        """The JSON Schema (2019-09) of what a recipient will get for this request; of nothing, where it is denied."""
        from machimori.privacy.disclosure.view_schema import view_schema

        asked = read_request(request)
        return view_schema(asked.entity or "", self._decided(asked, k or 0, None, cells=True))

    def squares(self, area: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """An area with the grid squares that the holder knows of its municipalities."""
        return area and tuple(dict.fromkeys(code for a in area for code in (a, *self.areas.get(a, ()))))

    def _for_records(
        self, records: Iterable[bytes], asked: Request, budget: float | None
    ) -> tuple[Decision, Iterable[bytes], int]:
        """The decision with the groups counted in the records themselves."""
        if asked.form != words.ANONYMISED:
            return self._decided(asked, 0, budget, cells=True), records, 0
        most = max(_groups())
        would = self._decided(asked, most, budget, cells=True)
        if would.denied:
            return would, records, 0
        lines = list(records)
        granted = tuple((g.field, g.transform) for g in would.granted)
        needed = max(fields.asked(asked.entity or "", path).axes.minimum_group for path, _ in granted)
        sizes = [size for size in group_sizes(lines, granted, asked.entity or "") if size >= needed]
        return self._decided(asked, min(sizes, default=0), budget, cells=True), lines, needed

    def _pseudonyms(self, request: Request) -> Pseudonyms | None:
        """The pseudonyms of this recipient, purpose and month; ``None`` where there is no key for it."""
        period = month(self.clock())
        secret = self.secret.of(period) if isinstance(self.secret, PseudonymKeys) else self.secret
        return Pseudonyms(secret, request.requester.id, request.purpose or "", period) if secret else None

    def _decided(self, asked: Request, k: int, budget: float | None, *, cells: bool = False) -> Decision:
        now = self.clock()
        try:
            return self._decide(asked, now, k, budget, cells)
        except RegisterUnreachableError:
            return self._refused(asked, now, "consent-store-unreachable")
        except Exception as error:  # noqa: BLE001  fail closed: whatever is raised denies, and says nothing of what it met
            LOG.error("a decision failed: %s", type(error).__name__)
            return self._refused(asked, now, "error")

    def _decide(self, request: Request, now: float, k: int, budget: float | None, cells: bool) -> Decision:
        policy, requester = self.policy, request.requester
        known = fields.entity_known(request.entity or "")
        paths = tuple(dict.fromkeys(request.fields or ())) or (fields.all_fields(request.entity or "") if known else ())
        try:
            asked = tuple(fields.asked(request.entity or "", p) for p in paths) if known else ()
            classified = True
        except UnknownNameError:
            asked, classified = (), False
        party = self.holding.verified(requester.id, requester.kind or "", requester.country)
        kind = self.holding.kind(party) if party else requester.kind
        abroad = party is not None and self._abroad(party)
        cost = request.epsilon or 0.0
        mine = (
            known,
            classified,
            request.purpose in policy.purposes,
            bool(requester.kind),
            party is not None,
            request.role,
            kind,
            kind in policy.public_bodies,
            requester.id == self.holding.holder.id,
            abroad,
            self.holding.kind(self.holding.holder),
            self.holding.kind(self.holding.holder) in policy.public_bodies,
            self.holding.holder.id == self.holding.collector.id,
            request.form,
            request.purpose,
            request.purpose in policy.forbidden_purposes,
            bool(request.live),
            request.subject is not None,
            request.subject == requester.id,
            budget is None or (budget > 0 and budget >= cost),
        )
        register = self._register()
        standing = Standing(register, request, party, self.holding, abroad, now, paths) if register and party else None
        answers = tuple(standing.answers(f.path) for f in asked) if standing else (NO_DOCUMENTS,) * len(asked)
        body = _body(policy, paths, asked, mine, answers, bisect_right(_groups(), k), cells)
        area, delete_by, used = self._terms(body, standing)
        return Decision(
            request=request.id,
            at=written(now, request.at),
            form=body.form,
            rule=body.rule,
            basis=body.basis,
            sources=body.sources,
            law_version=body.law_version,
            granted=body.granted,
            withheld=body.withheld,
            obligations=body.obligations,
            strongest_permitted=body.strongest_permitted,
            message=body.message,
            delete_by=None if delete_by is None else written(delete_by, request.at),
            area=area,
            documents=used,
        )

    def _abroad(self, party: Party) -> bool:
        """Whether the requester is in another country; an organisation whose country nobody registered may be."""
        if party.country is None:
            return party.kind not in ("person", "public") and party.kind not in self.policy.public_bodies
        return party.country != self.holding.home

    def _terms(
        self, body: Body, standing: Standing | None
    ) -> tuple[tuple[str, ...] | None, float | None, tuple[str, ...]]:
        """Where and until when the documents behind a grant open the data."""
        if standing is None or not body.granting:
            return None, None, ()
        area, ends, used = None, [], []
        for rule in body.granting:
            documents = standing.used.get(ENDING_RULES.get(rule, rule.replace("-", "_")), [])
            used += [d.id for d in documents]
            ends += [e for d in documents if rule in ENDING_RULES and (e := d.time("ends_at")) is not None]
            if rule in AREA_RULES and documents:
                area = tuple(dict.fromkeys(code for d in documents for code in d.data.get("area") or ()))
        return area, min(ends, default=None), tuple(dict.fromkeys(used))

    def _refused(self, request: Request, now: float, reason: str) -> Decision:
        """A denial for want of what a decision needs."""
        rule = self.policy.by_name[reason]
        return Decision(
            request=request.id,
            at=written(now),
            form=DENY,
            rule=reason,
            basis=rule.basis,
            sources=rule.sources,
            law_version=rule.law_version,
            granted=(),
            withheld=_withheld(request.fields or (), reason),
            obligations=rule.obligations,
            strongest_permitted=DENY,
            message=dict(rule.message),
        )


@cache
def _groups() -> tuple[int, ...]:
    """The smallest groups that profiles ask for; a count matters only by which of them it reaches."""
    return tuple(sorted({p.minimum_group for p in catalogue.model().profiles.values() if p.minimum_group}))


@lru_cache(maxsize=16384)
def _body(
    policy: Policy,
    paths: tuple[str, ...],
    asked: tuple[fields.Asked, ...],
    mine: tuple[Any, ...],
    answers: tuple[tuple[Any, ...], ...],
    reached: int,
    counted: bool,
) -> Body:
    """The decision that follows from these facts, for the form asked and for every other one."""
    form = mine[13]
    if not asked:
        asked = (_Nothing,) * max(1, len(paths))
        answers = (NO_DOCUMENTS,) * len(asked)
    outcomes = {f: _outcome(policy, f, asked, _in_form(mine, f, form), answers, reached, counted) for f in policy.forms}
    strongest = next((f for f in reversed(policy.forms) if outcomes[f].form != DENY), DENY)
    made = words.body(policy, form, asked, outcomes[form], strongest)
    if asked[0] is _Nothing:
        return _renamed_fields(made, paths)
    return made


def _in_form(mine: tuple[Any, ...], form: str, asked: str) -> tuple[Any, ...]:
    """The same request in another form; a weaker form that is about no one person leaves the person and the moment out."""
    if form == asked:
        return mine
    changed = list(mine)
    changed[13] = form
    if form in (words.STATISTICS, words.ANONYMISED):
        changed[16], changed[17], changed[18] = False, False, False
    return tuple(changed)


def _outcome(
    policy: Policy,
    form: str,
    asked: tuple[fields.Asked, ...],
    mine: tuple[Any, ...],
    answers: tuple[tuple[Any, ...], ...],
    reached: int,
    counted: bool,
) -> evaluation.Outcome:
    purpose, groups = mine[14] or "", _groups()
    facts = tuple(
        (
            *mine,
            *field.facts,
            field.purpose_on_list(purpose),
            field.statutory_purpose(purpose),
            bisect_right(groups, field.axes.minimum_group) <= reached,
            counted or bisect_right(groups, field.axes.minimum_group) <= reached,
            *answer,
            frozenset(),
            NONE,
            NONE,
        )
        for field, answer in zip(asked, answers, strict=True)
    )
    return evaluation.decide(policy, form, facts, tuple(f.strictness for f in asked))


def _renamed_fields(body: Body, paths: Iterable[str]) -> Body:
    """A refusal of fields that nobody knows, under the names that were asked."""
    return structs.replace(body, withheld=_withheld(paths, body.rule))


def _withheld(paths: Iterable[str], rule: str) -> tuple[Withheld, ...]:
    """The fields asked, each withheld; what is no name of a field is not said again."""
    return tuple(Withheld(p, rule) for p in dict.fromkeys(paths) if _field_path().fullmatch(p))


@cache
def _field_path() -> re.Pattern[str]:
    return re.compile(catalogue.pattern("FieldPath").removesuffix("$"))


_Nothing = fields.Asked(
    "", "", "", "special_care", 10, fields.UNCLASSIFIED,
    (True, "special_care", "direct", "none", False, False, False, False, False, False), False,
)  # fmt: skip
"""A field of which nothing is known: the strictest that there can be."""
