"""What the model says of a field that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import INHERITED, Granularity, Profile, Text
from machimori.errors import UnknownNameError
from machimori.privacy.decision.policy import Policy, shipped

PASSER_BY = "personal.vehicle_plate"
"""The direct identifier of people who merely pass; never in bulk, not even for a public body's own task."""

REFERENCES = ("Iri",)

UNCLASSIFIED = Profile(
    title=Text("", ""),
    description=Text("", ""),
    why=Text("", ""),
    data_class="special_care",
    identifiability="direct",
    dpv=(),
    government_access="none",
    purposes=(),
    minimum_group=1 << 30,
    granularity=Granularity(),
    traceable=True,
    retention=None,
    rescue=False,
    biometric=False,
    other_person=False,
    statutory_task=None,
    basis=(),
    law_version="",
    person_related=True,
)
"""The axes of a field of which nothing is known: the strictest that there can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A path of a request, its profile (the strictest on the way and below it), and what rules ask about it."""

    entity: str
    path: str
    profile: str
    data_class: str
    """As the rules see it: ``operational`` of a class with a data subject counts as ``personal``."""
    strictness: int
    axes: Profile
    facts: tuple[Any, ...]
    reference: bool
    """Whether the value names another record, which links what a pseudonym would part."""

    def purpose_on_list(self, purpose: str) -> bool:
        return purpose in self.axes.purposes

    def statutory_purpose(self, purpose: str) -> bool:
        task = self.axes.statutory_task
        return task is not None and purpose in task.purposes


def entity_known(entity: str) -> bool:
    """Whether records of this class travel on their own."""
    found = catalogue.model().classes.get(entity)
    return found is not None and found.root


@cache
def all_fields(entity: str) -> tuple[str, ...]:
    """The fields of a class, in the order of the model."""
    return tuple(catalogue.class_(entity).fields)


@cache
def asked(entity: str, path: str) -> Asked:
    """The field at ``path``; ``UnknownNameError`` where the model has none or nobody classified it."""
    return _asked(entity, path, shipped())


def _asked(entity: str, path: str, policy: Policy) -> Asked:
    class_ = catalogue.class_(entity)
    ways = paths.ways(class_, path.split("."))
    if not ways:
        raise UnknownNameError("field", f"{entity}.{path}")
    ends = [way.fields[-1] for way in ways]
    held = [field for way, end in zip(ways, ends, strict=True) for field in (*way.fields, *end.inside())]
    names = [field.privacy for field in held if field.privacy != INHERITED]
    known = catalogue.model().profiles
    if not names or any(name not in known for name in names):
        raise UnknownNameError("profile", f"{entity}.{path}")
    axes = known[max(names, key=lambda name: policy.strictness(known[name].data_class))]
    data_class = axes.data_class
    if data_class == "operational" and class_.data_subject:
        data_class = "personal"
    strictness = policy.strictness(data_class)
    facts = (
        strictness >= policy.strictness("pseudonymised"),
        data_class,
        axes.identifiability,
        axes.government_access,
        axes.rescue,
        axes.biometric,
        axes.other_person,
        PASSER_BY in (axes.name, axes.narrows),
        bool(axes.granularity.time_step),
        class_.stays_on_device,
    )
    reference = any(end.range in REFERENCES or end.reference for end in ends)
    return Asked(entity, path, axes.name, data_class, strictness, axes, facts, reference)
