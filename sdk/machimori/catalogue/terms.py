"""The terms of the model as frozen types: what the entries of ``catalogue.json`` are, read and written by these alone.

``catalogue.reading`` reads them and joins them to one another; the build writes them (``build/catalogue.py``). A term is
known by its identity: two catalogues have two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct, json

from machimori import messages

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None
"""What JSON can say."""
TYPE = "type"
"""The field by which a record says of which class it is."""
INHERITED = "inherited"
"""What stands in place of a profile in a field of a value object."""


class Text(Struct, frozen=True, gc=False):
    """Words of the model, which brings them in both its languages itself; a fact of a sentence like any other."""

    en: str
    ja: str

    def text(self, language: str = messages.ENGLISH) -> str:
        """The words in a language: in one that the model has not, what its catalogue makes of the English."""
        return messages.of({"en": self.en, "ja": self.ja}, language)


class Mappings(Struct, frozen=True, gc=False):
    """IRIs of other vocabularies that mean the same, or nearly."""

    exact: tuple[str, ...] = ()
    close: tuple[str, ...] = ()


class Unit(Struct, frozen=True, gc=False):
    """A unit by UCUM and by UN/CEFACT Recommendation 20."""

    ucum: str
    rec20: str


class _Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    name: str = ""
    """The key of the entry, which is not written in it again."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Term(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """What every class, field, list of values, value and type has."""

    iri: str
    title: Text
    description: Text
    reading: str | None = None
    """The kana of the Japanese title."""
    source: str | None = None
    """The law, standard or publication that it is taken from."""
    mappings: Mappings


class Domain(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A field of the city: energy, mobility …"""


class Type(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False, gc=False):
    """A type of single values."""

    json: str
    """``string``, ``number``, ``integer`` or ``boolean``."""
    datatype: str
    """IRI of the RDF datatype."""
    pattern: str | None = None
    format: str | None = None


class Value(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False, gc=False):
    """One value of a list."""

    meaning: str
    forbidden: bool = False
    """Of a purpose: no rule allows it."""
    public_body: bool = False
    """Of a kind of requester: it is a public body."""
    serves_holder: bool = False
    """Of a purpose: it serves the holder or the person, and opens no statistics to a third party."""


class Enumeration(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A list of values."""

    domain: str
    values: dict[str, Value]


class Field(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A field of a class. Of ``class_``, ``enum`` and ``type`` one is what ``range`` names."""

    range: str
    required: bool
    multivalued: bool
    inlined: bool
    """Whether its values are objects inside the record; a class that is not inlined is referred to by IRI."""
    privacy: str
    """The name of its profile."""
    minimum: int | float | None = None
    maximum: int | float | None = None
    minimum_items: int | None = None
    pattern: str | None = None
    unit: Unit | None = None
    homonym: str | None = None
    class_: Class | None = None
    enum: Enumeration | None = None
    type: Type | None = None

    @property
    def classes(self) -> tuple[Class, ...]:
        """The classes that an object in the field may be of; none where its values are no objects."""
        return self.class_.concrete if self.inlined and self.class_ is not None else ()

    def class_of(self, value: object) -> Class | None:
        """The class of one object in the field; where there are several it must say so itself."""
        if not self.inlined or self.class_ is None:
            return None
        if not self.class_.members:
            return self.class_
        named = value.get(TYPE) if isinstance(value, dict) else None
        return next((c for c in self.class_.concrete if c.name == named), None)

    @property
    def reference(self) -> bool:
        """Whether its values are the IRIs of records."""
        return self.class_ is not None and not self.inlined

    @property
    def json(self) -> str:
        """The JSON type of one value that is no object."""
        return "string" if self.type is None else self.type.json

    def allows(self, number: float) -> bool:
        """Whether a number is within the limits of the field."""
        return (self.minimum is None or self.minimum <= number) and (self.maximum is None or number <= self.maximum)

    def inside(self) -> Iterator[Field]:
        """The fields of all that may stand in it, at any depth."""
        yield from self._inside(frozenset())

    def _inside(self, seen: frozenset[str]) -> Iterator[Field]:
        if self.range in seen:
            return
        for class_ in self.classes:
            for field in class_.fields.values():
                yield field
                yield from field._inside(seen | {self.range})


class Granularity(Struct, frozen=True):
    """How coarse a value is in statistics and anonymised records."""

    time_step: str | None = None
    """A duration (ISO 8601)."""
    space_step: int | None = None
    """Digits of a grid square (JIS X 0410)."""
    band: int | float | None = None
    prefix_length: int | None = None
    rounding: int | None = None
    """The number to whose nearest multiple a count of people is rounded."""


class Dimension(Struct, frozen=True, omit_defaults=True):
    """One of at most three by which a table is divided."""

    field: str
    """Its path, as in ``StatisticsGrouping.field``."""
    granularity: Granularity | None = None
    """The step of a time, of a grid square, or of a local-government code (2: prefecture, 6: municipality)."""


class TableMeasure(Struct, frozen=True, omit_defaults=True):
    """A figure that a table gives for each of its cells."""

    function: str
    """``subjects``, ``count``, ``sum``, ``mean`` or ``quantile`` (``AggregateFunction`` of the model)."""
    field: str | None = None
    typical: float | None = None
    """Of a sum or count: what one person has in one cell, a public figure."""
    source: str | None = None
    """The publication that ``typical`` is taken from."""
    bands: tuple[float, ...] = ()
    """Of a quantile: the borders within the bounds of the field, ascending."""


class Table(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """What can be asked of a class: the cells, and the figures of each. Nothing finer and nothing else is answered."""

    title: Text
    dimensions: tuple[Dimension, ...]
    measures: tuple[TableMeasure, ...]
    step: str
    """The step that is settled as one: of its time, or where the class has none how often it is counted (ISO 8601)."""

    @property
    def typical(self) -> dict[str, float]:
        """By field, what one person has in one cell; under ``""`` the records of one person."""
        return {m.field or "": m.typical for m in self.measures if m.typical is not None}

    @property
    def bands(self) -> dict[str, tuple[float, ...]]:
        """By field, the inner borders of the bands of its quantiles."""
        return {m.field: m.bands for m in self.measures if m.field is not None and m.bands}


class ClassStatistics(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What statistics tell of a class that is about people: its tables, or why there are none."""

    facts: str
    """The group of classes that hold the same facts, by the first name among them."""
    same_facts_as: tuple[str, ...] = ()
    """The other classes in which the same facts stand, as a meter reading and a use."""
    settles_after: str
    """How long after its end a step is computed once and for all (ISO 8601)."""
    emergency: str | None = None
    """The statute for which a step settles within a day."""
    every: str | None = None
    """Of a class that is counted as it stands: at the end of each month (``P1M``) or year (``P1Y``)."""
    looks: int
    """How many figures of one fact there are, over all tables of the group; 0 where the class has no table."""
    why: Text | None = None
    """Why there is no table."""
    tables: dict[str, Table] = {}


class Figures(Struct, frozen=True):
    """How a class says what a facility states of the people in it, and how often others than holder and statute get that."""

    at: str
    """The field that says when."""
    of: tuple[str, ...]
    """The fields that tell the figures of one facility from those of another."""
    every: str
    """A duration (ISO 8601)."""


class Class(Term, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A class of records or of value objects."""

    domain: str
    root: bool
    """Whether its records travel on their own."""
    abstract: bool
    value_object: bool
    parent: str | None
    members: tuple[str, ...]
    """Of an abstract class: those that its records may be of."""
    data_subject: str | None
    """The field that names the person whom a record is about."""
    stays_on_device: bool
    """Whether its records never leave the device that made them."""
    ordered: tuple[tuple[str, str], ...]
    """Pairs of fields of which the first is the earlier time."""
    figures: Figures | None = None
    """Of a class in which a facility states figures: what tells when and where they are from."""
    instead: Text | None = None
    """What is deliberately not in the class, and where to look instead."""
    fields: dict[str, Field]
    statistics: ClassStatistics | None = None
    """Of a class about people: what statistics tell of it."""
    concrete: tuple[Class, ...] = ()
    """The class itself, or the members of an abstract one."""
    objects: tuple[Field, ...] = ()
    """The fields that hold objects."""

    def field(self, name: str) -> Field | None:
        """The field of that name; of an abstract class that of the first member that has it."""
        if not self.abstract:
            return self.fields.get(name)
        return next((c.fields[name] for c in self.concrete if name in c.fields), None)


class StatutoryTask(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The task of a public body that a law names, and the purposes that belong to it."""

    statute: str
    statute_ja: str | None = None
    """The same as Japanese law cites it."""
    purposes: tuple[str, ...]


class Basis(Struct, frozen=True):
    """One source of a profile, and whether it binds by law."""

    source: str
    basis: str


class Inherited(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """What a field of a value object has in place of a profile: that of the field that holds the object."""

    title: Text
    description: Text
    why: Text
    inherited: bool = False
    reading: str | None = None
    person_related: bool


class Profile(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """How private a value is, and why; class ``PrivacyProfile`` of the model says what each axis means."""

    narrows: str | None = None
    """Of a profile of an extension: the one of the model that it is stricter than."""
    title: Text
    description: Text
    why: Text
    data_class: str
    identifiability: str
    dpv: tuple[str, ...]
    government_access: str
    purposes: tuple[str, ...]
    minimum_group: int
    granularity: Granularity
    traceable: bool
    retention: str | None
    rescue: bool
    biometric: bool
    passer_by: bool = False
    other_person: bool
    statutory_task: StatutoryTask | None
    basis: tuple[Basis, ...]
    future_law: Text | None = None
    law_version: str
    reading: str | None = None
    person_related: bool


PROFILE_CLASS = "PrivacyProfile"
"""The class of the model that a profile is an instance of."""
NAMING = frozenset(
    ("id", "type", "profile_name", "title", "title_ja", "reading_ja", "description", "description_ja", "why")
)
"""The fields of that class that name a profile and say what it is for."""


def axes_in(fields: Iterable[str]) -> tuple[str, ...]:
    """The axes among the fields of class ``PrivacyProfile``, in the order of the model: all that say what a profile allows."""
    return tuple(name for name in fields if name not in NAMING)


class Category(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A category of personal data, below one of the Data Privacy Vocabulary."""

    iri: str
    parent: str
    title: Text
    description: Text
    reading: str | None = None


class Exclusion(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False, rename={"class_": "class"}):
    """What another standard has and the model refuses, why, and what serves instead."""

    term: Text
    iris: tuple[str, ...]
    class_: str
    why: Text
    instead: tuple[str, ...]


class Quantity(_Entry, frozen=True, kw_only=True, omit_defaults=True, eq=False):
    """A kind of quantity and its one unit."""

    title: Text
    reading: str | None = None
    ucum: str
    rec20: str
    symbol: Text
    """What people read for the unit: ``kWh`` for ``kW.h``."""
    reason: Text | None = None
    """Why it stands beside another unit of the same dimension."""
    note: Text | None = None
    """Why it has no code of its own in Recommendation 20."""


class Base(Struct, frozen=True):
    """The model that an extension was built on."""

    name: str
    version: str
    iri: str = ""


def written(term: _Entry) -> dict[str, JSON]:
    """A term that is joined to no other, as its entry is written."""
    found: dict[str, JSON] = json.decode(json.encode(term))
    found.pop("name", None)
    return found


class Catalogue(Struct, frozen=True, kw_only=True, eq=False):
    """Every term of a model, or of an extension of one."""

    name: str
    version: str
    iri: str
    extends: Base | None
    title: Text
    description: Text
    domains: dict[str, Domain]
    classes: dict[str, Class]
    enums: dict[str, Enumeration]
    types: dict[str, Type]
    profiles: dict[str, Profile]
    inherited: Inherited | None
    """Only the model has it, and no extension."""
    categories: dict[str, Category]
    exclusions: dict[str, Exclusion]
    units: dict[str, Quantity]

    def kinds(self) -> dict[str, Collection[str]]:
        """The names of each kind of term, which no two catalogues in use may share."""
        return {
            "classes": self.classes,
            "enums": self.enums,
            "types": self.types,
            "profiles": self.profiles if self.inherited is None else (*self.profiles, self.inherited.name),
            "categories": self.categories,
            "domains": self.domains,
            "units": self.units,
            "exclusions": self.exclusions,
        }
