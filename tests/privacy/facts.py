"""Facts from answers by term, for tests that make them up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from machimori.privacy.decision.facts import DocumentFacts, Facts, FieldFacts, RequestFacts, RuleFacts


def facts_of(answers: Mapping[str, Any]) -> Facts:
    """The facts with these answers, of which none is missing; what has no term is left out."""
    return Facts(
        *(
            part(**{term: answers[term] for term in part.__struct_fields__})
            for part in (RequestFacts, FieldFacts, DocumentFacts, RuleFacts)
        )
    )
