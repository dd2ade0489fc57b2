"""What a decision rests on: the answers to the questions that rules ask, each under the name of its term.

The fields of the four types here are the terms, and there are no others: ``policy`` holds the rules and the words of the model
(``model/privacy/rules.yaml``, ``terms.yaml``) against them when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Final, Literal, get_args

from msgspec import Struct, structs

VALID: Final = "valid"
NONE: Final = "none"

DocumentState = Literal[
    "valid",
    "none",
    "no-consent",
    "consent-unverifiable",
    "consent-scope",
    "consent-withdrawn",
    "consent-not-yet",
    "consent-expired",
    "foreign-transfer",
    "no-agreement",
    "no-joint-use-notice",
    "order-unsigned",
    "order-scope",
    "order-too-long",
    "order-not-in-force",
    "order-unpublished",
]
"""How the documents of a kind stand: valid, none on hand, or why the nearest one does not hold, which is what denies then."""

Answer = bool | str | frozenset[str] | None
"""The answer to a term: yes or no, a name of the model, or the names of rules."""


class RequestFacts(Struct, frozen=True, gc=False):
    """Who asks, for what and how: alike for every field asked."""

    entity_known: bool
    field_classified: bool
    purpose_known: bool
    requester_kind_given: bool
    requester_verified: bool
    role: str
    requester_kind: str | None
    public_body: bool
    requester_is_holder: bool
    requester_abroad: bool
    holder_kind: str
    holder_public: bool
    holder_is_collector: bool
    form: str
    purpose: str | None
    forbidden_purpose: bool
    serves_holder: bool
    live: bool
    subject_named: bool
    subject_is_requester: bool
    budget_left: bool


class FieldFacts(Struct, frozen=True, gc=False):
    """What the model says of one field, under the purpose and the count of the request."""

    person_related: bool
    data_class: str
    identifiability: str
    government_access: str
    rescue: bool
    biometric: bool
    other_person: bool
    passer_by: bool
    has_time_step: bool
    stays_on_device: bool
    purpose_on_list: bool
    statutory_purpose: bool
    group_reached: bool
    cell_group_reached: bool


class DocumentFacts(Struct, frozen=True, gc=False):
    """How the holder's documents stand for one field; by default it has none."""

    consent: DocumentState = "no-consent"
    consent_says_joining: bool = False
    mandate: DocumentState = "none"
    processing_agreement: DocumentState = "no-agreement"
    supply_agreement: DocumentState = "no-agreement"
    joint_use_notice: DocumentState = "no-joint-use-notice"
    sharing_agreement: DocumentState = "none"
    reporting_agreement: DocumentState = "no-agreement"
    ordinance_cited: bool = False
    emergency_order: DocumentState = "none"
    disaster_order: DocumentState = "none"
    rescue_order: DocumentState = "none"
    warrant: DocumentState = "none"
    lawful_demand: DocumentState = "none"


class RuleFacts(Struct, frozen=True, gc=False):
    """What the rules tried so far have found."""

    some_field_granted_by: frozenset[str] = frozenset()
    reason: str = NONE
    denied_by: str = NONE


class Facts(Struct, frozen=True, gc=False):
    """All that rules may ask about one field of a request."""

    request: RequestFacts
    field: FieldFacts
    documents: DocumentFacts
    found: RuleFacts = RuleFacts()

    def granting(self, rules: frozenset[str]) -> Facts:
        """The same where these rules grant some field of the request."""
        return structs.replace(self, found=structs.replace(self.found, some_field_granted_by=rules))

    def denied(self, reason: str, by: str) -> Facts:
        """The same where the field is denied for this reason, which the rule ``by`` gave."""
        return structs.replace(self, found=structs.replace(self.found, reason=reason, denied_by=by))


PARTS: Mapping[str, tuple[str, ...]] = {
    "request": RequestFacts.__struct_fields__,
    "field": FieldFacts.__struct_fields__,
    "documents": DocumentFacts.__struct_fields__,
    "found": RuleFacts.__struct_fields__,
}
"""The terms by the part of ``Facts`` that answers them."""

TERMS = tuple(term for terms in PARTS.values() for term in terms)
"""The questions that a rule may ask."""

ANSWER: Mapping[str, Callable[[Facts], Answer]] = {
    term: attrgetter(f"{part}.{term}") for part, terms in PARTS.items() for term in terms
}
"""How to look up the answer to a term."""

DOCUMENT_TERMS = frozenset(term for term, answer in structs.asdict(DocumentFacts()).items() if isinstance(answer, str))
"""Terms whose answer is the state of documents (``DocumentState``)."""

DOCUMENT_REASONS = frozenset(get_args(DocumentState)) - {VALID, NONE}
"""The states of documents that name a denial."""
