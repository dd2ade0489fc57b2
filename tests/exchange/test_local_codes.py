"""A code for local governments is repaired only where its check digit and its form leave one reading."""

from __future__ import annotations

from typing import Any

import pytest

from machimori.standards.local_government import (
    PREFECTURES,
    is_local_government_code,
    prefecture_code,
    readings,
    with_check_digit,
)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("172022", {"172022": ()}),
        ("172023", {}),
        ("92011", {"092011": ("leading-zero",)}),
        ("11002", {"011002": ("leading-zero",)}),
        ("13103", {"131032": ("check-digit",)}),
        ("01203", {"012033": ("check-digit",)}),
        ("1203", {"012033": ("leading-zero", "check-digit")}),
        ("99999", {}),
    ],
)
def test_a_code_has_one_reading(digits: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert readings(digits) == expected


def test_a_code_that_is_two_codes_has_two_readings() -> None:
    assert set(readings("12106")) == {"012106", "121061"}


def test_every_added_check_digit_fits() -> None:
    assert all(is_local_government_code(with_check_digit(f"{n:05}")) for n in range(1000, 47999, 37))


def test_prefectures_are_numbered_as_in_jis_x_0401() -> None:
    assert len(PREFECTURES) == 47
    assert [prefecture_code(p) for p in ("北海道小樽市", "東京都港区", "石川県", "香川県高松市", "沖縄県")] == [
        "01",
        "13",
        "17",
        "37",
        "47",
    ]


def test_the_prefecture_of_the_row_decides_between_two_readings(site: Any) -> None:
    iwamizawa = site(**{"全国地方公共団体コード": "12106", "所在地_都道府県": "北海道"})
    chiba = site(**{"全国地方公共団体コード": "12106", "所在地_連結表記": "千葉県千葉市美浜区真砂1-1"})
    assert [c.records[0]["local_government_code"] for c in (iwamizawa, chiba)] == ["012106", "121061"]


def test_without_evidence_two_readings_are_reported_and_none_is_taken(site: Any) -> None:
    conversion = site(**{"全国地方公共団体コード": "12106"})
    assert [loss.reason for loss in conversion.losses.losses] == ["code-ambiguous", "no-code"]
    assert "012106, 121061" in conversion.losses.losses[0].why("ja")
