"""What the model says of a field that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from msgspec import Struct, structs

from machimori.catalogue import catalogue
from machimori.catalogue.paths import INHERITED
from machimori.errors import UnknownNameError
from machimori.privacy.decision.facts import FieldFacts
from machimori.privacy.decision.policy import Policy, shipped

REFERENCES = ("Iri",)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A path of a request, its profile (the strictest on the way and below it), and what rules ask about it."""

    entity: str
    path: str
    profile: str
    strictness: int
    axes: dict[str, Any]
    facts: FieldFacts
    """What holds for every request: of no purpose, and of a group that nobody counted."""
    reference: bool
    """Whether the value names another record, which links what a pseudonym would part."""

    @property
    def data_class(self) -> str:
        """As the rules see it: ``operational`` of a class with a data subject counts as ``personal``."""
        return self.facts.data_class

    def asked_for(self, purpose: str | None, *, group: bool, cell_group: bool) -> FieldFacts:
        """What rules ask about it under a purpose, where the group, or that of each cell, is reached or not."""
        task = self.axes["statutory_task"]
        return structs.replace(
            self.facts,
            purpose_on_list=purpose in self.axes["purposes"],
            statutory_purpose=bool(task) and purpose in task["purposes"],
            group_reached=group,
            cell_group_reached=cell_group,
        )


NOTHING = Asked(
    entity="",
    path="",
    profile="",
    strictness=10,
    axes={"purposes": (), "statutory_task": None, "minimum_group": 1 << 30, "identifiability": "direct"},
    facts=FieldFacts(
        person_related=True,
        data_class="special_care",
        identifiability="direct",
        government_access="none",
        rescue=False,
        biometric=False,
        other_person=False,
        passer_by=False,
        has_time_step=False,
        stays_on_device=False,
        purpose_on_list=False,
        statutory_purpose=False,
        group_reached=False,
        cell_group_reached=False,
    ),
    reference=False,
)
"""A field of which nothing is known: the strictest that there can be."""


def entity_known(entity: str) -> bool:
    """Whether records of this class travel on their own."""
    found = catalogue.catalogue()["classes"].get(entity)
    return found is not None and bool(found["root"])


@cache
def all_fields(entity: str) -> tuple[str, ...]:
    """The fields of a class, in the order of the model."""
    return tuple(catalogue.class_data(entity)["fields"])


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


@cache
def asked(entity: str, path: str) -> Asked:
    """The field at ``path``; ``UnknownNameError`` where the model has none or nobody classified it."""
    return _asked(entity, path, shipped())


def _asked(entity: str, path: str, policy: Policy) -> Asked:
    class_data = catalogue.class_data(entity)
    found = _walk(entity, path.split("."))
    if not found:
        raise UnknownNameError("field", f"{entity}.{path}")
    profiles = [p for _, on_the_way in found for p in on_the_way]
    known = catalogue.catalogue()["profiles"]
    if not profiles or any(p not in known for p in profiles):
        raise UnknownNameError("profile", f"{entity}.{path}")
    named = [p for p in profiles if p != INHERITED]
    if not named:
        raise UnknownNameError("profile", f"{entity}.{path}")
    profile = max(named, key=lambda p: policy.strictness(known[p]["data_class"]))
    axes = known[profile]
    data_class = axes["data_class"]
    if data_class == "operational" and class_data["data_subject"]:
        data_class = "personal"
    strictness = policy.strictness(data_class)
    fields = [f for f, _ in found]
    facts = FieldFacts(
        person_related=strictness >= policy.strictness("pseudonymised"),
        data_class=data_class,
        identifiability=axes["identifiability"],
        government_access=axes["government_access"],
        rescue=bool(axes["rescue"]),
        biometric=bool(axes["biometric"]),
        other_person=bool(axes["other_person"]),
        passer_by=bool(axes.get("passer_by")),
        has_time_step=bool((axes["granularity"] or {}).get("time_step")),
        stays_on_device=bool(class_data.get("stays_on_device")),
        purpose_on_list=False,
        statutory_purpose=False,
        group_reached=False,
        cell_group_reached=False,
    )
    reference = any(f["range"] in REFERENCES or _names_a_record(f) for f in fields)
    return Asked(entity, path, profile, strictness, axes, facts, reference)


def _names_a_record(field: dict[str, Any]) -> bool:
    return field["range"] in catalogue.catalogue()["classes"] and not field["inlined"]


def _walk(class_name: str, keys: list[str]) -> list[tuple[dict[str, Any], list[str]]]:
    """Every field that the path may mean (a polymorphic range has several) with the profiles on the way and below."""
    entry = catalogue.catalogue()["classes"].get(class_name)
    if entry is None:
        return []
    if entry["abstract"]:
        return [found for member in entry["members"] for found in _walk(member, keys)]
    field = entry["fields"].get(keys[0])
    if field is None:
        return []
    if len(keys) > 1:
        if not field["inlined"]:
            return []
        return [(inner, [field["privacy"], *profiles]) for inner, profiles in _walk(field["range"], keys[1:])]
    return [(field, [field["privacy"], *_below(field)])]


def _below(field: dict[str, Any], seen: frozenset[str] = frozenset()) -> list[str]:
    """The profiles of everything inside a value object."""
    if not field["inlined"] or field["range"] in seen:
        return []
    entry = catalogue.class_data(field["range"])
    seen = seen | {field["range"]}
    members = entry["members"] if entry["abstract"] else [field["range"]]
    return [
        profile
        for member in members
        for inner in catalogue.class_data(member)["fields"].values()
        for profile in (inner["privacy"], *_below(inner, seen))
    ]
