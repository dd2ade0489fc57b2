"""A cell is read for what it says, and every repair is named."""

from __future__ import annotations

from typing import Any

import pytest

from machimori.exchange import value_readers
from machimori.exchange.reasons import LOSS_REASONS


@pytest.mark.parametrize(
    ("raw", "value", "changes"),
    [
        ("1", True, ()),
        ("1.0", True, ("float",)),
        ("１", True, ("half-width",)),
        ("○", True, ("yes-mark",)),
        ("◯", True, ("yes-mark",)),
        (" 有 ", True, ("spaces", "yes-mark")),
        ("TRUE", True, ("yes-mark",)),
        ("0", False, ()),
        ("0.0", False, ("float",)),
        ("×", False, ("no-mark",)),
        ("無", False, ("no-mark",)),
        ("－", False, ("half-width", "no-mark")),
    ],
)
def test_a_flag_is_read_from_every_mark_in_use(raw: str, value: bool, changes: tuple[str, ...]) -> None:
    assert value_readers.flag(raw) == value_readers.Reading(value, changes)


@pytest.mark.parametrize("raw", ["△", "2階以上", "2", "1.5", "○×"])
def test_a_flag_is_not_guessed(raw: str) -> None:
    assert value_readers.flag(raw).fault == "not-a-flag"


@pytest.mark.parametrize(
    ("raw", "value"), [("○", "yes"), ("1.0", "yes"), ("△", "conditional"), ("▲", "conditional"), ("×", "no")]
)
def test_a_hazard_mark_may_be_conditional(raw: str, value: str) -> None:
    assert value_readers.hazard(raw).value == value


@pytest.mark.parametrize(
    ("raw", "capacity", "note"),
    [
        ("238", 238, None),
        ("238.0", 238, None),
        ("１，２３４", 1234, None),
        ("2,736人", 2736, None),
        ("85名", 85, None),
        ("屋内191人／屋外0人(面積の1/2)", 191, "屋内191人／屋外0人(面積の1/2)"),
        ("屋内1,371人／屋外5,470人", 6841, "屋内1,371人／屋外5,470人"),
        ("屋内2,736人屋外11,700人（面積の1/2）", 14436, "屋内2,736人屋外11,700人（面積の1/2）"),
        ("屋内990人／屋外0人(座席数)", 990, "屋内990人／屋外0人(座席数)"),
        ("約500人", 500, "約500人"),
        ("200人（うち車いす10人）", 200, "200人（うち車いす10人）"),
        ("未定", None, "未定"),
        ("100～200人", None, "100～200人"),
        ("体育館300人、校舎200人", None, "体育館300人、校舎200人"),
        ("13.5", None, "13.5"),
        ("-5", None, "-5"),
        ("99999999999999999999", None, "99999999999999999999"),
    ],
)
def test_capacity_is_the_total_stated_and_text_is_kept_where_it_says_more(
    raw: str, capacity: int | None, note: str | None
) -> None:
    expected = {"capacity": capacity, "capacity_note": note}
    assert value_readers.capacity(raw).value == {k: v for k, v in expected.items() if v is not None}
    assert (value_readers.capacity(raw).fault == "capacity-text") is (capacity is None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0767-53-0821", "0767-53-0821"),
        ("０７６７－５３－０８２１", "0767-53-0821"),
        ("(0767)53-0821", "0767-53-0821"),
        ("0767（53）0821", "0767-53-0821"),
        ("0767 53 0821", "0767530821"),
        ("0767ー53ー0821", "0767-53-0821"),
    ],
)
def test_a_telephone_number_is_digits_and_hyphens(raw: str, value: str) -> None:
    assert value_readers.telephone(raw).value == value


@pytest.mark.parametrize("raw", ["公園課まで", "0767-53-0821、0767-53-0822", "0767-53-0821（内線12）", "1"])
def test_what_is_not_one_telephone_number_is_no_telephone_number(raw: str) -> None:
    assert value_readers.telephone(raw).fault == "not-a-telephone"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("石川県七尾市一本杉町１２４", "石川県七尾市一本杉町124"),
        ("矢田新町２－５８－１", "矢田新町2-58-1"),
        ("４ー５", "4-5"),
        ("プラザセンター１階", "プラザセンター1階"),
        ("ＡＢＣビル", "ＡＢＣビル"),
    ],
)
def test_an_address_changes_only_in_its_digits_and_the_dashes_between_them(raw: str, value: str) -> None:
    assert value_readers.address(raw).value == value


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        ("point", "34.34753333,134.03003917", (34.34753333, 134.03003917)),
        ("point", "（34.3、134.0）", (34.3, 134.0)),
        ("number", "1,234.5", 1234.5),
        ("metres", "12.3m", 12.3),
        ("metres", "－2", -2.0),
        ("site_number", "12.0", "12"),
        ("site_number", "ＣＣ０１", "CC01"),
        ("postal_code", "〒926-8611", "9268611"),
        ("postal_code", "600000", "0600000"),
        ("town_id", "1001", "0001001"),
        ("town_id", "0001001", "0001001"),
        ("national_id", "e0120300001201", "E0120300001201"),
        ("iri", "https://example.jp/避難", "https://example.jp/%E9%81%BF%E9%9B%A3"),
        ("email", "ｂｏｓａｉ＠example.jp", "bosai@example.jp"),
        ("list", "本町自治会;東町自治会；", ["本町自治会", "東町自治会"]),
        ("text", "　港川\n公園　", "港川 公園"),
        ("text", "港川\x00公園", "港川公園"),
        ("prose", "一行目\r\n二行目", "一行目\n二行目"),
    ],
)
def test_a_cell_is_read_for_what_it_says(reader: str, raw: str, value: Any) -> None:
    reading = value_readers.READERS[reader](raw)
    assert reading.value == value
    assert reading.fault is None


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        ("point", "34.3"),
        ("point", "34.3,134.0,5"),
        ("point", "北緯34度,東経134度"),
        ("number", "nan"),
        ("number", "1e400"),
        ("number", "34度20分"),
        ("number", "9" * 500),
        ("postal_code", "12345"),
        ("town_id", "12345678"),
        ("town_id", "本町"),
        ("national_id", "E01203"),
        ("iri", "www.example.jp"),
        ("iri", "javascript:alert(1)"),
        ("email", "bosai"),
        ("code", "七尾市"),
        ("code", "172023"),
        ("code", "123"),
    ],
)
def test_a_cell_that_says_nothing_readable_has_a_fault_from_the_list(reader: str, raw: str) -> None:
    reading = value_readers.READERS[reader](raw)
    assert reading.value is None
    assert LOSS_REASONS[str(reading.fault)].kind == "unreadable-value"
