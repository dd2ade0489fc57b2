"""No record singles anyone out by what stands beside what is sensitive in it (SV14).

A class whose fields hold two or more quasi-identifiers beside a sensitive value is released in groups alone, of 10 and of
20 where special-care data are among them, and what could tell one group from the next is coarsened. Paths into value
objects count as fields, under the strictest profile on the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from machimori.catalogue import catalogue
from machimori.catalogue.paths import INHERITED, stricter

GROUP, SPECIAL_CARE_GROUP = 10, 20
TIMES = ("DateTime", "Date", "TimeOfDay")
PLACES = ("MeshCode", "Wkt")
COORDINATES = ("latitude", "longitude")
AXES = {"time": "time_step", "place": "space_step", "number": "band"}
BESIDE_STATISTICS = ("group_size", "suppressed")
REVIEWED = {"ElectricityMeter", "RescueRequest"}

Catalogue = dict[str, Any]


def leaves(held: Catalogue, class_name: str, above: str | None = None, way: str = "") -> Iterator[tuple[str, str, str]]:
    """Each path of a class down to its values, with the profile that holds there and the range of the value."""
    for name, field in held["classes"][class_name]["fields"].items():
        profile = stricter(above, field["privacy"]) or INHERITED
        if not field["inlined"]:
            yield way + name, profile, field["range"]
            continue
        for member in held["classes"][field["range"]]["members"] or [field["range"]]:
            yield from leaves(held, member, profile, f"{way}{name}.")


def records(held: Catalogue) -> list[str]:
    return [n for n, c in held["classes"].items() if not c["abstract"] and not c["value_object"]]


def kind(held: Catalogue, path: str, range_: str) -> str | None:
    """Whether the value is a time, a place or a number, which can be coarsened; else nothing."""
    if range_ in TIMES:
        return "time"
    if range_ in PLACES or path.rpartition(".")[2] in COORDINATES:
        return "place"
    return "number" if held["types"].get(range_, {}).get("json") in ("number", "integer") else None


def combinations(held: Catalogue) -> dict[str, tuple[list[str], list[str]]]:
    """The classes with two or more quasi-identifiers beside something sensitive: the paths of both."""
    found = {}
    for name in records(held):
        paths: dict[str, list[str]] = {"quasi": [], "sensitive": []}
        for path, profile, _ in leaves(held, name):
            paths.get(held["profiles"][profile].get("identifiability", ""), []).append(path)
        if len(paths["quasi"]) >= 2 and paths["sensitive"]:
            found[name] = (paths["quasi"], paths["sensitive"])
    return found


def small_groups(held: Catalogue) -> list[str]:
    """Profiles in such a combination that let a group go that is too small for it."""
    found = set()
    for name, (quasi, sensitive) in combinations(held).items():
        profiles = {profile for path, profile, _ in leaves(held, name) if path in (*quasi, *sensitive)}
        for profile in profiles:
            special = held["profiles"][profile]["data_class"] == "special_care"
            if held["profiles"][profile]["minimum_group"] < (SPECIAL_CARE_GROUP if special else GROUP):
                found.add(profile)
    return sorted(found)


def not_coarsened(held: Catalogue) -> list[str]:
    """Quasi-identifying and sensitive times, places and numbers whose profile does not say how they are coarsened."""
    found = set()
    for name in records(held):
        for path, profile, range_ in leaves(held, name):
            axes = held["profiles"][profile]
            what = kind(held, path, range_)
            told = axes.get("identifiability") in ("quasi", "sensitive")
            if told and what and axes["granularity"].get(AXES[what]) is None:
                found.add(f"{profile} without {AXES[what]}: {name}.{path}")
    return sorted(found)


def _is_figure(profile: str) -> bool:
    return profile.startswith("statistical.") and profile != "statistical.cell"


@pytest.fixture
def copy() -> Catalogue:
    return deepcopy(catalogue.catalogue())


def test_every_combination_is_released_in_groups_large_enough(capsys: pytest.CaptureFixture[str]) -> None:
    held = catalogue.catalogue()
    with capsys.disabled():
        for name, (quasi, sensitive) in combinations(held).items():
            print(f"\n{name}: {len(quasi)} quasi-identifiers, {len(sensitive)} sensitive", end="")
        print()
    assert small_groups(held) == []


def test_the_combinations_are_those_that_were_reviewed() -> None:
    """A new one is no fault, but somebody has to look at it: then write it here."""
    assert set(combinations(catalogue.catalogue())) == REVIEWED


def test_what_could_single_someone_out_is_coarsened() -> None:
    assert not_coarsened(catalogue.catalogue()) == []


def test_special_care_goes_out_in_larger_groups_alone() -> None:
    for name, axes in catalogue.catalogue()["profiles"].items():
        least = SPECIAL_CARE_GROUP if axes.get("data_class") == "special_care" else GROUP
        assert name == INHERITED or axes["minimum_group"] >= least, name


def test_every_statistic_states_its_group_and_whether_something_is_left_out() -> None:
    """Counts of outages apart: the group behind them is everyone supplied in the municipality."""
    bare = {
        class_name
        for class_name, class_ in catalogue.catalogue()["classes"].items()
        for field in class_["fields"].values()
        if _is_figure(field["privacy"]) and not {*BESIDE_STATISTICS} <= class_["fields"].keys()
    }
    assert bare == {"GasOutage", "PowerOutage", "TelecomOutage", "WaterOutage"}
    assert all("group_size" in catalogue.class_data(name)["fields"] for name in bare)


@pytest.mark.full
@pytest.mark.parametrize(("profile", "size"), [("special_care.support_need", 19), ("personal.rescue", 9)])
def test_a_group_that_is_too_small_is_found(copy: Catalogue, profile: str, size: int) -> None:
    copy["profiles"][profile]["minimum_group"] = size
    assert small_groups(copy) == [profile]


@pytest.mark.full
@pytest.mark.parametrize(
    ("profile", "axis", "field"),
    [
        ("personal.trip", "time_step", "Trip.started_at"),
        ("personal.trip", "space_step", "Trip.origin.latitude"),
        ("personal.energy_use", "band", "ElectricityUse.energy"),
        ("anonymised.record", "space_step", "TrafficAccident.area.mesh_code"),
    ],
)
def test_a_granularity_that_is_missing_is_found(copy: Catalogue, profile: str, axis: str, field: str) -> None:
    copy["profiles"][profile]["granularity"][axis] = None
    assert f"{profile} without {axis}: {field}" in not_coarsened(copy)


@pytest.mark.full
def test_the_strictest_profile_on_the_way_counts(copy: Catalogue) -> None:
    """A home stays sensitive under a place that is open in itself."""
    copy["profiles"]["special_care.support_register"]["identifiability"] = "sensitive"
    copy["classes"]["SupportNeed"]["fields"]["supporter"]["privacy"] = "personal.trip"
    copy["classes"]["SupportNeed"]["fields"]["condition"]["privacy"] = "personal.trip"
    quasi, sensitive = combinations(copy)["SupportNeed"]
    assert quasi == ["condition", "supporter"]
    assert "home.town" in sensitive
