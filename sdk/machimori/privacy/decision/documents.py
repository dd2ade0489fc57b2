"""What the documents on hand say about one request: for each kind ``valid``, ``none``, or why the nearest one does not hold.

A document is *on hand* when the holder has it, good or bad; of several the one that passes most checks speaks. The checks
stand in the order in which they name a denial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any

from msgspec import structs

from machimori.errors import MachimoriError
from machimori.messages import msgid
from machimori.privacy.decision import statutes
from machimori.privacy.decision.facts import NONE, VALID, DocumentFacts, DocumentState
from machimori.privacy.decision.fields import asked
from machimori.privacy.decision.holding import Holding, Party
from machimori.privacy.decision.request import Request
from machimori.privacy.decision.revocation import folded, mark, narrowed_agreements, narrowed_documents, owner
from machimori.privacy.decision.signatures import Document
from machimori.standards.time import DAY, HOUR, moment

LIMITS = {"EmergencyOrder": 14 * DAY, "LawfulDemand": 14 * DAY, "RescueOrder": 24 * HOUR, "Warrant": 30 * DAY}
"""The longest a document of a class may be in force, in seconds."""

ORDERS = ("EmergencyOrder", "RescueOrder", "Warrant", "LawfulDemand")
JOINT_USE_ITEMS = (
    "items",
    "users",
    "purpose",
    "responsible_party",
    "responsible_address",
    "responsible_representative",
)
Check = tuple[DocumentState, bool]
"""The name of a failure, and whether the document passes."""
State = tuple[DocumentState, int]
"""What keeps a document from holding, or ``valid``, and how many checks it passed."""


@dataclass(frozen=True, repr=False)
class Register:
    """Every document that the holder has: signed ones, and agreements, which it registers itself."""

    signed: tuple[Document, ...] = ()
    agreements: tuple[Mapping[str, object], ...] = ()
    withdrawn: Mapping[str, float] = field(default_factory=dict)
    """Consents by id that were withdrawn at the holder's desk, and when."""
    taken_back: Mapping[str, float] = field(default_factory=dict)
    """What was taken back once, by ``revocation.mark``, and when: it stays so without any document."""

    def __bool__(self) -> bool:
        return bool(self.signed or self.agreements)

    @cached_property
    def given(self) -> Mapping[str, list[Document]]:
        """Consents by the person who gave them, as they were signed."""
        return _consents(self.signed)

    @cached_property
    def consents(self) -> Mapping[str, list[Document]]:
        """Consents by the person who gave them, as far as they give anything still."""
        return _consents(self._narrowed)

    @cached_property
    def orders(self) -> Mapping[str, list[Document]]:
        """Orders and demands by class, as far as they give anything still."""
        return {name: [d for d in self._narrowed if d.class_name == name] for name in ORDERS}

    @cached_property
    def _narrowed(self) -> list[Document]:
        unread = [d for d in self.signed if not d.well_formed]
        return [*narrowed_documents(self.signed), *unread]

    @cached_property
    def agreed(self) -> list[Mapping[str, object]]:
        """Agreements, as far as they give anything still."""
        return narrowed_agreements(self.agreements)

    @cached_property
    def order_ids(self) -> frozenset[str]:
        """The ids of orders and demands that somebody signed."""
        return frozenset(d.id for held in self.orders.values() for d in held if d.signers)

    @cached_property
    def any_order(self) -> bool:
        """Whether there is any order or demand at all."""
        return any(self.orders.values())

    @cached_property
    def _withdrawn(self) -> Mapping[tuple[str, str], float]:
        """The earliest withdrawal, by person and consent; of nobody in particular where the holder's desk took it."""
        found = {("", folded(consent)): at for consent, at in self.withdrawn.items()}
        for document in self.signed:
            at = document.withdrawn_at() if document.class_name == "ConsentRecord" and document.accepted else None
            if at is not None:
                key = folded(owner("ConsentRecord", document.data)), folded(document.id)
                found[key] = min(at, found.get(key, at))
        return found

    def withdrawn_at(self, consent: Document) -> float | None:
        """When a consent was taken back, by its person or at the desk, whichever was earlier."""
        name, person = folded(consent.id), folded(owner("ConsentRecord", consent.data))
        at = min(self.over_since(consent), *(self._withdrawn.get((whose, name), inf) for whose in (person, "")))
        return None if at == inf else at

    def over_since(self, document: Document) -> float:
        """When a document was taken back, though nothing but that is known of it any more."""
        owners = {owner(document.class_name, document.data), ""} if self.taken_back else ()
        return min((self.taken_back.get(mark(document.class_name, o, document.id), inf) for o in owners), default=inf)

    def agreement_over(self, agreement: Mapping[str, object]) -> float:
        """Until when an agreement holds that ended before its time, though its first text may be shown again."""
        return self.taken_back.get(mark("Agreement", "", str(agreement.get("id"))), inf) if self.taken_back else inf


@dataclass(frozen=True, repr=False)
class Standing:
    """The documents of a register as they stand for one request at one moment."""

    register: Register
    request: Request
    requester: Party
    holding: Holding
    abroad: bool
    now: float
    paths: tuple[str, ...]
    """Every field asked."""
    used: dict[str | None, list[Document]] = field(default_factory=dict)
    """The documents that hold, by term: a decision says until when, and where."""

    def answers(self, path: str) -> DocumentFacts:
        """How the documents stand for the field at ``path``."""
        found = self._consent(path)
        if self.register.agreements:
            found = self._with_agreements(found, path)
        return self._with_orders(found, path) if self.register.any_order else found

    def _with_agreements(self, found: DocumentFacts, path: str) -> DocumentFacts:
        sharing, ordinance, reporting = self._sharing(path)
        ours = ("processing", "supply", "joint_use", "statutory_sharing")
        return structs.replace(
            found,
            mandate=self._agreement(path, ("mandate",), self._is_mandate, "none", "resident_access"),
            processing_agreement=self._agreement(path, ("processing",), self._between_us),
            supply_agreement=self._agreement(path, ours, self._between_us),
            joint_use_notice=self._agreement(path, ("joint_use",), self._is_notice, "no-joint-use-notice"),
            sharing_agreement=sharing,
            ordinance_cited=ordinance,
            reporting_agreement=reporting,
        )

    def _with_orders(self, found: DocumentFacts, path: str) -> DocumentFacts:
        adding = ("EmergencyOrder", "LawfulDemand")
        return structs.replace(
            found,
            emergency_order=self._best("emergency_order", adding, lambda d: self._emergency(d, path)),
            disaster_order=self._best("disaster_order", ("EmergencyOrder",), self._disaster),
            rescue_order=self._best("rescue_order", ("RescueOrder",), lambda d: self._rescue(d, path)),
            warrant=self._best("warrant", ("Warrant",), lambda d: self._warrant(d, path)),
            lawful_demand=self._lawful_demand,
        )

    # -- consent ------------------------------------------------------------------------------------------------------

    def _consent(self, path: str) -> DocumentFacts:
        found = [(self._consent_state(c, path), c) for c in self._asked_by(self.register.consents)]
        valid = [c for state, c in found if state[0] == VALID]
        if valid:
            self.used["consent"] = valid
            joining = any(c.data.get("joined_as_personal_data") is not None for c in valid)
            return DocumentFacts(consent="valid", consent_says_joining=joining)
        as_given = (self._consent_state(c, path) for c in self._asked_by(self.register.given))
        states = [state for state, _ in found] + [state for state in as_given if state[0] != VALID]
        if not states:
            return DocumentFacts()
        return DocumentFacts(consent=max(states, key=lambda s: s[1])[0])

    def _asked_by(self, consents: Mapping[str, list[Document]]) -> list[Document]:
        """The consents that the request can mean: the person's, and of these those that it names, if it names any."""
        own, named = consents.get(self.request.subject or "", []), self.request.consents
        return [c for c in own if c.id in named] if named else own

    def _consent_state(self, consent: Document, path: str) -> State:
        """What keeps a consent from holding. One that was accepted and taken back is just that, whoever can still verify it."""
        data, now = consent.data, self.now
        withdrawn = self.register.withdrawn_at(consent)
        taken_back = withdrawn is not None and now >= withdrawn
        if not consent.well_formed or not (consent.signers or (taken_back and consent.accepted)):
            return "consent-unverifiable", 0
        given, expires = consent.time("given_at"), consent.time("expires_at")
        countries = data.get("countries") or ()
        return _first_failure(
            (
                ("consent-unverifiable", taken_back or consent.meant_for(self.holding.holder.id, now)),
                ("consent-scope", data.get("controller") == self.holding.holder.id),
                ("consent-scope", data.get("recipient") == self.requester.id),
                ("consent-scope", self.request.purpose in (data.get("purposes") or ())),
                ("consent-scope", _covers(data.get("fields"), self.request.entity, path)),
                ("consent-withdrawn", not taken_back),
                ("consent-not-yet", given is not None and now >= given and consent.begun(now)),
                ("consent-expired", expires is not None and now < expires and not consent.lapsed(now)),
                (
                    "foreign-transfer",
                    not self.abroad or (self.requester.country is not None and self.requester.country in countries),
                ),
            )
        )

    # -- agreements -----------------------------------------------------------------------------------------------------

    def _agreement(
        self,
        path: str,
        kinds: Sequence[str],
        fits: Callable[[Mapping[str, Any]], bool],
        otherwise: DocumentState = "no-agreement",
        purpose: str | None = None,
    ) -> DocumentState:
        for agreement in self._agreements(kinds):
            if fits(agreement) and self._in_force(agreement, path, purpose or self.request.purpose):
                return VALID
        return otherwise

    def _agreements(self, kinds: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        wanted = self.request.agreement
        return (a for a in self.register.agreed if a.get("kind") in kinds and wanted in (None, a.get("id")))

    def _in_force(self, agreement: Mapping[str, Any], path: str, purpose: str | None) -> bool:
        begins, ends = moment(agreement.get("starts_at")), moment(agreement.get("ends_at"))
        return (
            begins is not None
            and ends is not None
            and begins <= self.now < min(ends, self.register.agreement_over(agreement))
            and purpose in (agreement.get("purposes") or ())
            and _covers(agreement.get("fields"), self.request.entity, path)
        )

    def _between_us(self, agreement: Mapping[str, Any]) -> bool:
        return {self.holding.holder.id, self.requester.id} <= set(agreement.get("parties") or ())

    def _is_mandate(self, agreement: Mapping[str, Any]) -> bool:
        """A mandate of the person asked about, held by the requester: agent, parent or guardian."""
        subject = self.request.subject
        return (
            subject is not None
            and agreement.get("subject") == subject
            and self.requester.id in (agreement.get("parties") or ())
        )

    def _is_notice(self, agreement: Mapping[str, Any]) -> bool:
        notice = agreement.get("joint_use") or {}
        stated = notice.get("stated") is True and all(str(notice.get(i) or "").strip() for i in JOINT_USE_ITEMS)
        return stated and bool(agreement.get("published_at")) and self._between_us(agreement)

    def _sharing(self, path: str) -> tuple[DocumentState, bool, DocumentState]:
        """A sharing agreement that names the requester; whether one that holds cites an ordinance, and one the duty to report."""
        naming = [a for a in self._agreements(("statutory_sharing",)) if self.requester.id in (a.get("parties") or ())]
        holding = [
            a
            for a in naming
            if a.get("statute") and self._between_us(a) and self._in_force(a, path, self.request.purpose)
        ]
        if not holding:
            return ("no-agreement" if naming else NONE), False, "no-agreement"
        task = asked(self.request.entity or "", path).axes.statutory_task
        reporting = task is not None and any(statutes.cites(a.get("statute"), task) for a in holding)
        return VALID, any(a.get("ordinance") for a in holding), VALID if reporting else "no-agreement"

    # -- orders ---------------------------------------------------------------------------------------------------------

    def _orders(self, class_name: str) -> list[Document]:
        """The orders of a class; an id in the request narrows the class that it belongs to, an unknown one all of them."""
        held, wanted = self.register.orders[class_name], self.request.order
        if wanted is None:
            return held
        named = [d for d in held if d.id == wanted]
        if wanted not in self.register.order_ids:
            return named
        return [d for d in named if d.signers] or held

    def _best(self, term: str, classes: Sequence[str], state: Callable[[Document], State]) -> DocumentState:
        unsigned: State = ("order-unsigned", 0)
        found = [
            (state(d) if d.well_formed and d.signers else unsigned, d) for name in classes for d in self._orders(name)
        ]
        valid = [d for (name, _), d in found if name == VALID]
        if valid:
            self.used[term] = valid
            return VALID
        return max((s for s, _ in found), key=lambda s: s[1], default=(NONE, -1))[0]

    def _emergency(self, order: Document, path: str) -> State:
        data = order.data
        if order.class_name == "LawfulDemand":
            issuer, own = data.get("issued_by"), _id(data.get("recipient")) == self.requester.id
            kind = self._kind_of(issuer)
        else:
            issuer, own = (
                _id(data.get("authority")),
                not data.get("renews") or bool(str(data.get("reason") or "").strip()),
            )
            kind = (data.get("authority") or {}).get("kind") or ""
        return self._order_state(
            order,
            signed=issuer in order.signers and self.holding.domestic_government(str(issuer), kind),
            scope=own and self._names(data, path) and self.request.purpose in (data.get("purposes") or ()),
        )

    def _disaster(self, order: Document) -> State:
        """An emergency order for disaster response, whatever fields it names."""
        authority = order.data.get("authority") or {}
        signed = authority.get("id") in order.signers and self.holding.domestic_government(
            str(authority.get("id")), str(authority.get("kind"))
        )
        return self._order_state(order, signed=signed, scope="disaster_response" in (order.data.get("purposes") or ()))

    def _rescue(self, order: Document, path: str) -> State:
        data, authority = order.data, _id(order.data.get("authority"))
        others = set(data.get("countersigned_by") or ()) - {authority}
        subject = self.request.subject
        return self._order_state(
            order,
            signed=authority in order.signers and len(others) >= 2 and others <= order.signers,
            scope=authority == self.requester.id
            and subject is not None
            and data.get("subject") == subject
            and self._names(data, path),
            published=True,
        )

    def _warrant(self, warrant: Document, path: str) -> State:
        data, subject = warrant.data, self.request.subject
        return self._order_state(
            warrant,
            signed=data.get("issued_by") in warrant.signers,
            scope=subject is not None and data.get("subject") == subject and self._names(data, path),
            published=True,
        )

    def _order_state(self, order: Document, *, signed: bool, scope: bool, published: bool | None = None) -> State:
        begins, ends = order.time("starts_at"), order.time("ends_at")
        limited = begins is not None and ends is not None and 0 < ends - begins <= LIMITS[order.class_name]
        in_force = (
            begins is not None and ends is not None and begins <= self.now < min(ends, self.register.over_since(order))
        )
        return _first_failure(
            (
                ("order-unsigned", signed and order.meant_for(self.holding.holder.id, self.now)),
                ("order-scope", scope),
                ("order-too-long", limited),
                ("order-not-in-force", in_force and order.begun(self.now) and not order.lapsed(self.now)),
                ("order-unpublished", bool(order.data.get("published_at")) if published is None else published),
            )
        )

    @cached_property
    def _lawful_demand(self) -> DocumentState:
        """Whether a demand is before the holder. It names one field asked, and then speaks of the whole request."""
        return VALID if any(map(self._demands, self._orders("LawfulDemand"))) else NONE

    def _demands(self, demand: Document) -> bool:
        """Whether a demand has legal force: signed, in force, for this requester and a field asked."""
        data = demand.data
        begins, ends = demand.time("starts_at"), demand.time("ends_at")
        return (
            demand.well_formed
            and data.get("issued_by") in demand.signers
            and demand.meant_for(self.holding.holder.id, self.now)
            and begins is not None
            and ends is not None
            and begins <= self.now < min(ends, self.register.over_since(demand))
            and demand.begun(self.now)
            and not demand.lapsed(self.now)
            and bool(str(data.get("statute") or "").strip())
            and _id(data.get("recipient")) == self.requester.id
            and any(self._names(data, path) for path in self.paths)
        )

    def _names(self, data: Mapping[str, Any], path: str) -> bool:
        return _covers(data.get("fields"), self.request.entity, path)

    def _kind_of(self, party_id: Any) -> str:
        known = self.holding.register.get(str(party_id))
        return known.kind if known else ""


def _consents(documents: Iterable[Document]) -> Mapping[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        if document.class_name == "ConsentRecord":
            found.setdefault(str(document.data.get("subject")), []).append(document)
    return found


def _first_failure(checks: Sequence[Check]) -> State:
    """The name of the first check that fails and how many passed before it."""
    for passed, (name, holds) in enumerate(checks):
        if not holds:
            return name, passed
    return VALID, len(checks)


def _covers(fields: Any, entity: str | None, path: str) -> bool:
    """Whether a list of ``Entity.field`` names the field, or the value object that holds it."""
    asked = f"{entity}.{path}"
    return any(asked == named or asked.startswith(f"{named}.") for named in fields or ())


def _id(party: Any) -> str | None:
    return party.get("id") if isinstance(party, Mapping) else None


class RegisterUnreachableError(MachimoriError):
    """The store of consents and orders does not answer."""

    message = msgid("the store of consents and orders does not answer")
