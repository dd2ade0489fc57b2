"""``catalogue.json``: every class, field, enum, type and profile as data (design section 7).

Beside it the codes, and in ``names.json`` the bare names, for who wants to list them without reading the whole.
"""

from __future__ import annotations

from typing import Any

from machimori.build.json_schema import dumps
from machimori.build.model import Class, Enum, Field, Model, Module, Term, Type
from machimori.build.profiles import person_related


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
    return {
        "name": model.name,
        "version": model.version,
        "iri": model.iri,
        **({"extends": model.base.data()} if model.base else {}),
        "title": model.title.data(),
        "description": model.description.data(),
        "domains": {m.name: _term(m) for m in _domains(model)},
        "classes": {c.name: _class(model, c) for c in model.own(model.classes)},
        "enums": {e.name: _enum(e) for e in model.own(model.enums)},
        "types": {t.name: _type(t) for t in (model.own(model.types) if model.base else model.types.values())},
        "profiles": {
            n: {**axes, "person_related": person_related(model, n)} for n, axes in model.own_profiles().items()
        },
        "categories": model.own_categories(),
        "exclusions": model.exclusions,
        "units": {q.name: q.data() for q in model.own_quantities()},
    }


def _domains(model: Model) -> list[Module]:
    used = {c.module for c in model.own(model.classes)}
    return [m for m in model.modules.values() if m.name in used]


def _term(term: Term) -> dict[str, Any]:
    data: dict[str, Any] = {"iri": term.iri, "title": term.title.data(), "description": term.description.data()}
    if term.title.reading:
        data["reading"] = term.title.reading
    if term.source:
        data["source"] = term.source
    data["mappings"] = term.mappings.data()
    return data


def _class(model: Model, class_: Class) -> dict[str, Any]:
    return {
        **_term(class_),
        "domain": class_.module,
        "root": class_.root,
        "abstract": class_.abstract,
        "value_object": class_.value_object and not class_.abstract,
        "parent": class_.parent,
        "members": model.members(class_.name) if class_.abstract else [],
        "data_subject": class_.data_subject,
        "stays_on_device": class_.stays_on_device,
        "ordered": [list(pair) for pair in class_.ordered],
        **({"instead": class_.instead.data()} if class_.instead else {}),
        "fields": {f.name: _field(f) for f in class_.fields.values()},
    }


def _field(field: Field) -> dict[str, Any]:
    data: dict[str, Any] = {
        **_term(field),
        "range": field.range,
        "required": field.required,
        "multivalued": field.multivalued,
        "inlined": field.inlined,
        "privacy": field.privacy,
    }
    optional = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "minimum_items": field.minimum_items,
        "pattern": field.pattern,
        "unit": field.unit.data() if field.unit else None,
        "homonym": field.homonym,
    }
    return data | {k: v for k, v in optional.items() if v is not None}


def _enum(enum: Enum) -> dict[str, Any]:
    values = {
        v.name: {**_term(v), "meaning": v.iri}
        | ({"forbidden": True} if v.forbidden else {})
        | ({"public_body": True} if v.public_body else {})
        for v in enum.values.values()
    }
    return {**_term(enum), "domain": enum.module, "values": values}


def _type(type_: Type) -> dict[str, Any]:
    data = {**_term(type_), "json": type_.json, "datatype": type_.datatype}
    optional = {"pattern": type_.pattern, "format": type_.format}
    return data | {k: v for k, v in optional.items() if v is not None}
