"""Whether a record lies in the area of an order."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from machimori.catalogue import catalogue, paths
from machimori.catalogue.terms import Class
from machimori.privacy.disclosure import transforms

LOCAL_GOVERNMENT = 6
"""Digits of a local-government code; a grid square in an area has another length."""
PLACE = "Place"
PLACE_DIGITS = 8
"""A place lies in the area of its third square (about 1 km)."""

DESIGNATED_CITIES = (
    *("01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130"),
    *("23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100"),
)
"""The cities with wards (Local Autonomy Act Art. 252-19) by JIS X 0402; the codes of wards follow that of their city."""


def inside(line: bytes, entity: str, area: tuple[str, ...]) -> bool:
    """Whether every place of a record lies in one of the areas; a record that names none is outside."""
    places = list(_places(catalogue.class_(entity), msgspec.json.decode(line)))
    return bool(places) and all(any(lies_in(kind, code, a) for a in area) for kind, code in places)


def lies_in(kind: str, code: str, area: str) -> bool:
    """Whether a place lies in an area: a grid square, a prefecture, a municipality, or a designated city with its wards."""
    if len(area) != LOCAL_GOVERNMENT:
        return kind == "MeshCode" and code.startswith(area)
    if kind != "LocalGovernmentCode":
        return False
    if area[2:5] == "000":
        return code[:2] == area[:2]
    if block := wards(area):
        return block[0] <= code[:5] < block[1]
    return code == area


def wards(area: str) -> tuple[str, str] | None:
    """The codes (five digits) of a designated city and its wards: the first, and the one after the last."""
    city = area[:5]
    if city not in DESIGNATED_CITIES:
        return None
    later = [other for other in DESIGNATED_CITIES if other > city and other[:3] == city[:3]]
    return city, later[0] if later else f"{city[:2]}200"


def _places(class_: Class, record: object) -> Iterator[tuple[str, str]]:
    """Where a record says that it is: codes of municipalities, and grid squares of its places."""
    for found in paths.objects(class_, record):
        if found.class_.name == PLACE:
            coarse = transforms.coarse_place(found.value, PLACE_DIGITS)
            yield "MeshCode", coarse["mesh_code"] if coarse else ""
            continue
        for field in found.class_.fields.values():
            if any(isinstance(one, dict) and field.class_of(one) is None for one in _each(found.value.get(field.name))):
                yield "", ""  # nobody knows where an object of no class says that it is
            if field.range in ("LocalGovernmentCode", "MeshCode"):
                value = found.value.get(field.name)
                yield from ((field.range, one) for one in _each(value) if isinstance(one, str))


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
