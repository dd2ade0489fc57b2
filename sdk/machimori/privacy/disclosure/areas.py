"""Whether a record lies in the area of an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from machimori.catalogue import catalogue
from machimori.privacy.disclosure import transforms

LOCAL_GOVERNMENT = 6
"""Digits of a local-government code; a grid square in an area has another length."""
PLACE_DIGITS = 8
"""A place lies in the area of its third square (about 1 km)."""

DESIGNATED_CITIES = (
    *("01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130"),
    *("23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100"),
)
"""The cities with wards (Local Autonomy Act Art. 252-19) by JIS X 0402; the codes of wards follow that of their city."""


def inside(line: bytes, entity: str, area: tuple[str, ...]) -> bool:
    """Whether every place of a record lies in one of the areas; a record that names none is outside."""
    places = list(_places(entity, msgspec.json.decode(line)))
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


def _places(entity: str, record: Any) -> Iterator[tuple[str, str]]:
    """Where a record says that it is: codes of municipalities, and grid squares of its places."""
    fields = catalogue.class_data(entity)["fields"]
    for name, value in record.items() if isinstance(record, Mapping) else ():
        field = fields.get(name)
        if field is None or value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if field["range"] in ("LocalGovernmentCode", "MeshCode") and isinstance(one, str):
                yield field["range"], one
            elif field["range"] == "Place" and isinstance(one, Mapping):
                coarse = transforms.coarse_place(one, PLACE_DIGITS)
                yield "MeshCode", coarse["mesh_code"] if coarse else ""
            elif field["inlined"] and isinstance(one, Mapping):
                yield from _places(_class_of(field["range"], one), one)


def _class_of(range_name: str, value: Mapping[str, Any]) -> str:
    """The class of a value object, which names it where there are several."""
    members = catalogue.class_data(range_name)["members"]
    return str(value["type"]) if members and value.get("type") in members else range_name
