"""Where it happens: nine grid squares of about 1 km, three by three, each a district of the ward."""

from __future__ import annotations

from typing import Any, NamedTuple

CITY_CODE = "282995"
WARD_CODE = "282987"
"""No such codes are in use; their check digits are right."""
PREFECTURE = "兵庫県"
CITY = "港川市みなと区"
SITE = "https://www.city.minatogawa.example"


class District(NamedTuple):
    """A district: its name, its square (JIS X 0410, third level), households and residents on the register."""

    name: str
    kana: str
    mesh_code: str
    households: int
    residents: int


DISTRICTS = {
    "hama": District("浜町", "ハママチ", "52350113", 6240, 12910),
    "shiomi": District("潮見町", "シオミチョウ", "52350114", 4830, 9980),
    "futo": District("埠頭", "フトウ", "52350115", 6, 8),
    "honmachi": District("本町", "ホンマチ", "52350123", 8120, 15240),
    "chuo": District("中央", "チュウオウ", "52350124", 9760, 16380),
    "higashi": District("東町", "ヒガシマチ", "52350125", 6910, 13870),
    "midori": District("緑台", "ミドリダイ", "52350133", 7450, 17260),
    "yamate": District("山手", "ヤマテ", "52350134", 5320, 12740),
    "higashiyama": District("東山", "ヒガシヤマ", "52350135", 4980, 11620),
}
HOUSEHOLDS = round(sum(d.households for d in DISTRICTS.values()), -2)
RESIDENTS = round(sum(d.residents for d in DISTRICTS.values()), -2)
"""Of the ward, in hundreds: from exact totals the one district that is suppressed would follow by subtraction."""


def corner(mesh_code: str) -> tuple[float, float]:
    """Latitude and longitude of the south-western corner of a square of the third level.

    >>> corner("52350123")
    (34.68333, 135.1625)
    """
    code = [int(digit) for digit in mesh_code]
    latitude = int(mesh_code[:2]) / 1.5 + code[4] / 12 + code[6] / 120
    longitude = 100 + int(mesh_code[2:4]) + code[5] / 8 + code[7] / 80
    return round(latitude, 5), round(longitude, 5)


def point(district: str, north: float, east: float) -> tuple[float, float]:
    """Latitude and longitude of a point of a district: how far north and east in its square, from 0 to 1."""
    latitude, longitude = corner(DISTRICTS[district].mesh_code)
    return round(latitude + north / 120, 5), round(longitude + east / 80, 5)


def place(district: str, north: float, east: float, **more: Any) -> dict[str, Any]:
    """A ``Place`` in a district."""
    latitude, longitude = point(district, north, east)
    return {"latitude": latitude, "longitude": longitude, **more}


def area(district: str | None = None) -> dict[str, str]:
    """An ``Area``: the ward, or the square of a district."""
    if district is None:
        return {"local_government_code": WARD_CODE, "name": "みなと区"}
    return {"mesh_code": DISTRICTS[district].mesh_code, "name": DISTRICTS[district].name}


def line(*points: tuple[str, float, float]) -> str:
    """A line through points of districts, as WKT."""
    return f"LINESTRING ({_listed(points)})"


def rectangle(district: str, south: float, west: float, north: float, east: float) -> str:
    """A rectangle in a district, as WKT."""
    corners = [(south, west), (south, east), (north, east), (north, west), (south, west)]
    return f"POLYGON (({_listed([(district, *c) for c in corners])}))"


def _listed(points: Any) -> str:
    return ", ".join(f"{longitude} {latitude}" for latitude, longitude in (point(*p) for p in points))


def address(district: str, block: int, street_number: str, **more: Any) -> dict[str, Any]:
    """An ``Address``; the districts have blocks (丁目) 1 to 4."""
    town = f"{DISTRICTS[district].name}{'一二三四'[block - 1]}丁目"
    return {
        "full_address": f"{PREFECTURE}{CITY}{town}{street_number}",
        "local_government_code": WARD_CODE,
        "prefecture": PREFECTURE,
        "city": CITY,
        "town": town,
        "street_number": street_number,
        **more,
    }


def contact(department: str, number: int) -> dict[str, str]:
    """A ``ContactPoint`` of the city."""
    return {"department": department, "telephone": f"078-000-{number:04}"}
