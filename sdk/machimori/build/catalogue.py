"""``catalogue.json``: every class, field, enum, type and profile as data (design section 7), as the terms that read it.

Beside it the codes, and in ``names.json`` the bare names, for who wants to list them without reading the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from msgspec import to_builtins

from machimori.build import statistics_tables
from machimori.build.json_schema import dumps
from machimori.build.model import Class, Enum, Field, Model, Module, Term, Text, Type, Value
from machimori.build.profiles import person_related
from machimori.catalogue import terms


def emit(model: Model) -> dict[str, str]:
    whole = catalogue(model)
    own = {} if model.base else {"codes.json": dumps(model.codes), "names.json": dumps(names(whole))}
    return {"catalogue.json": dumps(whole), **own}


def names(whole: dict[str, Any]) -> dict[str, list[str]]:
    """The names in a catalogue, sorted: the classes that have instances apart from those that have none."""
    classes = whole["classes"]
    return {
        "concrete": sorted(n for n, c in classes.items() if not c["abstract"]),
        "abstract": sorted(n for n, c in classes.items() if c["abstract"]),
        "profiles": sorted(whole["profiles"]),
        "patterned_types": sorted(n for n, t in whole["types"].items() if t.get("pattern")),
        "units": sorted(whole["units"]),
    }


def catalogue(model: Model) -> dict[str, Any]:
    types = model.own(model.types) if model.base else list(model.types.values())
    whole = {
        "name": model.name,
        "version": model.version,
        "iri": model.iri,
        **({"extends": model.base.data()} if model.base else {}),
        "title": model.title.data(),
        "description": model.description.data(),
        "domains": {m.name: terms.Domain(**_said(m)) for m in _domains(model)},
        "classes": {c.name: _class(model, c) for c in model.own(model.classes)},
        "enums": {e.name: _enum(e) for e in model.own(model.enums)},
        "types": {t.name: _type(t) for t in types},
        "profiles": {
            n: {**axes, **_granularity(axes), "person_related": person_related(model, n)}
            for n, axes in model.own_profiles().items()
        },
        "categories": model.own_categories(),
        "exclusions": model.exclusions,
        "units": {q.name: q.data() for q in model.own_quantities()},
    }
    data: dict[str, Any] = to_builtins(whole, enc_hook=_plain)
    return data


def _plain(value: object) -> str | int | float:
    """LinkML has texts and numbers of types of its own, that know the line where they stand."""
    if isinstance(value, str):
        return "".join((value,))  # str(value) would be such a text again
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    raise TypeError(type(value).__name__)


def _domains(model: Model) -> list[Module]:
    used = {c.module for c in model.own(model.classes)}
    return [m for m in model.modules.values() if m.name in used]


class _Said(TypedDict):
    """What every term says of itself."""

    iri: str
    title: terms.Text
    description: terms.Text
    reading: str | None
    source: str | None
    mappings: terms.Mappings


def _said(term: Term) -> _Said:
    return {
        "iri": term.iri,
        "title": _text(term.title),
        "description": _text(term.description),
        "reading": term.title.reading or None,
        "source": term.source or None,
        "mappings": terms.Mappings(term.mappings.exact, term.mappings.close),
    }


def _text(text: Text) -> terms.Text:
    return terms.Text(text.en, text.ja)


def _granularity(axes: Mapping[str, Any]) -> dict[str, Any]:
    """Every kind of coarseness of a profile, said or not; what is inherited has none."""
    if "granularity" not in axes:
        return {}
    return {"granularity": {**dict.fromkeys(terms.Granularity.__struct_fields__), **(axes["granularity"] or {})}}


def _class(model: Model, class_: Class) -> terms.Class:
    return terms.Class(
        **_said(class_),
        domain=class_.module,
        root=class_.root,
        abstract=class_.abstract,
        value_object=class_.value_object and not class_.abstract,
        parent=class_.parent,
        members=tuple(model.members(class_.name)) if class_.abstract else (),
        data_subject=class_.data_subject,
        stays_on_device=class_.stays_on_device,
        ordered=class_.ordered,
        figures=terms.Figures(class_.figures.at, class_.figures.of, class_.figures.every) if class_.figures else None,
        instead=_text(class_.instead) if class_.instead else None,
        fields={f.name: _field(f) for f in class_.fields.values()},
        statistics=statistics_tables.of_class(model, class_.name),
    )


def _field(field: Field) -> terms.Field:
    return terms.Field(
        **_said(field),
        range=field.range,
        required=field.required,
        multivalued=field.multivalued,
        inlined=field.inlined,
        privacy=field.privacy,
        minimum=field.minimum,
        maximum=field.maximum,
        minimum_items=field.minimum_items,
        pattern=field.pattern,
        unit=terms.Unit(field.unit.ucum, field.unit.rec20) if field.unit else None,
        homonym=field.homonym,
    )


def _enum(enum: Enum) -> terms.Enumeration:
    return terms.Enumeration(
        **_said(enum), domain=enum.module, values={v.name: _value(v) for v in enum.values.values()}
    )


def _value(value: Value) -> terms.Value:
    return terms.Value(
        **_said(value),
        meaning=value.iri,
        forbidden=value.forbidden,
        public_body=value.public_body,
        serves_holder=value.serves_holder,
    )


def _type(type_: Type) -> terms.Type:
    return terms.Type(
        **_said(type_), json=type_.json, datatype=type_.datatype, pattern=type_.pattern, format=type_.format
    )
