"""The typed terms say what ``catalogue.json`` says, all of it and nothing else."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests import raw

from machimori.catalogue import catalogue, terms
from machimori.catalogue.reading import merged, read

MODEL = read(json.dumps(raw.catalogue()))
KINDS = {
    "domains": terms.Domain, "classes": terms.Class, "enums": terms.Enumeration, "types": terms.Type,
    "profiles": terms.Profile, "categories": terms.Category, "exclusions": terms.Exclusion, "units": terms.Quantity,
}  # fmt: skip
EXTENSION: dict[str, Any] = {
    "name": "trial",
    "version": "1.0.0",
    "iri": "https://trial.example/",
    "extends": {"name": "machimori", "version": MODEL.version, "iri": MODEL.iri},
    **{kind: {} for kind in KINDS},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_is_read_whole_and_in_order(kind: str) -> None:
    """An entry that is read by its type and written again is the same text: nothing of it is lost or put elsewhere."""
    for name, entry in raw.catalogue()[kind].items():
        type_ = terms.Inherited if name == "inherited" else KINDS[kind]
        term = msgspec.convert(entry, type_)
        assert json.dumps(msgspec.to_builtins(term)) == json.dumps(entry), f"{kind}/{name}"


def test_every_term_knows_its_name() -> None:
    held = {"classes": MODEL.classes, "enums": MODEL.enums, "types": MODEL.types, "profiles": MODEL.profiles}
    for kind, known in held.items():
        assert [term.name for term in known.values()] == list(known), kind
    for class_ in MODEL.classes.values():
        assert [field.name for field in class_.fields.values()] == list(class_.fields)
    for enum in MODEL.enums.values():
        assert [value.name for value in enum.values.values()] == list(enum.values)


def test_a_range_leads_to_one_term_of_that_name() -> None:
    for class_ in MODEL.classes.values():
        for field in class_.fields.values():
            held = [term for term in (field.class_, field.enum, field.type) if term is not None]
            assert [term.name for term in held] == [field.range]
            assert field.reference == (field.range in MODEL.classes and not field.inlined)


def test_an_abstract_class_is_of_its_members() -> None:
    for name, entry in raw.catalogue()["classes"].items():
        concrete = [class_.name for class_ in MODEL.classes[name].concrete]
        assert concrete == (entry["members"] if entry["abstract"] else [name])
        assert [f.name for f in MODEL.classes[name].objects] == [n for n, f in entry["fields"].items() if f["inlined"]]


def test_an_object_says_of_which_class_it_is_where_there_are_several() -> None:
    signals = MODEL.classes["DemandResponseEvent"].fields["signals"]
    place = MODEL.classes["Trip"].fields["origin"]
    assert [c.name for c in signals.classes] == raw.class_data("DemandResponseSignal")["members"]
    for name in raw.class_data("DemandResponseSignal")["members"]:
        assert signals.class_of({"type": name}) is MODEL.classes[name]
    strangers: list[object] = [
        {"type": "Trip"},
        {"type": "DemandResponseSignal"},
        {"type": []},
        {},
        None,
        "PriceSignal",
        [],
    ]
    assert [signals.class_of(value) for value in strangers] == [None] * len(strangers)
    assert place.class_of({"type": "Trip"}) is MODEL.classes["Place"]
    assert MODEL.classes["Trip"].fields["id"].class_of({}) is None


def test_terms_cannot_be_changed() -> None:
    class_ = MODEL.classes["Trip"]
    for term, name in ((class_, "root"), (class_.fields["id"], "privacy"), (MODEL.profiles["open"], "rescue")):
        with pytest.raises(AttributeError):
            setattr(term, name, "open")


def test_a_profile_without_an_axis_is_none() -> None:
    """What an axis does not say must not be taken for the loosest answer."""
    whole = raw.catalogue()["profiles"]["personal.trip"]
    for axis in set(whole) - {"narrows", "future_law", "reading"}:
        short = {name: said for name, said in whole.items() if name != axis}
        with pytest.raises(msgspec.ValidationError, match=axis):
            read(json.dumps(EXTENSION | {"profiles": {"trial.x": short}}), MODEL)


FIELD = raw.field_data("Trip", "origin")
CLASS = raw.class_data("Trip")
BROKEN: list[dict[str, Any]] = [
    {"classes": {"Trial": CLASS | {"fields": {"x": FIELD | {"range": "Nowhere"}}}}},
    {"classes": {"Trial": CLASS | {"fields": {"x": {k: v for k, v in FIELD.items() if k != "privacy"}}}}},
    {"classes": {"Trial": CLASS | {"members": ["Nowhere"]}}},
    {"classes": {"Trial": CLASS | {"abstract": True, "members": []}}},
    {"classes": []},
    {"iri": None},
    {"extends": {"name": 1, "version": "1"}},
]


@pytest.mark.parametrize("changes", BROKEN, ids=str)
def test_what_is_no_catalogue_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(json.dumps(EXTENSION | changes), MODEL)


def test_an_extension_stands_on_the_terms_of_its_base_and_changes_none() -> None:
    own = read(json.dumps(EXTENSION | {"classes": {"Trial": CLASS | {"fields": {"x": FIELD}}}}), MODEL)
    both = merged(MODEL, (own,))
    assert own.classes["Trial"].fields["x"].class_ is MODEL.classes["Place"]
    assert both.classes["Trip"] is MODEL.classes["Trip"]
    assert list(both.classes) == [*MODEL.classes, "Trial"]
    assert "Trial" not in MODEL.classes
    assert both.inherited is MODEL.inherited


def test_a_hostile_catalogue_cannot_join_its_fields_itself() -> None:
    open_place = raw.class_data("Place") | {"fields": {}}
    field = FIELD | {"class_": open_place, "range": "Place"}
    held = {"Trial": CLASS | {"fields": {"x": field}, "concrete": [], "objects": []}}
    own = read(json.dumps(EXTENSION | {"classes": held}), MODEL).classes["Trial"]
    assert own.concrete == (own,)
    assert own.objects == (own.fields["x"],)
    assert own.fields["x"].class_ is MODEL.classes["Place"]


def test_a_document_for_others_is_the_catalogue() -> None:
    assert json.loads(catalogue.document()) == raw.catalogue()
