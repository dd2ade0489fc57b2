"""Constructs of LinkML that do not mean the same in every artefact (design section 2), and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from machimori.build.sources import Place, Sources

RANGES = {
    "decimal": "use double with both bounds",
    "float": "use double with both bounds",
    "Any": "name the class or type",
    "uri": "use Iri",
    "uriorcurie": "use Iri; a CURIE does not survive a JSON-LD context",
    "curie": "use Iri; a CURIE does not survive a JSON-LD context",
    "ncname": "use string with a pattern",
    "nodeidentifier": "use Iri",
    "objectidentifier": "use Iri",
    "datetime": "use DateTime",
    "date": "use Date",
    "time": "use TimeOfDay",
    "date_or_datetime": "use DateTime or Date",
    "jsonpointer": "use string with a pattern",
    "jsonpath": "use string with a pattern",
    "sparqlpath": "use string with a pattern",
}
FIELD_KEYS = {
    "alias": "one name everywhere: rename the field",
    "any_of": "use one range, or an abstract class with a type",
    "all_of": "use one range",
    "exactly_one_of": "use one range, or an abstract class with a type",
    "none_of": "use one range",
    "equals_string": "use an enum of one value",
    "equals_string_in": "use an enum",
    "equals_number": "use both bounds",
    "equals_expression": "write an SDK rule with its own code",
    "ifabsent": "leave the field out, or require it",
    "structured_pattern": "write the pattern out",
    "list_elements_unique": "write an SDK rule with its own code",
    "unique_keys": "write an SDK rule with its own code",
    "key": "use id",
    "mixins": "state the facts on the field itself",
    "is_a": "state the facts on the field itself",
    "array": "use a list",
    "subproperty_of": "use an enum",
    "exact_cardinality": "use minimum_cardinality on a required list",
    "has_member": "use one range for every item",
    "all_members": "state the range of the items",
    "range_expression": "use one range",
    "value_presence": "use required",
}
CLASS_KEYS = {
    "mixins": "list the fields in each class",
    "mixin": "list the fields in each class",
    "rules": "no rule that all artefacts enforce: write an SDK rule with its own code",
    "unique_keys": "write an SDK rule with its own code",
    "any_of": "use an abstract class with a type",
    "all_of": "use an abstract class with a type",
    "exactly_one_of": "use an abstract class with a type",
    "none_of": "use an abstract class with a type",
    "union_of": "use an abstract class with a type",
    "extra_slots": "classes are closed: name the field",
    "alias": "one name everywhere: rename the class",
    "class_uri": "the IRI of a class is mm: and its name",
    "apply_to": "list the fields in each class",
    "slot_conditions": "write an SDK rule with its own code",
}
OPAQUE = ("blob", "json", "extra", "any", "raw", "payload_json", "additional_properties")

Report = Callable[..., Any]


def constructs(sources: Sources, fault: Report) -> Iterator[Any]:
    """Every banned construct of a folder as ``fault(code, place, element, detail)``."""
    for path in sources.schemas:
        document = sources.document(path)
        for name, body in (document.get("slots") or {}).items():
            yield from _field(fault, sources.at(path, "slots", name), name, body or {}, name)
        for name, body in (document.get("types") or {}).items():
            yield from _pattern(fault, sources.at(path, "types", name), name, (body or {}).get("pattern"))
        for name, class_ in (document.get("classes") or {}).items():
            yield from _class(sources, path, fault, name, class_ or {})
        for name, enum in (document.get("enums") or {}).items():
            for value, body in ((enum or {}).get("permissible_values") or {}).items():
                place = sources.at(path, "enums", name, "permissible_values", str(value))
                if "meaning" in (body or {}):
                    yield fault("MM910", place, f"{name}/{value}", "meaning: use exact_mappings or close_mappings")


def _class(sources: Sources, path: Any, fault: Report, name: str, class_: dict[str, Any]) -> Iterator[Any]:
    for key, remedy in CLASS_KEYS.items():
        if key in class_:
            yield fault("MM910", sources.at(path, "classes", name, key), name, f"{key}: {remedy}")
    for part in ("attributes", "slot_usage"):
        for field, body in (class_.get(part) or {}).items():
            place = sources.at(path, "classes", name, part, field)
            yield from _field(fault, place, f"{name}.{field}", body or {}, field)
            if part == "slot_usage" and "range" in (body or {}):
                yield fault("MM909", place, f"{name}.{field}", "slot_usage gives the name another range")


def _field(fault: Report, place: Place, element: str, body: dict[str, Any], name: str) -> Iterator[Any]:
    for key, remedy in FIELD_KEYS.items():
        if key in body:
            yield fault("MM910", place, element, f"{key}: {remedy}")
    wanted = body.get("range")
    if wanted in RANGES:
        yield fault("MM910", place, element, f"range {wanted}: {RANGES[wanted]}")
    if body.get("multivalued") and body.get("inlined") and not body.get("inlined_as_list"):
        yield fault("MM910", place, element, "an inlined dictionary: say inlined_as_list")
    if body.get("minimum_cardinality") is not None and not body.get("required"):
        yield fault("MM910", place, element, "minimum_cardinality on an optional field: require it")
    if "slot_uri" in body and not (body.get("annotations") or {}).get("mm:homonym"):
        yield fault("MM910", place, element, "slot_uri: the IRI of a field is mm: and its name")
    if name in OPAQUE:
        yield fault("MM910", place, element, "an opaque field: name what it holds")
    yield from _pattern(fault, place, element, body.get("pattern"))


def _pattern(fault: Report, place: Place, element: str, pattern: str | None) -> Iterator[Any]:
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        yield fault("MM910", place, element, f"pattern: {error}")
    if re.search(r"\\[0-9]", pattern):
        yield fault("MM910", place, element, "pattern: no references back")
    if re.search(r"\\[dwsDWSbB]|\\p", pattern):
        yield fault("MM910", place, element, "pattern: write ASCII classes such as [0-9]")
    if "(?" in pattern:
        yield fault("MM910", place, element, "pattern: no look-around, no flags")
    if re.search(r"\[[^\]]*\$[^\]]*\]", pattern):
        yield fault("MM910", place, element, "pattern: no $ in a character class, write a range such as [#-;]")
    if not (pattern.startswith("^") and pattern.endswith("$")):
        yield fault("MM910", place, element, "pattern: anchor it at both ends")
