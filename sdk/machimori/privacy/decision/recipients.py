"""Who may receive a value of a profile, and in which form: what the rules of disclosure leave open for a profile.

A row is a requester, a column a form. Each rule is tried on what profile, row, form and purpose say; the documents are as good
as they can be, and what is then still open are the conditions of the cell. Nothing here knows a rule by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from machimori.catalogue import catalogue
from machimori.catalogue.terms import INHERITED, Profile
from machimori.messages import Message, msgid
from machimori.privacy.decision import wording
from machimori.privacy.decision.facts import Answer
from machimori.privacy.decision.policy import EXEMPTION, FORMS, Condition, Policy, Rule, Test, shipped
from machimori.privacy.decision.wording import Together

Clause = tuple[Test, ...]
"""Tests of which one must hold."""
Possible = Mapping[str, frozenset[Answer]]
"""The answers that a term may have."""

ADMINISTRATION = ("municipality", "prefecture", "national_government")
FEW = 3
"""So many purposes are named, more are those on the list."""
Known = dict[str, Answer | tuple[str, ...]]
"""Answers to terms; several are one of them."""
OTHERS = "another"
"""Any answer that no rule names."""


@dataclass(frozen=True, slots=True)
class Requester:
    """A row: one that asks, and what is known of it; what is not said of it is open."""

    title: Message
    facts: Possible


def _requester(title: str, role: str, kinds: str | tuple[str, ...], **known: Answer | tuple[str, ...]) -> Requester:
    policy = shipped()
    facts = {
        "role": role,
        "requester_kind": kinds,
        "public_body": (kinds if isinstance(kinds, str) else kinds[0]) in policy.public_bodies,
        "requester_is_holder": role == "own_service",
        **({} if role == "data_subject" else {"subject_is_requester": False}),
        **known,
    }
    return Requester(Message(title), {t: frozenset(a if isinstance(a, tuple) else (a,)) for t, a in facts.items()})


@cache
def requesters() -> dict[str, Requester]:
    """The rows. Of the holder's own service, processors and joint users the holder is taken to be a company."""
    company: Known = {"holder_kind": "company", "holder_public": False}
    own: Known = {
        "holder_kind": ADMINISTRATION,
        "holder_public": True,
        "holder_is_collector": True,
        "requester_abroad": False,
    }
    return {
        "data_subject": _requester(msgid("The data subject"), "data_subject", "person", subject_named=True),
        "holder": _requester(
            msgid("The holder's own service"), "own_service", "company", requester_abroad=False, **company
        ),
        "processor": _requester(msgid("A processor of the holder"), "processor", "company", **company),
        "joint_user": _requester(msgid("A joint user"), "joint_user", "company", **company),
        "third_party": _requester(msgid("Anybody else who is no public body"), "third_party", "company"),
        "own_task": _requester(
            msgid("A public body with data it collected itself"),
            "own_service",
            ADMINISTRATION,
            **own,
        ),
        "government": _requester(
            msgid("Municipality, prefecture, national government"),
            "third_party",
            ADMINISTRATION,
        ),
        "emergency_service": _requester(msgid("Emergency service"), "third_party", "emergency_service"),
        "law_enforcement": _requester(msgid("Law enforcement"), "third_party", "law_enforcement"),
        "foreign_government": _requester(
            msgid("Government of another country"), "third_party", "foreign_government", requester_abroad=True
        ),
    }


@dataclass(frozen=True, slots=True)
class Grant:
    """One rule that may grant a cell: for which purposes, on which conditions, and both in words."""

    rule: str
    purposes: tuple[str, ...]
    conditions: tuple[Clause, ...]
    when: Together


@cache
def granted(name: str, requester: str, form: str) -> tuple[Grant, ...]:
    """The rules that may grant a value of this profile to this requester in this form, in the order in which they are tried."""
    policy, row = shipped(), requesters()[requester].facts
    profile = catalogue.model().profiles[name]
    found: dict[tuple[str, object], tuple[list[str], tuple[Clause, ...]]] = {}
    for purpose in catalogue.enumeration("Purpose").values:
        known = {
            **_known(),
            **row,
            **_of_profile(profile),
            **_of_purpose(profile, purpose),
            "form": frozenset((form,)),
        }
        before: list[frozenset[tuple[object, ...]]] = []
        for rule in policy.of_field:
            left = _left_open(policy, rule, form, known)
            asked = frozenset(map(_alike, left or ()))
            if left is not None and not any(earlier <= asked for earlier in before):  # an earlier rule would grant it
                before.append(asked)
                found.setdefault((rule.name, tuple(map(_alike, left))), ([], left))[0].append(purpose)
    order = [r.name for r in policy.of_field]
    in_order = sorted(found.items(), key=lambda entry: (order.index(entry[0][0]), len(entry[1][0])))
    return tuple(
        Grant(rule, tuple(purposes), left, _in_words(profile, purposes, left))
        for (rule, _), (purposes, left) in in_order
    )


@cache
def granting(name: str) -> frozenset[str]:
    """The rules that may grant a value of this profile to anyone in any form; none where its holder decides (``inherited``)."""
    if name == INHERITED:
        return frozenset()
    return frozenset(g.rule for requester in requesters() for form in FORMS for g in granted(name, requester, form))


def _in_words(profile: Profile, purposes: list[str], left: tuple[Clause, ...]) -> Together:
    """The purposes, where it is not all that the profile lists, and the conditions."""
    said = tuple(wording.alternatives(clause, profile.minimum_group) for clause in left)
    listed = set(profile.purposes)
    if set(purposes) == listed:
        return Together(said or (wording.Tested(_test("purpose_on_list", True)),))
    if shipped().purposes - shipped().forbidden_purposes <= set(purposes):
        return Together(said)
    if set(purposes) < listed and len(purposes) > FEW:
        return Together((wording.ANOTHER, *said))
    return Together((wording.Tested(_test("purpose", *purposes)), *said))


def _test(term: str, *values: Answer) -> Test:
    return Test(term, frozenset(values), False)


@cache
def _domains() -> dict[str, frozenset[Answer]]:
    """The answers to each term that rules tell apart; ``OTHERS`` is any that they do not name."""
    policy = shipped()
    found: dict[str, frozenset[Answer]] = {}
    for rule in (*policy.of_request, *policy.of_field):
        for test in (t for c in (*rule.applicability, *rule.conditions) for t in c.tests):
            rest = {False} if test.values == {True} else {OTHERS}
            found[test.term] = found.get(test.term, frozenset()) | test.values | rest
    return found


def _known() -> Possible:
    """What goes without saying: the request can be read and the requester is the one it says; the record is no secret of a device."""
    yes = ("entity_known", "field_classified", "purpose_known", "requester_kind_given", "requester_verified")
    return {**_domains(), **dict.fromkeys(yes, frozenset((True,))), "stays_on_device": frozenset((False,))}


def _of_profile(profile: Profile) -> Possible:
    answers: dict[str, Answer] = {
        "person_related": profile.person_related,
        "data_class": profile.data_class,
        "identifiability": profile.identifiability,
        "government_access": profile.government_access,
        "rescue": profile.rescue,
        "biometric": profile.biometric,
        "other_person": profile.other_person,
        "passer_by": profile.passer_by,
        "has_time_step": bool(profile.granularity.time_step),
    }
    return {term: frozenset((answer,)) for term, answer in answers.items()}


def _of_purpose(profile: Profile, purpose: str) -> Possible:
    task = profile.statutory_task
    answers: dict[str, Answer] = {
        "purpose": purpose,
        "purpose_on_list": purpose in profile.purposes,
        "statutory_purpose": task is not None and purpose in task.purposes,
        "forbidden_purpose": purpose in shipped().forbidden_purposes,
        "serves_holder": purpose in shipped().purposes_of_the_holder,
    }
    return {term: frozenset((answer,)) for term, answer in answers.items()}


def _left_open(policy: Policy, rule: Rule, form: str, known: Possible) -> tuple[Clause, ...] | None:
    """What must still hold for the rule to grant; ``None`` where it cannot."""
    if form not in rule.forms:
        return None
    known = {**known, EXEMPTION: frozenset((rule.name,))}
    clauses: list[Clause] = [c.tests for c in (*rule.applicability, *rule.conditions)]
    if any(_truth(clause, known) is False for clause in clauses):
        return None
    for denying in policy.of_request:
        clauses += _spared(denying.conditions, known)
    return _narrowed(clauses, known)


def _spared(conditions: tuple[Condition, ...], known: Possible) -> Iterator[Clause]:
    """What keeps a rule of the whole request from denying: that one of its conditions fails."""
    truths = [_truth(c.tests, known) for c in conditions]
    if False in truths:
        return
    uncertain = [c for c, truth in zip(conditions, truths, strict=True) if truth is None]
    contrary = [[_contrary(t) for t in c.tests if _truth((t,), known) is None] for c in uncertain]
    yield from product(*contrary)


def _narrowed(clauses: list[Clause], known: Possible) -> tuple[Clause, ...] | None:
    """The clauses without what is certain: tests that must hold alone narrow the answers that are possible for the others."""
    possible = dict(known)
    single: dict[str, list[Test]] = {}
    while True:
        before = dict(possible)
        for clause in clauses:
            if _truth(clause, possible):
                continue
            open_tests = [t for t in clause if _truth((t,), possible) is None]
            if not open_tests:
                return None
            if len(open_tests) == 1:
                (test,) = open_tests
                single.setdefault(test.term, []).append(test)
                possible[test.term] = _answers(test, possible[test.term])
        if possible == before:
            break
    left = [_only(t, known) for tests in single.values() for t in _strongest(tests, known)]
    several = [tuple(t for t in c if _truth((t,), possible) is None) for c in clauses if not _truth(c, possible)]
    kept = {frozenset(_alike(c)): c for c in several}
    return tuple([(t,) for t in left] + [c for key, c in kept.items() if not any(other < key for other in kept)])


def _strongest(tests: list[Test], known: Possible) -> list[Test]:
    """Tests of one term without those that another implies."""
    return [
        t for t in tests if not any(_truth((t,), {t.term: _answers(o, known[t.term])}) for o in tests if o is not t)
    ]


def _only(test: Test, known: Possible) -> Test:
    """The test with no answers but those that are possible."""
    return Test(test.term, test.values & known[test.term], test.negated)


def _truth(clause: Clause, possible: Possible) -> bool | None:
    """Whether one of the tests holds; ``None`` where that is open."""
    found = [_one_truth(t, possible[t.term]) for t in clause]
    return True if True in found else None if None in found else False


def _one_truth(test: Test, possible: frozenset[Answer]) -> bool | None:
    met = _answers(test, possible)
    return True if met == possible else None if met else False


def _answers(test: Test, possible: frozenset[Answer]) -> frozenset[Answer]:
    """The possible answers that satisfy the test."""
    return possible - test.values if test.negated else possible & test.values


def _contrary(test: Test) -> Test:
    return Test(test.term, test.values, not test.negated)


def _alike(clause: Clause) -> tuple[object, ...]:
    """What two clauses that say the same have in common."""
    return tuple((t.term, t.values, t.negated) for t in clause)
