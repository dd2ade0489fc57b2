"""From a request to a decision: who asks, what its fields are, what documents say, and what the rules make of it.

It gives nothing and writes nothing down: that is for whoever holds it (``machimori.privacy.gate``).
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from msgspec import structs

from machimori.catalogue import catalogue
from machimori.privacy.decision import decision, evaluation, fields
from machimori.privacy.decision.decision import DENY, Decision, Withheld
from machimori.privacy.decision.documents import Register, RegisterUnreachableError, Standing
from machimori.privacy.decision.evaluation import Outcome
from machimori.privacy.decision.facts import DocumentFacts, Facts, RequestFacts
from machimori.privacy.decision.fields import Asked
from machimori.privacy.decision.holding import PERSONS, Holding, Party
from machimori.privacy.decision.policy import ANONYMISED, ERROR, STATISTICS, UNREACHABLE, shipped
from machimori.privacy.decision.request import Request
from machimori.standards.time import written

LOG = logging.getLogger("machimori.privacy")
NO_DOCUMENTS = DocumentFacts()


class Decider:
    """Decides requests to one holder, by the rules of the model and no others.

    ``register`` gives the documents that the holder has at the moment, and may raise ``RegisterUnreachableError``; ``clock``
    gives the moment, in seconds since 1970.
    """

    def __init__(self, holding: Holding, register: Callable[[], Register | None], clock: Callable[[], float]) -> None:
        self.holding, self.clock, self._register = holding, clock, register
        self._policy = shipped()
        self._holder_kind = holding.kind(holding.holder)
        self._holder_public = self._holder_kind in self._policy.public_bodies
        self._holder_collects = holding.holder.id == holding.collector.id

    def decide(self, request: Request, k: int = 0, budget: float | None = None, *, cells: bool = False) -> Decision:
        """The decision. Whatever goes wrong is one, too: a denial, by a rule that says so.

        ``k`` is the smallest group behind a cell, as perturbed; it is compared with the minimum of the profile alone. ``budget``
        is what differential privacy has left, none a fresh one, and no matter to a request without ``epsilon``. ``cells`` says that whoever gives the records counts the group of each of their cells then.
        """
        now = self.clock()
        try:
            return self._decided(request, now, k, budget, cells)
        except RegisterUnreachableError:
            return self.refused(request, UNREACHABLE, now)
        except Exception as error:  # noqa: BLE001  fail closed: whatever is raised denies, and says nothing of what it met
            LOG.error("a decision failed: %s", type(error).__name__)
            return self.refused(request, ERROR, now)

    def refused(self, request: Request, reason: str, now: float | None = None) -> Decision:
        """A denial for want of what a decision needs, for a reason that the model names."""
        moment = written(self.clock() if now is None else now)
        rule = self._policy.by_name[reason]
        return decision.refusal(request.id, moment, rule, _withheld(request.fields or (), reason))

    def asking(self, request: Request) -> tuple[Party | None, str | None]:
        """The requester as the register knows it, if it does, and the kind that counts."""
        said = request.requester
        party = self.holding.verified(said.id, said.kind or "", said.country)
        return party, self.holding.kind(party) if party else said.kind

    def by_public_body(self, request: Request) -> bool:
        """Whether a public body asks."""
        return self.asking(request)[1] in self._policy.public_bodies

    def _decided(self, request: Request, now: float, k: int, budget: float | None, cells: bool) -> Decision:
        party, kind = self.asking(request)
        abroad = party is not None and self._abroad(party)
        wanted = fields.wanted(request.entity or "", request.fields)
        policy, requester, cost = self._policy, request.requester, request.epsilon
        facts = RequestFacts(
            entity_known=wanted.entity_known,
            field_classified=wanted.classified,
            purpose_known=request.purpose in policy.purposes,
            requester_kind_given=bool(requester.kind),
            requester_verified=party is not None,
            role=request.role,
            requester_kind=kind,
            public_body=kind in policy.public_bodies,
            requester_is_holder=requester.id == self.holding.holder.id,
            requester_abroad=abroad,
            holder_kind=self._holder_kind,
            holder_public=self._holder_public,
            holder_is_collector=self._holder_collects,
            form=request.form,
            purpose=request.purpose,
            forbidden_purpose=request.purpose in policy.forbidden_purposes,
            serves_holder=request.purpose in policy.purposes_of_the_holder,
            live=bool(request.live),
            subject_named=request.subject is not None,
            subject_is_requester=request.subject == requester.id,
            budget_left=budget is None or cost is None or (budget > 0 and budget >= cost),
        )
        register, asked = self._register(), wanted.fields
        standing = (
            Standing(register, request, party, self.holding, abroad, now, wanted.paths) if register and party else None
        )
        documents = tuple(standing.answers(f.path) for f in asked) if standing else (NO_DOCUMENTS,) * len(asked)
        made = _judged(wanted.paths, asked, facts, documents, bisect_right(groups(), k), cells)
        at = written(now, request.at)
        if standing and standing.used and made.granted:
            return self._bounded(made, standing, request, at)
        return structs.replace(made, request=request.id, at=at)

    def _abroad(self, party: Party) -> bool:
        """Whether the requester is in another country; an organisation whose country nobody registered may be."""
        if party.country is None:
            return party.kind not in PERSONS and party.kind not in self._policy.public_bodies
        return party.country != self.holding.home

    def _bounded(self, made: Decision, standing: Standing, request: Request, at: str) -> Decision:
        """The decision with where and until when the documents behind its grants open the data, and which these are."""
        area, ends, cited, held = None, [], [], standing.used
        for name in dict.fromkeys([g.rule for g in made.granted]):
            rule = self._policy.by_name[name]
            if resting := held.get(rule.rests_on):
                cited += [d.id for d in resting]
            if ending := held.get(rule.ends_with):
                ends += [e for d in ending if (e := d.time("ends_at")) is not None]
            if bounding := held.get(rule.bounded_by_area_of):
                area = tuple(dict.fromkeys(code for d in bounding for code in d.data.get("area") or ()))
        return structs.replace(
            made,
            request=request.id,
            at=at,
            area=area,
            delete_by=written(min(ends), request.at) if ends else None,
            documents=tuple(dict.fromkeys(cited)),
        )


@cache
def groups() -> tuple[int, ...]:
    """The smallest groups that profiles ask for; a count matters only by which of them it reaches."""
    return tuple(sorted({p.minimum_group for p in catalogue.model().profiles.values() if p.minimum_group}))


@lru_cache(maxsize=16384)
def _judged(
    paths: tuple[str, ...],
    asked: tuple[Asked, ...],
    facts: RequestFacts,
    documents: tuple[DocumentFacts, ...],
    reached: int,
    cells: bool,
) -> Decision:
    """The decision that follows from these facts, for the form asked and for every other one.

    ``reached`` is how many of ``groups`` the count reaches.
    """
    policy = shipped()
    if not asked:
        nothing = _judged(
            paths, (fields.nothing(),) * max(1, len(paths)), facts, (NO_DOCUMENTS,) * max(1, len(paths)), reached, cells
        )
        return structs.replace(nothing, withheld=_withheld(paths, nothing.rule))
    strictness = tuple(f.strictness for f in asked)
    needed = [bisect_right(groups(), f.axes.minimum_group) <= reached for f in asked]
    of_fields = [f.asked_for(facts.purpose, group=n, cell_group=cells or n) for f, n in zip(asked, needed, strict=True)]
    outcomes: dict[str, Outcome] = {}
    for form in policy.forms:
        asking = facts if form == facts.form else _in_form(facts, form)
        of_all = tuple(Facts(asking, f, d) for f, d in zip(of_fields, documents, strict=True))
        outcomes[form] = evaluation.decide(policy, form, of_all, strictness)
    strongest = next((f for f in reversed(policy.forms) if outcomes[f].form != DENY), DENY)
    return decision.decided(policy, facts.form, asked, outcomes[facts.form], strongest)


def _in_form(facts: RequestFacts, form: str) -> RequestFacts:
    """The same request in another form; a weaker form that is about no one person leaves the person and the moment out."""
    if form in (STATISTICS, ANONYMISED):
        return structs.replace(facts, form=form, live=False, subject_named=False, subject_is_requester=False)
    return structs.replace(facts, form=form)


def _withheld(paths: Iterable[str], rule: str) -> tuple[Withheld, ...]:
    """The fields asked, each withheld; what is no name of a field is not said again."""
    return tuple(Withheld(p, rule) for p in dict.fromkeys(paths) if _field_path().fullmatch(p))


@cache
def _field_path() -> re.Pattern[str]:
    return re.compile(catalogue.pattern("FieldPath").removesuffix("$"))
