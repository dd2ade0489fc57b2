"""Records made from the catalogue comply, and a broken one breaks the one rule that it says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import machimori as mm
from machimori.catalogue import catalogue
from machimori.samples import sampling
from machimori.samples.breaking import CODES, CannotBreakError
from machimori.samples.patterns import UnspellablePatternError, text_matching
from machimori.samples.plausible import mesh_code
from machimori.standards.mesh import in_japan

CLASSES = list(catalogue.catalogue()["classes"])
CONCRETE = [n for n in CLASSES if not catalogue.class_data(n)["abstract"]]
PATTERNS = {
    f.get("pattern") or catalogue.catalogue()["types"].get(f["range"], {}).get("pattern")
    for c in catalogue.catalogue()["classes"].values()
    for f in c["fields"].values()
}


def entity_of(record: dict[str, object], asked: str) -> str:
    return str(record["type"]) if catalogue.class_data(asked)["abstract"] else asked


@pytest.mark.parametrize("entity", CLASSES)
def test_samples_comply(entity: str) -> None:
    for record in sampling.sample(entity, 50, seed=1):
        assert mm.validate(record, entity_of(record, entity)).issues == ()


@pytest.mark.parametrize("entity", CONCRETE)
def test_a_broken_sample_breaks_its_one_rule(entity: str) -> None:
    for code, record in sampling.broken(entity, 60, seed=1):
        assert [i.code for i in mm.validate(record, entity).issues] == [code]


@pytest.mark.full
@pytest.mark.parametrize("code", CODES)
def test_every_code_can_be_asked_for(code: str) -> None:
    able = [c for c in CONCRETE if code in sampling.breakable(c)]
    assert able
    for record in sampling.sample(able[0], 5, code=code):
        assert [i.code for i in mm.validate(record, able[0]).issues] == [code]


def test_broken_samples_take_every_code_in_turn() -> None:
    codes = [code for code, _ in sampling.broken("Trip", 40)]
    assert set(codes) == set(sampling.breakable("Trip"))


@pytest.mark.parametrize("invalid", [False, True])
def test_the_same_seed_gives_the_same_records(invalid: bool) -> None:
    first = list(sampling.sample("EvacuationSite", 20, seed=7, invalid=invalid))
    assert first == list(sampling.sample("EvacuationSite", 20, seed=7, invalid=invalid))
    assert first != list(sampling.sample("EvacuationSite", 20, seed=8, invalid=invalid))


def test_optional_fields_are_there_and_not() -> None:
    records = list(sampling.sample("Trip", 50))
    assert {"route" in r for r in records} == {True, False}
    assert len({r["id"] for r in records}) == 50


def test_a_code_that_the_class_cannot_break_is_refused() -> None:
    with pytest.raises(CannotBreakError) as refused:
        sampling.sample("Trip", 1, code="MM302")
    assert "MM101" in refused.value.possible
    with pytest.raises(mm.MachimoriError, match="no code 'MM999'"):
        sampling.sample("Trip", 1, code="MM999")
    with pytest.raises(mm.MachimoriError, match="did you mean Trip"):
        sampling.sample("Tripp", 1)


@pytest.mark.full
@settings(max_examples=200, deadline=None)
@given(seed=st.integers(), pattern=st.sampled_from(sorted(filter(None, PATTERNS))))
def test_text_matches_its_pattern(seed: int, pattern: str) -> None:
    import re

    assert re.fullmatch(pattern, text_matching(pattern, Random(seed)))


def test_a_pattern_beyond_the_profile_is_refused() -> None:
    with pytest.raises(UnspellablePatternError):
        text_matching(r"(?=a)b", Random(1))


@pytest.mark.full
@given(latitude=st.floats(20.5, 45.9), longitude=st.floats(122.1, 153.9))
def test_grid_squares_lie_around_their_place(latitude: float, longitude: float) -> None:
    code = mesh_code(latitude, longitude)
    south = int(code[:2]) / 1.5 + int(code[4]) / 12 + int(code[6]) / 120
    west = int(code[2:4]) + 100 + int(code[5]) / 8 + int(code[7]) / 80
    assert south - 1e-9 <= latitude <= south + 1 / 120 + 1e-9
    assert west - 1e-9 <= longitude <= west + 1 / 80 + 1e-9
    assert in_japan(code)
