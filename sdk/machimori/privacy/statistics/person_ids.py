"""The ids of persons as they are counted: of the type of their field, folded, and then keyed."""

from __future__ import annotations

import re

from machimori.catalogue import catalogue
from machimori.privacy.decision.revocation import folded
from machimori.privacy.statistics import columns, draws
from machimori.privacy.statistics.grid import Grid
from machimori.privacy.statistics.query import field_at

PLAIN = r"[a-z0-9._~!$&'()*+,;=:@/?-]*[a-z0-9._~!$&'()*+,;=:@?-]"
"""An id that is its own folded form: small letters, no escape, no fragment, no stroke at its end."""


def before(grid: Grid) -> str:
    """What stands before the id in the message that is keyed."""
    return draws.SEPARATOR.join(("person", grid.statistics.facts, ""))


def plain_sql(subject: str, grid: Grid) -> str:
    """Whether an id is of its type and its own folded form, in SQL; false wherever that is not plain to see."""
    if (of_type := pattern(grid)) is None:
        return "false"
    return f"(regexp_full_match({subject}, {columns.quoted(PLAIN)}) AND regexp_full_match({subject}, {columns.quoted(of_type)}))"


def key(subject: str, secret: bytes, pattern: str | None, facts: str) -> str | None:
    """The key of a person in a group of classes; ``None`` for what is no id of the pattern."""
    if not subject or (pattern is not None and not re.fullmatch(pattern, subject)):
        return None
    return draws.person_key(secret, facts, folded(subject))


def pattern(grid: Grid) -> str | None:
    """The pattern of the type of the person's id, without its anchors."""
    field = field_at(grid.entity, grid.subject)
    kind = catalogue.model().types.get("Iri") if field.reference else field.type
    found = field.pattern or (kind.pattern if kind else None)
    return None if found is None else found.removeprefix("^").removesuffix("$")
