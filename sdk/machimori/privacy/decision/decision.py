"""The decision as a payload (class ``Decision``), and the words in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import structs

from machimori import messages
from machimori.messages import Message
from machimori.privacy.decision.evaluation import Outcome
from machimori.privacy.decision.fields import Asked
from machimori.privacy.decision.policy import ANONYMISED, IDENTIFIED, PSEUDONYMISED, STATISTICS, Policy, Rule, shipped

DENY = "deny"
AS_IS, COARSEN, PSEUDONYMISE, AGGREGATE = "as_is", "coarsen", "pseudonymise", "aggregate"
"""What is done to a field that is given (enum ``Transform`` of the model)."""
STATISTICAL = "statistical"
"""The data class of figures about groups of people."""


class Granted(msgspec.Struct, frozen=True):
    """A field given, what is done to it, and the rule that gave it."""

    field: str
    transform: str
    rule: str


class Withheld(msgspec.Struct, frozen=True):
    """A field not given, and the rule or reason that withheld it."""

    field: str
    rule: str


class Receipt(msgspec.Struct, frozen=True):
    """Where in the holder's log the decision stands."""

    log_sequence: int
    entry_digest: str


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the holder decided, and why (privacy.md, section 9). It names no person.

    ``form`` is ``deny`` or the form asked; ``area`` and the documents used stay with the holder and are not printed.
    """

    request: str
    at: str
    form: str
    rule: str
    basis: str
    sources: tuple[str, ...]
    law_version: str
    granted: tuple[Granted, ...]
    withheld: tuple[Withheld, ...]
    obligations: tuple[str, ...]
    strongest_permitted: str
    message: dict[str, str]
    delete_by: str | None = None
    receipt: Receipt | None = None
    area: tuple[str, ...] | None = None
    documents: tuple[str, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether nothing may be given."""
        return self.form == DENY

    def text(self, language: str = messages.ENGLISH) -> str:
        """``message`` in a language, of which the payload need not have it."""
        rule = shipped().by_name.get(self.rule)
        if language in self.message or rule is None or not self.denied or self.strongest_permitted == DENY:
            return messages.of(self.message, language)
        return _offered(rule.message, self.strongest_permitted).text(language)

    def data(self) -> dict[str, object]:
        """The record of class ``Decision``."""
        held = msgspec.to_builtins(self)
        held.pop("area", None)
        held.pop("documents", None)
        return {"type": "Decision", **held}

    def json(self) -> bytes:
        """The record as JSON."""
        return msgspec.json.encode(self.data())


def decided(policy: Policy, form: str, fields: Sequence[Asked], outcome: Outcome, strongest: str) -> Decision:
    """The decision on ``fields`` asked in ``form``: all of it that follows from the facts, of no request and no moment."""
    rule = policy.by_name[outcome.rule]
    pairs = list(zip(fields, outcome.verdicts, strict=True))
    denied = outcome.form == DENY
    granting = [] if denied else [v.granted for _, v in pairs if v.granted]
    return Decision(
        request="",
        at="",
        form=outcome.form,
        rule=rule.name,
        basis=rule.basis,
        sources=rule.sources,
        law_version=rule.law_version,
        granted=() if denied else _granted(form, [(f, v.granted) for f, v in pairs if v.granted]),
        withheld=tuple(Withheld(f.path, v.reason) for f, v in pairs if denied or not v.granted),
        obligations=tuple(dict.fromkeys(o for r in (granting or [rule]) for o in r.obligations)),
        strongest_permitted=strongest,
        message=_message(rule.message, outcome.form, strongest),
    )


def refusal(request: str, at: str, rule: Rule, withheld: tuple[Withheld, ...]) -> Decision:
    """A denial for want of what a decision needs."""
    return Decision(
        request=request,
        at=at,
        form=DENY,
        rule=rule.name,
        basis=rule.basis,
        sources=rule.sources,
        law_version=rule.law_version,
        granted=(),
        withheld=withheld,
        obligations=rule.obligations,
        strongest_permitted=DENY,
        message=dict(rule.message),
    )


def _granted(form: str, given: Sequence[tuple[Asked, Rule]]) -> tuple[Granted, ...]:
    """The fields given, each with what is done to it; beside rounded figures their time is cut, too."""
    made = [Granted(f.path, transform(form, f, in_full=r.in_full), r.name) for f, r in given]
    rounded = any(f.data_class == STATISTICAL and g.transform == COARSEN for (f, _), g in zip(given, made, strict=True))
    return tuple(
        structs.replace(g, transform=COARSEN) if rounded and g.transform == AS_IS and f.time_of_figures else g
        for (f, _), g in zip(given, made, strict=True)
    )


def transform(form: str, field: Asked, *, in_full: bool) -> str:
    """What is done to a field that is given in this form, by a rule that gives counts of people in full or not."""
    if form == STATISTICS:
        return AGGREGATE
    if field.data_class == STATISTICAL:
        return COARSEN if field.counts_people and not in_full else AS_IS
    if form == IDENTIFIED or not field.facts.person_related:
        return AS_IS
    if form == PSEUDONYMISED and (field.facts.identifiability == "direct" or field.reference):
        return PSEUDONYMISE
    return COARSEN


FORM_WORDS = {
    STATISTICS: Message("statistics"),
    ANONYMISED: Message("anonymised records"),
    PSEUDONYMISED: Message("pseudonymised records"),
    IDENTIFIED: Message("identified records"),
}


def _message(message: Mapping[str, str], decided: str, strongest: str) -> dict[str, str]:
    """The sentence of the rule; of a denial with the strongest form that is permitted, which is never the one asked for."""
    if decided != DENY or strongest == DENY:
        return dict(message)
    return {language: _offered(message, strongest).text(language) for language in message}


def _offered(message: Mapping[str, str], form: str) -> Message:
    """The sentence of a rule, and the form in which something could be had all the same."""
    return Message("{message} It can be given as {form}.", message=message, form=FORM_WORDS[form])
