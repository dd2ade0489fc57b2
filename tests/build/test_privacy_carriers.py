"""What the model says of a field's privacy, unit and Japanese title is what every carrier of it says.

The truth is the LinkML source as LinkML itself reads it; the carriers are the Pydantic classes, the JSON Schemas and
the catalogue. The RDF carriers are held to the same in ``test_privacy_carriers_rdf.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
import yaml
from machimori.model import class_named
from machimori.model._privacy import Privacy
from machimori.model._profiles import PROFILES
from tests.names import abstract_classes, concrete_classes, every_class, names

from machimori.catalogue import catalogue

pytestmark = pytest.mark.full

SOURCES = files("machimori.sources")
AXES = ("government_access", "identifiability", "minimum_group", "retention", "traceable", "rescue", "biometric")


@dataclass(frozen=True)
class Said:
    """What is said of one field, by the model or by a carrier."""

    privacy: str | None
    title_ja: str | None
    unit: tuple[str, str] | None


@cache
def view() -> Any:
    from linkml_runtime.utils.schemaview import SchemaView

    return SchemaView(str(SOURCES / "machimori.yaml"))


def note(element: Any, tag: str) -> str | None:
    held = element.annotations
    found = (held if isinstance(held, dict) else vars(held)).get(f"mm:{tag}")
    return None if found is None else str(getattr(found, "value", found))


@cache
def by_model(class_name: str) -> dict[str, Said]:
    return {
        str(slot.name): Said(note(slot, "privacy"), note(slot, "title_ja"), unit_in_source(slot.unit))
        for slot in view().class_induced_slots(class_name)
    }


def unit_in_source(unit: Any) -> tuple[str, str] | None:
    if unit is None:
        return None
    rec20 = [str(m).removeprefix("rec20:") for m in unit.exact_mappings if str(m).startswith("rec20:")]
    return str(unit.ucum_code), rec20[0]


def unit_in_data(unit: dict[str, str] | None) -> tuple[str, str] | None:
    return None if unit is None else (unit["ucum"], unit["rec20"])


def by_schema(node: dict[str, Any]) -> dict[str, Said]:
    return {
        name: Said(held.get("x-privacy"), held.get("x-title-ja"), unit_in_data(held.get("x-unit")))
        for name, held in node["properties"].items()
    }


def by_catalogue(class_name: str) -> dict[str, Said]:
    return {
        name: Said(field["privacy"], field["title"]["ja"], unit_in_data(field.get("unit")))
        for name, field in catalogue.class_data(class_name)["fields"].items()
    }


@cache
def schemas() -> dict[str, dict[str, Any]]:
    return {name: json.loads(catalogue.artefact(f"jsonschema/{name}.json")) for name in concrete_classes()}


def nodes(class_name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The class's own schema, and its definition in every other that holds it."""
    if class_name in schemas():
        yield class_name, schemas()[class_name]
    for name, schema in schemas().items():
        if class_name in schema.get("$defs", {}):
            yield name, schema["$defs"][class_name]


@pytest.mark.parametrize("class_name", every_class())
def test_every_field_is_classified_and_titled_in_the_model(class_name: str) -> None:
    assert all(said.privacy in PROFILES and said.title_ja for said in by_model(class_name).values())


@pytest.mark.parametrize("class_name", every_class())
def test_the_catalogue_says_what_the_model_says(class_name: str) -> None:
    assert by_catalogue(class_name) == by_model(class_name)


@pytest.mark.parametrize("class_name", concrete_classes())
def test_every_json_schema_that_holds_the_class_says_what_the_model_says(class_name: str) -> None:
    for holder, node in nodes(class_name):
        assert by_schema(node) == by_model(class_name), holder
        assert node["x-title-ja"] == note(view().get_class(class_name), "title_ja"), holder


@pytest.mark.parametrize("class_name", every_class())
def test_the_python_class_says_what_the_model_says(class_name: str) -> None:
    class_ = class_named(class_name)
    fields = {field.alias or name: (name, field) for name, field in class_.model_fields.items()}
    said = by_model(class_name)
    assert class_.abstract == bool(view().get_class(class_name).abstract)
    left_to_members = {"type"} if class_.abstract else set()
    assert fields.keys() == said.keys() - left_to_members
    for name, (attribute, field) in fields.items():
        found = [m for m in field.metadata if isinstance(m, Privacy)]
        assert [p.name for p in found] == [said[name].privacy]
        assert found[0] is PROFILES[found[0].name]
        assert class_.privacy(attribute) is found[0]
        assert (field.title or "").endswith(f" / {said[name].title_ja}")


@pytest.mark.parametrize("class_name", every_class())
def test_the_data_subject_is_the_same_everywhere(class_name: str) -> None:
    subject = note(view().get_class(class_name), "data_subject")
    assert catalogue.class_data(class_name)["data_subject"] == subject
    assert class_named(class_name).data_subject == subject
    if class_name in schemas():
        assert schemas()[class_name].get("x-data-subject") == subject


def test_every_carrier_has_the_classes_of_the_model() -> None:
    """The names of ``tests.names`` too, by which all these tests go."""
    in_source = {str(name): bool(class_.abstract) for name, class_ in view().all_classes().items()}
    assert concrete_classes() == sorted(name for name, abstract in in_source.items() if not abstract)
    assert abstract_classes() == sorted(name for name, abstract in in_source.items() if abstract)
    assert sorted(catalogue.catalogue()["classes"]) == every_class() == sorted(in_source)
    shipped = (f.name for f in (files("machimori.artefacts") / "jsonschema").iterdir())
    assert sorted(n.removesuffix(".json") for n in shipped) == concrete_classes()


def profiles_in_source() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load((SOURCES / "privacy" / "profiles.yaml").read_text(encoding="utf-8"))["profiles"])


def test_every_profile_unit_and_type_with_a_pattern_has_its_name() -> None:
    assert names()["profiles"] == sorted(profiles_in_source())
    assert names()["units"] == sorted(catalogue.catalogue()["units"])
    assert names()["patterned_types"] == sorted(n for n, t in catalogue.catalogue()["types"].items() if "pattern" in t)


@pytest.mark.parametrize("name", names()["profiles"])
def test_a_profile_is_the_same_in_source_catalogue_and_python(name: str) -> None:
    source, shipped, python = profiles_in_source()[name], catalogue.catalogue()["profiles"][name], PROFILES[name]
    for axis in AXES:
        if source.get(axis) is not None:
            assert source[axis] == shipped[axis] == getattr(python, axis), axis
    assert (source["title"], source["title_ja"]) == (shipped["title"]["en"], shipped["title"]["ja"])
    assert (source["title"], source["title_ja"]) == (python.title_en, python.title_ja)
    assert tuple(source.get("purposes") or ()) == tuple(shipped.get("purposes") or ()) == python.purposes
    assert tuple(source.get("dpv") or ()) == tuple(shipped.get("dpv") or ()) == python.dpv
    assert shipped["person_related"] == python.person_related
    coarse = {k: v for k, v in (source.get("granularity") or {}).items() if v is not None}
    assert coarse == {k: v for k, v in (shipped.get("granularity") or {}).items() if v is not None}
    assert all(getattr(python.granularity, k) == v for k, v in coarse.items())
