"""Bytes of ``catalogue.json`` to terms that are joined to one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Raw, Struct, ValidationError, json
from msgspec.structs import force_setattr, replace

from machimori.catalogue import terms
from machimori.catalogue.terms import INHERITED, Catalogue

UNSAID = terms.Text("", "")


class _File(Struct, kw_only=True):
    """``catalogue.json`` (design section 7); what a later version has beside this is left out."""

    name: str
    version: str
    iri: str
    extends: terms.Base | None = None
    title: terms.Text = UNSAID
    description: terms.Text = UNSAID
    domains: dict[str, terms.Domain]
    classes: dict[str, terms.Class]
    enums: dict[str, terms.Enumeration]
    types: dict[str, terms.Type]
    profiles: dict[str, Raw]
    categories: dict[str, terms.Category]
    exclusions: dict[str, terms.Exclusion]
    units: dict[str, terms.Quantity]


def read(text: bytes | str, base: Catalogue | None = None) -> Catalogue:
    """The terms of a catalogue; those of an extension are joined to the terms of its ``base`` too.

    Raises ``msgspec.ValidationError`` (a ``ValueError``) where the text is no catalogue.
    """
    file = json.decode(text, type=_File)
    written, profile_of = file.profiles.pop(INHERITED, None), json.Decoder(terms.Profile).decode
    catalogue = Catalogue(
        name=file.name,
        version=file.version,
        iri=file.iri,
        extends=file.extends,
        title=file.title,
        description=file.description,
        domains=file.domains,
        classes=file.classes,
        enums=file.enums,
        types=file.types,
        profiles={name: profile_of(profile) for name, profile in file.profiles.items()},
        inherited=None if written is None else json.decode(written, type=terms.Inherited),
        categories=file.categories,
        exclusions=file.exclusions,
        units=file.units,
    )
    _name(catalogue)
    _join(catalogue, catalogue if base is None else merged(base, (catalogue,)))
    return catalogue


def merged(base: Catalogue, extensions: Iterable[Catalogue]) -> Catalogue:
    """The base with the terms of its extensions."""
    found = base
    for extension in extensions:
        found = replace(
            found,
            domains=found.domains | extension.domains,
            classes=found.classes | extension.classes,
            enums=found.enums | extension.enums,
            types=found.types | extension.types,
            profiles=found.profiles | extension.profiles,
            categories=found.categories | extension.categories,
            exclusions=found.exclusions | extension.exclusions,
            units=found.units | extension.units,
        )
    return found


def _name(catalogue: Catalogue) -> None:
    """Say to each term how it is called."""
    c = catalogue
    kinds: tuple[Mapping[str, Struct], ...] = (c.domains, c.classes, c.enums, c.types, c.profiles, c.categories)
    kinds += (c.exclusions, c.units, *(class_.fields for class_ in c.classes.values()))
    kinds += tuple(enum.values for enum in c.enums.values())
    kinds += tuple(class_.statistics.tables for class_ in c.classes.values() if class_.statistics is not None)
    if c.inherited is not None:
        kinds += ({INHERITED: c.inherited},)
    for held in kinds:
        for name, term in held.items():
            force_setattr(term, "name", name)


def _join(catalogue: Catalogue, known: Catalogue) -> None:
    """Lead from fields to what their ranges name, and from classes to their members."""
    for class_ in catalogue.classes.values():
        missing = [m for m in class_.members if m not in known.classes]
        if missing or (class_.abstract and not class_.members):
            raise ValidationError(f"no class for a member of {class_.name}")
        members = [known.classes[member] for member in class_.members] if class_.abstract else [class_]
        force_setattr(class_, "concrete", tuple(members))
        for field in class_.fields.values():
            force_setattr(field, "class_", known.classes.get(field.range))
            force_setattr(field, "enum", known.enums.get(field.range))
            force_setattr(field, "type", known.types.get(field.range))
            if field.class_ is None and field.enum is None and field.type is None:
                raise ValidationError(f"{class_.name}.{field.name}: no range {field.range}")
        force_setattr(class_, "objects", tuple(f for f in class_.fields.values() if f.inlined))
