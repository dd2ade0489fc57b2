"""Each check of the classes is needed: a class made without it takes the counterexamples of its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import SchemaValidator
from tests.agreement.test_examples import CASES, EXAMPLES

from machimori.catalogue.classes import class_named

Node = dict[str, Any]
Change = Callable[[Node], Node]
ANYTHING: Node = {"type": "any"}


def anything(node: Node) -> Node:
    """Any value, but for a function that looks at all the fields of an object."""
    return node if node.get("schema", ANYTHING)["type"] == "model-fields" and node["type"] != "model" else ANYTHING


def lacking(*keys: str) -> Change:
    return lambda node: {k: v for k, v in node.items() if k not in keys}


def open_to_others(node: Node) -> Node:
    return {**node, "config": {**node.get("config", {}), "extra_fields_behavior": "ignore"}}


def optional(node: Node) -> Node:
    return {**node, "schema": {"type": "default", "schema": node["schema"], "default": None}}


def nullable(key: str) -> Change:
    """With null for what is there under a key, unless it has a default and is nullable already."""
    return lambda node: (
        node if node[key]["type"] == "default" else {**node, key: {"type": "nullable", "schema": node[key]}}
    )


LEAVES = (
    "str",
    "int",
    "float",
    "bool",
    "enum",
    "datetime",
    "date",
    "literal",
    "list",
    "model",
    "function-after",
    "function-before",
)
NAMED_CLASS: dict[str, Change] = {"tagged-union": anything, "literal": anything}
REMOVED: dict[str, dict[str, Change]] = {
    "MM101": {"model-field": optional},
    "MM102": {"model": open_to_others},
    "MM103": dict.fromkeys(LEAVES, anything),
    "MM104": {"model-field": nullable("schema"), "list": nullable("items_schema")},
    "MM105": {**NAMED_CLASS, "model-field": optional},
    "MM106": NAMED_CLASS,
    "MM107": NAMED_CLASS,
    "MM108": NAMED_CLASS,
    "MM201": {"enum": anything},
    "MM202": {"float": lacking("ge"), "function-after": anything},
    "MM203": {"float": lacking("le"), "function-after": anything},
    "MM204": {"str": lacking("pattern")},
    "MM205": {"datetime": anything, "function-before": anything, "function-after": anything},
    "MM206": {"date": anything, "function-before": anything, "function-after": anything},
    "MM207": {"str": lacking("pattern")},
    "MM208": {"str": lacking("pattern")},
    "MM209": {"list": lacking("min_length")},
    "MM210": {"int": lambda n: {**n, "type": "float"}},
}  # fmt: skip
"""How each kind of node of a class is changed so that the check for the code is gone."""


def changed(node: Any, changes: dict[str, Change]) -> Any:
    if isinstance(node, list):
        return [changed(n, changes) for n in node]
    if not isinstance(node, dict):
        return node
    inner = {k: v if k in ("metadata", "config", "default") else changed(v, changes) for k, v in node.items()}
    change = changes.get(node["type"]) if isinstance(node.get("type"), str) else None
    made = change(inner) if change else inner
    return {**made, "ref": node["ref"]} if "ref" in node else made


def counterexamples(code: str) -> list[tuple[str, str]]:
    return [(c, f) for c, f in CASES if f.startswith(f"invalid-{code}-")]


@pytest.mark.parametrize("code", REMOVED)
def test_without_its_check_the_counterexamples_of_a_class_comply(code: str) -> None:
    shown = counterexamples(code)
    assert shown
    for class_name, file in shown:
        text = (EXAMPLES / class_name / file).read_text(encoding="utf-8")
        class_ = class_named(class_name)
        class_.model_rebuild()
        with pytest.raises(ValidationError):
            class_.model_validate_json(text)
        without = SchemaValidator(changed(class_.__pydantic_core_schema__, REMOVED[code]), _use_prebuilt=False)
        try:
            without.validate_json(text)
        except ValidationError as error:
            pytest.fail(f"{class_name}/{file}: {[e['type'] for e in error.errors()]}")
