"""Files that municipalities and the Geospatial Information Authority published are read whole; counts are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import machimori as mm
from machimori.exchange.formats import read

PAYLOADS = Path(__file__).resolve().parents[2].parent / "shared" / "payloads"

EXPECTED: list[tuple[str, str, dict[str, str], int, dict[str, int]]] = [
    (
        "jp-nanao-designated-sites.csv",
        "municipal",
        {},
        40,
        {"normalised": 276, "interpreted": 40, "derived": 40},
    ),
    (
        "jp-takamatsu-evacuation.csv",
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
    ("jp-gsi-emergency-012033.json", "geojson", {}, 45, {"not-carried": 2, "derived": 45}),
    ("jp-gsi-emergency-012041.json", "geojson", {}, 79, {"not-carried": 2, "normalised": 3, "derived": 79}),
    ("jp-gsi-emergency-012092.json", "geojson", {}, 12, {"not-carried": 2, "derived": 12}),
    ("jp-gsi-emergency-012106.json", "geojson", {}, 48, {"not-carried": 2, "derived": 48}),
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
    path = PAYLOADS / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    conversion = read(path, format, defaults=defaults)
    report = conversion.losses
    with capsys.disabled():
        print(
            f"\n{name}: rows {report.rows}, records {report.records}, not converted {report.rows_lost}, {report.summary}"
        )
    assert (report.rows, report.records, report.rows_lost) == (records, records, 0)
    assert report.summary == summary
    assert all(mm.validate(record).ok for record in conversion)


def test_takamatsu_without_a_code_gives_no_record_but_says_what_to_give() -> None:
    path = PAYLOADS / "jp-takamatsu-evacuation.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    report = read(path, "municipal").losses
    assert (report.rows, report.records, report.rows_lost) == (12, 0, 12)
    assert "local_government_code" in report.unconverted[0].reason_en


@pytest.mark.parametrize("name", ["sandbag", "rental-cycle", "facility-0001", "kindergarten"])
def test_lists_of_other_places_are_refused(name: str) -> None:
    path = PAYLOADS / f"jp-takamatsu-{name}.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    with pytest.raises(mm.MachimoriError):
        read(path, "municipal")


@pytest.mark.parametrize(
    ("name", "format", "field", "value"),
    [
        ("jp-nanao-designated-sites.csv", "municipal", "capacity", 6841),
        ("jp-takamatsu-evacuation.csv", "municipal", "hazard_types", ["flood", "landslide", "storm_surge", "earthquake",
         "tsunami", "large_fire", "inland_flood"]),
        ("jp-gsi-emergency-012106.json", "geojson", "remarks", "洪水時2階以上"),
    ],
)  # fmt: skip
def test_values_are_those_of_the_file(name: str, format: str, field: str, value: Any) -> None:
    path = PAYLOADS / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    defaults = {"local_government_code": "372013"} if "takamatsu" in name else {}
    assert value in [record.get(field) for record in read(path, format, defaults=defaults)]
