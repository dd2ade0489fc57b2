"""Read a model folder once into plain data (``model``)."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from linkml_runtime.utils import schemaview

from machimori.build import units
from machimori.build.extension import base_of, profiles, reduce
from machimori.build.model import (
    PREFIX,
    Class,
    Enum,
    Field,
    Figures,
    LinkML,
    Mappings,
    Model,
    Module,
    Text,
    Type,
    Value,
)
from machimori.build.sources import BASE, PRIVACY, Sources, home
from machimori.build.units import Unit


def annotation(element: Any, tag: str) -> str | None:
    held = element.annotations
    found = held.get(PREFIX + tag) if hasattr(held, "get") else getattr(held, PREFIX + tag, None)
    if found is None:
        return None
    value = getattr(found, "value", found)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*.yaml") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape"))
        digest.update(b"\0")
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


class _Closed(schemaview.SchemaView):
    """LinkML's view of a schema, which imports what ``Sources.imported`` finds and nothing else.

    LinkML itself opens any path and fetches any address that an import or the prefix of one leads to.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        super().__init__(str(sources.main), importmap={BASE: str(home())})

    def load_import(self, imp: str, from_schema: LinkML = None) -> LinkML:
        schema: LinkML = from_schema or self.schema
        importer = Path(schema.source_file or self.sources.main)
        path = self.sources.imported(importer, str(imp))
        if path is None:
            raise ValueError(f"{imp} may not be imported")
        return schemaview.load_schema_wrap(str(path))


def read(sources: Sources) -> Model:
    """Merge the imports of the folder's main schema and lay everything out as plain data."""
    base = base_of(sources)
    view: LinkML = _Closed(sources)
    if base:
        view.schema.imports.append(BASE + PRIVACY)
    owners = view.element_by_schema_map()
    modules = {n: s for n, s in view.schema_map.items() if s.name != "types"}
    order = list(view.imports_closure())
    own = {str(s["id"]) for s in map(sources.document, sources.schemas)}
    prefixes = {str(s.id): f"{s.default_prefix}:" for s in modules.values()}
    view.merge_imports()
    schema = view.schema
    expand = _Expander(view)
    if base:
        reduce(view, own)
        _state_iris(schema, prefixes)

    def term(element: Any, iri: str) -> dict[str, Any]:
        return {
            "name": str(element.name),
            "iri": iri,
            "title": _text(element, "title", "title_ja", annotation(element, "reading_ja")),
            "description": _text(element, "description", "description_ja"),
            "mappings": Mappings(
                tuple(expand(m) for m in element.exact_mappings), tuple(expand(m) for m in element.close_mappings)
            ),
            "source": annotation(element, "source"),
        }

    def module_of(name: str) -> str:
        return str(owners[name])

    types = {
        str(n): Type(**term(t, expand(t.uri)), module=module_of(n), **_type_facts(t, view, expand))
        for n, t in view.all_types().items()
    }
    enums = {
        str(n): Enum(
            **term(e, expand(e.enum_uri or PREFIX + n)),
            module=module_of(n),
            values={
                str(v): _value(pv, expand(e.enum_uri or PREFIX + n), term) for v, pv in e.permissible_values.items()
            },
        )
        for n, e in view.all_enums().items()
    }
    classes = {
        str(n): _class(c, view, module_of(n), lambda e, i: term(e, i), expand) for n, c in view.all_classes().items()
    }
    main = schema
    return Model(
        name=str(main.name),
        version=str(main.version or "0.0.0"),
        iri=str(main.id),
        title=_text(main, "title", "title_ja", annotation(main, "reading_ja")),
        description=_text(main, "description", "description_ja"),
        modules={
            str(s.name): Module(**term(s, str(s.id)), path=str(s.source_file or ""))
            for n in order
            if (s := modules.get(n)) is not None
        },
        classes=classes,
        enums=enums,
        types=types,
        profiles=profiles(base, {n: bilingual(axes) for n, axes in sources.data("profiles").items()}),
        rules={} if base else rules(sources, str(main.id)),
        rule_terms={n: _in_both_languages(entry) for n, entry in sources.data("rule_terms").items()},
        categories=(base.entries(base.catalogue.categories) if base else {})
        | {
            n: {"iri": f"{expand.prefixes[str(main.default_prefix)]}category/{n}"} | bilingual(entry)
            for n, entry in sources.data("categories").items()
        },
        statistics=sources.data("statistics"),
        exclusions=sources.data("exclusions"),
        glossary={
            "english_sources": sources.data("english_sources"),
            "terms": {n: _named(entry) for n, entry in sources.data("glossary").items()},
        },
        quantities=units.read(sources, base.entries(base.catalogue.units) if base else {}),
        codes={} if base else load_yaml(files("machimori.sources") / "validation" / "codes.yaml")["codes"],
        prefixes=expand.prefixes,
        prefix=str(main.default_prefix),
        hash=folder_hash(sources.folder),
        base=base,
        own_modules=frozenset(str(s.name) for s in modules.values() if str(s.id) in own),
        view=view,
    )


def _state_iris(schema: LinkML, prefixes: dict[str, str]) -> None:
    """Write the IRI of each term out: merged into another schema it would get the prefix of that one."""
    for kind, key in (("classes", "class_uri"), ("slots", "slot_uri"), ("enums", "enum_uri")):
        for name, element in getattr(schema, kind).items():
            element[key] = element[key] or prefixes[str(element.from_schema)] + name
    for class_ in schema.classes.values():
        for name, slot in class_.attributes.items():
            slot.slot_uri = slot.slot_uri or prefixes[str(class_.from_schema)] + name


class _Expander:
    """CURIE to IRI by the merged schema's prefixes; an IRI stays as it is."""

    def __init__(self, view: LinkML) -> None:
        self.prefixes = {str(p): str(d.prefix_reference) for p, d in view.schema.prefixes.items()}

    def __call__(self, value: Any) -> str:
        text = str(value)
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes and not local.startswith("//"):
            return self.prefixes[prefix] + local
        return text


def _text(element: Any, en: str, ja: str, reading: str | None = None) -> Text:
    return Text(" ".join((getattr(element, en) or "").split()), (annotation(element, ja) or "").strip(), reading)


_JSON = {"str": "string", "float": "number", "int": "integer", "Bool": "boolean", "bool": "boolean"}


def _type_facts(type_: LinkML, view: LinkML, expand: _Expander) -> dict[str, Any]:
    base, pattern, root = type_.base, type_.pattern, type_
    while root.typeof:
        root = view.get_type(root.typeof)
        base, pattern = base or root.base, pattern or root.pattern
    return {
        "json": _JSON.get(str(base), "string"),
        "datatype": expand(type_.uri or root.uri),
        "pattern": pattern,
        "format": annotation(type_, "format"),
    }


def _value(value: Any, enum: str, term: Any) -> Value:
    value.name = value.text
    facts = term(value, f"{enum}/{value.text}")
    return Value(
        **facts,
        forbidden=annotation(value, "forbidden") == "true",
        public_body=annotation(value, "public_body") == "true",
        serves_holder=annotation(value, "serves_holder") == "true",
    )


def _class(class_: LinkML, view: LinkML, module: str, term: Any, expand: _Expander) -> Class:
    name = str(class_.name)
    fields = {str(s.name): _field(s, name, view, term, expand) for s in view.class_induced_slots(name)}
    typed = any(f.designates_type for f in fields.values())
    identified = any(f.identifier for f in fields.values())
    return Class(
        **term(class_, expand(class_.class_uri or PREFIX + name)),
        module=module,
        abstract=bool(class_.abstract),
        root=not class_.abstract and ((typed and identified) or bool(class_.tree_root)),
        parent=str(class_.is_a) if class_.is_a else None,
        data_subject=annotation(class_, "data_subject"),
        stays_on_device=annotation(class_, "stays_on_device") == "true",
        ordered=_pairs(annotation(class_, "ordered")),
        figures=_figures(class_),
        instead=_instead(class_),
        fields=fields,
    )


def _figures(class_: LinkML) -> Figures | None:
    at, of, every = (annotation(class_, f"figures_{part}") for part in ("at", "of", "every"))
    return Figures(at or "", tuple((of or "").split()), every or "") if at or of or every else None


def _instead(class_: LinkML) -> Text | None:
    en, ja = annotation(class_, "instead"), annotation(class_, "instead_ja")
    return Text(en or "", ja or "") if en or ja else None


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    return tuple((a, b) for a, b in (pair.split() for pair in text.split(";")))


def _field(slot: LinkML, owner: str, view: LinkML, term: Any, expand: _Expander) -> Field:
    return Field(
        **term(slot, expand(slot.slot_uri or PREFIX + slot.name)),
        owner=owner,
        range=str(slot.range),
        required=bool(slot.required or slot.identifier),
        multivalued=bool(slot.multivalued),
        minimum_items=slot.minimum_cardinality,
        inlined=_inlined(slot, view),
        identifier=bool(slot.identifier),
        designates_type=bool(slot.designates_type),
        minimum=_number(slot.minimum_value),
        maximum=_number(slot.maximum_value),
        pattern=slot.pattern,
        unit=_unit(slot),
        privacy=annotation(slot, "privacy") or "",
        homonym=annotation(slot, "homonym"),
    )


def _inlined(slot: LinkML, view: LinkML) -> bool:
    return slot.range in view.all_classes() and bool(slot.inlined or slot.inlined_as_list)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    return int(number) if number.is_integer() else number


def _unit(slot: LinkML) -> Unit | None:
    unit = slot.unit
    if unit is None:
        return None
    rec20 = next((str(m).partition(":")[2] for m in unit.exact_mappings if str(m).startswith("rec20:")), "")
    return Unit(str(unit.ucum_code or ""), rec20, str(unit.symbol or ""))


def rules(sources: Sources, base: str) -> dict[str, dict[str, Any]]:
    """The entries of ``rules`` as whole instances of ``PolicyRule``: what follows from the key and the file is added."""
    versions = {
        name: sources.document(path).get("law_version")
        for path in sources.files
        if path not in sources.schemas
        for name in sources.document(path).get("rules") or {}
    }
    return {
        name: {
            "type": "PolicyRule",
            "id": f"{base}rule/{name}",
            "rule": name,
            "law_version": versions[name],
            **entry,
            "message": {
                "en": entry.get("description"),
                "ja": entry.get("description_ja"),
                **(entry.get("message") or {}),
            },
        }
        for name, entry in sources.data("rules").items()
    }


def _in_both_languages(entry: dict[str, Any]) -> dict[str, Any]:
    """Each ``key`` and ``key_ja`` as one text in two languages, at any depth."""
    return {
        key: _in_both_languages(value) if isinstance(value, dict) else _one_text(entry, key)
        for key, value in entry.items()
        if not key.endswith("_ja")
    }


def _one_text(entry: dict[str, Any], key: str) -> Any:
    return {"en": entry[key], "ja": entry[f"{key}_ja"]} if f"{key}_ja" in entry else entry[key]


def bilingual(entry: dict[str, Any]) -> dict[str, Any]:
    """``title`` and ``title_ja`` of an instance file as one text in two languages."""
    merged = dict(entry)
    for key in ("title", "description"):
        merged[key] = {"en": entry.get(key) or "", "ja": merged.pop(f"{key}_ja", "") or ""}
    if "reading_ja" in merged:
        merged["reading"] = merged.pop("reading_ja")
    return merged


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the glossary: like ``bilingual``, without a description."""
    return {k: v for k, v in bilingual(entry).items() if k != "description"}


def load_yaml(path: Any) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
