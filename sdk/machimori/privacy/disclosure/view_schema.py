"""The JSON Schema of a view, so that a recipient knows what it will get."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Class, Field
from machimori.privacy.decision import fields
from machimori.privacy.decision.decision import AS_IS, PSEUDONYMISE, STATISTICAL, Decision, Granted
from machimori.privacy.decision.policy import shipped
from machimori.privacy.disclosure import views
from machimori.privacy.disclosure.transforms import COARSE_ADDRESS, PSEUDONYM

Schema = dict[str, Any]
OPTIONAL = "as_is or nothing"


def view_schema(entity: str, decision: Decision) -> Schema:
    """The schema (2019-09) of each record given under a decision; ``false`` under ``not`` where nothing is given."""
    head = {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "title": f"{entity}, {decision.form}",
        "x-rule": decision.rule,
    }
    if not decision.granted:
        return {**head, "not": {}}
    whole = json.loads(catalogue.artefact(f"jsonschema/{entity}.json", entity))
    granted = views.tree(g.field for g in decision.granted)
    changed = {g.field: _transform(entity, g) for g in decision.granted}
    body = _narrowed(_resolved(whole, whole), granted, whole, changed, "", catalogue.class_(entity))
    return {**head, **body, "$defs": whole.get("$defs", {})}


def _transform(entity: str, granted: Granted) -> str:
    """The transform of a field; a statistic of few people is left out."""
    counted = (
        fields.asked(entity, granted.field).data_class == STATISTICAL and not shipped().by_name[granted.rule].in_full
    )
    return OPTIONAL if counted and granted.transform == AS_IS else granted.transform


def _resolved(schema: Schema, whole: Schema) -> Schema:
    while "$ref" in schema:
        node: Any = whole
        for key in schema["$ref"].removeprefix("#/").split("/"):
            node = node[key]
        schema = node
    if "anyOf" in schema and "properties" not in schema:
        return _of_any([_resolved(member, whole) for member in schema["anyOf"]])
    return schema


def _of_any(members: list[Schema]) -> Schema:
    """One object with what any of the members may have."""
    found: dict[str, list[Schema]] = {}
    for member in members:
        for name, schema in member.get("properties", {}).items():
            found.setdefault(name, []).append(schema)
    return {
        "properties": {name: schemas[0] if len(schemas) == 1 else {"anyOf": schemas} for name, schemas in found.items()}
    }


def _narrowed(
    schema: Schema, granted: Mapping[str, Any], whole: Schema, changed: Mapping[str, str], at: str, class_: Class
) -> Schema:
    """The schema of an object with the granted properties alone. Transforms may leave a value out, so none is required there."""
    properties: Schema = {}
    required = []
    for name, inner in granted.items():
        path = f"{at}{name}"
        here = copy.deepcopy(schema["properties"][name])
        field = paths.step(class_, name)
        transform = changed.get(path, AS_IS)
        if transform not in (AS_IS, OPTIONAL):
            here = _changed(field, transform)
        elif inner:
            here = _object(here, inner, whole, changed, path, field)
        elif transform != OPTIONAL and name in schema.get("required", ()):
            required.append(name)
        properties[name] = here
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _object(
    here: Schema,
    inner: Mapping[str, Any],
    whole: Schema,
    changed: Mapping[str, str],
    path: str,
    field: Field,
) -> Schema:
    target = here
    for key in ("anyOf", "oneOf"):
        if key in target:
            target = next(s for s in target[key] if s.get("type") != "null")
    assert field.class_ is not None  # what has parts is an object
    if field.multivalued:
        items = _narrowed(_resolved(target["items"], whole), inner, whole, changed, f"{path}.", field.class_)
        return {"type": ["array", "null"], "items": items}
    return _narrowed(_resolved(target, whole), inner, whole, changed, f"{path}.", field.class_)


def _changed(field: Field, transform: str) -> Schema:
    """The schema of a value after its transform."""
    if transform == PSEUDONYMISE:
        one: Schema = {"type": "string", "pattern": f"^{PSEUDONYM}[0-9a-f]{{32}}$"}
    elif field.range == "Place":
        one = {
            "type": "object",
            "properties": {"mesh_code": {"type": "string"}},
            "required": ["mesh_code"],
            "additionalProperties": False,
        }
    elif field.range == "Address":
        one = {
            "type": "object",
            "properties": {n: {"type": "string"} for n in COARSE_ADDRESS},
            "additionalProperties": False,
        }
    elif field.inlined:
        one = {"type": "object"}
    else:
        one = {"type": field.json}
        if field.enum is not None:
            one["enum"] = list(field.enum.values)
    return {"type": "array", "items": one} if field.multivalued else one
