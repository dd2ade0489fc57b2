"""A profile that narrows another allows at most what that one allows, on every axis and under every rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest

from machimori.build import narrowing
from machimori.catalogue import catalogue
from machimori.privacy.decision.recipients import FORMS, granted, requesters

pytestmark = pytest.mark.full

PROFILES: dict[str, dict[str, Any]] = {n: p for n, p in catalogue.shipped()["profiles"].items() if n != "inherited"}
CATEGORIES = catalogue.shipped()["categories"]
BASE = PROFILES["personal.appliance_use"]
TASK = {"statute": "Basic Act on Disaster Management Art. 49-10", "purposes": ["rescue", "disaster_response"]}
LOOKED_AT = (
    "data_class",
    "government_access",
    "identifiability",
    "rescue",
    "biometric",
    "other_person",
    "statutory_task",
)
"""The axes that the rules of disclosure look at; of the profiles that agree on them, one is tried."""
DIFFERENT = {str([p[axis] for axis in LOOKED_AT]): name for name, p in PROFILES.items()}
TRIED = 12
"""Narrower profiles that are tried of each, drawn by its name."""
COARSE = {"time_step": "PT1H", "space_step": 8, "band": 0.5, "prefix_length": 3}

NARROWER: list[tuple[str, Any, Any]] = [
    ("data_class", "personal", "special_care"),
    ("data_class", "related", "personal"),
    ("data_class", "operational", "restricted"),
    ("identifiability", "sensitive", "direct"),
    ("government_access", "open", "order_only"),
    ("government_access", "aggregate_only", "none"),
    ("government_access", "order_only", "none"),
    ("purposes", ["billing", "research"], ["billing"]),
    ("purposes", ["billing"], []),
    ("minimum_group", 10, 20),
    ("granularity", COARSE, COARSE | {"time_step": "PT3H"}),
    ("granularity", COARSE, COARSE | {"time_step": "P1M"}),
    ("granularity", COARSE, COARSE | {"space_step": 6}),
    ("granularity", COARSE, COARSE | {"band": 1.5}),
    ("granularity", COARSE, COARSE | {"prefix_length": 2}),
    ("granularity", COARSE | {"band": None}, COARSE),
    ("traceable", False, True),
    ("retention", "P1Y", "P12M"),
    ("retention", "P1Y", "P365D"),
    ("retention", "P1Y", "P6M"),
    ("retention", "P1Y", "PT24H"),
    ("retention", None, "P1Y"),
    ("rescue", True, False),
    ("biometric", False, True),
    ("other_person", False, True),
    ("statutory_task", TASK, None),
    ("statutory_task", TASK, TASK | {"purposes": ["rescue"]}),
    ("dpv", ["https://w3id.org/dpv/pd#Household"], ["https://w3id.org/machimori/category/ApplianceUse"]),
]
WIDER: list[tuple[str, Any, Any]] = [
    ("data_class", "personal", "related"),
    ("data_class", "personal", "open"),
    ("data_class", "code", "communications"),
    ("data_class", "communications", "special_care"),
    ("data_class", "restricted", "statistical"),
    ("data_class", "pseudonymised", "personal"),
    ("identifiability", "quasi", "sensitive"),
    ("government_access", "none", "aggregate_only"),
    ("government_access", "aggregate_only", "order_only"),
    ("government_access", "order_only", "aggregate_only"),
    ("government_access", "order_only", "open"),
    ("purposes", ["billing"], ["billing", "marketing"]),
    ("minimum_group", 10, 9),
    ("granularity", COARSE, COARSE | {"time_step": "PT30M"}),
    ("granularity", COARSE, COARSE | {"time_step": "PT90M"}),
    ("granularity", COARSE, COARSE | {"time_step": None}),
    ("granularity", COARSE, COARSE | {"space_step": 9}),
    ("granularity", COARSE, COARSE | {"band": 0.7}),
    ("granularity", COARSE, COARSE | {"prefix_length": 4}),
    ("granularity", COARSE, {}),
    ("traceable", True, False),
    ("retention", "P1Y", "P366D"),
    ("retention", "P1M", "P30D"),
    ("retention", "P1Y", None),
    ("retention", "P1Y", "for ever"),
    ("rescue", False, True),
    ("biometric", True, False),
    ("other_person", True, False),
    ("statutory_task", None, TASK),
    ("statutory_task", TASK, TASK | {"purposes": ["rescue", "welfare_watch"]}),
    ("statutory_task", TASK, TASK | {"statute": "another"}),
    ("dpv", ["https://w3id.org/machimori/category/ApplianceUse"], ["https://w3id.org/dpv/pd#Household"]),
]


def widened(base: dict[str, Any], own: dict[str, Any]) -> list[str]:
    return list(narrowing.widened(base, own, CATEGORIES))


@pytest.mark.parametrize(("axis", "before", "after"), NARROWER)
def test_a_narrower_value_is_no_fault(axis: str, before: Any, after: Any) -> None:
    assert widened(BASE | {axis: before}, BASE | {axis: after}) == []


@pytest.mark.parametrize(("axis", "before", "after"), WIDER)
def test_a_wider_value_is_named_by_its_axis(axis: str, before: Any, after: Any) -> None:
    assert widened(BASE | {axis: before}, BASE | {axis: after}) == [axis]


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_as_wide_as_itself(name: str) -> None:
    assert widened(PROFILES[name], PROFILES[name]) == []


@pytest.mark.parametrize("name", DIFFERENT.values())
def test_what_is_narrower_by_axis_is_granted_nothing_more_by_any_rule(name: str) -> None:
    base = PROFILES[name]
    tried = [own for own in variants(base) if not widened(base, own)]
    assert tried
    before = cells(base)
    for own in Random(name).sample(tried, min(TRIED, len(tried))):
        assert cells(own) <= before, own


def variants(base: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The profile with each combination of those axes."""
    enums, marks = catalogue.shipped()["enums"], (False, True)
    tasks = (None, base["statutory_task"]) if base["statutory_task"] else (None, TASK)
    values = (enums["DataClass"]["values"], enums["GovernmentAccess"]["values"], narrowing.IDENTIFIABILITY)
    for combination in product(*values, marks, marks, marks, tasks):
        own = base | dict(zip(LOOKED_AT, combination, strict=True))
        own["person_related"] = own["data_class"] in narrowing.PERSON_RELATED
        yield own


def cells(profile: dict[str, Any]) -> set[tuple[str, str]]:
    """Who would be given something in which form, were this a profile of the model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(catalogue.catalogue()["profiles"], "trial.profile", profile)
        return {(r, f) for r, f in product(requesters(), FORMS) if granted.__wrapped__("trial.profile", r, f)}


def test_the_classes_about_people_are_those_of_the_model() -> None:
    assert {p["data_class"] for p in PROFILES.values() if p["person_related"]} == set(narrowing.PERSON_RELATED)


@pytest.mark.parametrize("table", [narrowing.STRICTER, narrowing.ACCESS], ids=["data class", "access"])
def test_the_order_is_one(table: dict[str, tuple[str, ...]]) -> None:
    for value, below in table.items():
        assert value not in below
        assert all(set(table.get(b, ())) <= set(below) for b in below), value


def test_a_narrowing_takes_over_what_it_does_not_say() -> None:
    own = narrowing.completed(
        BASE, {"title": "x", "narrows": "personal.appliance_use", "granularity": {"time_step": "PT3H"}}
    )
    assert own["granularity"] == BASE["granularity"] | {"time_step": "PT3H"}
    assert own["purposes"] == BASE["purposes"]
    assert own["title"] == "x"
    assert "description" not in own


def test_the_sources_of_the_base_stay() -> None:
    more = {"source": "Hinode", "basis": "profile"}
    assert narrowing.completed(BASE, {"basis": [more]})["basis"] == [*BASE["basis"], more]


@pytest.mark.parametrize(
    ("default", "own", "wider"),
    [
        ("operational.business", "personal.home_equipment", []),
        ("open", "related.device_id", []),
        ("personal.home_environment", "open", ["data_class"]),
        ("personal.home_environment", "personal.appliance_use", ["purposes"]),
        ("related.device_id", "personal.home_equipment", ["retention"]),
    ],
)
def test_a_field_may_become_stricter_but_not_looser(default: str, own: str, wider: list[str]) -> None:
    found = narrowing.weaker(PROFILES[default], PROFILES[own], CATEGORIES)
    assert set(wider) <= set(found)
    assert bool(found) == bool(wider)
