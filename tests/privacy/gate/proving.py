"""The rules as formulas of Z3: what is proved of them holds for every time, group, budget, party and profile.

The rules are data, so one translation serves them all. Facts that the gate computes from numbers (group and minimum, budget and
cost, the beginning and end of an order, who holds and who asks) are computed here from variables that stand for any number. Other
fields of the same request may be granted by any rule: that is a variable, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import z3
from tests import raw

from machimori.privacy.decision.documents import LIMITS
from machimori.privacy.decision.facts import DOCUMENT_TERMS
from machimori.privacy.decision.policy import Condition, Policy, Rule, Test

EXEMPT = "some_field_granted_by"
BOOLEANS = (
    *(
        "entity_known",
        "field_classified",
        "purpose_known",
        "requester_kind_given",
        "requester_verified",
        "live",
        "subject_named",
    ),
    *(
        "subject_is_requester",
        "rescue",
        "biometric",
        "other_person",
        "passer_by",
        "has_time_step",
        "stays_on_device",
        "ordinance_cited",
    ),
    *("purpose_on_list", "statutory_purpose", "consent_says_joining", "requester_abroad"),
)
WORDS = ("role", "form", "purpose", "data_class", "identifiability", "government_access")
ORDERS = {
    "emergency_order": "EmergencyOrder",
    "disaster_order": "EmergencyOrder",
    "rescue_order": "RescueOrder",
    "warrant": "Warrant",
}
PUBLISHED = ("emergency_order", "disaster_order")
STATES = (
    *(
        "valid",
        "none",
        "order-unsigned",
        "order-scope",
        "order-too-long",
        "order-not-in-force",
        "order-unpublished",
        "no-consent",
    ),
    *(
        "consent-unverifiable",
        "consent-scope",
        "consent-withdrawn",
        "consent-not-yet",
        "consent-expired",
        "foreign-transfer",
    ),
    *("no-agreement", "no-joint-use-notice"),
)


@dataclass
class Order:
    """An order as it may be: on hand or not, and whatever its times, signatures and scope."""

    on_hand: Any
    signed: Any
    countersigned: Any
    in_scope: Any
    published: Any
    begins: Any
    ends: Any


class World:
    """Variables for everything that a request and its holder may be, and the terms of the policy over them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.now = z3.Real("now")
        self.group, self.minimum = z3.Int("group"), z3.Int("minimum_group")
        self.budget, self.cost = z3.Real("budget"), z3.Real("cost")
        self.noised = z3.Bool("differential privacy asked for")
        self.requester, self.holder, self.collector = z3.Ints("requester holder collector")
        self.codes: dict[str, dict[str, int]] = {}
        self.kind = z3.Function("kind", z3.IntSort(), z3.IntSort())
        kinds = list(raw.catalogue()["enums"]["RequesterKind"]["values"])
        self.codes["requester_kind"] = self.codes["holder_kind"] = {k: i for i, k in enumerate(kinds)}
        self.terms: dict[str, Any] = {name: z3.Bool(name) for name in BOOLEANS}
        enums = raw.catalogue()["enums"]
        values = {
            "role": enums["RequesterRole"]["values"],
            "form": policy.forms,
            "purpose": enums["Purpose"]["values"],
            "data_class": policy.data_classes,
            "identifiability": enums["Identifiability"]["values"],
            "government_access": enums["GovernmentAccess"]["values"],
        }
        self.axioms: list[Any] = []
        for word in WORDS:
            self.codes[word] = {v: i for i, v in enumerate(values[word])}
            self.terms[word] = self._word(word)
        self.orders = {term: self._order(term) for term in ORDERS}
        for term in DOCUMENT_TERMS:
            self.codes[term] = {s: i for i, s in enumerate(STATES)}
            self.terms[term] = self._state(term) if term in ORDERS else self._word(term)
        t = self.terms
        t["requester_kind"], t["holder_kind"] = self.kind(self.requester), self.kind(self.holder)
        for party in (self.requester, self.holder):
            self.axioms.append(z3.And(self.kind(party) >= 0, self.kind(party) < len(kinds)))
        t["public_body"], t["holder_public"] = self._public(self.requester), self._public(self.holder)
        t["requester_is_holder"] = self.requester == self.holder
        t["holder_is_collector"] = self.holder == self.collector
        t["group_reached"] = t["cell_group_reached"] = self.group >= self.minimum
        t["budget_left"] = z3.Or(z3.Not(self.noised), z3.And(self.budget > 0, self.budget >= self.cost))
        t["forbidden_purpose"] = z3.Or([t["purpose"] == self.codes["purpose"][p] for p in policy.forbidden_purposes])
        t["serves_holder"] = z3.Or([t["purpose"] == self.codes["purpose"][p] for p in policy.purposes_of_the_holder])
        t["person_related"] = t["data_class"] >= self.codes["data_class"]["pseudonymised"]
        self.axioms += [
            self.minimum >= 10,
            self.cost >= 0,
            z3.Implies(t["subject_is_requester"], t["subject_named"]),
            z3.Implies(t["purpose_on_list"], z3.Not(t["forbidden_purpose"])),
            z3.Implies(t["purpose_on_list"], self.is_("purpose", "law_enforcement", negated=True)),
            z3.Implies(
                t["statutory_purpose"],
                z3.And(z3.Not(t["forbidden_purpose"]), self.is_("purpose", "law_enforcement", negated=True)),
            ),
        ]
        self.others = {r.name: z3.Bool(f"another field granted by {r.name}") for r in policy.of_field}
        self._decide()

    def is_(self, term: str, *values: str, negated: bool = False) -> Any:
        """That a term has one of these answers."""
        found = z3.Or([self.terms[term] == self.codes[term][v] for v in values if v in self.codes[term]])
        return z3.Not(found) if negated else found

    def by(self, *rules: str) -> Any:
        """That one of these rules grants the field."""
        return z3.Or([self.granted_by[r] for r in rules])

    # -- terms ----------------------------------------------------------------------------------------------------------

    def _word(self, name: str) -> Any:
        variable = z3.Int(name)
        self.axioms.append(z3.And(variable >= 0, variable < len(self.codes[name])))
        return variable

    def _public(self, party: Any) -> Any:
        kinds = self.codes["requester_kind"]
        return z3.Or([self.kind(party) == kinds[k] for k in self.policy.public_bodies])

    def _order(self, term: str) -> Order:
        booleans = [
            z3.Bool(f"{term} {what}") for what in ("on hand", "signed", "countersigned", "in scope", "published")
        ]
        return Order(*booleans, z3.Real(f"{term} begins"), z3.Real(f"{term} ends"))

    def _state(self, term: str) -> Any:
        """The state of an order from what it is, in the order in which the gate checks."""
        order, code = self.orders[term], self.codes[term]
        limit = LIMITS[ORDERS[term]]
        signed = z3.And(order.signed, order.countersigned) if term == "rescue_order" else order.signed
        limited = z3.And(order.ends - order.begins > 0, order.ends - order.begins <= limit)
        in_force = z3.And(order.begins <= self.now, self.now < order.ends)
        published = order.published if term in PUBLISHED else z3.BoolVal(True)
        state: Any = z3.IntVal(code["valid"])
        checks = (
            ("order-unpublished", published),
            ("order-not-in-force", in_force),
            ("order-too-long", limited),
            ("order-scope", order.in_scope),
            ("order-unsigned", signed),
        )
        for name, holds in checks:
            state = z3.If(holds, state, z3.IntVal(code[name]))
        return z3.If(order.on_hand, state, z3.IntVal(code["none"]))

    # -- rules ----------------------------------------------------------------------------------------------------------

    def _decide(self) -> None:
        fields = self.policy.of_field
        self.alone = {
            r.name: z3.And(self._forms(r), *map(self._condition, (*r.applicability, *r.conditions))) for r in fields
        }
        refused = z3.Or([z3.And(*map(self._condition, rule.conditions)) for rule in self.policy.of_request])
        permitted = {name: z3.And(held, z3.Not(self._confined(name))) for name, held in self.alone.items()}
        names = list(permitted)
        self.granted_by = {
            name: z3.And(z3.Not(refused), permitted[name], *(z3.Not(permitted[n]) for n in names[:i]))
            for i, name in enumerate(names)
        }
        self.granted = z3.Or(list(self.granted_by.values()))

    def _confined(self, name: str) -> Any:
        """That a rule spares the request for the sake of others, which does not help a field granted by this one."""
        confined = []
        for rule in self.policy.of_request:
            exemption = [c for c in rule.conditions if any(t.term == EXEMPT for t in c.tests)]
            if exemption and all(name not in t.values for c in exemption for t in c.tests):
                confined.append(z3.And(*(self._condition(c) for c in rule.conditions if c not in exemption)))
        return z3.Or(confined)

    def _forms(self, rule: Rule) -> Any:
        return self.is_("form", *rule.forms)

    def _condition(self, condition: Condition) -> Any:
        return z3.Or([self._test(t) for t in condition.tests])

    def _test(self, test: Test) -> Any:
        if test.term == EXEMPT:
            found = z3.Or([z3.Or(self.alone[str(v)], self.others[str(v)]) for v in test.values])
        elif test.term in self.codes:
            found = self.is_(test.term, *map(str, test.values))
        else:
            found = self.terms[test.term]
        return z3.Not(found) if test.negated else found


def counterexample(world: World, claim: Any) -> z3.ModelRef | None:
    """A world in which the claim does not hold; ``None`` where it is proved."""
    solver = z3.Solver()
    solver.set("timeout", 120_000)
    solver.add(*world.axioms, z3.Not(claim))
    answer = solver.check()
    if answer == z3.unknown:
        raise TimeoutError(solver.reason_unknown())
    return solver.model() if answer == z3.sat else None


def told(world: World, model: z3.ModelRef) -> str:
    """A counterexample as a request and what is on hand, in one line."""

    def value(expression: Any) -> Any:
        return model.eval(expression, model_completion=True)

    def word(term: str) -> str:
        code = value(world.terms[term]).as_long()
        return next(name for name, c in world.codes[term].items() if c == code)

    yes = [
        name
        for name in ("live", "subject_named", "purpose_on_list", "holder_is_collector")
        if z3.is_true(value(world.terms[name]))
    ]
    documents = [
        f"{t}: {word(t)}" for t in sorted(DOCUMENT_TERMS) if word(t) not in ("none", "no-consent", "no-agreement")
    ]
    rule = next((name for name, held in world.granted_by.items() if z3.is_true(value(held))), "denied")
    return (
        f"a {word('requester_kind')} asks a {word('holder_kind')} as {word('role')} for {word('purpose')} in form {word('form')}: "
        f"a field {word('data_class')}/{word('identifiability')}, access {word('government_access')}, group {value(world.group)} of "
        f"{value(world.minimum)}; {', '.join(yes) or 'nothing else'}; {'; '.join(documents) or 'no document'} -> {rule}"
    )
