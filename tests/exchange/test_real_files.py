"""Files that municipalities and the Geospatial Information Authority published are read whole: cut down, in tests/data; counts are printed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import machimori as mm
from machimori.exchange.formats import read

DATA = Path(__file__).resolve().parents[1] / "data"

EXPECTED: list[tuple[str, str, dict[str, str], int, dict[str, int]]] = [
    ("nanao/designated-sites.csv", "municipal", {}, 12, {"normalised": 85, "interpreted": 12, "derived": 12}),
    (
        "takamatsu/evacuation.csv",
        "municipal",
        {"local_government_code": "372013"},
        12,
        {
            "not-carried": 2,
            "conditional-value": 16,
            "metadata-not-carried": 8,
            "normalised": 80,
            "interpreted": 18,
            "derived": 12,
        },
    ),
    ("gsi/emergency-012033.json", "geojson", {}, 5, {"not-carried": 2, "derived": 5}),
    ("gsi/emergency-012041.json", "geojson", {}, 5, {"not-carried": 2, "normalised": 3, "derived": 5}),
    ("gsi/emergency-012092.json", "geojson", {}, 5, {"not-carried": 2, "derived": 5}),
    ("gsi/emergency-012106.json", "geojson", {}, 7, {"not-carried": 2, "derived": 7}),
]


@pytest.mark.parametrize(("name", "format", "defaults", "records", "summary"), EXPECTED)
def test_a_published_file_is_read_whole(
    name: str,
    format: str,
    defaults: dict[str, str],
    records: int,
    summary: dict[str, int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    conversion = read(DATA / name, format, defaults=defaults)
    report = conversion.losses
    with capsys.disabled():
        print(
            f"\n{name}: rows {report.rows}, records {report.records}, not converted {report.rows_lost}, {report.summary}"
        )
    assert (report.rows, report.records, report.rows_lost) == (records, records, 0)
    assert report.summary == summary
    assert all(mm.validate(record).ok for record in conversion)


def test_takamatsu_without_a_code_gives_no_record_but_says_what_to_give() -> None:
    report = read(DATA / "takamatsu/evacuation.csv", "municipal").losses
    assert (report.rows, report.records, report.rows_lost) == (12, 0, 12)
    assert "local_government_code" in report.unconverted[0].why("en")


@pytest.mark.parametrize("name", ["sandbag", "rental-cycle", "environmental-facilities", "kindergarten"])
def test_lists_of_other_places_are_refused(name: str) -> None:
    with pytest.raises(mm.MachimoriError):
        read(DATA / "takamatsu" / f"{name}.csv", "municipal")


@pytest.mark.parametrize(
    ("name", "format", "field", "value"),
    [
        ("nanao/designated-sites.csv", "municipal", "capacity", 6841),
        ("takamatsu/evacuation.csv", "municipal", "hazard_types", ["flood", "landslide", "storm_surge", "earthquake",
         "tsunami", "large_fire", "inland_flood"]),
        ("gsi/emergency-012106.json", "geojson", "remarks", "洪水時2階以上"),
    ],
)  # fmt: skip
def test_values_are_those_of_the_file(name: str, format: str, field: str, value: Any) -> None:
    defaults = {"local_government_code": "372013"} if "takamatsu" in name else {}
    assert value in [record.get(field) for record in read(DATA / name, format, defaults=defaults)]


def test_every_file_says_where_it_is_from_and_under_which_licence() -> None:
    rows = list(csv.DictReader((DATA / "INDEX.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert {row["file"] for row in rows} == {
        path.relative_to(DATA).as_posix() for path in DATA.glob("*/**/*") if path.is_file()
    }
    assert [row for row in rows if not all(row.values())] == []
