"""What an extension stands on: the shipped model, and of its merged schema only what the extension needs.

A vendor's artefacts hold the vendor's own terms alone and refer to the shipped ones; LinkML's generators take time for
every class that they are shown, so they are shown no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from machimori.build import narrowing
from machimori.build.sources import Sources
from machimori.catalogue import catalogue
from machimori.catalogue.terms import Catalogue, Category, Inherited, Profile, Quantity, written

NEEDED = ("PrivacyProfile",)
"""Classes of the model that the build itself looks at."""

LinkML = Any


@dataclass(frozen=True)
class Base:
    """The model that an extension was built on: the installed one."""

    name: str
    version: str
    iri: str
    catalogue: Catalogue

    def data(self) -> dict[str, str]:
        """The extension as ``catalogue.json`` names it."""
        return {"name": self.name, "version": self.version, "iri": self.iri}

    @property
    def profiles(self) -> dict[str, Profile | Inherited]:
        """Its profiles, and what stands in place of one."""
        inherited = self.catalogue.inherited
        return self.catalogue.profiles | ({} if inherited is None else {inherited.name: inherited})

    def entries(self, terms: Mapping[str, Category | Quantity]) -> dict[str, Any]:
        """Terms of it as the build holds those of the folder."""
        return {name: written(term) for name, term in terms.items()}

    @property
    def fields(self) -> frozenset[str]:
        """Every name that is a field somewhere in the model."""
        return frozenset(name for c in self.catalogue.classes.values() for name in c.fields)


def base_of(sources: Sources) -> Base | None:
    """What the folder extends, or ``None`` where it is the model itself."""
    if not sources.extends:
        return None
    held = catalogue.shipped()
    return Base(held.name, held.version, held.iri, held)


def profiles(base: Base | None, own: dict[str, Any]) -> dict[str, Any]:
    """The profiles of the model and of the extension, with every axis that a narrowing leaves to its base."""
    if base is None:
        return own
    held: dict[str, Any] = {name: written(profile) for name, profile in base.profiles.items()}
    for axes in held.values():
        del axes["person_related"]
    return held | {name: narrowing.completed(held.get(axes.get("narrows", "")), axes) for name, axes in own.items()}


def reduce(view: LinkML, own: set[str]) -> None:
    """Keep of the merged schema the classes of ``own`` modules (their ids), and what those lead to."""
    schema = view.schema
    waiting = [str(n) for n, c in schema.classes.items() if str(c.from_schema) in own or n in NEEDED]
    kept: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept.add(name)
            waiting += _leads_to(view, name)
    used = {str(s) for n in kept for s in (*schema.classes[n].slots, *schema.classes[n].attributes)}
    for name in [n for n in schema.classes if n not in kept]:
        del schema.classes[name]
    for name in [n for n, s in schema.slots.items() if n not in used and str(s.from_schema) not in own]:
        del schema.slots[name]
    view.set_modified()


def _leads_to(view: LinkML, name: str) -> Iterator[str]:
    class_ = view.schema.classes[name]
    if class_.is_a:
        yield str(class_.is_a)
    if class_.abstract:
        yield from (str(n) for n, c in view.schema.classes.items() if c.is_a == name)
    slots = [view.schema.slots[s] for s in class_.slots if s in view.schema.slots]
    for slot in (*slots, *class_.attributes.values()):
        if slot.range in view.schema.classes:
            yield str(slot.range)
