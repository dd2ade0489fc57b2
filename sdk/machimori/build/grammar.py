"""What may stand where in the YAML of a model, as a table: every key, and the pattern of every name, code and IRI.

Names become names in Python, TypeScript, Turtle and SQL, and IRIs stand between angle brackets: here they are held to what needs
no escape in any of those. Texts may say anything; each emitter writes them as text of its own language. A key that is not in the
table is refused: LinkML knows more of them, some of which make it open files or addresses (``default_curi_maps``), and the rest
would be lost without a word.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from machimori.build import banned
from machimori.build.forms import (
    BANNED,
    UNKNOWN,
    UNREADABLE,
    Form,
    Found,
    anything,
    either,
    flag,
    listed,
    mapping,
    named,
    number,
    one_of,
    text,
    unknown,
    whole_number,
)
from machimori.build.sources import SCHEMA_KEYS

FORMULA = r"(?![=+@\t\r-]).*"

TYPE_NAMES_TAKEN = frozenset(
    [
        "True",
        "False",
        "None",
        "Enum",
        "Annotated",
        "ClassVar",
        "Literal",
        "Field",
        "AnyFormat",
        "AwareDatetime",
        "Entity",
        "FreeText",
        "Whole",
        "Classes",
        "Any",
        "Array",
        "Boolean",
        "Function",
        "Number",
        "Object",
        "Record",
        "String",
        "Symbol",
    ]
)
FIELD_NAMES_TAKEN = frozenset(name for name in dir(BaseModel) if not name.startswith("_")) | {
    "iri",
    "domain",
    "abstract",
    "data_subject",
    "privacy",
    "constructor",
    "prototype",
}


def _name(pattern: str, says: str, taken: frozenset[str] = frozenset()) -> Form:
    """A name of this form that no generated file means something else by."""
    form = text(pattern, says)

    def check(node: Any, element: str) -> Iterator[Found]:
        yield from form(node, element)
        if node.value in taken:
            yield node, element, BANNED, "a name that generated code uses for something else"

    return check


SNAKE = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
CAMEL = r"[A-Z][A-Za-z0-9]*"
KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"
UNRESERVED = r"[A-Za-z0-9._~!$&*+,;=:@/?#%-]"
IRI = rf"https?://[A-Za-z0-9]{UNRESERVED}*|urn:[a-z0-9][a-z0-9-]*:{UNRESERVED}+"
CURIE = rf"[A-Za-z][A-Za-z0-9_-]*:{UNRESERVED}+"
SEMVER = r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}(-[0-9A-Za-z.-]{1,64})?(\+[0-9A-Za-z.-]{1,64})?"

class_name = _name(CAMEL, "class names are CamelCase", TYPE_NAMES_TAKEN)
enum_name = _name(CAMEL, "enum names are CamelCase", TYPE_NAMES_TAKEN)
type_name = _name(CAMEL, "type names are CamelCase", TYPE_NAMES_TAKEN)
field_name = _name(SNAKE, "field names are snake_case")
own_field_name = _name(SNAKE, "field names are snake_case", FIELD_NAMES_TAKEN)
value_name = _name(
    rf"{SNAKE}|{CAMEL}",
    "values are ASCII letters, digits and single underscores, beginning with a letter",
    frozenset({"mro"}),
)
module_name = _name(SNAKE, "schema names are snake_case", frozenset(keyword.kwlist))
range_name = text(r"[A-Za-z][A-Za-z0-9_]*", "the name of a class, an enum or a type")
word = text(SNAKE, "a name in snake_case")
slug = text(KEBAB, "a name in lower case with hyphens")
profile_name = text(rf"{SNAKE}(\.{SNAKE})?", "a data class, a dot and a name")
prefix_name = text(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "prefixes are lower-case letters and digits")
iri = text(IRI, "an absolute IRI (http, https or urn) in ASCII")
namespace = text(rf"https?://[A-Za-z0-9]{UNRESERVED}*[/#:=]", "an absolute IRI that ends in / or #")
curie = text(rf"{CURIE}|{IRI}", "a CURIE or an absolute IRI in ASCII")
semver = text(SEMVER, "a version such as 1.2.3")
day = text(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", "a date such as 2026-04-01")
duration = text(r"P[0-9YMDTHS]{2,20}", "an ISO 8601 duration such as P1Y")
ucum = text(r"[A-Za-z0-9#%./*^()\[\]{}'_+-]{1,40}", "a UCUM code")
rec20 = text(r"[A-Z0-9]{1,3}", "a code of UN/CEFACT Recommendation 20")
field_path = text(rf"{SNAKE}(\.{SNAKE})*", "a field, or a path of fields with dots")
several_fields = text(rf"{SNAKE}( {SNAKE})*", "names of fields")
ordered = text(rf"{SNAKE} {SNAKE}(; ?{SNAKE} {SNAKE})*", "pairs of fields, the earlier one first")

prose = text()
pattern = text(r"[^\n\t]*", "a pattern is one line")
title = text(FORMULA, "a title does not begin like the formula of a spreadsheet")
source = text(FORMULA, "a source does not begin like the formula of a spreadsheet")
both = mapping({"en": prose, "ja": prose})
titles = mapping({"en": title, "ja": title})

NOTES: dict[str, Form] = {
    "comments": either(prose, anything),
    **{key: listed(prose) for key in ("comments", "notes", "todos", "editorial_notes", "aliases", "keywords")},
    "deprecated": prose,
    "see_also": listed(curie),
}
"""What LinkML lets authors write down for themselves; it comes into no artefact."""
MAPPINGS: dict[str, Form] = {
    f"{kind}_mappings": listed(curie) for kind in ("exact", "close", "broad", "narrow", "related")
}
TEXTS: dict[str, Form] = {"title": title, "description": prose, **NOTES}
SAID: dict[str, Form] = {
    "mm:title_ja": title,
    "mm:reading_ja": title,
    "mm:description_ja": prose,
    "mm:source": source,
}
note_name = text(CURIE, "the name of an annotation is a CURIE")


def noted(**further: Form) -> Form:
    return mapping(SAID | {f"mm:{key}": form for key, form in further.items()}, others=note_name)


UNIT = mapping(
    {
        "ucum_code": ucum,
        "symbol": title,
        "exact_mappings": listed(curie),
        "descriptive_name": prose,
        "abbreviation": prose,
    }
)
FIELD = mapping(
    {
        **dict.fromkeys(banned.FIELD_KEYS, anything),
        **TEXTS,
        **MAPPINGS,
        "range": range_name,
        "slot_uri": curie,
        "pattern": pattern,
        "minimum_value": number,
        "maximum_value": number,
        "minimum_cardinality": whole_number,
        "unit": UNIT,
        **dict.fromkeys(
            ("required", "multivalued", "inlined", "inlined_as_list", "identifier", "designates_type"), flag
        ),
        "annotations": noted(privacy=profile_name, homonym=prose),
    }
)
CLASS = mapping(
    {
        **dict.fromkeys(banned.CLASS_KEYS, anything),
        **TEXTS,
        **MAPPINGS,
        "is_a": range_name,
        "abstract": flag,
        "tree_root": flag,
        "slots": listed(field_name),
        "slot_usage": named(field_name, FIELD, "."),
        "attributes": named(own_field_name, FIELD, "."),
        "annotations": noted(
            data_subject=field_name,
            ordered=ordered,
            stays_on_device=flag,
            figures_at=field_name,
            figures_of=several_fields,
            figures_every=duration,
            instead=prose,
            instead_ja=prose,
        ),
    }
)
VALUE = mapping(
    {
        **TEXTS,
        **MAPPINGS,
        "meaning": anything,
        "annotations": noted(forbidden=flag, public_body=flag, serves_holder=flag),
    }
)
ENUM = mapping({**TEXTS, **MAPPINGS, "permissible_values": named(value_name, VALUE, "/"), "annotations": noted()})
TYPE = mapping(
    {
        **TEXTS,
        **MAPPINGS,
        "typeof": range_name,
        "base": one_of("str", "int", "float", "Bool", "bool"),
        "uri": curie,
        "pattern": pattern,
        "annotations": noted(format=one_of("date-time", "date")),
    }
)
SCHEMA: dict[str, Form] = {
    **TEXTS,
    "id": iri,
    "name": module_name,
    "version": semver,
    "license": text(rf"{IRI}|[A-Za-z0-9][A-Za-z0-9 .+()-]*", "an IRI or the name of a licence"),
    "annotations": noted(),
    "prefixes": named(
        prefix_name, either(namespace, mapping({"prefix_prefix": prefix_name, "prefix_reference": namespace}))
    ),
    "default_prefix": prefix_name,
    "default_range": one_of("string"),
    "imports": listed(prose),
    "slots": named(own_field_name, FIELD),
    "enums": named(enum_name, ENUM),
    "types": named(type_name, TYPE),
    "classes": named(class_name, CLASS),
}

ENTRY: dict[str, Form] = {
    "title": title,
    "title_ja": title,
    "reading_ja": title,
    "description": prose,
    "description_ja": prose,
}
PROFILE = mapping(
    {
        **ENTRY,
        "why": both,
        "future_law": both,
        "narrows": profile_name,
        "data_class": word,
        "identifiability": word,
        "government_access": word,
        "purposes": listed(word),
        "dpv": listed(iri),
        "minimum_group": whole_number,
        "granularity": mapping(
            {
                "time_step": duration,
                "space_step": whole_number,
                "band": number,
                "prefix_length": whole_number,
                "rounding": whole_number,
            }
        ),
        "retention": duration,
        **dict.fromkeys(("traceable", "rescue", "biometric", "passer_by", "other_person", "inherited"), flag),
        "statutory_task": mapping({"statute": prose, "statute_ja": prose, "purposes": listed(word)}),
        "basis": listed(mapping({"source": source, "basis": word})),
        "law_version": day,
    }
)
CATEGORY = mapping({**ENTRY, "parent": iri, "source": source})
symbol = either(title, titles)
QUANTITY = mapping(
    {
        **ENTRY,
        "ucum": ucum,
        "rec20": rec20,
        "symbol": symbol,
        "reason": either(prose, both),
        "note": either(prose, both),
    }
)
answer = text(r"[A-Za-z][A-Za-z0-9_.-]*", "an answer is a name")
TEST = mapping({"condition_term": word, "condition_values": listed(answer), "negated": flag})
CONDITIONS = listed(mapping({"alternatives": listed(TEST), "denial_reason": slug}))
RULE = mapping(
    {
        **ENTRY,
        "rule": slug,
        "rule_order": whole_number,
        "rule_scope": word,
        "effect": word,
        "obligations": listed(word),
        "message": both,
        "basis": word,
        "sources": listed(source),
        "conditions": CONDITIONS,
        "applicability": CONDITIONS,
        "candidate_forms": listed(word),
        **dict.fromkeys(("rests_on", "ends_with", "bounded_by_area_of", "reported_as"), word),
        **dict.fromkeys(("refers_to_counsel", "in_full"), flag),
    }
)
HOLDS: dict[str, Form] = {"holds": prose, "holds_ja": prose, "lacks": prose, "lacks_ja": prose}
RULE_TERM = mapping(
    {"title": title, "title_ja": title, "answers_of": range_name, "answers": named(answer, mapping(HOLDS)), **HOLDS}
)
EXCLUSION = mapping(
    {
        "term": titles,
        "why": both,
        "iris": listed(iri),
        "class": class_name,
        "instead": listed(text(rf"{CAMEL}(\.{SNAKE})?", "Class or Class.field")),
    }
)
DIMENSION = mapping(
    {"field": field_path, "time_step": duration, "space_step": whole_number, "prefix_length": whole_number}
)
MEASURE = mapping({"function": word, "field": field_path, "typical": number, "source": source, "bands": listed(number)})
TABLE = mapping({"title": title, "title_ja": title, "dimensions": listed(DIMENSION), "measures": listed(MEASURE)})
STATISTICS = mapping(
    {
        "same_facts_as": listed(class_name),
        "settles_after": duration,
        "emergency": source,
        "every": duration,
        "why": prose,
        "why_ja": prose,
        "tables": named(slug, TABLE, "."),
    }
)
GLOSSARY_TERM = mapping({"title": title, "title_ja": title, "reading_ja": title, "english": slug, "source": both})
template = text(r"[^{}]*(\{[a-z_]+\}[^{}]*)*", "braces hold the name of a fact")
CODE = mapping(
    {
        "name": slug,
        "severity": word,
        "fixed": word,
        "title": both,
        "message": mapping({"en": template, "ja": template}),
        "remedy": both,
        "counterexample": anything,
    }
)
INSTANCES: dict[str, Form] = {
    "profiles": named(profile_name, PROFILE),
    "categories": named(text(CAMEL, "categories are CamelCase"), CATEGORY),
    "units": named(word, QUANTITY),
    "english_sources": named(slug, both),
    "glossary": named(slug, GLOSSARY_TERM),
    "law_version": day,
    "rules": named(slug, RULE),
    "rule_terms": named(word, RULE_TERM),
    "statistics": named(class_name, STATISTICS),
    "exclusions": named(slug, EXCLUSION),
    "codes": named(text(r"MM[0-9]{3}", "codes are MM and three digits"), CODE),
    "targets": named(slug, mapping({"title": titles, "version": prose, "namespaces": named(prefix_name, namespace)})),
}
"""What a file that is no schema may hold."""


def faults(root: Any, path: Path) -> Iterator[Found]:
    """What stands in a file and may not, at its node."""
    if not isinstance(root, yaml.MappingNode):
        if isinstance(root, yaml.Node) and root.tag != "tag:yaml.org,2002:null":
            yield root, path.name, UNREADABLE, "a mapping: names, colons and values"
        return
    keys = {key.value for key, _ in root.value}
    table = SCHEMA if SCHEMA_KEYS & keys else INSTANCES
    if table is INSTANCES and not keys & table.keys():
        return  # a file that has nothing to do with the model
    for key, value in root.value:
        if key.value in table:
            yield from table[key.value](value, path.name)
        else:
            yield key, path.name, UNKNOWN, unknown(key.value, table)
    if table is SCHEMA:
        for needed in ("id", "name", "imports"):
            if needed not in keys:
                yield root, path.name, UNREADABLE, f"a schema without {needed}"
        if not re.fullmatch(SNAKE, path.stem):
            yield root, path.name, BANNED, "the file of a schema is named in snake_case"
