"""The walk of a path and of a record, held against a second walk of the catalogue as data."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import raw

from machimori import privacy_of
from machimori.catalogue import catalogue, paths
from machimori.errors import UnknownNameError
from machimori.samples.sampling import sample

CLASSES: dict[str, Any] = raw.catalogue()["classes"]
RANK = list(raw.catalogue()["enums"]["DataClass"]["values"])


def concrete(name: str) -> list[str]:
    return CLASSES[name]["members"] if CLASSES[name]["abstract"] else [name]


def every(name: str, before: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every path of a class: at each step the class and the field, into value objects that are not on the way yet."""
    for owner in concrete(name):
        for key, field in CLASSES[owner]["fields"].items():
            way = (*before, (owner, key))
            yield way
            if field["inlined"] and field["range"] not in {owner for owner, _ in before}:
                yield from every(field["range"], way)


def strictest(way: tuple[tuple[str, str], ...]) -> str:
    """The profile of a path, by sorting: the first of the strictest that is no ``inherited``."""
    named = [p for owner, key in way if (p := CLASSES[owner]["fields"][key]["privacy"]) != "inherited"]
    return max(named, key=lambda p: RANK.index(p.partition(".")[0]), default="inherited")


@pytest.mark.parametrize("name", CLASSES)
def test_every_path_of_a_class_is_resolved_as_the_data_have_it(name: str) -> None:
    by_path: dict[str, list[tuple[tuple[str, str], ...]]] = {}
    for way in every(name):
        by_path.setdefault(".".join(key for _, key in way), []).append(way)
    for path, ways in by_path.items():
        found = paths.ways(catalogue.class_(name), path.split("."))
        assert [way.name for way in found] == [path] * len(ways)
        assert [[field.iri for field in way.fields] for way in found] == [
            [CLASSES[owner]["fields"][key]["iri"] for owner, key in way] for way in ways
        ]
        assert [way.profile for way in found] == [strictest(way) for way in ways]
        resolved = paths.resolve(f"{name}.{path}")
        ranks = [RANK.index(p.partition(".")[0]) for way in ways if (p := strictest(way)) != "inherited"]
        if not ranks:
            assert resolved.profile == "inherited"
            continue
        assert RANK.index(resolved.profile.partition(".")[0]) == max(ranks)
        assert privacy_of(f"{name}.{path}").name == resolved.profile


@pytest.mark.parametrize("name", CLASSES)
def test_a_path_that_the_data_do_not_have_is_unknown(name: str) -> None:
    for first, second in itertools.product([*CLASSES[name]["fields"], "", "nope"], ["", "nope", "id.x", "0"]):
        for path in (f"{first}.{second}", f"{second}.{first}" if first in ("", "nope") else "nope"):
            with pytest.raises(UnknownNameError):
                paths.resolve(f"{name}.{path}")


@pytest.mark.parametrize(
    "path", ["", "Trip", "Trip.", ".", "Nope.id", "trip.id", "Trip..id", "Trip.origin.", "Trip.id.id"]
)
def test_what_is_no_path_is_unknown(path: str) -> None:
    with pytest.raises(UnknownNameError):
        paths.resolve(path)


def test_the_close_names_are_those_of_the_class_at_which_the_path_ends() -> None:
    with pytest.raises(UnknownNameError) as told:
        paths.resolve("Trip.origin.latitud")
    assert "latitude" in told.value.close


def values(
    record: Any, name: str, way: tuple[Any, ...] = (), profile: str = "inherited"
) -> Iterator[tuple[Any, str, str]]:
    """The way, class and profile of each object in a valid record, from the data alone."""
    yield way, name, profile
    for key, value in record.items():
        field = CLASSES[name]["fields"][key]
        if not field["inlined"]:
            continue
        both = [p for p in (profile, field["privacy"]) if p != "inherited"]
        inner = max(both, key=lambda p: RANK.index(p.partition(".")[0]), default="inherited")
        items = [((*way, key, n), v) for n, v in enumerate(value)] if field["multivalued"] else [((*way, key), value)]
        for place, item in items:
            yield from values(item, item.get("type", field["range"]), place, inner)


@pytest.mark.parametrize("name", CLASSES)
def test_every_object_of_a_record_is_found_where_it_stands(name: str) -> None:
    for record in sample(name, 4, seed=16):
        entity = record["type"] if CLASSES[name]["abstract"] else name
        found = list(paths.objects(catalogue.class_(entity), record))
        assert sorted((f.way, f.class_.name, f.profile) for f in found) == sorted(values(record, entity))
        for one in found:
            node: Any = record
            for key in one.way:
                node = node[key]
            assert node is one.value
            along = paths.along(catalogue.class_(entity), one.way, record)
            assert along.whole
            assert (along.profile or "inherited") == one.profile


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["PriceSignal", "Place", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "origin", "signals", "latitude", "id", "x", "period"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
KEYS = st.lists(st.sampled_from(["origin", "signals", "type", "latitude", "id", "x", 0, 1, -1, 7]), max_size=5)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(name=st.sampled_from(["Trip", "DemandResponseEvent", "DemandResponseSignal"]), record=JSON, keys=KEYS)
def test_no_record_breaks_the_walk(name: str, record: Any, keys: list[str | int]) -> None:
    class_ = catalogue.class_(name)
    for found in paths.objects(class_, record):
        assert isinstance(found.value, dict)
    path = paths.along(class_, keys, record)
    assert len(path.fields) <= sum(isinstance(k, str) for k in keys)
    assert (path.field is None) or path.whole


def test_below_goes_into_value_objects_that_are_opened_and_never_into_itself() -> None:
    trip = catalogue.class_("Trip")
    closed = [path.name for path in paths.below(trip, lambda _: False)]
    assert closed == list(CLASSES["Trip"]["fields"])
    opened = {path.name for path in paths.below(trip, lambda _: True)}
    assert opened == {".".join(k for _, k in way) for way in every("Trip")}
