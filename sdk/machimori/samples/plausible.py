"""A plausible value for one field, from its type, unit, bounds and pattern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from machimori.catalogue import catalogue
from machimori.catalogue.terms import Field
from machimori.samples.patterns import text_matching
from machimori.standards.corporate_number import is_corporate_number
from machimori.standards.local_government import is_local_government_code

USUAL: dict[str, tuple[float, float]] = {
    "kW.h": (0, 5),
    "W": (0, 4000),
    "V.A": (0, 10000),
    "A": (0, 60),
    "V": (95, 107),
    "Hz": (49.8, 60.2),
    "%": (5, 95),
    "Cel": (-5, 35),
    "km/h": (10, 80),
    "m": (0, 40),
    "m3": (0, 30),
    "[ppm]": (0, 600),
    "s": (5, 600),
    "{JPY}": (0, 2000),
    "{JPY}/(kW.h)": (5, 60),
    "{#}": (1, 400),
    "1": (0, 100),
}
"""What a quantity in this UCUM unit usually is in a town; the bounds of the field still hold."""
JAPAN = {"latitude": (33.0, 36.9), "longitude": (132.0, 140.4)}
DECIMALS = {"latitude": 6, "longitude": 6}
PREFECTURES = 47
PAGES = ("url", "published_at")
"""Fields whose IRI is the address of a page; every other names a thing."""
LINES = ("route",)


class Plausible:
    """Values around one moment."""

    def __init__(self, chance: Random, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._types: dict[str, Callable[[], str]] = {
            "Iri": self._iri,
            "DateTime": self._timestamp,
            "Date": self._date,
            "TimeOfDay": lambda: f"{chance.randrange(24):02}:{chance.choice((0, 15, 30, 45)):02}",
            "Duration": lambda: chance.choice(("PT15M", "PT30M", "PT1H", "P1D", "P14D")),
            "LocalGovernmentCode": self._local_government_code,
            "AreaCode": self._local_government_code,
            "CorporateNumber": self._corporate_number,
            "MeshCode": self._mesh_code,
            "TelephoneNumber": lambda: f"0{chance.randint(11, 99)}-{chance.randint(200, 999)}-{self._digits(4)}",
            "CountryCode": lambda: "JP",
            "Wkt": self._polygon,
        }

    def value(self, class_name: str, name: str, field: Field) -> Any:
        """A value that complies with a field, by chance but the same for the same seed; ``UnspellablePatternError`` where none is known."""
        range_ = field.range
        if field.enum is not None:
            return self._chance.choice(list(field.enum.values))
        if field.json == "boolean":
            return self._chance.random() < 0.5
        if field.json in ("number", "integer"):
            return self._number(name, field, whole=field.json == "integer")
        if field.pattern:
            return text_matching(field.pattern, self._chance)
        if range_ == "Iri" and name not in PAGES:
            return f"urn:machimori:{name.replace('_', '-')}:{self._chance.randint(1, 20)}"
        if range_ == "Wkt" and name in LINES:
            return self._line()
        if range_ in self._types:
            return self._types[range_]()
        if field.type is not None and field.type.pattern:
            return text_matching(field.type.pattern, self._chance)
        return self._text(class_name, name, field)

    def _text(self, class_name: str, name: str, field: Field) -> str:
        number = self._chance.randint(1, 99)
        class_ = catalogue.class_(class_name)
        if name.endswith("_kana") or name == "reading_ja":
            return "サンプル"
        if name.endswith("_en") or name == "en":
            return f"{class_.title.en} {number}"
        return f"{class_.title.ja if name in ('name', 'ja') else field.title.ja}{number}"

    def _number(self, name: str, field: Field, *, whole: bool) -> float:
        low, high = JAPAN.get(name) or USUAL.get(field.unit.ucum if field.unit else "", (0, 100))
        least, most = low if field.minimum is None else field.minimum, high if field.maximum is None else field.maximum
        low, high = max(low, least), min(high, most)
        if low > high:
            low, high = least, most
        if whole:
            return self._chance.randint(int(low), int(high))
        return float(min(max(round(self._chance.uniform(low, high), DECIMALS.get(name, 2)), least), most))

    def _digits(self, count: int) -> str:
        return "".join(self._chance.choice("0123456789") for _ in range(count))

    def _iri(self) -> str:
        return f"https://www.example.jp/{self._chance.randint(1, 999)}"

    def _timestamp(self) -> str:
        return (self._now + timedelta(minutes=30) * self._chance.randrange(48)).isoformat()

    def _date(self) -> str:
        return (self._now + timedelta(days=self._chance.randrange(-200, 1))).date().isoformat()

    def _local_government_code(self) -> str:
        body = f"{self._chance.randint(1, PREFECTURES):02}{self._chance.randint(201, 231)}"
        return next(f"{body}{d}" for d in range(10) if is_local_government_code(f"{body}{d}"))

    def _corporate_number(self) -> str:
        body = self._digits(12)
        return next(f"{d}{body}" for d in range(1, 10) if is_corporate_number(f"{d}{body}"))

    def _mesh_code(self) -> str:
        return mesh_code(self._chance.uniform(*JAPAN["latitude"]), self._chance.uniform(*JAPAN["longitude"]))

    def _line(self) -> str:
        return f"LINESTRING ({', '.join(self._path(4))})"

    def _polygon(self) -> str:
        corners = self._path(3)
        return f"POLYGON (({', '.join([*corners, corners[0]])}))"

    def _path(self, points: int) -> list[str]:
        """Points on a bow around a place."""
        north, east = self._chance.uniform(*JAPAN["latitude"]), self._chance.uniform(*JAPAN["longitude"])
        return [f"{east + 0.01 * n:.5f} {north + 0.004 * (n % 2):.5f}" for n in range(points)]


def mesh_code(latitude: float, longitude: float) -> str:
    """The grid square of about 1 km around a place in Japan (JIS X 0410).

    >>> mesh_code(35.7007, 139.7146)
    '53394547'
    """
    first, rest = divmod(latitude * 60, 40)
    second, rest = divmod(rest, 5)
    west = (longitude - int(longitude)) * 60
    return (
        f"{int(first):02}{int(longitude) - 100:02}{int(second)}{int(west // 7.5)}"
        f"{int(rest * 60 // 30)}{int(west % 7.5 * 60 // 45)}"
    )
