"""Every unit of the model is UCUM to a parser of UCUM, and a dimension has one unit unless the table says why not."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.names import names

from machimori.catalogue import catalogue

NUMBERS = ("number", "integer")
NO_DIMENSION = "dimensionless"
WITHOUT_DEFINITION = ("[pH]",)
"""UCUM units that ucumvert 0.3 parses but cannot turn into one of pint's: of no dimension by UCUM's own table."""
NOT_UCUM = {
    "var is no atom": "kvar.h",
    "case counts": "Kwh",
    "an annotation is no factor": "{#}x",
    "no product without a dot": "kWh",
    "the level of a milliwatt": "dB[mW]",
    "a blank": "kW h",
    "full width": "ｍ",
    "nothing": "",
}

Units = dict[str, dict[str, Any]]


@cache
def parser() -> Any:
    from ucumvert import get_ucum_parser

    return get_ucum_parser()


@cache
def registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


def units() -> Units:
    return dict(catalogue.catalogue()["units"])


def dimension(ucum: str) -> str:
    if ucum in WITHOUT_DEFINITION or (ucum[0], ucum[-1]) == ("{", "}"):
        return NO_DIMENSION
    return str(registry().from_ucum(ucum).dimensionality)


def unexplained(table: Units) -> list[str]:
    """Units beside another of the same dimension that give no reason; the first of a dimension needs none."""
    seen: dict[str, str] = {}
    found = []
    for name, unit in table.items():
        held = seen.setdefault(dimension(unit["ucum"]), name)
        if held != name and not unit.get("reason"):
            found.append(f"{name} ({unit['ucum']}) beside {held}")
    return found


@pytest.mark.parametrize("name", names()["units"])
def test_a_unit_is_ucum(name: str) -> None:
    parser().parse(units()[name]["ucum"])


@pytest.mark.parametrize("code", NOT_UCUM.values(), ids=NOT_UCUM)
def test_what_is_not_ucum_is_refused(code: str) -> None:
    from lark.exceptions import UnexpectedInput

    with pytest.raises(UnexpectedInput):
        parser().parse(code)


@pytest.mark.full
def test_a_dimension_has_one_unit_or_the_table_says_why() -> None:
    assert unexplained(units()) == []


@pytest.mark.parametrize(("ucum", "beside"), [("W.h", "energy"), ("L", "volume"), ("h", "time"), ("[ppb]", "share")])
def test_a_second_unit_of_a_dimension_is_found(ucum: str, beside: str) -> None:
    table = units() | {"another": {"ucum": ucum, "rec20": "C62"}}
    assert [f.partition(" ")[0] for f in unexplained(table)] == ["another"], beside


def test_every_number_of_the_model_has_a_unit_of_the_table() -> None:
    held = catalogue.catalogue()
    table = {(u["ucum"], u["rec20"]) for u in units().values()}
    numbers = {name for name, type_ in held["types"].items() if type_["json"] in NUMBERS}
    stated = {
        f"{class_name}.{name}": field.get("unit")
        for class_name, class_ in held["classes"].items()
        for name, field in class_["fields"].items()
        if field["range"] in numbers
    }
    assert {
        name for name, unit in stated.items() if unit is None or (unit["ucum"], unit["rec20"]) not in table
    } == set()


def test_every_unit_of_the_table_is_in_use() -> None:
    used = {
        f["unit"]["ucum"]
        for c in catalogue.catalogue()["classes"].values()
        for f in c["fields"].values()
        if f.get("unit")
    }
    assert used == {u["ucum"] for u in units().values()}
