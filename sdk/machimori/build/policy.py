"""``policy/policy.json``: the rules of disclosure and the profiles as data, for the gate and for other languages."""

from __future__ import annotations

from typing import Any

from machimori.build import profiles
from machimori.build.json_schema import dumps
from machimori.build.model import Model


def emit(model: Model) -> dict[str, str]:
    """The policy of the model; an extension adds classes and profiles, and no rule."""
    if model.base:
        return {}
    return {"policy/policy.json": dumps(policy(model))}


def policy(model: Model) -> dict[str, Any]:
    """Rules in order, profiles, and the lists that rules speak of."""
    kinds, purposes = model.enums["RequesterKind"].values, model.enums["Purpose"].values
    return {
        "name": model.name,
        "version": model.version,
        "iri": model.iri,
        "data_classes": profiles.data_classes(model),
        "forms": list(model.enums["DisclosureForm"].values),
        "requester_kinds": list(kinds),
        "public_bodies": [v.name for v in kinds.values() if v.public_body],
        "purposes": list(purposes),
        "forbidden_purposes": [v.name for v in purposes.values() if v.forbidden],
        "purposes_of_the_holder": [v.name for v in purposes.values() if v.serves_holder],
        "terms": model.rule_terms,
        "rules": sorted(model.rules.values(), key=lambda r: int(r["rule_order"])),
        "profiles": {
            name: {**axes, "person_related": profiles.person_related(model, name)}
            for name, axes in model.profiles.items()
        },
    }
