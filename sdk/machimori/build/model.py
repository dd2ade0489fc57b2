"""The model as plain data: what the emitters print. ``reading`` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from machimori.build.extension import Base
from machimori.build.units import Quantity, Unit
from machimori.messages import Message

PREFIX = "mm:"
LinkML = Any
"""An object of LinkML's: its dataclasses say nothing a type checker can use."""


@dataclass(frozen=True)
class Text:
    """A text in both languages; ``reading`` is the kana of ``ja``."""

    en: str
    ja: str
    reading: str | None = None

    def data(self) -> dict[str, str]:
        """Both languages by their tags, as artefacts hold them."""
        return {"en": self.en, "ja": self.ja}

    @classmethod
    def of(cls, message: Message) -> Text:
        """A sentence of the SDK as a text of the model."""
        return cls(message.text("en"), message.text("ja"))


@dataclass(frozen=True)
class Mappings:
    """What a term is elsewhere, as CURIEs: the same there (``skos:exactMatch``), or nearly so (``skos:closeMatch``)."""

    exact: tuple[str, ...] = ()
    close: tuple[str, ...] = ()

    def data(self) -> dict[str, list[str]]:
        """The mappings as the catalogue holds them."""
        return {"exact": list(self.exact), "close": list(self.close)}


@dataclass(frozen=True)
class Term:
    """What every named thing of the model has."""

    name: str
    iri: str
    title: Text
    description: Text
    mappings: Mappings
    source: str | None


@dataclass(frozen=True)
class Type(Term):
    """A type of values: its pattern, and what it is in JSON, XSD and elsewhere."""

    module: str
    """The schema that defines it; ``types`` for LinkML's own."""
    json: str
    """``string``, ``number``, ``integer`` or ``boolean``."""
    datatype: str
    """IRI of the RDF datatype."""
    pattern: str | None
    format: str | None


@dataclass(frozen=True)
class Value(Term):
    """A value of a list; ``forbidden`` purposes are refused whoever asks, ``public_body`` marks the requesters that are one."""

    forbidden: bool
    public_body: bool
    serves_holder: bool
    """Of a purpose: it serves the holder or the person, and nobody else."""


@dataclass(frozen=True)
class Enum(Term):
    """A closed list of values."""

    module: str
    values: dict[str, Value]


@dataclass(frozen=True)
class Field(Term):
    """A field of a class as it is used there, with what the class narrows; ``owner`` is the class that brings it."""

    owner: str
    range: str
    required: bool
    multivalued: bool
    minimum_items: int | None
    inlined: bool
    identifier: bool
    designates_type: bool
    minimum: float | None
    maximum: float | None
    pattern: str | None
    unit: Unit | None
    privacy: str
    homonym: str | None


@dataclass(frozen=True)
class Figures:
    """The figures that a facility states of the people in it."""

    at: str
    """The field that says when."""
    of: tuple[str, ...]
    """The fields that tell the figures of one facility from those of another."""
    every: str
    """How often they are given to anyone but the holder and those whom it must report to (ISO 8601)."""


@dataclass(frozen=True)
class Class(Term):
    """A class with all its fields, inherited ones included, in the order in which they are printed."""

    module: str
    abstract: bool
    root: bool
    parent: str | None
    data_subject: str | None
    stays_on_device: bool
    """Whether its records never leave the device that made them."""
    ordered: tuple[tuple[str, str], ...]
    figures: Figures | None
    instead: Text | None
    """What is deliberately not in the class, and where to look instead."""
    fields: dict[str, Field]

    @property
    def typed(self) -> bool:
        """Whether its records say their class in a field."""
        return any(f.designates_type for f in self.fields.values())

    @property
    def identified(self) -> bool:
        """Whether its records have an identifier."""
        return any(f.identifier for f in self.fields.values())

    @property
    def value_object(self) -> bool:
        """A class whose fields are as private as the field that holds it."""
        return not self.root and not self.identified


@dataclass(frozen=True)
class Module(Term):
    """A domain: one LinkML schema of the folder."""

    path: str


Located = TypeVar("Located", Class, Enum, Type)


@dataclass
class Model:
    """Everything that the printers print, read once from ``model/`` (and from an extension of it)."""

    name: str
    version: str
    iri: str
    title: Text
    description: Text
    modules: dict[str, Module]
    classes: dict[str, Class]
    enums: dict[str, Enum]
    types: dict[str, Type]
    profiles: dict[str, dict[str, Any]]
    rules: dict[str, dict[str, Any]]
    """The rules of disclosure, each an instance of ``PolicyRule``."""
    rule_terms: dict[str, dict[str, Any]]
    """What the terms of rules mean, in the words of both languages."""
    categories: dict[str, dict[str, Any]]
    statistics: dict[str, dict[str, Any]]
    """Of each class about people its tables, or why it has none, as ``tables.yaml`` says it."""
    exclusions: dict[str, dict[str, Any]]
    """What other standards have and this model refuses, by a name of ours."""
    glossary: dict[str, dict[str, Any]]
    """``terms`` of law and trade, and the ``english_sources`` that they name."""
    quantities: dict[str, Quantity]
    codes: dict[str, dict[str, Any]]
    prefixes: dict[str, str]
    prefix: str
    """The prefix of the model's own terms."""
    hash: str
    base: Base | None
    """The model that this one extends."""
    own_modules: frozenset[str]
    """The modules of the folder itself; in an extension the others come from the base."""
    view: LinkML = field(repr=False)
    """The merged LinkML schema, for LinkML's own generators."""

    def kind(self, range_name: str) -> str:
        """Whether a range is a ``type``, an ``enum`` or a ``class``."""
        for kind, names in (("class", self.classes), ("enum", self.enums), ("type", self.types)):
            if range_name in names:
                return kind
        raise KeyError(range_name)

    def members(self, class_name: str) -> list[str]:
        """The concrete classes that a value of this class may have."""
        below = [c.name for c in self.classes.values() if c.parent == class_name]
        return [m for b in below for m in self.members(b)] if below else [class_name]

    def roots(self) -> list[Class]:
        """The classes whose records a file may hold."""
        return [c for c in self.classes.values() if c.root]

    @property
    def package(self) -> str:
        """The Python package of what the model does not define itself; empty where it defines everything."""
        return "machimori.model" if self.base else ""

    @property
    def namespace(self) -> str:
        """What the IRIs of the model's own terms begin with."""
        return self.prefixes[self.prefix]

    def own(self, terms: dict[str, Located]) -> list[Located]:
        """Those of the classes, lists of values or types that this model defines itself."""
        return [t for t in terms.values() if t.module in self.own_modules]

    def own_profiles(self) -> dict[str, dict[str, Any]]:
        """The profiles that are not those of the model extended."""
        held: Mapping[str, object] = self.base.profiles if self.base else {}
        return {name: axes for name, axes in self.profiles.items() if name not in held}

    def own_quantities(self) -> list[Quantity]:
        """The quantities that are not those of the model extended."""
        held: Mapping[str, object] = self.base.catalogue.units if self.base else {}
        return [q for q in self.quantities.values() if q.name not in held]

    def own_categories(self) -> dict[str, dict[str, Any]]:
        """The categories of profiles that are not those of the model extended."""
        held: Mapping[str, object] = self.base.catalogue.categories if self.base else {}
        return {name: entry for name, entry in self.categories.items() if name not in held}

    def profile_iri(self, name: str) -> str:
        """The IRI of a profile: in the namespace of whoever brings it."""
        inherited = self.base is not None and name in self.base.profiles
        return f"{self.prefixes[PREFIX.removesuffix(':')] if inherited else self.namespace}profile/{name}"
