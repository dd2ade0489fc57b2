"""What the model says of a field that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from msgspec import Struct, structs

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import INHERITED, Granularity, Profile, Text
from machimori.errors import UnknownNameError
from machimori.privacy.decision.facts import FieldFacts
from machimori.privacy.decision.policy import Policy, shipped

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
    strictness: int
    axes: Profile
    facts: FieldFacts
    """What holds for every request: of no purpose, and of a group that nobody counted."""
    reference: bool
    """Whether the value names another record, which links what a pseudonym would part."""
    counts_people: bool
    """Whether it is a count of people, which is rounded for all but the holder and those whom it must report to."""
    time_of_figures: bool
    """Whether it says when the facility stated the figures of the record."""

    @property
    def data_class(self) -> str:
        """As the rules see it: ``operational`` of a class with a data subject counts as ``personal``."""
        return self.facts.data_class

    def asked_for(self, purpose: str | None, *, group: bool, cell_group: bool) -> FieldFacts:
        """What rules ask about it under a purpose, where the group, or that of each cell, is reached or not."""
        task = self.axes.statutory_task
        return structs.replace(
            self.facts,
            purpose_on_list=purpose in self.axes.purposes,
            statutory_purpose=task is not None and purpose in task.purposes,
            group_reached=group,
            cell_group_reached=cell_group,
        )


def entity_known(entity: str) -> bool:
    """Whether records of this class travel on their own."""
    found = catalogue.model().classes.get(entity)
    return found is not None and found.root


@cache
def all_fields(entity: str) -> tuple[str, ...]:
    """The fields of a class, in the order of the model."""
    return tuple(catalogue.class_(entity).fields)


class Wanted(Struct, frozen=True, gc=False):
    """The fields of a request, as far as the model knows them."""

    entity_known: bool
    classified: bool
    paths: tuple[str, ...]
    """What was named, each once; all fields of the class where nothing was."""
    fields: tuple[Asked, ...]
    """None where one of them is not known, or not classified."""


def wanted(entity: str, named: tuple[str, ...] | None) -> Wanted:
    """What a request for these fields of a class asks for."""
    known = entity_known(entity)
    paths = tuple(dict.fromkeys(named or ())) or (all_fields(entity) if known else ())
    if not known:
        return Wanted(False, True, paths, ())
    try:
        return Wanted(True, True, paths, tuple(asked(entity, p) for p in paths))
    except UnknownNameError:
        return Wanted(True, False, paths, ())


def about_people(entity: str, named: tuple[str, ...] | None = None) -> bool:
    """Whether a request for these fields of a class, or for all of them, is about people; of an unknown class nothing is given."""
    if not entity_known(entity):
        return False
    found = wanted(entity, named)
    known = found.classified and not any(field.facts.person_related for field in found.fields)
    return not known or bool(catalogue.class_(entity).data_subject)


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
    facts = _facts(axes, data_class, policy, stays_on_device=class_.stays_on_device)
    return Asked(
        entity,
        path,
        axes.name,
        strictness,
        axes,
        facts,
        reference=any(end.range in REFERENCES or end.reference for end in ends),
        counts_people=bool(axes.granularity.rounding) and all(end.json == "integer" for end in ends),
        time_of_figures=class_.figures is not None and class_.figures.at == path,
    )


def _facts(axes: Profile, data_class: str, policy: Policy, *, stays_on_device: bool) -> FieldFacts:
    """What a profile says, whatever the purpose, before a group was counted."""
    return FieldFacts(
        person_related=policy.strictness(data_class) >= policy.strictness("pseudonymised"),
        data_class=data_class,
        identifiability=axes.identifiability,
        government_access=axes.government_access,
        rescue=axes.rescue,
        biometric=axes.biometric,
        other_person=axes.other_person,
        passer_by=axes.passer_by,
        has_time_step=bool(axes.granularity.time_step),
        stays_on_device=stays_on_device,
        purpose_on_list=False,
        statutory_purpose=False,
        group_reached=False,
        cell_group_reached=False,
    )


@cache
def nothing() -> Asked:
    """A field of which nothing is known."""
    policy, data_class = shipped(), UNCLASSIFIED.data_class
    facts = _facts(UNCLASSIFIED, data_class, policy, stays_on_device=False)
    return Asked(
        "",
        "",
        "",
        policy.strictness(data_class),
        UNCLASSIFIED,
        facts,
        reference=False,
        counts_people=False,
        time_of_figures=False,
    )
